"""Rule tables: what is in force, new editions, and what a change of the grading table would move."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core import jobs, permissions
from gis_core.editing import Invalid
from gis_core.layers.registry import layers
from gis_core.models import Role
from vacanthouses import grading as rules
from vacanthouses.grading_tasks import put_grading_table_in_force
from vacanthouses.models import RuleKind, RuleTable
from vacanthouses.querysets_reviews import REVIEWERS
from vacanthouses.rule_forms import EditionForm, EndForm, as_yaml
from vacanthouses.rule_reading import BadRule
from vacanthouses.services import grading as services
from vacanthouses.words.grading import reasons
from vacanthouses.words.rules import fault_text

# More moves than these are made by the worker.
MOVED_AT_ONCE = 200
SHOWN_MOVES = 300


def refuse_others(request: HttpRequest) -> None:
    """Raises PermissionDenied."""
    if not permissions.roles_of(request.user) & {*REVIEWERS, Role.ADMINISTRATOR}:
        raise PermissionDenied(_("Only survey managers see rule tables."))


def _found(request: HttpRequest, pk: int) -> RuleTable:
    refuse_others(request)
    table: RuleTable = get_object_or_404(RuleTable.objects.live(), pk=pk)
    return table


@login_required
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """All tables by kind, those in force today marked."""
    refuse_others(request)
    today = timezone.localdate()
    tables = list(RuleTable.objects.live().defer("body"))
    chosen = request.GET.get("kind", "")
    kinds = [kind for kind in RuleKind if not chosen or kind == chosen] or list(RuleKind)
    groups = [(kind, [(table, in_force_on(table, today)) for table in tables if table.kind == kind]) for kind in kinds]
    return render(request, "vacanthouses/rule_list.html", {"groups": groups, "kinds": RuleKind, "chosen": chosen})


def in_force_on(table: RuleTable, day: Any) -> bool:
    begun = table.effective_from <= day
    return table.is_active and begun and (table.effective_to is None or table.effective_to >= day)


@login_required
@require_safe
def rule_table(request: HttpRequest, pk: int) -> HttpResponse:
    table = _found(request, pk)
    context: dict[str, Any] = {"table": table, "text": as_yaml(table.body)}
    context["is_in_force"] = in_force_on(table, timezone.localdate())
    if table.kind == RuleKind.GRADING:
        try:
            read = rules.read(table.body)
            context["grading"] = read
            context["whole"] = sum(item.weight for item in read.items)
            context["cutoffs"] = list(zip(read.grades, read.cutoffs, strict=True))
        except BadRule as fault:
            context["fault"] = fault_text(fault)
    return render(request, "vacanthouses/rule_table.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition that does not count yet, from the text of an existing one."""
    former = _found(request, pk)
    initial = {
        "title": former.title, "effective_from": timezone.localdate(), "source": former.source,
        "is_sample": former.is_sample, "text": as_yaml(former.body),
    }  # fmt: skip
    instance = RuleTable(kind=former.kind, key=former.key, regime=former.regime, is_active=False)
    form = EditionForm(request.POST or None, instance=instance, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _made(request, form)
        return redirect("rule-activate", made.pk)
    context = {"table": former, "form": form, "token": request.POST.get("token") or uuid.uuid4()}
    return render(request, "vacanthouses/rule_edition.html", context, status=422 if request.method == "POST" else 200)


@transaction.atomic
def _made(request: HttpRequest, form: EditionForm) -> RuleTable:
    """The edition; the same one when the form was sent twice."""
    table: RuleTable = form.save(commit=False)
    same = RuleTable.objects.select_for_update().filter(
        kind=table.kind, key=table.key, is_active=False, created_by=request.user.pk, body=form.cleaned_data["text"],
        effective_from=table.effective_from, effective_to=table.effective_to, title=table.title, source=table.source,
    )  # fmt: skip
    if (found := same.live().first()) is not None:
        return found
    table.body = form.cleaned_data["text"]
    table.created_by = table.updated_by = request.user  # type: ignore[assignment]
    table.save()
    return table


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an edition in force: of a grading table, only after its user saw which houses would move."""
    table = _found(request, pk)
    if table.kind == RuleKind.GRADING:
        return _activate_grading(request, table)
    if request.method == "POST":
        RuleTable.objects.filter(pk=table.pk).update(is_active=True, updated_by=request.user)
        messages.success(request, _("In use from %(day)s.") % {"day": table.effective_from})
        return redirect("rule-table", table.pk)
    return render(request, "vacanthouses/rule_activate.html", {"table": table})


def _activate_grading(request: HttpRequest, table: RuleTable) -> HttpResponse:
    found, errors = services.preview(table), []
    outside = _outside(request, found)
    if request.method == "POST":
        if outside:
            raise PermissionDenied(_("Houses outside your areas would move; an administrator has to do this."))
        digest = request.POST.get("digest", "")
        if len(found.moves) > MOVED_AT_ONCE:
            job = jobs.start(
                put_grading_table_in_force, request.user, _("New grades by “%s”") % table, table=table.pk, digest=digest
            )
            return redirect("job", job.pk)
        try:
            moved = services.put_in_force(table, request.user, digest)
        except Invalid as invalid:
            errors = invalid.errors["__all__"]
            found = services.preview(table)
        else:
            messages.success(request, _("In use. Houses with a new grade: %(number)s") % {"number": moved})
            return redirect("rule-table", table.pk)
    read = rules.read(table.body)
    permissions.log_personal(
        request.user, layers.get("vacant-houses"), "grading preview", count=min(len(found.moves), SHOWN_MOVES)
    )
    context = {
        "table": table,
        "preview": found,
        "moves": [(move, reasons(read, move.explanation)) for move in _own(request, found.moves)[:SHOWN_MOVES]],
        "kept": _own(request, found.kept)[:SHOWN_MOVES],
        "outside": outside,
        "errors": errors,
    }
    return render(request, "vacanthouses/rule_activate.html", context, status=409 if errors else 200)


def _own(request: HttpRequest, moves: list[services.Move]) -> list[services.Move]:
    scope = permissions.area_scope(request.user, REVIEWERS)
    return [move for move in moves if permissions.covers(scope, [move.grading.house.area_id])]


def _outside(request: HttpRequest, found: services.Preview) -> int:
    return len(found.moves) - len(_own(request, found.moves))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say until when a table is in force. What it decided stays."""
    table = _found(request, pk)
    initial = {"effective_to": table.effective_to or timezone.localdate(), "version": table.version}
    form = EndForm(request.POST or None, table=table, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            rows = RuleTable.objects.filter(pk=table.pk, version=form.cleaned_data["version"])
            if rows.update(effective_to=form.cleaned_data["effective_to"], updated_by=request.user):
                messages.success(request, _("Saved."))
                return redirect("rule-table", table.pk)
            form.add_error(None, _("Somebody changed this meanwhile. Look at it again."))
            status = 409
    return render(request, "vacanthouses/rule_end.html", {"table": table, "form": form}, status=status)
