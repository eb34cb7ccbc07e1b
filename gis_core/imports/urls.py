"""Addresses of imports."""

from django.urls import path

from gis_core.views import imports

urlpatterns = [
    path("imports/areas/", imports.import_areas_page, name="import-areas"),
    path("imports/check/<uuid:uuid>/", imports.import_result, name="import-result"),
    path("imports/check/<uuid:uuid>/preview.geojson", imports.import_preview, name="import-preview"),
    path("imports/<layer:layer>/", imports.import_records_page, name="import-records"),
    path("imports/<layer:layer>/template.xlsx", imports.import_template, name="import-template"),
    path("imports/<layer:layer>/<str:upload>/", imports.import_columns, name="import-columns"),
]
