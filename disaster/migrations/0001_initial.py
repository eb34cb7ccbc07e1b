"""The first state of the database."""

import django.contrib.gis.db.models.fields
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Depot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="updated at"),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired at")),
                (
                    "retired_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason of retirement"),
                ),
                ("is_example", models.BooleanField(default=False, editable=False, verbose_name="example data")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flood", "Flood defence"),
                            ("snow", "Snow removal"),
                            ("fire", "Fire"),
                            ("relief", "Relief goods"),
                            ("general", "General"),
                        ],
                        default="flood",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("access_note", models.TextField(blank=True, verbose_name="how to get in")),
                ("location", django.contrib.gis.db.models.fields.PointField(srid=5179, verbose_name="location")),
            ],
            options={
                "verbose_name": "depot",
                "verbose_name_plural": "depots",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DepotEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("location", django.contrib.gis.db.models.fields.PointField(null=True, spatial_index=False, srid=5179)),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="updated at"),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired at")),
                (
                    "retired_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason of retirement"),
                ),
                ("is_example", models.BooleanField(default=False, editable=False, verbose_name="example data")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flood", "Flood defence"),
                            ("snow", "Snow removal"),
                            ("fire", "Fire"),
                            ("relief", "Relief goods"),
                            ("general", "General"),
                        ],
                        default="flood",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("access_note", models.TextField(blank=True, verbose_name="how to get in")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StockItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="item")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="item (English)")),
                (
                    "resource_class",
                    models.CharField(
                        choices=[("supplies", "Supplies"), ("property", "Property"), ("personnel", "Personnel")],
                        default="supplies",
                        max_length=10,
                        verbose_name="class",
                    ),
                ),
                ("unit", models.CharField(max_length=10, verbose_name="unit")),
            ],
            options={
                "verbose_name": "stock item",
                "verbose_name_plural": "stock items",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="StockLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="updated at"),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired at")),
                (
                    "retired_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason of retirement"),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "standard_quantity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="standard quantity"),
                ),
            ],
            options={
                "verbose_name": "stock line",
                "verbose_name_plural": "stock lines",
                "ordering": ["item_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StockLineEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="updated at"),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired at")),
                (
                    "retired_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason of retirement"),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "standard_quantity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="standard quantity"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
