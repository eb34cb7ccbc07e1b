"""The shell's own forms: sign-in, profile, password, API token, retirement."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from gis_core.models import User


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email", "language"]
        labels = {"name": _("Name"), "email": _("E-mail"), "language": _("Language")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class PasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It stands in the middle of the profile page, which must open at its beginning.
        del self.fields["old_password"].widget.attrs["autofocus"]


class TokenForm(forms.Form):
    """How long a new API token lives. A token without an end is possible, and is never the default."""

    LIFETIMES = {"30": _("30 days"), "365": _("1 year"), "": _("No end")}

    lifetime = forms.ChoiceField(label=_("Valid for"), choices=list(LIFETIMES.items()), required=False, initial="365")

    def expiry(self) -> timedelta | None:
        days = self.cleaned_data["lifetime"]
        return timedelta(days=int(days)) if days else None


class RetireForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For example: entered twice, demolished, moved. It is kept in the history."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
