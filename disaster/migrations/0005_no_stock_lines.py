from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disaster", "0004_lines_to_ledger")]

    operations = [
        migrations.DeleteModel(name="StockLineEvent"),
        migrations.DeleteModel(name="StockLine"),
        migrations.DeleteModel(name="StockItem"),
    ]
