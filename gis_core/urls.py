"""Every address of the system. Nothing else adds any."""

from django.contrib import admin
from django.urls import include, path, register_converter

from .api.views import Landing
from .converters import LayerConverter
from .views import accounts, areas, editing, exporting, history, home, records, sheets, system
from .views import map as map_views

register_converter(LayerConverter, "layer")

handler403 = system.forbidden
handler404 = system.not_found
handler500 = system.broken

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", system.healthz, name="healthz"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("language/", accounts.language, name="language"),
    path("profile/", accounts.profile, name="profile"),
    path("profile/password/", accounts.change_password, name="change-password"),
    path("profile/tokens/", accounts.create_token, name="create-token"),
    path("profile/tokens/<str:digest>/revoke/", accounts.revoke_token, name="revoke-token"),
    path("map/", map_views.map_page, name="map"),
    path("map/config/", map_views.config, name="map-config"),
    path("map/counts/", map_views.counts, name="map-counts"),
    path("map/search/", map_views.map_search, name="map-search"),
    path("map/areas/", map_views.areas, name="map-areas"),
    path("map/filters/<layer:layer>/", map_views.filters, name="map-filters"),
    path("areas/<str:code>/", areas.area_page, name="area-page"),
    path("areas/<str:code>/compare/", areas.area_compare, name="area-compare"),
    path("areas/<str:code>/sheet.pdf", areas.area_pdf, name="area-pdf"),
    path("records/<layer:layer>/", records.record_list, name="record-list"),
    path("records/<layer:layer>/export.<str:name>", exporting.record_export, name="record-export"),
    path("records/<layer:layer>/add/", editing.add, name="record-add"),
    path("records/<layer:layer>/<int:pk>/", records.record_detail, name="record-detail"),
    path("records/<layer:layer>/<int:pk>/panel/", records.record_panel, name="record-panel"),
    path("records/<layer:layer>/<int:pk>/edit/", editing.edit, name="record-edit"),
    path("records/<layer:layer>/<int:pk>/retire/", editing.retire_record, name="record-retire"),
    path("records/<layer:layer>/<int:pk>/history/", history.record_history, name="record-history"),
    path("records/<layer:layer>/<int:pk>/history/<int:event>/restore/", history.restore_version, name="record-restore"),
    path("records/<layer:layer>/<int:pk>/sheet.pdf", sheets.record_sheet, name="record-pdf"),
    path("", include("gis_core.files.urls")),
    path("", include("gis_core.jobs_urls")),
    path("", include("gis_core.imports.urls")),
    path("", include("gis_core.basemap_urls")),
    path("", include("gis_core.participation.urls")),
    path("", include("gis_core.indicators.urls")),
    path("", include("gis_core.zones.urls")),
    path("", include("gis_core.zones.scorecard_urls")),
    path("", include("gis_core.zones.projects_urls")),
    path("", include("facilities.urls")),
    path("", include("vacanthouses.urls")),
    path("", include("disaster.urls")),
    path("api", Landing.as_view()),
    path("api/", include("gis_core.api.urls")),
    path("admin/", admin.site.urls),
]
