from gis_core.models import Organisation

from . import fixtures


def load() -> int:
    if Organisation.objects.filter(is_example=True).exists():
        return 0
    areas = fixtures.Areas()
    made = [
        Organisation(
            name=row["name"],
            kind=row["kind"],
            area=areas.optional(row["area_code"]),
            address=row["address"],
            contact_name=row["contact_name"],
            contact_phone=row["contact_phone"],
            note=row["note"],
            location=fixtures.place(row),
            is_example=True,
        )
        for row in fixtures.rows("organisations")
    ]
    return len(Organisation.objects.bulk_create(made))
