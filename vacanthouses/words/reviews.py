"""What a reviewer is told: flags in words."""

from django.utils.translation import gettext_lazy

from vacanthouses.flags import Flag

_TEXTS = {
    "photo_far": gettext_lazy("A photo was taken %(metres)s m from the parcel."),
    "photo_reused": gettext_lazy("The same photo is also at: %(where)s"),
    "photo_other_time": gettext_lazy("A photo was taken %(minutes)s minutes apart from the visit."),
    "accuracy_poor": gettext_lazy("The place is known to ±%(metres)s m only."),
    "very_short": gettext_lazy("Only %(minutes)s minutes after the surveyor's visit before."),
    "same_answers": gettext_lazy("All answers are the same as at: %(where)s"),
}


def flag_text(flag: Flag) -> str:
    return str(_TEXTS[flag.code]) % flag.params
