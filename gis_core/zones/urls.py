"""Addresses of making zones and of what their members agree to."""

from django.urls import path

from . import agreement_views, look_views

urlpatterns = [
    path("zones/look/", look_views.look, name="zone-members"),
    path("zones/inside/", look_views.inside, name="zone-areas-inside"),
    path("zones/agreements/", agreement_views.agreement_list, name="zone-agreements"),
    path("zones/<int:zone>/agreements/add/", agreement_views.agreement_edit, name="zone-agreement-add"),
    path("zones/<int:zone>/agreements/<int:pk>/edit/", agreement_views.agreement_edit, name="zone-agreement-edit"),
    path(
        "zones/<int:zone>/agreements/<int:pk>/retire/", agreement_views.agreement_retire, name="zone-agreement-retire"
    ),
]
