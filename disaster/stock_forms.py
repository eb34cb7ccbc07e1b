"""Forms in which movements of stock, loans and shelves are recorded."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gis_core.editing.forms import DateInput
from gis_core.models import Organisation

from .models import Balance, Condition, Depot, Item, Loan
from .services.ledger import MOST_UNITS
from .services.stock import LotFacts, Note
from .words import stock as words

BACKDATING = gettext_lazy(
    "The day it happened. A day that has passed may be given: the ledger then stands as if it had been written that "
    "day, and shows when it was recorded. Refused are days before the last count, and what would leave less than "
    "nothing on any day since."
)


class BalanceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return words.balance(obj)


class ByTownField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.area.name} · {obj}" if obj.area else str(obj)


class MoveForm(forms.Form):
    """What all movements say. ``token`` becomes the movement's key: sent twice, it is recorded once."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=MOST_UNITS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    occurred_on = forms.DateField(label=gettext_lazy("day"), widget=DateInput, help_text=BACKDATING)
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, required=False)

    def __init__(self, *args: Any, depot: Depot, user: Any = None, **kwargs: Any) -> None:
        given = kwargs.get("initial") or {}
        kwargs["initial"] = {"token": uuid.uuid4(), "occurred_on": timezone.localdate(), **given}
        super().__init__(*args, **kwargs)
        self.depot = depot
        self.user = user
        self.arrange()
        self.order_fields([*self.FIRST, "quantity", *self.THEN, "reason", "occurred_on"])

    FIRST: tuple[str, ...] = ()
    THEN: tuple[str, ...] = ()

    def arrange(self) -> None:
        """What the depot and the person decide about the fields."""

    def note(self) -> Note:
        data = self.cleaned_data
        return Note(
            data["occurred_on"], data["token"], data["reason"], data.get("document", ""), data.get("counterpart")
        )


def _partners() -> Any:
    return Organisation.objects.live().order_by("name")


class ReceiveForm(MoveForm):
    item = forms.ModelChoiceField(Item.objects.none(), label=gettext_lazy("item"), empty_label=gettext_lazy("Choose"))
    code = forms.CharField(
        label=gettext_lazy("lot or serial number"), max_length=60, required=False,
        help_text=gettext_lazy("Leave it empty where the item has none; with a date of expiry the date stands for it."),
    )  # fmt: skip
    made_on = forms.DateField(label=gettext_lazy("made on"), widget=DateInput, required=False)
    expires_on = forms.DateField(label=gettext_lazy("expires on"), widget=DateInput, required=False)
    condition = forms.ChoiceField(label=gettext_lazy("condition"), choices=Condition.choices)
    shelf = forms.CharField(label=gettext_lazy("shelf"), max_length=40, required=False)
    counterpart = forms.ModelChoiceField(
        Organisation.objects.none(), label=pgettext_lazy("stock", "received from"), required=False, empty_label="–"
    )
    document = forms.CharField(label=gettext_lazy("document number"), max_length=60, required=False)

    FIRST = ("token", "item")
    THEN = ("code", "expires_on", "made_on", "condition", "shelf", "counterpart", "document")

    def arrange(self) -> None:
        self.fields["item"].queryset = Item.objects.live()  # type: ignore[attr-defined]
        self.fields["counterpart"].queryset = _partners()  # type: ignore[attr-defined]

    def lot(self) -> LotFacts:
        data = self.cleaned_data
        return LotFacts(data["item"], data["code"], data["made_on"], data["expires_on"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        made_on, expires_on = data.get("made_on"), data.get("expires_on")
        if made_on and expires_on and expires_on < made_on:
            self.add_error("expires_on", _("It expired before it was made."))
        return data


class OutForm(MoveForm):
    """Movements that take something that is there."""

    balance = BalanceField(
        Balance.objects.none(), label=gettext_lazy("item and lot"), empty_label=gettext_lazy("Choose")
    )
    FIRST = ("token", "balance")
    ONLY: tuple[str, ...] = tuple(Condition.values)

    def arrange(self) -> None:
        there = Balance.objects.filter(depot=self.depot, quantity__gt=0, condition__in=self.ONLY)
        # What expires first goes first.
        self.fields["balance"].queryset = (  # type: ignore[attr-defined]
            there.select_related("lot__item").order_by("lot__item_id", "lot__expires_on", "condition", "pk")
        )


class IssueForm(OutForm):
    counterpart = forms.ModelChoiceField(
        Organisation.objects.none(), label=pgettext_lazy("stock", "issued to"), required=False, empty_label="–"
    )
    document = forms.CharField(label=gettext_lazy("document number"), max_length=60, required=False)
    THEN = ("counterpart", "document")
    ONLY = (Condition.USABLE,)

    def arrange(self) -> None:
        super().arrange()
        self.fields["counterpart"].queryset = _partners()  # type: ignore[attr-defined]


class TransferForm(OutForm):
    target = ByTownField(Depot.objects.none(), label=gettext_lazy("to the depot"), empty_label=gettext_lazy("Choose"))
    document = forms.CharField(label=gettext_lazy("document number"), max_length=60, required=False)
    THEN = ("target", "document")

    def arrange(self) -> None:
        super().arrange()
        from .access import own_depots

        target = self.fields["target"]
        target.queryset = own_depots(self.user).exclude(pk=self.depot.pk)  # type: ignore[attr-defined]
        target.help_text = _("Depots that you keep. To another town goes what it asks for: see operations.")


class LoanForm(OutForm):
    borrower = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("borrower"), required=False, empty_label="–"
    )
    borrower_name = forms.CharField(
        label=gettext_lazy("or another body"), max_length=100, required=False,
        help_text=gettext_lazy("An organisation that is not in the list. No private person's name."),
    )  # fmt: skip
    due_on = forms.DateField(label=gettext_lazy("due back on"), widget=DateInput)
    document = forms.CharField(label=gettext_lazy("document number"), max_length=60, required=False)
    THEN = ("borrower", "borrower_name", "due_on", "document")
    ONLY = (Condition.USABLE,)

    def arrange(self) -> None:
        super().arrange()
        self.fields["borrower"].queryset = _partners()  # type: ignore[attr-defined]
        self.fields["reason"].label = _("purpose")
        self.fields["reason"].max_length = 200  # type: ignore[attr-defined]


class WriteOffForm(OutForm):
    document = forms.CharField(label=gettext_lazy("document number"), max_length=60, required=False)
    THEN = ("document",)

    def arrange(self) -> None:
        super().arrange()
        self.fields["reason"].required = True


class ReconditionForm(OutForm):
    condition = forms.ChoiceField(label=gettext_lazy("new condition"), choices=Condition.choices)
    THEN = ("condition",)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("balance") and data.get("condition") == data["balance"].condition:
            self.add_error("condition", _("It is in this condition already."))
        return data


class GiveBackForm(MoveForm):
    condition = forms.ChoiceField(label=gettext_lazy("condition"), choices=Condition.choices)
    FIRST = ("token",)
    THEN = ("condition",)

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        left = loan.quantity - loan.returned
        kwargs["initial"] = {"quantity": left, **(kwargs.get("initial") or {})}
        super().__init__(*args, depot=loan.depot, **kwargs)
        self.fields["quantity"].help_text = _("of %(most)d %(unit)s") % {"most": left, "unit": loan.lot.item.unit}


class ExtendForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("due back on"), widget=DateInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ShelfForm(forms.Form):
    shelf = forms.CharField(
        label=gettext_lazy("shelf"), max_length=40, required=False, help_text=gettext_lazy("Such as A-3.")
    )


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4()}
        super().__init__(*args, **kwargs)
