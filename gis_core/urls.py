"""Every address of the system. Nothing else adds any."""

from django.contrib import admin
from django.urls import include, path, register_converter

from .api.views import Landing
from .converters import LayerConverter

register_converter(LayerConverter, "layer")

urlpatterns = [
    path("api", Landing.as_view()),
    path("api/", include("gis_core.api.urls")),
    path("admin/", admin.site.urls),
]
