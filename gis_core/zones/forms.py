from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.errors import Invalid
from gis_core.editing.forms import RecordForm, Shapes
from gis_core.models import AdminArea, CooperationZone, Organisation

from .extent import union_of


class ZoneForm(RecordForm):
    with_shape = ("drawn",)

    member_areas = forms.ModelMultipleChoiceField(
        # Boundaries are large, and a list of names does not need them.
        AdminArea.objects.current().defer("geometry").order_by("mois_code"),
        required=False,
        label=gettext_lazy("member areas"),
    )
    member_organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.live(), required=False, label=gettext_lazy("member organisations")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is known of the members chosen so far, and the way to choose them on the map.
        self.fields["member_areas"].beside = "gis_core/zones/_beside_members.html"  # type: ignore[attr-defined]
        if self.instance.pk:
            # A member whose area has ended, or that has retired, does not stand in the way of other changes.
            areas = AdminArea.objects.defer("geometry").order_by("mois_code")
            self._keep("member_areas", areas, AdminArea.objects.filter(zones=self.instance))
            organisations = Organisation.objects.all()
            self._keep("member_organisations", organisations, organisations.filter(zones=self.instance))

    def _keep(self, name: str, every: QuerySet, members: QuerySet) -> None:
        field: Any = self.fields[name]
        field.queryset = every.filter(Q(pk__in=field.queryset.values("pk")) | Q(pk__in=members.values("pk")))

    class Meta:
        model = CooperationZone
        fields = [
            "name", "kind", "member_areas", "purpose", "lead", "member_organisations",
            "period_start", "period_end", "agreed_on", "budget_krw",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("The period ends before it begins."))
        return cleaned

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        """A drawn extent stays as drawn; otherwise the extent is the union of the member areas."""
        drawn = self.redrawn(shapes, geometry)
        if drawn is not None:
            return {geometry: drawn, "drawn": True}
        cleared = geometry in shapes and shapes[geometry] is None
        if self.instance.drawn and not cleared:
            return {}
        joined = union_of(area.pk for area in self.cleaned_data["member_areas"])
        if joined is None:
            raise Invalid({"member_areas": [_("Choose member areas or draw the extent on the map.")]})
        return {geometry: joined, "drawn": False}
