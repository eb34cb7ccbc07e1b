"""The form of an agreement of a zone."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.editing.seen_forms import SeenForm
from gis_core.files.sniff import ACCEPTED
from gis_core.models import Attachment, CooperationZone, Organisation, ZoneAgreement

_PAPERS = ",".join(f".{extension}" for kind in ACCEPTED for extension in kind.extensions)


class AgreementForm(SeenForm):
    """``parties`` and the uploaded paper are written beside the columns: see ``agreement_services``."""

    class Meta:
        model = ZoneAgreement
        fields = ["title", "signed_on", "valid_from", "valid_until", "document_number", "terms", "document"]
        widgets = {
            "signed_on": DateInput, "valid_from": DateInput, "valid_until": DateInput,
            "terms": forms.Textarea(attrs={"rows": 4}),
        }  # fmt: skip
        help_texts = {
            "valid_until": gettext_lazy("Its last day; it stops counting by itself. Empty: open-ended."),
            "document": gettext_lazy("One of the files attached to the zone, or a new one below."),
        }

    def __init__(self, *args: Any, zone: CooperationZone, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Any = self.fields["document"]
        document.queryset = Attachment.objects.live().of("zones", zone.pk)
        document.label_from_instance = lambda each: each.name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        begins, until = data.get("valid_from"), data.get("valid_until")
        if begins and until and until < begins:
            self.add_error("valid_until", _("This is before it begins."))
        return data


class PartiesForm(forms.Form):
    """The zone's organisations first: they are who signs as a rule. ``seen`` is who was a party when the page came."""

    parties = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=gettext_lazy("parties"), help_text=gettext_lazy("Who signed it.")
    )
    upload = forms.FileField(
        label=gettext_lazy("signed paper"),
        required=False,
        help_text=gettext_lazy("PDF, HWP or a photo. It is kept with the files of the zone."),
        widget=forms.ClearableFileInput(attrs={"accept": _PAPERS}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, files: Any, *, zone: CooperationZone, agreement: ZoneAgreement | None) -> None:
        parties = list(agreement.parties.values_list("pk", flat=True)) if agreement else []
        members = list(zone.member_organisations.values_list("pk", flat=True))
        first = parties if agreement else members
        super().__init__(data, files, initial={"parties": first, "seen": ",".join(map(str, parties))})
        found = Organisation.objects.live() | Organisation.objects.filter(pk__in=[*parties, *members])
        self.fields["parties"].queryset = found.order_by("name", "pk")  # type: ignore[attr-defined]

    def chosen(self) -> tuple[frozenset[int], frozenset[int]]:
        """Who was a party when the page came, and who is to be one."""
        seen = (text for text in self.cleaned_data["seen"].split(",") if text.isascii() and text.isdecimal())
        return frozenset(map(int, seen)), frozenset(each.pk for each in self.cleaned_data["parties"])
