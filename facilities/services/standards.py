"""Norms and unit costs in force on a day, as the pure modules take them."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities import models
from facilities.plan.costs import UnitCost
from facilities.plan.standards import Standard
from gis_core import permissions
from gis_core.editing.errors import Invalid
from gis_core.layers.registry import layers


def standards_in_force(on: date | None = None) -> list[Standard]:
    """The area standards in force on a day (today when not given), by code."""
    return [
        Standard(row.code, float(row.value), row.unit, row.applies_to, row.source, row.effective_from, row.name)
        for row in models.AreaStandard.objects.in_force(on or timezone.localdate())
    ]


def costs_in_force(on: date | None = None) -> list[UnitCost]:
    """The unit costs in force on a day (today when not given), by item."""
    return [
        UnitCost(row.item, row.krw, row.source, row.effective_from)
        for row in models.UnitCost.objects.in_force(on or timezone.localdate())
    ]


def may_change(user: Any) -> bool:
    """Norms hold everywhere, and so must the role of whoever changes them."""
    layer = layers.get("redesign-projects")
    return permissions.can_add(user, layer) and permissions.area_scope(user, layer.access.edit) is None


@transaction.atomic
def save_value(form: Any, user: Any, pk: int | None) -> bool:
    """Write a valid form of a value; returns whether anything changed. Raises Invalid when somebody was faster.

    A value sent twice is written once.
    """
    model = form._meta.model
    values = {name: form.cleaned_data[name] for name in form._meta.fields}
    if pk is None:
        if model.objects.live().filter(**values).exists():
            return False
        model.objects.create(**values, created_by=user, updated_by=user)
        return True
    current = _locked(model, pk, form.cleaned_data["version"])
    if all(getattr(current, name) == value for name, value in values.items()):
        return False
    model.objects.filter(pk=pk).update(**values, updated_by=user)
    return True


@transaction.atomic
def retire_value(record: Any, user: Any, *, reason: str, version: int) -> None:
    """Take a value out of use. Raises Invalid when somebody changed it meanwhile."""
    current = _locked(type(record), record.pk, version)
    type(record).objects.filter(pk=current.pk).update(
        retired_at=timezone.now(), retired_reason=reason.strip(), updated_by=user
    )


def _locked(model: Any, pk: int, version: int | None) -> Any:
    current = model.objects.live().select_for_update(of=("self",)).select_related("updated_by").get(pk=pk)
    if current.version != version:
        told = _("%(who)s changed this meanwhile. Open it again to see what it says now.")
        raise Invalid({"__all__": [told % {"who": current.updated_by or _("the system")}]})
    return current
