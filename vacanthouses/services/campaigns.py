"""Survey rounds: making them, changing them, and taking them from planned to under way to closed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.editing.merge import merge
from gis_core.models import Role
from vacanthouses.models import Campaign, CampaignStage

# What may follow what: a closed round can be taken up again, one under way cannot become a plan.
FOLLOWS = {
    CampaignStage.PLANNED: (CampaignStage.OPEN,),
    CampaignStage.OPEN: (CampaignStage.CLOSED,),
    CampaignStage.CLOSED: (CampaignStage.OPEN,),
}


def refuse_outside(user: Any, area_ids: list[int]) -> None:
    """Raises NotAllowed unless the person manages surveys in each of the areas."""
    scope = permissions.area_scope(user, {Role.SURVEY_MANAGER})
    if not all(permissions.covers(scope, [area_id]) for area_id in area_ids):
        raise NotAllowed(_("This lies outside the area in which you may change records."))


@transaction.atomic
def create(user: Any, values: Mapping[str, Any]) -> Campaign:
    """A new round; the same sent twice makes one. Raises NotAllowed."""
    refuse_outside(user, [values["area"].pk])
    if (same := Campaign.objects.live().filter(**values).first()) is not None:
        return same
    made: Campaign = Campaign.objects.create(**values, created_by=user, updated_by=user)
    return made


@transaction.atomic
def change(
    campaign: Campaign, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[Campaign, list[str]]:
    """Change what the person changed of what they saw (``base``); the fields that somebody else changed meanwhile
    are kept and named. Raises NotAllowed, Invalid where both changed the same field."""
    current = _locked(campaign)
    refuse_outside(user, [current.area_id, values["area"].pk])
    now = {name: getattr(current, name) for name in values}
    merged = merge(base, values, now)
    if merged.clashes:
        told = _("%(who)s changed this meanwhile to “%(now)s”.")
        who = current.updated_by or _("the system")
        raise Invalid({name: [told % {"who": who, "now": now[name]}] for name in merged.clashes})
    if merged.merged["ends_on"] < merged.merged["starts_on"]:
        raise Invalid({"ends_on": [_("It ends before it begins.")]})
    if merged.merged != now:
        Campaign.objects.filter(pk=current.pk).update(**merged.merged, updated_by=user)
        current.refresh_from_db()
    return current, merged.theirs


@transaction.atomic
def move(campaign: Campaign, user: Any, stage: str, version: int) -> Campaign:
    """Open, close or reopen a round; sent twice, it moves once. Raises NotAllowed, Invalid."""
    current = _locked(campaign)
    refuse_outside(user, [current.area_id])
    if current.stage == stage:
        return current
    if current.version != version:
        told = _("%(who)s changed this meanwhile. Open it again to see what it says now.")
        raise Invalid({"__all__": [told % {"who": current.updated_by or _("the system")}]})
    if stage not in FOLLOWS[CampaignStage(current.stage)]:
        raise Invalid({"__all__": [_("A round cannot go from “%(now)s” to that state.") % {
            "now": current.get_stage_display()
        }]})  # fmt: skip
    Campaign.objects.filter(pk=current.pk).update(stage=stage, updated_by=user)
    current.refresh_from_db()
    return current


def _locked(campaign: Campaign) -> Campaign:
    found: Campaign = Campaign.objects.live().select_for_update(of=("self",)).get(pk=campaign.pk)
    return found
