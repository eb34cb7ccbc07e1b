"""What is still to be visited in the demo's open round: the houses of the crews' towns that no visit speaks of."""

from django.utils import timezone

from vacanthouses.models import Assignment, Campaign, Crew, HouseStatus, VacantHouse

STATUSES = (HouseStatus.CANDIDATE, HouseStatus.CONFIRMED)


def load() -> dict[str, int]:
    """Makes nothing where somebody has work in the round already that is not done."""
    campaign = Campaign.objects.filter(is_example=True, stage="open").order_by("pk").first()
    if campaign is None or Assignment.objects.filter(campaign=campaign, done_at=None, is_blind=False).exists():
        return {"assignments": 0}
    rows = []
    taken = set(Assignment.objects.filter(campaign=campaign).values_list("house", flat=True))
    for crew in Crew.objects.filter(is_example=True).order_by("pk"):
        houses = VacantHouse.objects.filter(
            area=crew.area, status__in=STATUSES, regime=campaign.regime, is_example=True
        )
        for house in houses.exclude(pk__in=taken).order_by("pk"):
            taken.add(house.pk)
            rows.append(
                Assignment(campaign=campaign, house=house, crew=crew, step=campaign.step, created_at=timezone.now())
            )
    Assignment.objects.bulk_create(rows)
    return {"assignments": len(rows)}
