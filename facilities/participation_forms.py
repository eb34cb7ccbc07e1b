"""Forms of meetings, requests and surveys."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Answer, Centre, Meeting, Plan, RedesignProject, Request, SatisfactionSurvey
from .project_forms import AtCentreForm, OnceFormSet, RowForm, plan_label
from .services.rooms import room_choices

BLANK_SCORES = 3


class AtProjectForm(AtCentreForm):
    """Of a record of a project; it lies where the project's centre lies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("project").queryset = RedesignProject.objects.live().order_by("-year", "name")

    def _choice(self, name: str) -> forms.ModelChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def centre(self) -> Centre:
        found: Centre = self.cleaned_data["project"].centre
        return found

    def project_id(self) -> int | None:
        """The project this form speaks of: as sent, as stored, or as the address says."""
        for given in (self.data.get("project"), self.instance.project_id, self.initial.get("project")):
            text = str(given or "")
            if text.isdecimal() and len(text) < 10:
                return int(text)
        return None


class MeetingForm(AtProjectForm):
    class Meta:
        model = Meeting
        fields = [
            "project", "name", "kind", "held_on", "place", "residents", "staff", "architects", "master_planners",
            "others", "minutes",
        ]  # fmt: skip


class RequestForm(AtProjectForm):
    unit_keys = forms.MultipleChoiceField(label=_("Rooms it is about"), required=False)

    class Meta:
        model = Request
        fields = ["project", "meeting", "asked", "group", "answer", "reason", "answered_on", "plan", "unit_keys"]
        widgets = {"asked": forms.Textarea}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked"].help_text = _("The wish itself. Write no names: a group asked.")
        self.fields["reason"].help_text = _("A rejection needs a reason; residents read it.")
        self.fields["answered_on"].widget.attrs["max"] = "9999-12-31"
        project = self.project_id()
        meetings = Meeting.objects.live().order_by("-held_on")
        plans = Plan.objects.in_use().select_related("building").order_by("building", "pk")
        if project is not None:
            meetings = meetings.filter(project=project)
            plans = plans.filter(building__centre__projects=project)
        self._choice("meeting").queryset = meetings
        self._choice("plan").queryset = plans
        self._choice("plan").label_from_instance = plan_label  # type: ignore[method-assign]
        rooms = self.fields["unit_keys"]
        assert isinstance(rooms, forms.MultipleChoiceField)
        rooms.choices = room_choices(project, self.instance.unit_keys)
        if not rooms.choices:
            rooms.help_text = _("The centre of this project has no plan yet; rooms can be linked once it has one.")

    def clean_unit_keys(self) -> list[UUID]:
        return sorted({UUID(key) for key in self.cleaned_data["unit_keys"]})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("answer") == Answer.REJECTED and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Say why it was rejected."))
        if data.get("answer") == Answer.OPEN and data.get("answered_on"):
            self.add_error("answered_on", _("An open request has no day of answer yet."))
        project, meeting = data.get("project"), data.get("meeting")
        if project and meeting and meeting.project_id != project.pk:
            self.add_error("meeting", _("This meeting was about another project."))
        plan = data.get("plan")
        if project and plan and plan.building.centre_id != project.centre_id:
            self.add_error("plan", _("This plan is of another centre."))
        return data


class SurveyForm(AtProjectForm):
    class Meta:
        model = SatisfactionSurvey
        fields = ["project", "name", "moment", "held_on", "respondents", "note"]


class ScoreRowForm(RowForm):
    facts = ("question", "mean", "respondents")

    question = forms.CharField(label=_("Question"), max_length=120, required=False)
    mean = forms.DecimalField(
        label=_("Mean score (1–5)"), min_value=Decimal(1), max_value=Decimal(5), max_digits=3, decimal_places=2,
        required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    respondents = forms.IntegerField(
        label=_("Respondents"), min_value=0, max_value=10_000_000, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def is_touched(self) -> bool:
        """A question that was only suggested counts once it has a score."""
        if not self["row"].value() and not {"mean", "respondents"} & set(self.changed_data):
            return "question" in self.changed_data and not self.initial.get("question")
        return super().is_touched()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.is_touched() and not data.get("remove"):
            if not data.get("question"):
                self.add_error("question", _("Write the question."))
            if data.get("mean") is None and "mean" not in self.errors:
                self.add_error("mean", _("Fill this in, or empty the row."))
        return data

    @property
    def title(self) -> str:
        return str(self["question"].value() or _("new row"))


class ScoreRows(OnceFormSet):
    once = ("question",)


ScoreFormSet = forms.formset_factory(ScoreRowForm, formset=ScoreRows, extra=BLANK_SCORES, max_num=100)
