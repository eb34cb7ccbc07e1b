"""The demo accounts. Production refuses to start while they can sign in (``gis_core.checks``)."""

from django.contrib.auth.hashers import make_password

from gis_core.models import Organisation, RoleGrant, User

from . import fixtures

ADMINISTRATOR = "admin"
PASSWORD = "demo"  # noqa: S105
EVERYWHERE = "everywhere"


def load() -> int:
    areas = fixtures.Areas()
    made = 0
    for row in fixtures.rows("accounts"):
        if User.objects.filter(username=row["username"]).exists():
            continue
        is_admin = row["username"] == ADMINISTRATOR
        user = User.objects.create(
            username=row["username"],
            name=row["name"],
            password=make_password(PASSWORD),
            organisation=Organisation.objects.filter(name=row["organisation"], is_example=True).first(),
            is_demo=True,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        held = [None if code == EVERYWHERE else areas.get(code) for code in row["area_codes"].split()]
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=row["role"], area=area) for area in held)
        made += 1
    return made
