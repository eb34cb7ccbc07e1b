"""Files of records: uploading, looking at them, taking them back.

Every answer asks the same question first: may this person see the record? Then come the entity tag and the bytes, so
that a browser's copy is good only as long as the permission is.
"""

from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gis_core import permissions
from gis_core.files import images, services, store
from gis_core.files.errors import FileRefused
from gis_core.files.messages import named_refusal
from gis_core.layers.layer import Layer
from gis_core.layers.registry import LayerNotFound, layers
from gis_core.models import Attachment

from .records import find

# Nothing in a stored file may run or load anything in our name.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@login_required
@require_POST
def upload(request: HttpRequest, layer: Layer, pk: int) -> HttpResponse:
    record = find(request, layer, pk)
    if not permissions.can_change(request.user, layer, record):
        raise PermissionDenied(_("Your roles do not let you change this record."))
    added, refused = 0, []
    for file in request.FILES.getlist("files"):
        try:
            _attachment, new = services.attach(layer, request.user, record, file, request.POST.get("caption", ""))
            added += new
        except FileRefused as error:
            refused.append(named_refusal(file.name or "", error))
    if not request.FILES:
        refused.append(_("Choose a file first."))
    said = ngettext("%(count)d file was added.", "%(count)d files were added.", added) % {"count": added}
    if not refused and not added:
        said = _("This file was here already.")
    return _list(request, layer, record, said if added or not refused else "", refused)


@login_required
@require_POST
def retire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    attachment, layer, record = _reachable(request, uuid)
    if not permissions.can_change(request.user, layer, record):
        raise PermissionDenied(_("Your roles do not let you change this record."))
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _list(request, layer, record, "", [_("Say why the file is retired.")])
    services.retire(attachment, request.user, reason)
    return _list(request, layer, record, _("The file was retired."), [])


def _list(request: HttpRequest, layer: Layer, record: Any, said: str, refused: list[str]) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        context = {"layer": layer, "record": record, "files_said": said, "files_refused": refused}
        return render(request, "gis_core/files/_list.html", context)
    for text in refused:
        messages.error(request, text)
    if said:
        messages.success(request, said)
    return redirect("record-detail", layer, record.pk)


def _reachable(request: HttpRequest, uuid: UUID) -> tuple[Attachment, Layer, Any]:
    """An attachment with its layer and record. Raises Http404 when this person may not know of it."""
    attachment = Attachment.objects.filter(pk=uuid).first()
    if attachment is None or (attachment.retired_at and not permissions.is_administrator(request.user)):
        raise Http404
    try:
        layer = layers.get(attachment.layer)
    except LayerNotFound as error:
        raise Http404 from error
    return attachment, layer, find(request, layer, attachment.record_id)


@require_safe
def attachment(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A photo's copy without metadata, or a document as it is."""
    found, _layer, _record = _reachable(request, uuid)
    if not found.is_photo:
        return _file(request, found, store.ORIGINAL, found.media_type, found.name, download=True)
    media_type = images.shown_type(found.media_type)
    name = str(PurePosixPath(found.name).with_suffix(".png" if media_type == "image/png" else ".jpg"))
    return _file(request, found, store.SHOWN, media_type, name, download="download" in request.GET)


@require_safe
def thumbnail(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    found, _layer, _record = _reachable(request, uuid)
    if not found.is_photo:
        raise Http404
    return _file(request, found, store.THUMBNAIL, "image/webp", f"{found.pk}.webp", download=False)


@require_safe
def original(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The file as it was uploaded, with all it tells: for those who change the record or see personal data."""
    found, layer, record = _reachable(request, uuid)
    if not services.sees_original(request.user, layer, record):
        raise Http404
    permissions.log_personal(request.user, layer, "original file", record_id=record.pk, detail=found.name)
    return _file(request, found, store.ORIGINAL, found.media_type, found.name, download=True)


def _file(
    request: HttpRequest, found: Attachment, variant: str, media_type: str, name: str, *, download: bool
) -> HttpResponseBase:
    etag = f'"{found.pk.hex}-{variant}"'
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        try:
            content = store.path(found.sha256, variant).open("rb")
        except FileNotFoundError as error:
            raise Http404(_("The file is missing from the store.")) from error
        response = FileResponse(content, as_attachment=download, filename=name, content_type=media_type)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = _SANDBOX
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
