"""What the plan editor is told when its page opens."""

from typing import Any

from django.urls import reverse

from facilities.models import Plan
from facilities.services.holding import may_edit
from facilities.words import document as words

# One colour for each use; uses that belong together are alike.
CATEGORY_COLORS = {
    "lobby": "#8ecae6",
    "waitingroom": "#bde0fe",
    "office": "#ffd6a5",
    "conferenceroom": "#cdb4db",
    "huddleroom": "#e2c6f0",
    "lounge": "#b7e4c7",
    "recreation": "#95d5b2",
    "library": "#d8f3dc",
    "privatelounge": "#ffe5b4",
    "mothersroom": "#ffc8dd",
    "kitchen": "#fbe3a8",
    "storage": "#d6d6d6",
    "serverroom": "#c3c7cb",
    "restroom": "#a9def9",
    "walkway": "#f4f1de",
    "stairs": "#e5e1d3",
    "elevator": "#e5e1d3",
    "terrace": "#d0f4de",
    "opentobelow": "#ffffff",
    "nonpublic": "#e0c9b1",
}
OTHER_COLOR = "#eceff1"


def category_color(value: str) -> str:
    return CATEGORY_COLORS.get(value) or CATEGORY_COLORS.get(value.split(".")[0]) or OTHER_COLOR


def plan_fields() -> dict[str, list[dict[str, str]]]:
    """The values an attribute may have, with their words."""

    def listed(labels: words.Labels) -> list[dict[str, str]]:
        return [{"value": value, "label": str(label)} for value, label in labels.items()]

    return {
        "categories": [{**item, "color": category_color(item["value"])} for item in listed(words.UNIT_CATEGORY_LABELS)],
        "restrictions": [
            {**item, "color": words.RESTRICTION_COLORS[item["value"]][0]} for item in listed(words.RESTRICTION_LABELS)
        ],
        "opening_kinds": listed(words.OPENING_KIND_LABELS),
        "access_controls": listed(words.ACCESS_CONTROL_LABELS),
        "after_hours": listed(words.AFTER_HOURS_LABELS),
        "fixture_categories": listed(words.FIXTURE_LABELS),
        "amenity_categories": listed(words.AMENITY_LABELS),
    }


def editor_config(user: Any, plan: Plan) -> dict[str, Any]:
    any_level = "00000000-0000-0000-0000-000000000000"

    def one(name: str) -> str:
        return reverse(name, args=[plan.pk])

    return {
        "urls": {
            "document": one("plan-document"),
            "edits": one("plan-edits"),
            "undo": one("plan-undo"),
            "redo": one("plan-redo"),
            "checks": one("plan-checks"),
            "history": one("plan-history"),
            "outline": reverse("plan-outline", args=[plan.pk, any_level]).replace(any_level, "{level}"),
            "underlays": one("plan-underlays"),
            "levels": reverse("building-levels", args=[plan.building_id]),
        },
        "user": user.pk,
        "can_edit": may_edit(user, plan) and not plan.is_frozen,
        "plan": {
            "id": plan.pk,
            "name": plan.name,
            "status": plan.status,
            "status_label": plan.get_status_display(),
            "frozen": plan.is_frozen,
        },
        **plan_fields(),
    }
