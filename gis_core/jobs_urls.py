"""Addresses of jobs."""

from django.urls import path

from gis_core.views import jobs

urlpatterns = [
    path("jobs/<uuid:uuid>/", jobs.job_page, name="job"),
    path("jobs/<uuid:uuid>/cancel/", jobs.cancel, name="job-cancel"),
    path("jobs/<uuid:uuid>/report.csv", jobs.report, name="job-report"),
]
