"""The office's forms: a round, a meeting, what becomes of a proposal, who stands at the desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm
from gis_core.models import Channel, Decision, Proposal, ProposalRound, RoundMeeting

from . import contacts, personal_text, words
from .access import manageable_areas


def refuse_personal(text: str) -> str:
    """The text without blanks around it. Raises ValidationError when a number in it would lead to a person."""
    if told := words.personal(personal_text.find(text)):
        raise ValidationError(told)
    return text.strip()


class RoundForm(SeenForm):
    class Meta:
        model = ProposalRound
        fields = [
            "title", "title_en", "text", "text_en", "area", "opens_on", "closes_on", "vote_opens_on", "vote_closes_on",
            "votes_per_person", "eligible", "office", "office_phone",
        ]  # fmt: skip
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5, "maxlength": 4000}),
            "text_en": forms.Textarea(attrs={"rows": 5, "maxlength": 4000}),
            **{name: DateInput() for name in ("opens_on", "closes_on", "vote_opens_on", "vote_closes_on")},
            "office_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
        help_texts = {
            "title_en": gettext_lazy("Empty: the Korean title is shown in English too."),
            "closes_on": gettext_lazy("The last day, until midnight."),
            "vote_opens_on": gettext_lazy("Leave both empty where nobody votes."),
            "eligible": gettext_lazy("For the turnout. Leave it empty where it is not known."),
            "office_phone": gettext_lazy("Residents see it. The office's, not a person's."),
        }

    def __init__(self, *args: Any, user: Any, subject_layer: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = manageable_areas(user, subject_layer)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        closes, opens = values.get("closes_on"), values.get("opens_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("This is before the first day."))
        vote_opens, vote_closes = values.get("vote_opens_on"), values.get("vote_closes_on")
        if bool(vote_opens) != bool(vote_closes):
            missing = "vote_closes_on" if vote_opens else "vote_opens_on"
            self.add_error(missing, _("Give both days of the vote, or neither."))
        elif vote_opens and vote_closes and vote_closes < vote_opens:
            self.add_error("vote_closes_on", _("This is before the first day of the vote."))
        if vote_opens and closes and vote_opens <= closes:
            self.add_error("vote_opens_on", _("The vote begins after the last day for proposals."))
        return values


class MeetingForm(SeenForm):
    class Meta:
        model = RoundMeeting
        fields = ["title", "held_on", "place", "attendance", "minutes"]
        widgets = {"held_on": DateInput(), "minutes": forms.Textarea(attrs={"rows": 6, "maxlength": 8000})}
        help_texts = {
            "attendance": gettext_lazy("How many came. Leave it empty where nobody counted."),
            "minutes": gettext_lazy("Residents can read them. No names, phones or addresses of persons."),
        }

    def clean_minutes(self) -> str:
        return refuse_personal(self.cleaned_data["minutes"])


class VersionForm(forms.Form):
    """``version`` is the one the person looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class JoinForm(VersionForm):
    other: Any = forms.ModelChoiceField(label=gettext_lazy("The proposal that stands for both"), queryset=None)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Proposal.objects.live().filter(round=proposal.round_id, moderation="published")
        field: Any = self.fields["other"]
        field.queryset = others.exclude(pk=proposal.pk).order_by("pk")


class RefuseForm(VersionForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason, public"),
        max_length=200,
        help_text=gettext_lazy("For example: holds personal data, is not about this, insults somebody."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        return refuse_personal(self.cleaned_data["reason"])


class AnswerForm(VersionForm):
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), choices=[("", "---------"), *Decision.choices])
    answer = forms.CharField(
        label=gettext_lazy("Answer, public"),
        max_length=4000,
        help_text=gettext_lazy("What is done with it, and why. Everybody can read it."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_answer(self) -> str:
        return refuse_personal(self.cleaned_data["answer"])


class ContactForm(forms.Form):
    """A contact by one of ``channels``; ``cleaned_data`` holds it in its normal form."""

    channel = forms.ChoiceField(label=gettext_lazy("By"), widget=forms.RadioSelect)
    contact = forms.CharField(label=gettext_lazy("Mobile number or e-mail address"), max_length=254)

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel: Any = self.fields["channel"]
        names = {Channel.EMAIL: _("E-mail"), Channel.PHONE: _("Mobile phone")}
        channel.choices = [(each.value, names[each]) for each in channels]
        channel.initial = channels[0].value if channels else None
        if len(channels) == 1:
            channel.widget = forms.HiddenInput()
            self.fields["contact"].label = _("E-mail address") if channels == [Channel.EMAIL] else _("Mobile number")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "contact" in values and "channel" in values:
            try:
                values["contact"] = contacts.normal(values["channel"], values["contact"])
            except contacts.BadContact:
                told = {
                    Channel.EMAIL: _("This is no e-mail address, such as name@example.kr."),
                    Channel.PHONE: _("This is no mobile number, such as 010-0000-0000."),
                }
                self.add_error("contact", told[Channel(values["channel"])])
        return values
