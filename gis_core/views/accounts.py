"""Signing in and out, the language, and a person's own page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from knox.models import AuthToken

from gis_core.forms import PasswordForm, ProfileForm, SignInForm, TokenForm
from gis_core.models import User


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class SignIn(auth_views.LoginView):
    template_name = "gis_core/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = User.objects.filter(is_demo=True, is_active=True).order_by("pk")
        return super().get_context_data(demo_accounts=list(demo.values_list("username", flat=True)), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        # A language picked on this computer a moment ago outweighs the one kept with the account.
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            remember_language(response, form.get_user().language)
        return response


sign_in = sensitive_post_parameters("password")(SignIn.as_view())
sign_out = auth_views.LogoutView.as_view()


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and come back to the same page."""
    chosen = request.POST.get("language", "")
    following = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure()):
        following = reverse("home")
    response = HttpResponseRedirect(following)
    if chosen in dict(settings.LANGUAGES):
        remember_language(response, chosen)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def _profile_page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    assert user.is_authenticated
    context = {
        "profile_form": forms.get("profile_form") or ProfileForm(instance=user, prefix="profile"),
        "password_form": forms.get("password_form") or PasswordForm(user, prefix="password"),
        "token_form": forms.get("token_form") or TokenForm(prefix="token"),
        "new_token": forms.get("new_token"),
        "grants": user.role_grants.select_related("area").order_by("pk"),
        "tokens": AuthToken.objects.filter(user=user).order_by("-created"),
    }
    return render(request, "gis_core/profile.html", context, status=status)


@login_required
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = ProfileForm(request.POST or None, instance=request.user, prefix="profile")
    if request.method != "POST":
        return _profile_page(request)
    if not form.is_valid():
        request.user.refresh_from_db()
        return _profile_page(request, 422, profile_form=form)
    user = form.save()
    with translation.override(user.language):
        messages.success(request, _("Your profile has been saved."))
    response = redirect("profile")
    remember_language(response, user.language)
    return response


@sensitive_post_parameters()
@login_required
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    if request.method != "POST":
        return redirect("profile")
    form = PasswordForm(request.user, request.POST, prefix="password")
    if not form.is_valid():
        return _profile_page(request, 422, password_form=form)
    update_session_auth_hash(request, form.save())
    messages.success(request, _("Your password has been changed."))
    return redirect("profile")


@login_required
@never_cache
def create_token(request: HttpRequest) -> HttpResponse:
    """Make an API token and show it this once; only its hash is kept."""
    if request.method != "POST":
        # The page that shows a token has this address; changing the language there comes back to it.
        return redirect("profile")
    form = TokenForm(request.POST, prefix="token")
    if not form.is_valid():
        return _profile_page(request, 422, token_form=form)
    _token, secret = AuthToken.objects.create(user=request.user, expiry=form.expiry())
    return _profile_page(request, new_token=secret)


@login_required
@require_POST
def revoke_token(request: HttpRequest, digest: str) -> HttpResponse:
    get_object_or_404(AuthToken, user=request.user, digest=digest).delete()
    messages.success(request, _("The token no longer works."))
    return redirect("profile")
