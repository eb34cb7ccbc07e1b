from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from facilities.sheets.residents_report import file_name, report_of, to_pdf
from gis_core import permissions
from gis_core.files.services import clean_name
from gis_core.layers.registry import layers
from gis_core.views.records import refuse_unless_visible


@never_cache
@require_safe
def residents_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as PDF; ``?copy=planner`` adds what is missing, for those who may change the project."""
    layer = layers.get("redesign-projects")
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    project = get_object_or_404(layer.queryset(request.user).select_related("centre", "area", "agreed_plan"), pk=pk)
    for_planner = request.GET.get("copy") == "planner"
    if for_planner and not permissions.can_change(request.user, layer, project):
        raise PermissionDenied(_("Your roles do not let you change this record."))
    content = to_pdf(report_of(project), request, for_planner=for_planner)
    response = HttpResponse(content, content_type="application/pdf")
    disposition = content_disposition_header(False, clean_name(file_name(project)))
    response.headers["Content-Disposition"] = disposition or "inline"
    return response
