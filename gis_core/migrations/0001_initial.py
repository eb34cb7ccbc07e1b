"""The first state of the database."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.gis.db.models.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.contrib.postgres.operations import CreateExtension, TrigramExtension
from django.db import migrations, models
from gis_core.trigger_operations import AddTriggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        CreateExtension("postgis"),
        TrigramExtension(),
        # The engineering CRS of floor plans: GeoDjango asks spatial_ref_sys about every field's SRID.
        migrations.RunSQL(
            sql=[
                (
                    "INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) "
                    "VALUES (990001, 'DONGNE', 990001, %s, '') ON CONFLICT DO NOTHING",
                    [
                        'LOCAL_CS["Building frame",LOCAL_DATUM["Building anchor",0],UNIT["metre",1],'
                        'AXIS["x",EAST],AXIS["y",NORTH]]'
                    ],
                )
            ],
            reverse_sql="DELETE FROM spatial_ref_sys WHERE srid = 990001",
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("name", models.CharField(blank=True, max_length=50, verbose_name="name")),
                (
                    "language",
                    models.CharField(
                        choices=[("ko", "Korean"), ("en", "English")],
                        default="ko",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo account")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="AdminArea",
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
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("sido", "Province or metropolitan city"),
                            ("sigungu", "City, county or district"),
                            ("eupmyeondong", "Town, township or neighbourhood"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("full_name", models.CharField(editable=False, max_length=200, verbose_name="full name")),
                ("mois_code", models.CharField(db_index=True, max_length=10, verbose_name="administrative code")),
                ("kostat_code", models.CharField(blank=True, max_length=8, verbose_name="statistics code")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("geometry", django.contrib.gis.db.models.fields.MultiPolygonField(srid=5179, verbose_name="boundary")),
                (
                    "km2",
                    models.DecimalField(decimal_places=4, editable=False, max_digits=12, verbose_name="area (km²)"),
                ),
                (
                    "boundary",
                    models.CharField(
                        choices=[
                            ("schematic", "Schematic (not surveyed)"),
                            ("imported", "Imported"),
                            ("derived", "Joined from the areas below"),
                            ("drawn", "Drawn"),
                        ],
                        default="imported",
                        max_length=10,
                        verbose_name="kind of boundary",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="gis_core.adminarea",
                        verbose_name="part of",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AdminAreaEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.MultiPolygonField(null=True, spatial_index=False, srid=5179),
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
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("sido", "Province or metropolitan city"),
                            ("sigungu", "City, county or district"),
                            ("eupmyeondong", "Town, township or neighbourhood"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("full_name", models.CharField(editable=False, max_length=200, verbose_name="full name")),
                ("mois_code", models.CharField(max_length=10, verbose_name="administrative code")),
                ("kostat_code", models.CharField(blank=True, max_length=8, verbose_name="statistics code")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "km2",
                    models.DecimalField(decimal_places=4, editable=False, max_digits=12, verbose_name="area (km²)"),
                ),
                (
                    "boundary",
                    models.CharField(
                        choices=[
                            ("schematic", "Schematic (not surveyed)"),
                            ("imported", "Imported"),
                            ("derived", "Joined from the areas below"),
                            ("drawn", "Drawn"),
                        ],
                        default="imported",
                        max_length=10,
                        verbose_name="kind of boundary",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="gis_core.adminarea",
                        verbose_name="part of",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="gis_core.adminarea",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AreaCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "system",
                    models.CharField(
                        choices=[("mois", "Administrative code (MOIS)"), ("kostat", "Statistics code (KOSTAT)")],
                        max_length=6,
                        verbose_name="code system",
                    ),
                ),
                ("code", models.CharField(db_index=True, max_length=10, verbose_name="code")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="gis_core.adminarea",
                        verbose_name="area",
                    ),
                ),
            ],
            options={
                "verbose_name": "area code",
                "verbose_name_plural": "area codes",
            },
        ),
        migrations.CreateModel(
            name="AreaEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("geometry", django.contrib.gis.db.models.fields.MultiPolygonField(srid=5179, verbose_name="boundary")),
                ("km2", models.DecimalField(decimal_places=4, max_digits=12, verbose_name="area (km²)")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                (
                    "boundary",
                    models.CharField(
                        choices=[
                            ("schematic", "Schematic (not surveyed)"),
                            ("imported", "Imported"),
                            ("derived", "Joined from the areas below"),
                            ("drawn", "Drawn"),
                        ],
                        max_length=10,
                        verbose_name="kind of boundary",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="editions",
                        to="gis_core.adminarea",
                        verbose_name="area",
                    ),
                ),
            ],
            options={
                "verbose_name": "boundary edition",
                "verbose_name_plural": "boundary editions",
                "ordering": ["-valid_from", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("layer", models.CharField(max_length=40, verbose_name="layer")),
                ("record_id", models.BigIntegerField(verbose_name="record")),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "Photo"), ("document", "Document")], max_length=8, verbose_name="kind"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.BigIntegerField(verbose_name="size (bytes)")),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("caption", models.CharField(blank=True, max_length=200, verbose_name="caption")),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="uploaded at")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken at")),
                (
                    "taken_place",
                    django.contrib.gis.db.models.fields.PointField(null=True, srid=5179, verbose_name="taken where"),
                ),
                ("metadata", models.JSONField(default=dict)),
                ("retired_at", models.DateTimeField(null=True, verbose_name="retired at")),
                ("retired_reason", models.CharField(blank=True, max_length=200, verbose_name="reason of retirement")),
                (
                    "retired_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="retired by",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
            },
        ),
        migrations.CreateModel(
            name="CellCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layer", models.CharField(max_length=40)),
                ("zoom", models.SmallIntegerField()),
                ("x", models.IntegerField()),
                ("y", models.IntegerField()),
                ("area_id", models.BigIntegerField(null=True)),
                ("category", models.CharField(max_length=40)),
                ("count", models.IntegerField()),
                ("sum_x", models.FloatField()),
                ("sum_y", models.FloatField()),
            ],
            options={
                "indexes": [models.Index(fields=["layer", "zoom", "x", "y"], name="cellcount_cell")],
            },
        ),
        migrations.CreateModel(
            name="CooperationZone",
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
                            ("living_sphere", "Living sphere"),
                            ("cooperation", "Residents' cooperation"),
                            ("disaster", "Disaster mutual aid"),
                            ("service", "Shared services"),
                        ],
                        default="cooperation",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("period_start", models.DateField(blank=True, null=True, verbose_name="period from")),
                ("period_end", models.DateField(blank=True, null=True, verbose_name="period to")),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                (
                    "budget_krw",
                    models.BigIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="budget (KRW)",
                    ),
                ),
                ("drawn", models.BooleanField(default=False, editable=False, verbose_name="drawn by hand")),
                ("geometry", django.contrib.gis.db.models.fields.MultiPolygonField(srid=5179, verbose_name="extent")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "cooperation zone",
                "verbose_name_plural": "cooperation zones",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=100, verbose_name="kind")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("language", models.CharField(default="ko", max_length=5)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("done", models.PositiveBigIntegerField(default=0)),
                ("total", models.PositiveBigIntegerField(null=True)),
                ("message", models.CharField(blank=True, max_length=500, verbose_name="message")),
                ("report", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True, verbose_name="error")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started at")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="last sign of life")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("cancel_requested", models.BooleanField(default=False)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="BaseMap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_ko", models.CharField(max_length=60, verbose_name="name (Korean)")),
                ("name_en", models.CharField(max_length=60, verbose_name="name (English)")),
                (
                    "kind",
                    models.CharField(
                        choices=[("tiles", "Tile server"), ("raster", "Own raster (GeoTIFF)")],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=500, verbose_name="tile address")),
                ("attribution", models.CharField(blank=True, max_length=300, verbose_name="attribution")),
                (
                    "min_zoom",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(22)], verbose_name="lowest zoom"
                    ),
                ),
                (
                    "max_zoom",
                    models.PositiveSmallIntegerField(
                        default=19,
                        validators=[django.core.validators.MaxValueValidator(22)],
                        verbose_name="highest zoom",
                    ),
                ),
                (
                    "opacity",
                    models.FloatField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="opacity",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                ("enabled", models.BooleanField(default=True, verbose_name="in use")),
                ("is_default", models.BooleanField(default=False, verbose_name="shown first")),
                ("file", models.CharField(blank=True, editable=False, max_length=200)),
                ("bounds", models.JSONField(editable=False, null=True)),
                ("raster", models.JSONField(default=dict, editable=False)),
                (
                    "job",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gis_core.job",
                    ),
                ),
            ],
            options={
                "verbose_name": "base map",
                "verbose_name_plural": "base maps",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="LayerChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table_name", models.CharField(max_length=63)),
            ],
            options={
                "indexes": [models.Index(fields=["table_name", "id"], name="layerchange_table")],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                            ("local_government", "City or county office"),
                            ("town_office", "Town office"),
                            ("residents_council", "Residents' council"),
                            ("village_heads", "Village heads' association"),
                            ("volunteer_fire", "Volunteer fire brigade"),
                            ("night_patrol", "Night patrol"),
                            ("disaster_corps", "Volunteer disaster corps"),
                            ("machinery_owner", "Construction machinery owner"),
                            ("civic", "Civic organisation"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("contact_name", models.CharField(blank=True, max_length=50, verbose_name="contact person")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="contact phone")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "location",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=5179, verbose_name="location"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="gis_core.adminarea",
                        verbose_name="area",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CooperationZoneEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.MultiPolygonField(null=True, spatial_index=False, srid=5179),
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("living_sphere", "Living sphere"),
                            ("cooperation", "Residents' cooperation"),
                            ("disaster", "Disaster mutual aid"),
                            ("service", "Shared services"),
                        ],
                        default="cooperation",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("period_start", models.DateField(blank=True, null=True, verbose_name="period from")),
                ("period_end", models.DateField(blank=True, null=True, verbose_name="period to")),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                (
                    "budget_krw",
                    models.BigIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="budget (KRW)",
                    ),
                ),
                ("drawn", models.BooleanField(default=False, editable=False, verbose_name="drawn by hand")),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="gis_core.cooperationzone",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="gis_core.organisation",
                        verbose_name="lead organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="cooperationzone",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="gis_core.organisation",
                verbose_name="lead organisation",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="gis_core.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.CreateModel(
            name="OrganisationEvent",
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
                            ("local_government", "City or county office"),
                            ("town_office", "Town office"),
                            ("residents_council", "Residents' council"),
                            ("village_heads", "Village heads' association"),
                            ("volunteer_fire", "Volunteer fire brigade"),
                            ("night_patrol", "Night patrol"),
                            ("disaster_corps", "Volunteer disaster corps"),
                            ("machinery_owner", "Construction machinery owner"),
                            ("civic", "Civic organisation"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("contact_name", models.CharField(blank=True, max_length=50, verbose_name="contact person")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="contact phone")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="gis_core.adminarea",
                        verbose_name="area",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="gis_core.organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonalDataAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="when")),
                ("layer", models.CharField(max_length=40, verbose_name="layer")),
                ("action", models.CharField(max_length=20, verbose_name="action")),
                ("record_id", models.BigIntegerField(null=True, verbose_name="record")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="records")),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="detail")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "look at personal data",
                "verbose_name_plural": "looks at personal data",
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrator"),
                            ("facility_planner", "Facility planner"),
                            ("disaster_officer", "Disaster officer"),
                            ("survey_manager", "Survey manager"),
                            ("surveyor", "Surveyor"),
                            ("zone_coordinator", "Zone coordinator"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="gis_core.adminarea",
                        verbose_name="area",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("layer", models.CharField(max_length=40)),
                ("record_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ZoneArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("adminarea", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="gis_core.adminarea")),
                (
                    "cooperationzone",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="gis_core.cooperationzone"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="cooperationzone",
            name="member_areas",
            field=models.ManyToManyField(
                blank=True,
                related_name="zones",
                through="gis_core.ZoneArea",
                to="gis_core.adminarea",
                verbose_name="member areas",
            ),
        ),
        migrations.CreateModel(
            name="ZoneAreaEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "adminarea",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="gis_core.adminarea",
                    ),
                ),
                (
                    "cooperationzone",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="gis_core.cooperationzone",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="gis_core.zonearea",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ZoneOrganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cooperationzone",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="gis_core.cooperationzone"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="gis_core.organisation"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="cooperationzone",
            name="member_organisations",
            field=models.ManyToManyField(
                blank=True,
                related_name="zones",
                through="gis_core.ZoneOrganisation",
                to="gis_core.organisation",
                verbose_name="member organisations",
            ),
        ),
        migrations.CreateModel(
            name="ZoneOrganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "cooperationzone",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="gis_core.cooperationzone",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="gis_core.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="gis_core.zoneorganisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="adminarea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True), ("valid_to__isnull", True)),
                fields=("mois_code",),
                name="one_area_per_code",
            ),
        ),
        AddTriggers([
        pgtrigger.migrations.AddTrigger(
            model_name="adminarea",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="ac35cbf6ad3049d6195c4782d318e43062c1c85d",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_ff5c5",
                    table="gis_core_adminarea",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adminarea",
            trigger=pgtrigger.compiler.Trigger(
                name="note_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
                    hash="ea66bb790f3a9b75a1f679d20ddb1e1c7d1811b6",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_note_change_7eb2f",
                    table="gis_core_adminarea",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adminarea",
            trigger=pgtrigger.compiler.Trigger(
                name="full_name_own",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        NEW.full_name := coalesce(\n            (SELECT above.full_name || ' ' FROM gis_core_adminarea AS above WHERE above.id = NEW.parent_id), ''\n        ) || NEW.name;\n        RETURN NEW;\n    ",
                    hash="8d753860e0fafd1ac86b50bb877d149bf77f4644",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_full_name_own_88ab5",
                    table="gis_core_adminarea",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adminarea",
            trigger=pgtrigger.compiler.Trigger(
                name="full_name_below",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.full_name IS DISTINCT FROM NEW.full_name)",
                    func="\n        UPDATE gis_core_adminarea SET full_name = NEW.full_name || ' ' || name WHERE parent_id = NEW.id;\n        RETURN NULL;\n    ",
                    hash="8d4295ac93999f5f3c0b296ff35d18bfbc1aedcc",
                    operation='UPDATE OF "name", "parent_id", "full_name"',
                    pgid="pgtrigger_full_name_below_e169f",
                    table="gis_core_adminarea",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adminarea",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_adminareaevent" ("boundary", "created_at", "created_by_id", "full_name", "geometry", "id", "km2", "kostat_code", "level", "mois_code", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "valid_from", "valid_to", "version") VALUES (NEW."boundary", NEW."created_at", NEW."created_by_id", NEW."full_name", NEW."geometry", NEW."id", NEW."km2", NEW."kostat_code", NEW."level", NEW."mois_code", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;',
                    hash="51b50106551d2c04edef0f0b02847c694824870c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_498c5",
                    table="gis_core_adminarea",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adminarea",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "gis_core_adminareaevent" ("boundary", "created_at", "created_by_id", "full_name", "geometry", "id", "km2", "kostat_code", "level", "mois_code", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "valid_from", "valid_to", "version") VALUES (NEW."boundary", NEW."created_at", NEW."created_by_id", NEW."full_name", NEW."geometry", NEW."id", NEW."km2", NEW."kostat_code", NEW."level", NEW."mois_code", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;',
                    hash="bc5dbeea9cb26754fdc329d007a6ad21f87a7ee4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_81030",
                    table="gis_core_adminarea",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adminarea",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_adminareaevent" ("boundary", "created_at", "created_by_id", "full_name", "geometry", "id", "km2", "kostat_code", "level", "mois_code", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "valid_from", "valid_to", "version") VALUES (OLD."boundary", OLD."created_at", OLD."created_by_id", OLD."full_name", OLD."geometry", OLD."id", OLD."km2", OLD."kostat_code", OLD."level", OLD."mois_code", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."retired_reason", OLD."updated_at", OLD."updated_by_id", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;',
                    hash="d84249da61f63c2ab5861664a7ec639120168c7a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3a898",
                    table="gis_core_adminarea",
                    when="AFTER",
                ),
            ),
        ),
        ]),
        migrations.AddConstraint(
            model_name="areacode",
            constraint=models.UniqueConstraint(fields=("area", "system", "code"), name="one_row_per_area_code"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["layer", "record_id"], name="attachment_record"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("sha256", "layer", "record_id"),
                name="file_once_per_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="basemap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("is_default",), name="one_default_basemap"
            ),
        ),
        migrations.AddConstraint(
            model_name="basemap",
            constraint=models.CheckConstraint(
                condition=models.Q(("min_zoom__lte", models.F("max_zoom"))), name="basemap_zooms_in_order"
            ),
        ),
        AddTriggers([
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="b40c1a2501e07de6b9143eddaefe2a7f202f16b0",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_acbc7",
                    table="gis_core_organisation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="note_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
                    hash="5dbaf7aef5f50491d2c312cabd5408f0fd793afc",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_note_change_7ebec",
                    table="gis_core_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_organisationevent" ("address", "area_id", "contact_name", "contact_phone", "created_at", "created_by_id", "id", "is_example", "kind", "location", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (NEW."address", NEW."area_id", NEW."contact_name", NEW."contact_phone", NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_example", NEW."kind", NEW."location", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="146def2089057cea9443e3ab358f89d8d8076a94",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_31afb",
                    table="gis_core_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "gis_core_organisationevent" ("address", "area_id", "contact_name", "contact_phone", "created_at", "created_by_id", "id", "is_example", "kind", "location", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (NEW."address", NEW."area_id", NEW."contact_name", NEW."contact_phone", NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_example", NEW."kind", NEW."location", NEW."name", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="669bb155f8b8423d35a8e0b2538f3a5d1b3ad2cb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6b670",
                    table="gis_core_organisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organisation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_organisationevent" ("address", "area_id", "contact_name", "contact_phone", "created_at", "created_by_id", "id", "is_example", "kind", "location", "name", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (OLD."address", OLD."area_id", OLD."contact_name", OLD."contact_phone", OLD."created_at", OLD."created_by_id", OLD."id", OLD."is_example", OLD."kind", OLD."location", OLD."name", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."retired_reason", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;',
                    hash="87c85f56ead7902819a00f91e5f78d05e6e06c58",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_53aa1",
                    table="gis_core_organisation",
                    when="AFTER",
                ),
            ),
        ),
        ]),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.UniqueConstraint(
                fields=("user", "role", "area"), name="role_once_per_area", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="zonearea",
            constraint=models.UniqueConstraint(fields=("cooperationzone", "adminarea"), name="area_once_per_zone"),
        ),
        AddTriggers([
        pgtrigger.migrations.AddTrigger(
            model_name="zonearea",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_zoneareaevent" ("adminarea_id", "cooperationzone_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."adminarea_id", NEW."cooperationzone_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="b635e0edd13c92bab4a9e7167dfc2ad883792f56",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a4150",
                    table="gis_core_zonearea",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="zonearea",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "gis_core_zoneareaevent" ("adminarea_id", "cooperationzone_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."adminarea_id", NEW."cooperationzone_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="e29e5c63d56c51917ec0f557a6555c21a452e2c0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e01cb",
                    table="gis_core_zonearea",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="zonearea",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_zoneareaevent" ("adminarea_id", "cooperationzone_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."adminarea_id", OLD."cooperationzone_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="d002a1888c19cff51325d17a88befe64bafa3cea",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dd58e",
                    table="gis_core_zonearea",
                    when="AFTER",
                ),
            ),
        ),
        ]),
        migrations.AddConstraint(
            model_name="zoneorganisation",
            constraint=models.UniqueConstraint(
                fields=("cooperationzone", "organisation"), name="organisation_once_per_zone"
            ),
        ),
        AddTriggers([
        pgtrigger.migrations.AddTrigger(
            model_name="zoneorganisation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_zoneorganisationevent" ("cooperationzone_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."cooperationzone_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="90759591fa83c59bf555449a7978180f5a542f83",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_69c5c",
                    table="gis_core_zoneorganisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="zoneorganisation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "gis_core_zoneorganisationevent" ("cooperationzone_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."cooperationzone_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="c6f4a737a39ceef262f66763368cd84d2bd04810",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2beec",
                    table="gis_core_zoneorganisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="zoneorganisation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_zoneorganisationevent" ("cooperationzone_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."cooperationzone_id", OLD."id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="5f308e407d68aa51e8c150bd5ec540a0e97ab1fb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a3321",
                    table="gis_core_zoneorganisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cooperationzone",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="286213c3b31c4b1fbcb783bb46aed62936e3024c",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_76e58",
                    table="gis_core_cooperationzone",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cooperationzone",
            trigger=pgtrigger.compiler.Trigger(
                name="note_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
                    hash="8a307fbee90a8d92b47f5bcca9278ab84140faa6",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_note_change_c1588",
                    table="gis_core_cooperationzone",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cooperationzone",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_cooperationzoneevent" ("agreed_on", "budget_krw", "created_at", "created_by_id", "drawn", "geometry", "id", "is_example", "kind", "lead_id", "name", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (NEW."agreed_on", NEW."budget_krw", NEW."created_at", NEW."created_by_id", NEW."drawn", NEW."geometry", NEW."id", NEW."is_example", NEW."kind", NEW."lead_id", NEW."name", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="1be27fb136bf65aa1f2b6a403a442b33bd4701e0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_12857",
                    table="gis_core_cooperationzone",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cooperationzone",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "gis_core_cooperationzoneevent" ("agreed_on", "budget_krw", "created_at", "created_by_id", "drawn", "geometry", "id", "is_example", "kind", "lead_id", "name", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (NEW."agreed_on", NEW."budget_krw", NEW."created_at", NEW."created_by_id", NEW."drawn", NEW."geometry", NEW."id", NEW."is_example", NEW."kind", NEW."lead_id", NEW."name", NEW."period_end", NEW."period_start", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="ec15832575f306bbe7d7107c6d99d0a3485e275f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_27601",
                    table="gis_core_cooperationzone",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cooperationzone",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "gis_core_cooperationzoneevent" ("agreed_on", "budget_krw", "created_at", "created_by_id", "drawn", "geometry", "id", "is_example", "kind", "lead_id", "name", "period_end", "period_start", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (OLD."agreed_on", OLD."budget_krw", OLD."created_at", OLD."created_by_id", OLD."drawn", OLD."geometry", OLD."id", OLD."is_example", OLD."kind", OLD."lead_id", OLD."name", OLD."period_end", OLD."period_start", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose", OLD."retired_at", OLD."retired_reason", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;',
                    hash="4bec8f091d2050c62b301bdb4ad06bf0e97ede6b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4776f",
                    table="gis_core_cooperationzone",
                    when="AFTER",
                ),
            ),
        ),
        ]),
    ]
