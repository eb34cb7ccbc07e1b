"""What is wrong with a rule table, in words that name the place."""

from django.utils.translation import gettext, gettext_lazy

from vacanthouses.rule_reading import BadRule

_TEXTS = {
    "not_a_mapping": gettext_lazy("names with values are needed here"),
    "not_a_list": gettext_lazy("a list is needed here"),
    "missing": gettext_lazy("is missing"),
    "not_a_number": gettext_lazy("needs a number"),
    "out_of_range": gettext_lazy("is out of range (%(low)s to %(high)s)"),
    "not_a_text": gettext_lazy("needs a text"),
    "not_yes_or_no": gettext_lazy("needs true or false"),
    "not_one_of": gettext_lazy("must be one of: %(names)s"),
    "two_or_more": gettext_lazy("needs two or more different grades"),
    "empty": gettext_lazy("is empty"),
    "twice": gettext_lazy("“%(name)s” is there twice"),
    "no_difference": gettext_lazy("all answers have the same points"),
    "best_is_zero": gettext_lazy("the best answer must have 0 points"),
    "not_positive": gettext_lazy("must be more than 0"),
    "first_from_zero": gettext_lazy("the best grade must begin at 0"),
    "unknown_question": gettext_lazy("“%(name)s” is not asked before"),
    "not_a_condition": gettext_lazy("is no condition"),
    "not_rising": gettext_lazy("must be more than the one before"),
    "same_ends": gettext_lazy("must differ from where it begins"),
}


def fault_text(fault: BadRule) -> str:
    """“items.2.points.bad: needs a number”."""
    params = {"low": "−∞", "high": "∞"} | {name: value for name, value in fault.params.items() if value is not None}
    words = _TEXTS.get(fault.code)
    told = str(words) % params if words else ", ".join([fault.code.replace("_", " "), *map(str, fault.params.values())])
    return gettext("%(place)s: %(fault)s") % {"place": fault.path or gettext("The table"), "fault": told}
