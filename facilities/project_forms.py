"""Forms of redesign projects: their facts, the tables of stages and budgets, and the step from stage to stage."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_core.editing.forms import DateInput, RecordForm, Shapes
from gis_core.editing.shapes import to_shapely

from .models import Centre, Plan, PlanStatus, Programme, ProgrammeFigure, RedesignProject, Stage
from .models.projects import FIRST_YEAR, LAST_YEAR

MOST_KRW = 10**15
BLANK_ROWS = 2
# A slip of the key must not stretch everybody's timeline over eight thousand years.
IN_OUR_TIME = [MinValueValidator(date(FIRST_YEAR, 1, 1)), MaxValueValidator(date(LAST_YEAR, 12, 31))]


def plan_label(obj: Any) -> str:
    """A plan in a list of plans of several buildings."""
    return f"{obj.building} · {obj}"


class AtCentreForm(RecordForm):
    """Of a record that lies where its centre lies: whatever place is sent, the centre's counts."""

    def centre(self) -> Centre:
        raise NotImplementedError

    def placed(self, shapes: Shapes, geometry: str, outline: str | None) -> dict[str, Any]:
        return {geometry: to_shapely(self.centre().location)}


class ProjectForm(AtCentreForm):
    class Meta:
        model = RedesignProject
        fields = ["centre", "name", "year", "kind", "stage", "master_planner", "architect", "agreed_plan", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the project has already stays among the choices, also when it was retired: its form must be savable.
        kept = Q(pk=self.instance.centre_id)
        self._choice("centre").queryset = Centre.objects.filter(Q(retired_at=None) | kept).order_by("name")
        agreed = Plan.objects.in_use().filter(status__in=(PlanStatus.AGREED, PlanStatus.AS_BUILT))
        plans = Plan.objects.filter(Q(pk__in=agreed.values("pk")) | Q(pk=self.instance.agreed_plan_id))
        plans = plans.select_related("building").order_by("building", "pk")
        centre = self.instance.centre_id or (None if self.is_bound else self.initial.get("centre"))
        if not self.is_bound and str(centre).isdecimal() and len(str(centre)) < 10:
            plans = plans.filter(building__centre=centre)
        field = self._choice("agreed_plan")
        field.queryset = plans
        field.label_from_instance = plan_label  # type: ignore[method-assign]

    def _choice(self, name: str) -> forms.ModelChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def centre(self) -> Centre:
        found: Centre = self.cleaned_data["centre"]
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        centre, plan, year = data.get("centre"), data.get("agreed_plan"), data.get("year")
        if centre and plan and plan.building.centre_id != centre.pk:
            self.add_error("agreed_plan", _("This plan is of another centre."))
        if centre and year:
            others = RedesignProject.objects.live().filter(centre=centre, year=year).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error("year", _("This centre has a project of this year already."))
        return data


class MoveForm(forms.Form):
    """From one stage to another, with the day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    reached_on = forms.DateField(label=_("Reached on"), widget=DateInput, validators=IN_OUR_TIME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reached_on"].help_text = _("The day it began or, for a meeting, was held.")


class RowForm(forms.Form):
    """A row of a table that is saved whole. What the person saw goes along, so that rows left alone are known."""

    row = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    # The fields a person fills in.
    facts: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_fields()
        for name in self.facts:
            self.fields[name].show_hidden_initial = True
        self.existing: Any = None

    def add_fields(self) -> None:
        """A place for fields made from a model's columns."""

    def is_touched(self) -> bool:
        """Whether the person changed this row; a row left empty is none."""
        return bool({*self.facts, "remove"} & set(self.changed_data))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in self.facts}

    @property
    def removed(self) -> bool:
        return bool(self.cleaned_data.get("remove"))


