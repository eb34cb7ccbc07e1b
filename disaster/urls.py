"""Addresses of disaster readiness."""

from django.urls import include, path

urlpatterns = [
    path("", include("disaster.count_urls")),
    path("", include("disaster.coverage_urls")),
    path("", include("disaster.inspection_urls")),
    path("", include("disaster.operation_urls")),
    path("", include("disaster.people_urls")),
    path("", include("disaster.readiness_urls")),
    path("", include("disaster.schedule_urls")),
    path("", include("disaster.stock_urls")),
]
