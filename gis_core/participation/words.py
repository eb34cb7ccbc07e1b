"""What rounds are called in the user's language, and what is written to residents."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_core.models import Proposal, ProposalRound

from .personal_text import Personal
from .querysets import days_of
from .rules import Days, Phase, phase

PHASES = {
    Phase.COMING: gettext_lazy("Not begun"),
    Phase.PROPOSING: gettext_lazy("Open for proposals"),
    Phase.BETWEEN: gettext_lazy("Waiting for the vote"),
    Phase.VOTING: gettext_lazy("Vote is on"),
    Phase.OVER: gettext_lazy("Over"),
}
BADGES = {Phase.PROPOSING: "success", Phase.VOTING: "information"}

_PERSONAL = {
    Personal.RESIDENT_NUMBER: gettext_lazy(
        "There seems to be a resident registration number in the text. Please take it out: everybody can read this."
    ),
    Personal.PHONE: gettext_lazy(
        "There seems to be a phone number in the text. Please take it out: everybody can read this."
    ),
    Personal.EMAIL: gettext_lazy(
        "There seems to be an e-mail address in the text. Please take it out: everybody can read this."
    ),
}


def personal(found: Iterable[Personal]) -> list[str]:
    """Why a text with such numbers is not taken."""
    return [str(_PERSONAL[kind]) for kind in sorted(found)]


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def sentence(days: Days, today: date) -> str:
    """Where a round stands, in plain words."""
    now = phase(days, today)
    if now is Phase.COMING:
        return _("Proposals can be made from %(day)s.") % {"day": _day(days.opens)}
    if now is Phase.PROPOSING:
        return _until(_("Proposals can be made until %(day)s (today is the last day)."),
                      _("Proposals can be made until %(day)s."), days.closes, today)  # fmt: skip
    if now is Phase.VOTING:
        assert days.vote_closes is not None
        return _until(_("The vote is on until %(day)s (today is the last day)."),
                      _("The vote is on until %(day)s."), days.vote_closes, today)  # fmt: skip
    if now is Phase.BETWEEN:
        assert days.vote_opens is not None
        return _("Proposals are closed. The vote begins on %(day)s.") % {"day": _day(days.vote_opens)}
    if days.vote_closes is not None:
        return _("The vote ended on %(day)s.") % {"day": _day(days.vote_closes)}
    return _("Proposals were taken until %(day)s.") % {"day": _day(days.closes)}


def _until(last: str, before: str, day: date, today: date) -> str:
    return (last if day == today else before) % {"day": _day(day)}


def state(found: ProposalRound) -> dict[str, str]:
    """A round's phase today: ``word``, ``badge``, ``sentence`` and ``phase``."""
    days, today = days_of(found), timezone.localdate()
    now = phase(days, today)
    return {
        "word": str(PHASES[now]), "badge": BADGES.get(now, ""), "sentence": sentence(days, today), "phase": now
    }  # fmt: skip


def title(found: ProposalRound) -> str:
    return (translation.get_language() == "en" and found.title_en) or found.title


def question(found: ProposalRound) -> str:
    return (translation.get_language() == "en" and found.text_en) or found.text


def code_mail(found: ProposalRound, code: str) -> tuple[str, str]:
    """Subject and text of a mail or message with a code, in the language of the page that asked for it."""
    lines = [
        _("Your code is %(code)s.") % {"code": code},
        _("Type it on the page within 10 minutes. Nobody from the office asks you for it."),
        _("If you did not ask for it, ignore this."),
    ]
    return _("%(code)s is your code for “%(title)s”") % {"code": code, "title": title(found)}, "\n".join(lines)


def answer_mail(proposal: Proposal) -> tuple[str, str]:
    """Subject and text that bring an answer to who proposed, in the office's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("The answer to your proposal “%(title)s”") % {"title": proposal.title}
        where = f"{settings.SITE_URL}{reverse('residents-round', args=[proposal.round.slug])}#p{proposal.pk}"
        lines = [
            proposal.round.title, "", proposal.title, f"{_('Decision')}: {proposal.get_decision_display()}", "",
            proposal.answer, "", proposal.round.office, *([where] if settings.SITE_URL else []), "",
            _("Your address is used for this only, and is deleted 30 days after the round's last day."),
        ]  # fmt: skip
        return subject, "\n".join(lines)
