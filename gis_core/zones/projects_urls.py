from django.urls import path

from . import projects_views as views

urlpatterns = [
    path("zone-projects/<int:pk>/stage/", views.stage, name="zone-project-stage"),
    path("zone-projects/<int:pk>/<str:kind>/add/", views.part_add, name="zone-project-add"),
    path("zone-projects/<str:kind>/<int:pk>/", views.part_edit, name="zone-project-part"),
    path("zone-projects/<str:kind>/<int:pk>/retire/", views.part_retire, name="zone-project-part-retire"),
]
