"""The first state of the database."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from gis_core.trigger_operations import AddTriggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("gis_core", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VacantHouse",
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
                ("pnu", models.CharField(db_index=True, max_length=19, verbose_name="parcel number (PNU)")),
                ("address", models.CharField(max_length=200, verbose_name="address")),
                (
                    "regime",
                    models.CharField(
                        choices=[("urban", "Urban"), ("rural", "Rural")], max_length=5, verbose_name="regime"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("candidate", "Suspected"),
                            ("confirmed", "Confirmed vacant"),
                            ("not_vacant", "Not vacant"),
                            ("reused", "In use again"),
                            ("demolished", "Demolished"),
                        ],
                        default="candidate",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("1", "Grade 1: to be used"),
                            ("2", "Grade 2: to be managed"),
                            ("3", "Grade 3: to be cleared"),
                            ("none", "Not graded"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="grade",
                    ),
                ),
                ("found_on", models.DateField(verbose_name="found on")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("location", django.contrib.gis.db.models.fields.PointField(srid=5179, verbose_name="location")),
                (
                    "parcel",
                    django.contrib.gis.db.models.fields.PolygonField(
                        blank=True, null=True, srid=5179, verbose_name="parcel"
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
                "verbose_name": "vacant house",
                "verbose_name_plural": "vacant houses",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VacantHouseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("location", django.contrib.gis.db.models.fields.PointField(null=True, spatial_index=False, srid=5179)),
                ("parcel", django.contrib.gis.db.models.fields.PolygonField(null=True, spatial_index=False, srid=5179)),
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
                ("pnu", models.CharField(max_length=19, verbose_name="parcel number (PNU)")),
                ("address", models.CharField(max_length=200, verbose_name="address")),
                (
                    "regime",
                    models.CharField(
                        choices=[("urban", "Urban"), ("rural", "Rural")], max_length=5, verbose_name="regime"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("candidate", "Suspected"),
                            ("confirmed", "Confirmed vacant"),
                            ("not_vacant", "Not vacant"),
                            ("reused", "In use again"),
                            ("demolished", "Demolished"),
                        ],
                        default="candidate",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("1", "Grade 1: to be used"),
                            ("2", "Grade 2: to be managed"),
                            ("3", "Grade 3: to be cleared"),
                            ("none", "Not graded"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="grade",
                    ),
                ),
                ("found_on", models.DateField(verbose_name="found on")),
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
                        to="vacanthouses.vacanthouse",
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
        migrations.AddIndex(
            model_name="vacanthouse",
            index=models.Index(fields=["area", "id"], name="vacanthouse_area_id"),
        ),
        migrations.AddIndex(
            model_name="vacanthouse",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("address"), "gin_trgm_ops"
                ),
                name="vacanthouse_address_words",
            ),
        ),
        migrations.AddIndex(
            model_name="vacanthouse",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper("pnu"), "gin_trgm_ops"),
                name="vacanthouse_pnu_digits",
            ),
        ),
        AddTriggers([
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="62567f75df7aa85b4e65911b1e0edd7194e073b9",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_ef9b8",
                    table="vacanthouses_vacanthouse",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="note_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
                    hash="d22496f978e13a3661c800f3cdbc6fe74b5ff499",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_note_change_e024a",
                    table="vacanthouses_vacanthouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="count_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nWITH placed AS MATERIALIZED (\n    SELECT sign, area_id, grade AS category, ST_Transform(location, 3857) AS point\n    FROM (SELECT 1 AS sign, area_id, retired_at, grade, location FROM new_rows) AS changed WHERE retired_at IS NULL AND location IS NOT NULL\n),\nfinest AS MATERIALIZED (\n    SELECT area_id, category,\n        floor((ST_X(point) + 20037508.342789244) / 2445.98490512564)::int AS x, floor((20037508.342789244 - ST_Y(point)) / 2445.98490512564)::int AS y,\n        sum(sign) AS count, sum(sign * ST_X(point)) AS sum_x, sum(sign * ST_Y(point)) AS sum_y\n    FROM placed GROUP BY 1, 2, 3, 4\n)\nINSERT INTO gis_core_cellcount (layer, zoom, x, y, area_id, category, count, sum_x, sum_y)\nSELECT 'vacant-houses', z, x >> (14 - z), y >> (14 - z), area_id, category, sum(count), sum(sum_x), sum(sum_y)\nFROM finest, generate_series(5, 14) AS z\nGROUP BY 1, 2, 3, 4, 5, 6\nHAVING sum(count) <> 0 OR abs(sum(sum_x)) > 0.01 OR abs(sum(sum_y)) > 0.01\n; RETURN NULL;",
                    hash="50011fceb7fa489efe76bb368c28ef7d9e394521",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_count_insert_0e3f5",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="vacanthouses_vacanthouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="count_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nWITH placed AS MATERIALIZED (\n    SELECT sign, area_id, grade AS category, ST_Transform(location, 3857) AS point\n    FROM (SELECT -1 AS sign, area_id, retired_at, grade, location FROM old_rows) AS changed WHERE retired_at IS NULL AND location IS NOT NULL\n),\nfinest AS MATERIALIZED (\n    SELECT area_id, category,\n        floor((ST_X(point) + 20037508.342789244) / 2445.98490512564)::int AS x, floor((20037508.342789244 - ST_Y(point)) / 2445.98490512564)::int AS y,\n        sum(sign) AS count, sum(sign * ST_X(point)) AS sum_x, sum(sign * ST_Y(point)) AS sum_y\n    FROM placed GROUP BY 1, 2, 3, 4\n)\nINSERT INTO gis_core_cellcount (layer, zoom, x, y, area_id, category, count, sum_x, sum_y)\nSELECT 'vacant-houses', z, x >> (14 - z), y >> (14 - z), area_id, category, sum(count), sum(sum_x), sum(sum_y)\nFROM finest, generate_series(5, 14) AS z\nGROUP BY 1, 2, 3, 4, 5, 6\nHAVING sum(count) <> 0 OR abs(sum(sum_x)) > 0.01 OR abs(sum(sum_y)) > 0.01\n; RETURN NULL;",
                    hash="7d660fed348f5586cd4234074ba395fdccaa1740",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_count_delete_c52d4",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="vacanthouses_vacanthouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="count_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nWITH placed AS MATERIALIZED (\n    SELECT sign, area_id, grade AS category, ST_Transform(location, 3857) AS point\n    FROM (SELECT 1 AS sign, area_id, retired_at, grade, location FROM new_rows UNION ALL SELECT -1, area_id, retired_at, grade, location FROM old_rows) AS changed WHERE retired_at IS NULL AND location IS NOT NULL\n),\nfinest AS MATERIALIZED (\n    SELECT area_id, category,\n        floor((ST_X(point) + 20037508.342789244) / 2445.98490512564)::int AS x, floor((20037508.342789244 - ST_Y(point)) / 2445.98490512564)::int AS y,\n        sum(sign) AS count, sum(sign * ST_X(point)) AS sum_x, sum(sign * ST_Y(point)) AS sum_y\n    FROM placed GROUP BY 1, 2, 3, 4\n)\nINSERT INTO gis_core_cellcount (layer, zoom, x, y, area_id, category, count, sum_x, sum_y)\nSELECT 'vacant-houses', z, x >> (14 - z), y >> (14 - z), area_id, category, sum(count), sum(sum_x), sum(sum_y)\nFROM finest, generate_series(5, 14) AS z\nGROUP BY 1, 2, 3, 4, 5, 6\nHAVING sum(count) <> 0 OR abs(sum(sum_x)) > 0.01 OR abs(sum(sum_y)) > 0.01\n; RETURN NULL;",
                    hash="ac3c5ff90cece1cfdafd7234c48d5d97f2dee2e4",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_count_update_9ba89",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="vacanthouses_vacanthouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "vacanthouses_vacanthouseevent" ("address", "area_id", "created_at", "created_by_id", "found_on", "grade", "id", "is_example", "location", "note", "parcel", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pnu", "regime", "retired_at", "retired_reason", "status", "updated_at", "updated_by_id", "version") VALUES (NEW."address", NEW."area_id", NEW."created_at", NEW."created_by_id", NEW."found_on", NEW."grade", NEW."id", NEW."is_example", NEW."location", NEW."note", NEW."parcel", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pnu", NEW."regime", NEW."retired_at", NEW."retired_reason", NEW."status", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="86bac670cbeb10d170fa39712f04239e64e7ce29",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8f9fa",
                    table="vacanthouses_vacanthouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "vacanthouses_vacanthouseevent" ("address", "area_id", "created_at", "created_by_id", "found_on", "grade", "id", "is_example", "location", "note", "parcel", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pnu", "regime", "retired_at", "retired_reason", "status", "updated_at", "updated_by_id", "version") VALUES (NEW."address", NEW."area_id", NEW."created_at", NEW."created_by_id", NEW."found_on", NEW."grade", NEW."id", NEW."is_example", NEW."location", NEW."note", NEW."parcel", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pnu", NEW."regime", NEW."retired_at", NEW."retired_reason", NEW."status", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="28246f4da34bc1ac811dc451bc6d408891853fe8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0a0e6",
                    table="vacanthouses_vacanthouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vacanthouse",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "vacanthouses_vacanthouseevent" ("address", "area_id", "created_at", "created_by_id", "found_on", "grade", "id", "is_example", "location", "note", "parcel", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pnu", "regime", "retired_at", "retired_reason", "status", "updated_at", "updated_by_id", "version") VALUES (OLD."address", OLD."area_id", OLD."created_at", OLD."created_by_id", OLD."found_on", OLD."grade", OLD."id", OLD."is_example", OLD."location", OLD."note", OLD."parcel", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pnu", OLD."regime", OLD."retired_at", OLD."retired_reason", OLD."status", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;',
                    hash="f5d4a4f740d40b8562539e6ff42b0b85da9ffec1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_654ec",
                    table="vacanthouses_vacanthouse",
                    when="AFTER",
                ),
            ),
        ),
        ]),
    ]
