"""What inspections ask of disaster officers on the home page."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.layers.layer import Todo
from gis_core.models import Role

from .querysets_schedules import own_schedules
from .words.schedules import day_text

SOON = timedelta(days=7)
NAMED = 3


def inspection_todos(user: Any) -> list[Todo]:
    """Inspections of the person's towns, theirs or nobody's: overdue, the oldest named, and due within a week."""
    if Role.DISASTER_OFFICER not in permissions.roles_of(user):
        return []
    today = timezone.localdate()
    waiting = own_schedules(user).filter(next_due__isnull=False).order_by("next_due", "pk")
    overdue, soon = Q(next_due__lt=today), Q(next_due__range=(today, today + SOON))
    number = waiting.order_by().aggregate(overdue=Count("pk", filter=overdue), soon=Count("pk", filter=soon))
    url = reverse("inspection-due")
    oldest = ", ".join(
        f"{each.depot} {each.title} {day_text(each.next_due)}" for each in waiting.filter(overdue)[:NAMED]
    )
    return [
        Todo(_("Inspections overdue"), number["overdue"], f"{url}?state=overdue#list", oldest),
        Todo(_("Inspections due within 7 days"), number["soon"], f"{url}?state=week#list"),
    ]
