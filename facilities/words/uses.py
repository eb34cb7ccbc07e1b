"""What the groups of room uses are called."""

from django.utils.translation import gettext_lazy as _

from facilities.plan import uses

GROUP_LABELS = {
    uses.SERVICE: _("Civil service and waiting"),
    uses.WORK: _("Work space"),
    uses.MEETING: _("Meeting and counselling"),
    uses.RESIDENTS: _("Residents' space"),
    uses.STAFF: _("Staff rest and pantry"),
    uses.SANITARY: _("Toilets and washing"),
    uses.CIRCULATION: _("Ways, stairs and lifts"),
    uses.SUPPORT: _("Storage and plant"),
    uses.OUTDOORS: _("Outdoors"),
    uses.UNDECIDED: _("Undecided"),
    uses.VOID: _("Voids"),
    uses.STRUCTURE: _("Structure"),
}