class StageRowForm(RowForm):
    facts = ("planned_on", "reached_on")

    stage = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)
    planned_on = forms.DateField(label=_("Planned on"), required=False, widget=DateInput, validators=IN_OUR_TIME)
    reached_on = forms.DateField(label=_("Reached on"), required=False, widget=DateInput, validators=IN_OUR_TIME)

    @property
    def title(self) -> str:
        value = self["stage"].value()
        return str(Stage(value).label) if value in Stage.values else ""


def _won(label: Any, **options: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return WonField(min_value=0, max_value=MOST_KRW, label=label, widget=widget, **options)


class WonField(forms.IntegerField):
    """Whole KRW, with or without thousands separated."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class BudgetRowForm(RowForm):
    facts = ("year", "budget_krw", "executed_krw")

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    budget_krw = _won(_("Budget (KRW)"), required=False)
    executed_krw = _won(_("Executed (KRW)"), required=False)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A year is no amount: its thousands are not separated.
        self.fields["year"].localize = False
        self.fields["year"].widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.is_touched() and not data.get("remove"):
            for name in ("year", "budget_krw"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Fill this in, or empty the row."))
        return data

    @property
    def title(self) -> str:
        return str(self["year"].value() or _("new row"))


class ProgrammeForm(forms.ModelForm):
    """A programme of which figures were reported."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Programme
        fields = ["name", "area_name", "source", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].help_text = _("The report or notice the figures come from.")
        self.fields["note"].widget.attrs["rows"] = 3


class FigureRowForm(RowForm):
    """What was reported for a year (nothing: the whole time)."""

    facts = (
        "year", "area_name", "centres", "centres_planned", "districts_whole", "districts_pilot", "budget_krw",
        "executed_krw", "meetings", "planner_meetings", "expert_consultations", "surveys", "press_reports",
        "white_papers", "source", "note",
    )  # fmt: skip
    counts = tuple(name for name in facts if name not in {"year", "area_name", "source", "note"})

    remove = forms.BooleanField(label=_("Remove"), required=False)

    def add_fields(self) -> None:
        self.fields = {**{name: self._field(name) for name in self.facts}, **self.fields}

    @staticmethod
    def _field(name: str) -> forms.Field:
        column: Any = ProgrammeFigure._meta.get_field(name)
        if name.endswith("_krw"):
            return _won(column.verbose_name, required=False)
        if name in {"area_name", "source", "note"}:
            return forms.CharField(label=column.verbose_name, max_length=column.max_length, required=False)
        lowest, highest = (FIRST_YEAR, LAST_YEAR) if name == "year" else (0, 10_000_000)
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        return forms.IntegerField(
            label=column.verbose_name, min_value=lowest, max_value=highest, required=False, widget=widget
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.is_touched() and not data.get("remove") and not data.get("source"):
            self.add_error("source", _("Say where the figures come from."))
        return data

    @property
    def title(self) -> str:
        return str(self["year"].value() or _("whole time"))


class OnceFormSet(forms.BaseFormSet):
    """No two rows left in the table may agree in ``once``; the second is told so."""

    once: tuple[str, ...] = ()

    def clean(self) -> None:
        seen: set[tuple[Any, ...]] = set()
        for form in self.forms:
            if not self._counts(form):
                continue
            value = tuple(form.cleaned_data.get(name) for name in self.once)
            if value in seen:
                form.add_error(self.once[0], ValidationError(_("Another row has this already.")))
            seen.add(value)

    def _counts(self, form: Any) -> bool:
        """Whether a row will be in the table."""
        if form.errors or form.removed:
            return False
        return bool(form.cleaned_data.get("row")) or form.is_touched()


class BudgetRows(OnceFormSet):
    once = ("year",)


class FigureRows(OnceFormSet):
    once = ("year", "area_name")


StageFormSet = forms.formset_factory(StageRowForm, extra=0, max_num=6)
BudgetFormSet = forms.formset_factory(BudgetRowForm, formset=BudgetRows, extra=BLANK_ROWS, max_num=60)
FigureFormSet = forms.formset_factory(FigureRowForm, formset=FigureRows, extra=1, max_num=500)
