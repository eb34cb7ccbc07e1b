"""What the office does with one proposal, and the meetings of a round."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.forms import RetireForm
from gis_core.models import Proposal, RoundMeeting
from gis_core.participation import words
from gis_core.participation.access import may_manage, seen_meetings, seen_proposals
from gis_core.participation.services import answers, moderation
from gis_core.participation.services import rounds as services
from gis_core.participation.staff_forms import AnswerForm, JoinForm, MeetingForm, RefuseForm, VersionForm

from .asking import carried_out, find, refuse_lookers, refuse_strangers, token_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with a form for each thing that can be done with it; ``do`` says which was sent."""
    refuse_strangers(request.user)
    found: Proposal = get_object_or_404(seen_proposals(request.user), pk=pk)
    do = request.POST.get("do", "")
    forms = _forms(found, do, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        refuse_lookers(request.user, found.round)
        act = _acts(request, found, forms).get(do)
        status = carried_out(forms[do], act) if act else 422
        if status == 302:
            return redirect("round", found.round_id)
    context = {
        "proposal": found, "round": found.round, "may": may_manage(request.user, found.round), "forms": forms,
        "sent": forms.get(do), "state": words.state(found.round), "joined": found.joined.live().order_by("pk"),
    }  # fmt: skip
    return render(request, "gis_core/participation/proposal.html", context, status=status)


def _forms(found: Proposal, do: str, data: Any) -> dict[str, Any]:
    """The four forms; only the one that was sent is bound."""
    initial = {"version": found.version}

    def bound(name: str) -> Any:
        return data if name == do else None

    return {
        "publish": VersionForm(bound("publish"), initial=initial, prefix="publish"),
        "join": JoinForm(bound("join"), initial=initial, prefix="join", proposal=found),
        "refuse": RefuseForm(bound("refuse"), initial=initial, prefix="refuse"),
        "answer": AnswerForm(
            bound("answer"), initial={**initial, "decision": found.decision, "answer": found.answer}, prefix="answer"
        ),
    }


def _acts(request: HttpRequest, found: Proposal, forms: dict[str, Any]) -> dict[str, Callable[[], None]]:
    user = request.user

    def data(name: str) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms[name].cleaned_data
        return cleaned

    def publish() -> None:
        moderation.publish(found, user, data("publish")["version"])
        messages.success(request, _("Published."))

    def join() -> None:
        moderation.join(found, user, data("join")["other"], data("join")["version"])
        messages.success(request, _("Joined."))

    def refuse() -> None:
        moderation.refuse(found, user, data("refuse")["reason"], data("refuse")["version"])
        messages.success(request, _("Not published. The reason is public, the proposal is not."))

    def answer() -> None:
        given = data("answer")
        answered = moderation.answer(found, user, given["decision"], given["answer"], given["version"])
        messages.success(request, _("Answered."))
        _send(request, answered)

    return {"publish": publish, "join": join, "refuse": refuse, "answer": answer}


def _send(request: HttpRequest, answered: Proposal) -> None:
    sent, failed = answers.send(answered)
    if sent:
        told = ngettext("%(count)d person was sent the answer.", "%(count)d people were sent the answer.", sent)
        messages.info(request, told % {"count": sent})
    if failed:
        messages.warning(
            request, _("The answer is kept, but could not be sent to everybody who wants it. It is tried again daily.")
        )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, to_manage=True)
    return _meeting(
        request, found, None, lambda form: services.add_meeting(found, request.user, form.values(), token_of(request))
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _found_meeting(request, pk)

    def change(form: MeetingForm) -> None:
        form.tell(request, services.change_meeting(meeting, request.user, form.base(), form.values()))

    return _meeting(request, meeting.round, meeting, change)


def _found_meeting(request: HttpRequest, pk: int) -> RoundMeeting:
    """Raises PermissionDenied, Http404."""
    refuse_strangers(request.user)
    meeting: RoundMeeting = get_object_or_404(seen_meetings(request.user), pk=pk)
    refuse_lookers(request.user, meeting.round)
    return meeting


def _meeting(
    request: HttpRequest, found: Any, meeting: RoundMeeting | None, act: Callable[[MeetingForm], Any]
) -> HttpResponse:
    instance = RoundMeeting.objects.get(pk=meeting.pk) if meeting else None
    form = MeetingForm(request.POST or None, instance=instance)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form)
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                status = 409
                form.refuse(invalid, RoundMeeting.objects.filter(pk=meeting.pk).first() if meeting else None)
            else:
                messages.success(request, _("Saved."))
                return redirect("round", found.pk)
    context = {"form": form, "round": found, "meeting": meeting, "token": request.POST.get("token") or uuid.uuid4()}
    return render(request, "gis_core/participation/meeting_form.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_retire(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _found_meeting(request, pk)
    form = RetireForm(request.POST or None, initial={"version": meeting.version})
    status = 200
    if request.method == "POST":
        status = carried_out(form, lambda: services.retire_meeting(meeting, request.user, **form.cleaned_data))
        if status == 302:
            messages.success(request, _("Retired."))
            return redirect("round", meeting.round_id)
    context = {"form": form, "round": meeting.round, "meeting": meeting}
    return render(request, "gis_core/participation/round_retire.html", context, status=status)
