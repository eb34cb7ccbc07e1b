"""One record of every layer of facility planning, for tests that go through all layers."""

from facilities.models import Centre
from tests.facilities.programme_support import (
    make_meeting,
    make_plan,
    make_project,
    make_request,
    make_room,
    make_survey,
)
from tests.factories import make_centre


def make_facility_records(centre: Centre | None = None) -> Centre:
    """A centre with a building, a room on the map, and a project in which people took part."""
    centre = centre or make_centre()
    plan = make_plan(centre, is_shown=True)
    make_room(plan, "민원실", (1, 1, 6, 5))
    project = make_project(centre, agreed_plan=plan)
    make_request(project, meeting=make_meeting(project), plan=plan)
    make_survey(project, "before", {"청결": "3.5"})
    return centre
