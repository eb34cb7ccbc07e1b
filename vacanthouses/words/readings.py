"""What is wrong with a row of a delivered file, in sentences."""

from django.utils.translation import gettext_lazy as _

from vacanthouses.forms import PROBLEMS
from vacanthouses.readings import Fault

FAULTS = {
    **{fault.value: words for fault, words in PROBLEMS.items()},
    "impossible_month": _("“%(found)s” is no month."),
    "month_twice": _("The month “%(found)s” stands in two columns."),
    "scientific": _(
        "The spreadsheet has turned the number into %(found)s; its digits are lost. Format the cell as text."
    ),
    "not_a_number": _("“%(found)s” is not a number."),
    "negative": _("The use is negative (%(found)s)."),
    "too_much": _("No dwelling uses so much in a month (%(found)s)."),
    "not_a_day": _("“%(found)s” is no day."),
    "half_a_place": _("One of the two coordinates is missing."),
    "dms": _("“%(found)s” is in degrees, minutes and seconds; write it in degrees, such as 127.3875."),
    "neither": _("“%(found)s” is neither yes nor no."),
    "missing": _("Nothing stands here."),
    "too_long": _("The meter number is too long (%(found)s)."),
    "later": _("The month %(found)s is later than the delivery (%(last)s)."),
    "twice": _("Row %(row)s has this already."),
    "other_parcel": _("Row %(row)s gives this meter another parcel."),
    "nowhere": _("Neither parcel number nor coordinates."),
    "no_town": _("No town of this system lies there."),
    "outside": _("This lies outside the area in which you may change records."),
    "abroad": _("The coordinates land outside Korea; is the reference system right?"),
}


def fault_text(fault: Fault) -> str:
    text = str(FAULTS[fault.code]) % fault.params
    return f"{fault.column}: {text}" if fault.column else text
