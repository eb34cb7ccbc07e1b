"""The demo data of this app: invented vacant houses, and as many more as a load trial needs."""

from argparse import ArgumentParser
from typing import Any

from gis_core.demo import fixtures
from vacanthouses.models import VacantHouse
from vacanthouses.services import rules

from . import assignments, campaigns, evidence, planning, visits, zones
from .few import invented
from .many import multiply


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--houses", type=int, default=0, metavar="N",
        help="make N vacant houses more, for load trials (without history)",
    )  # fmt: skip


def load(options: dict[str, Any]) -> dict[str, int]:
    parameters = fixtures.parameters("houses")
    known = VacantHouse.objects.filter(is_example=True).exists()
    houses = [] if known else VacantHouse.objects.bulk_create(invented(parameters))
    made = {"vacant houses": len(houses), "rule tables": rules.load_samples()}
    made |= campaigns.load()
    made |= evidence.load()
    made |= visits.load()
    made |= assignments.load()
    made |= planning.load()
    made |= zones.load()
    if options["houses"]:
        made["vacant houses for load trials"] = multiply(options["houses"], parameters)
    return made
