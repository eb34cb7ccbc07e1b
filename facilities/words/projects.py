"""What the dates of a project's stages have to tell, in words."""

from django.utils.translation import gettext_lazy

from facilities.models import Stage
from facilities.stages import DateWarning

_TEXTS = {
    "reached_before_former": gettext_lazy("“%(stage)s” is dated before “%(other)s”, which comes first."),
    "planned_before_former": gettext_lazy("“%(stage)s” is planned before “%(other)s”, which comes first."),
    "reached_in_future": gettext_lazy("“%(stage)s” bears a day that has not come yet."),
    "current_without_date": gettext_lazy("The day on which “%(stage)s” was reached is not entered."),
    "later_reached": gettext_lazy("“%(stage)s” has a date although the project stands in “%(other)s”."),
    "overdue": gettext_lazy("“%(stage)s” was planned for a day that has passed."),
}


def warning_text(warning: DateWarning) -> str:
    names = {"stage": Stage(warning.stage).label, "other": Stage(warning.other).label if warning.other else ""}
    return str(_TEXTS[warning.code]) % names
