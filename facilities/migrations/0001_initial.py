"""The first state of the database."""

import django.contrib.gis.db.models.fields
import django.core.validators
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Centre",
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
                    "category",
                    models.CharField(
                        choices=[
                            ("communitycenter", "Community centre"),
                            ("governmentfacility", "Administrative welfare centre"),
                        ],
                        default="governmentfacility",
                        max_length=20,
                        verbose_name="category",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                (
                    "gross_floor_area_m2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="gross floor area (m²)",
                    ),
                ),
                ("staff", models.PositiveIntegerField(blank=True, null=True, verbose_name="staff")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("location", django.contrib.gis.db.models.fields.PointField(srid=5179, verbose_name="location")),
                (
                    "footprint",
                    django.contrib.gis.db.models.fields.PolygonField(
                        blank=True, null=True, srid=5179, verbose_name="footprint"
                    ),
                ),
            ],
            options={
                "verbose_name": "centre",
                "verbose_name_plural": "centres",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CentreEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("location", django.contrib.gis.db.models.fields.PointField(null=True, spatial_index=False, srid=5179)),
                (
                    "footprint",
                    django.contrib.gis.db.models.fields.PolygonField(null=True, spatial_index=False, srid=5179),
                ),
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
                    "category",
                    models.CharField(
                        choices=[
                            ("communitycenter", "Community centre"),
                            ("governmentfacility", "Administrative welfare centre"),
                        ],
                        default="governmentfacility",
                        max_length=20,
                        verbose_name="category",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                (
                    "gross_floor_area_m2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="gross floor area (m²)",
                    ),
                ),
                ("staff", models.PositiveIntegerField(blank=True, null=True, verbose_name="staff")),
                ("note", models.TextField(blank=True, verbose_name="note")),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
