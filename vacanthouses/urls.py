"""Addresses of the vacant-house survey."""

from django.urls import path  # noqa: F401

urlpatterns: list[object] = []
