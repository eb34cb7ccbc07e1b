"""Words for the states of legal clocks."""

from django.utils.translation import gettext_lazy as _

STATE_LABELS = {
    "lapsed": _("lapsed"),
    "due_soon": _("lapses soon"),
    "may_not_yet": _("may not be done yet"),
    "running": _("running"),
    "not_started": _("not begun"),
    "done": _("done"),
}
SUBJECT_LABELS = {"campaign": _("Survey rounds"), "house": _("Houses"), "plan": _("Improvement plans")}
