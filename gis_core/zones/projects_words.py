"""What the rules of projects find, in the user's language."""

from django.utils.translation import gettext as _

from . import projects as rules


def stage_text(code: str) -> str:
    return {
        rules.START_MISSING: _("Say when it began: it is under way or finished."),
        rules.START_AHEAD: _("It has not begun yet: it cannot be under way or finished."),
        rules.END_MISSING: _("Say when it ended: it is finished."),
        rules.END_AHEAD: _("A project that is finished cannot end after today."),
        rules.ENDS_FIRST: _("The period ends before it begins."),
    }[code]
