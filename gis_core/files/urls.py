"""Addresses of files. The upload's needs the ``layer`` converter of ``gis_core.urls``."""

from django.urls import path

from gis_core.views import files

urlpatterns = [
    path("records/<layer:layer>/<int:pk>/files/", files.upload, name="attachment-upload"),
    path("files/<uuid:uuid>/", files.attachment, name="attachment"),
    path("files/<uuid:uuid>/thumbnail/", files.thumbnail, name="attachment-thumbnail"),
    path("files/<uuid:uuid>/original/", files.original, name="attachment-original"),
    path("files/<uuid:uuid>/retire/", files.retire, name="attachment-retire"),
]
