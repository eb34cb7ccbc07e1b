"""Balances that are not what their entries say."""

from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from .models import Balance


def faulty_balances() -> list[Any]:
    """With ``total``, ``entries_number`` and ``last`` of their entries; empty where all is well. One statement."""
    return list(
        Balance.objects.annotate(
            total=Coalesce(Sum("entries__change"), 0),
            entries_number=Count("entries"),
            last=Coalesce(Max("entries__sequence"), 0),
        )
        .exclude(Q(quantity=F("total")) & Q(sequence=F("entries_number")) & Q(sequence=F("last")))
        .select_related("depot", "lot__item")
        .order_by("pk")
    )
