"""The lists of stock become a ledger: each line's quantity its first entry, its standard a standard quantity."""

import uuid

from django.db import migrations
from django.utils import timezone


def carry(apps, schema_editor):
    model = lambda name: apps.get_model("disaster", name)
    today = timezone.localdate()
    lots = {}
    for old in model("StockItem").objects.order_by("pk"):
        item = model("Item").objects.create(
            name=old.name, name_en=old.name_en, unit=old.unit, resource_class=old.resource_class
        )
        lots[old.pk] = model("Lot").objects.create(item=item, code="")
    movements = {}
    for line in model("StockLine").objects.filter(retired_at__isnull=True).order_by("pk"):
        lot = lots[line.item_id]
        day = timezone.localdate(line.updated_at) if line.updated_at else today
        held = line.quantity
        balance = model("Balance").objects.create(
            depot_id=line.depot_id, lot=lot, quantity=held, sequence=1 if held else 0, moved_on=day
        )
        if held:
            if (line.depot_id, day) not in movements:
                movements[line.depot_id, day] = model("Movement").objects.create(
                    key=uuid.uuid4(), key_hash="carried", kind="receive", occurred_on=day, reason="재고표에서 옮김"
                )
            model("Entry").objects.create(
                movement=movements[line.depot_id, day],
                balance=balance,
                change=held,
                sequence=1,
                quantity_after=held,
                occurred_on=day,
            )
        if line.standard_quantity is not None:
            model("StandardQuantity").objects.create(
                item=lot.item,
                depot_id=line.depot_id,
                quantity=line.standard_quantity,
                method="carried",
                source="재고표에서 옮김",
                effective_from=timezone.localdate(line.created_at),
            )


class Migration(migrations.Migration):
    dependencies = [("disaster", "0003_stock_ledger")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
