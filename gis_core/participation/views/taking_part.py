"""Proposing and voting, in three steps on one address: a contact, the code that came, the proposal or the ballot.

Nothing of a person is kept between the steps but what their own page carries, sealed.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from gis_core.csp import allows_base_maps
from gis_core.editing.errors import Invalid
from gis_core.middleware import client_address
from gis_core.models import Participant, ProposalRound
from gis_core.participation import limits, sealing, senders
from gis_core.participation.public_forms import BallotForm, CodeForm, ProposalForm
from gis_core.participation.querysets import published
from gis_core.participation.rules import CONTACT_DAYS
from gis_core.participation.services import taking_part, verification
from gis_core.participation.staff_forms import ContactForm

from .public import about, box_of, in_own_language, public_round

TEMPLATES = "gis_core/participation/public"
# What a person does when they are verified; gives the answer.
Act = Callable[[HttpRequest, ProposalRound, dict[str, Any]], HttpResponse]


@in_own_language
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@allows_base_maps
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    return _steps(request, public_round(slug), "propose", _propose)


@in_own_language
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    return _steps(request, public_round(slug), "vote", _vote)


@in_own_language
@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str, purpose: str) -> HttpResponse:
    if purpose not in {"propose", "vote"}:
        raise Http404
    return _page(request, "thanks", public_round(slug), purpose=purpose)


def _page(request: HttpRequest, name: str, found: ProposalRound, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"{TEMPLATES}/{name}.html", {**about(found), **context}, status=status)


def _steps(request: HttpRequest, found: ProposalRound, purpose: str, act: Act) -> HttpResponse:
    is_open = about(found)[f"may_{purpose}"]
    if not is_open or not senders.channels():
        return _page(request, "closed", found, 200 if request.method != "POST" else 409, purpose=purpose)
    step = request.POST.get("step")
    try:
        if step == "contact":
            return _contact(request, found, purpose)
        if step == "code":
            return _code(request, found, purpose, act)
        if step == "act":
            facts = sealing.unseal("pass", found.pk, request.POST.get("pass", ""))
            return act(request, found, facts)
    except sealing.BadSeal:
        told = _("This took too long, or the page was for something else. Please begin again.")
        return _first(request, found, purpose, status=409, told=told)
    except limits.TooMany:
        told = _("There were too many tries just now. Please try again in an hour, or ask the office.")
        return _first(request, found, purpose, status=429, told=told)
    return _first(request, found, purpose)


def _first(
    request: HttpRequest,
    found: ProposalRound,
    purpose: str,
    form: ContactForm | None = None,
    status: int = 200,
    told: str = "",
) -> HttpResponse:
    form = form or ContactForm(channels=senders.channels())
    return _page(request, "contact", found, status, form=form, purpose=purpose, told=told, kept_days=CONTACT_DAYS)


def _contact(request: HttpRequest, found: ProposalRound, purpose: str) -> HttpResponse:
    form = ContactForm(request.POST, channels=senders.channels())
    if not form.is_valid():
        return _first(request, found, purpose, form, 422)
    limits.count_address("codes", client_address(request), limits.CODES_PER_ADDRESS)
    channel, contact = form.cleaned_data["channel"], form.cleaned_data["contact"]
    try:
        verification.send_code(found, channel, contact)
    except senders.SendingFailed:
        told = _("The code could not be sent. Please try again later, or another way.")
        return _first(request, found, purpose, form, 503, told)
    sealed = sealing.seal("contact", found.pk, channel=channel, contact=contact)
    return _page(request, "code", found, form=CodeForm(), sealed=sealed, sent_to=contact, purpose=purpose)


def _code(request: HttpRequest, found: ProposalRound, purpose: str, act: Act) -> HttpResponse:
    sealed = request.POST.get("sealed", "")
    facts = sealing.unseal("contact", found.pk, sealed)
    limits.count_address("tries", client_address(request), limits.TRIES_PER_ADDRESS)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            person = verification.check_code(found, facts["channel"], facts["contact"], form.cleaned_data["code"])
        except verification.WrongCode:
            form.add_error("code", _("This is not the code, or it has run out. After five tries a new one is needed."))
        else:
            return act(request, found, {"person": person.pk, "contact": facts["contact"]})
    return _page(request, "code", found, 422, form=form, sealed=sealed, sent_to=facts["contact"], purpose=purpose)


def _propose(request: HttpRequest, found: ProposalRound, facts: dict[str, Any]) -> HttpResponse:
    data = request.POST if request.POST.get("step") == "act" else None
    form = ProposalForm(data, found=found, sent_to=facts["contact"])
    status = 200
    if data is not None:
        status = 422
        if form.is_valid():
            contact = facts["contact"] if form.cleaned_data["wants_answer"] else ""
            try:
                taking_part.propose(found, facts["person"], form.values(), contact)
            except Invalid as invalid:
                status = 409
                _refuse(form, invalid)
            else:
                return redirect("residents-thanks", found.slug, "propose")
    return _page(
        request, "propose", found, status, form=form, sealed=sealing.seal("pass", found.pk, **facts),
        box=box_of(found), kept_days=CONTACT_DAYS,
    )  # fmt: skip


def _vote(request: HttpRequest, found: ProposalRound, facts: dict[str, Any]) -> HttpResponse:
    if Participant.objects.filter(pk=facts["person"], voted_at__isnull=False).exists():
        return _page(request, "voted", found, 409)
    return ballot(request, found, facts, lambda: redirect("residents-thanks", found.slug, "vote"))


def ballot(
    request: HttpRequest, found: ProposalRound, facts: dict[str, Any], done: Callable[[], HttpResponse]
) -> HttpResponse:
    """A person's ballot, and its casting; also at the desk, where ``facts`` say ``on_site``."""
    data = request.POST if request.POST.get("step") == "act" else None
    proposals = list(published(found))
    form = BallotForm(data, proposals=proposals)
    status, on_site = 200, bool(facts.get("on_site"))
    if data is not None:
        status = 422
        if form.is_valid():
            try:
                taking_part.vote(found, facts["person"], form.chosen(), on_site=on_site)
            except taking_part.AlreadyVoted:
                return _page(request, "voted", found, 409, on_site=on_site)
            except Invalid as invalid:
                status = 409
                _refuse(form, invalid)
            else:
                return done()
    chosen = set(data.getlist("choices")) if data is not None else set()
    return _page(
        request, "ballot", found, status, form=form, on_site=on_site,
        sealed=sealing.seal("desk" if on_site else "pass", found.pk, **facts),
        proposals=[(each, str(each.pk) in chosen) for each in proposals],
    )  # fmt: skip


def _refuse(form: Any, invalid: Invalid) -> None:
    for name, texts in invalid.errors.items():
        form.add_error(name if name in form.fields else None, texts)
