"""Addresses of a zone's comparison and border, of suggestions, and of the tables they read."""

from django.urls import path

from . import borders_views, links_views, scorecard_views, suggestions_views

urlpatterns = [
    path("zones/<int:pk>/scorecard/", scorecard_views.scorecard, name="zone-scorecard"),
    path("zones/<int:pk>/scorecard.pdf", scorecard_views.scorecard_pdf, name="zone-scorecard-pdf"),
    path("zones/<int:pk>/border/", borders_views.border, name="zone-border"),
    path("zones/suggest/", suggestions_views.suggest, name="zone-suggest"),
    path("zones/suggest/<uuid:uuid>/", suggestions_views.suggestions, name="zone-suggestions"),
    path("zones/links/", links_views.link_tables, name="zone-links"),
    path("zones/links/template.csv", links_views.template, name="zone-links-template"),
    path("zones/links/remove/", links_views.remove, name="zone-links-remove"),
]
