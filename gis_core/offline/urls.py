"""What phones speak with, under /api/survey/."""

from django.urls import path

from . import views

urlpatterns = [
    path("key", views.Key.as_view(), name="offline-key"),
    path("receipts", views.Receipts.as_view(), name="offline-receipts"),
    path("reconcile", views.Reconcile.as_view(), name="offline-reconcile"),
    path("files/<str:sha256>", views.File.as_view(), name="offline-file"),
    path("records/<slug:kind>", views.Statuses.as_view(), name="offline-statuses"),
    path("records/<slug:kind>/<uuid:uuid>", views.Status.as_view(), name="offline-status"),
    path("<slug:kind>/<uuid:uuid>", views.Record.as_view(), name="offline-record"),
]
