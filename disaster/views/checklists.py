"""Checklists: those in force, the page of an edition, and a new edition."""

import uuid
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster import checklists as rules
from disaster.access import is_officer, officer_scope
from disaster.checklist_forms import EditionForm, as_yaml
from disaster.models import Checklist
from disaster.querysets_inspections import checklists_in_force
from disaster.services import checklists as services
from disaster.words.inspections import fault_text, in_language, limits_text

from .asking import refuse_strangers, uuid_of
from .refusals import carried_out


def _may_edit(user: Any) -> bool:
    """A checklist counts in every town: the keeper of a single one does not change it."""
    scope = officer_scope(user)
    return is_officer(user) and (scope is None or len(scope) > 1)


@login_required
@require_safe
def checklist_list(request: HttpRequest) -> HttpResponse:
    """All editions by class, those in force today marked."""
    refuse_strangers(request.user)
    in_force = {each.pk for each in checklists_in_force(timezone.localdate()).values()}
    editions = Checklist.objects.live().select_related("item_class").defer("body")
    ordered = editions.order_by("item_class_id", "-effective_from", "-pk")
    groups = [
        (item_class, [(each, each.pk in in_force) for each in found])
        for item_class, found in groupby(ordered, key=lambda each: each.item_class)
    ]
    # The depots' own comes first.
    groups.sort(key=lambda group: group[0] is not None)
    return render(request, "disaster/checklist_list.html", {"groups": groups})


@login_required
@require_safe
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its questions in words, and the whole of it as text."""
    refuse_strangers(request.user)
    found = get_object_or_404(Checklist.objects.live().select_related("item_class"), pk=pk)
    in_force = checklists_in_force(timezone.localdate()).get(found.item_class_id)
    context: dict[str, Any] = {
        "checklist": found,
        "text": as_yaml(found.body),
        "counts": in_force is not None and in_force.pk == found.pk,
        "may_edit": _may_edit(request.user),
    }
    try:
        read = rules.read(found.body)
    except rules.BadChecklist as fault:
        context["fault"] = fault_text(fault)
    else:
        context["questions"] = [_told(read, question) for question in read.questions]
    return render(request, "disaster/checklist.html", context)


def _told(read: rules.Checklist, question: rules.Question) -> dict[str, Any]:
    asked = read.question(question.only_if.question) if question.only_if else None
    return {
        "title": in_language(question.title),
        "answer": _answer(question),
        "only_if": in_language(asked.title) if asked else "",
        "photo": {"required": _("always"), "on_fail": _("when it fails"), "never": _("no")}.get(
            question.photo, _("if wanted")
        ),
        "blocks": question.blocks,
        "repair": in_language(question.repair) if question.kind != "text" else "",
        "days": question.days,
    }


def _answer(question: rules.Question) -> str:
    """What passes, in words."""
    if question.kind == "yes_no":
        return _("Yes") if question.fails_on == "no" else _("No")
    if question.kind == "choice":
        return ", ".join(in_language(option.title) for option in question.options if not option.fails)
    return limits_text(question) if question.kind == "measure" else _("free text")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checklist_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """A new edition from the text of an existing one. It counts from its day on."""
    if not _may_edit(request.user):
        raise PermissionDenied(_("Only disaster officers of more than one town may change checklists."))
    former = get_object_or_404(Checklist.objects.live().select_related("item_class"), pk=pk)
    initial = {
        "title": former.title, "effective_from": timezone.localdate(), "source": former.source,
        "is_sample": former.is_sample, "text": as_yaml(former.body),
    }  # fmt: skip
    form = EditionForm(request.POST or None, initial=initial)
    token = request.POST.get("token") or str(uuid.uuid4())
    made: list[Checklist] = []

    def add(_data: dict[str, Any]) -> None:
        made.append(services.add_edition(request.user, former, form.values(), uuid_of(token)))

    status = carried_out(form, add) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("In use from %(day)s.") % {"day": made[0].effective_from})
        return redirect("checklist", made[0].pk)
    context = {"checklist": former, "form": form, "token": token}
    return render(request, "disaster/checklist_edition.html", context, status=status)
