"""What Django's checks refuse before serving: demo accounts in production."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection

from gis_core.models import User


@register(Tags.database, deploy=False)
def no_demo_accounts_in_production(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    if not settings.PRODUCTION:
        return []
    return demo_account_errors()


def demo_account_errors() -> list[Error]:
    try:
        if User._meta.db_table not in connection.introspection.table_names():
            return []
        names = list(User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
    except DatabaseError:
        return []
    if not names:
        return []
    return [
        Error(
            f"production refuses demo accounts: {', '.join(names)}",
            hint="Delete them or take their access away in the administration pages of a development run.",
            id="gis_core.E001",
        )
    ]
