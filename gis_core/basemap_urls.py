"""Addresses of base maps."""

from django.urls import path

from gis_core.views import basemaps

urlpatterns = [
    path("basemaps/", basemaps.basemap_list, name="basemaps"),
    path("basemaps/add/<str:kind>/", basemaps.add, name="basemap-add"),
    path("basemaps/<int:pk>/", basemaps.edit, name="basemap-edit"),
    path("basemaps/<int:pk>/<int:z>/<int:x>/<int:y>.webp", basemaps.tile, name="basemap-tile"),
    path("basemaps/<int:pk>/<str:action>/", basemaps.act, name="basemap-act"),
]
