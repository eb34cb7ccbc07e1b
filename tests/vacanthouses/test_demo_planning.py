"""The invented plans: made once, with owners who agree and who do not, measures, money and outcomes."""

from typing import Any

import pytest
from django.core.management import call_command

from vacanthouses.demo import planning as demo
from vacanthouses.models import CostLine, ImprovementPlan, Measure, Owner, VacantHouse
from vacanthouses.services import plan_figures

pytestmark = pytest.mark.django_db


def test_demo_plans_are_there_once_with_measures_costs_and_outcomes(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo", verbosity=0)
    kept = {model: model.objects.count() for model in (Owner, Measure, CostLine, ImprovementPlan)}
    assert demo.load() == {"improvement plans": 0, "measures": 0, "owners": 0}
    assert {model: model.objects.count() for model in kept} == kept
    assert all("예시" in owner.note for owner in Owner.objects.filter(house__is_example=True, note__isnull=False))
    assert ImprovementPlan.objects.filter(is_example=True).count() == 3
    for plan in ImprovementPlan.objects.filter(is_example=True):
        sums = plan_figures.of_plan(plan)
        assert sums.total.measures >= 10
        assert sums.total.done == 2
        assert sums.total.subsidy_percent
    assert Measure.objects.filter(kind="reuse", match__standing__in=["matched", "open"]).count() >= 6
    assert VacantHouse.objects.filter(measures__state="done", status="demolished").count() == 3
    agreed = {day is not None for day in Owner.objects.values_list("reuse_consent_on", flat=True)}
    assert agreed == {True, False}
