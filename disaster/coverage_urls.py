"""Addresses of coverage, best places, flood maps and ways in."""

from django.urls import path

from .views import coverage, depot_access, floods

urlpatterns = [
    path("disaster/coverage/", coverage.coverage, name="coverage"),
    path("disaster/coverage/villages.csv", coverage.coverage_csv, name="coverage-csv"),
    path("disaster/coverage/best-places/", coverage.best_places, name="best-places"),
    path("disaster/coverage/best-places/<uuid:uuid>/", coverage.best_places_result, name="best-places-result"),
    path("disaster/flood-maps/", floods.flood_map_list, name="flood-map-list"),
    path("disaster/flood-maps/add/", floods.flood_map_add, name="flood-map-add"),
    path("disaster/flood-maps/<int:pk>/retire/", floods.flood_map_retire, name="flood-map-retire"),
    path("disaster/flood-maps/<int:pk>/picture.png", floods.flood_map_picture, name="flood-map-picture"),
    path("disaster/flood-maps/<int:pk>/what-if/", floods.flood_whatif, name="flood-whatif"),
    path("disaster/flood-maps/<int:pk>/what-if.pdf", floods.flood_whatif_pdf, name="flood-whatif-pdf"),
    path("records/depots/<int:pk>/access/", depot_access.depot_access, name="depot-access"),
]
