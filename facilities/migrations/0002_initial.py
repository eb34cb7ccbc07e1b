"""The first state of the database."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from gis_core.trigger_operations import AddTriggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("facilities", "0001_initial"),
        ("gis_core", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="centre",
            name="area",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="gis_core.adminarea",
                verbose_name="area",
            ),
        ),
        migrations.AddField(
            model_name="centre",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="centre",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="changed by",
            ),
        ),
        migrations.AddField(
            model_name="centreevent",
            name="area",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="centreevent",
            name="created_by",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="centreevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="centreevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="facilities.centre",
            ),
        ),
        migrations.AddField(
            model_name="centreevent",
            name="updated_by",
            field=models.ForeignKey(
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
        AddTriggers([
        pgtrigger.migrations.AddTrigger(
            model_name="centre",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="a400a9e9294881b2710f2033e2161cfbcc2a4689",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_5965e",
                    table="facilities_centre",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="centre",
            trigger=pgtrigger.compiler.Trigger(
                name="note_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
                    hash="c70a0620a1e64eb02e3f9f8a05c919bb1932e1dd",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_note_change_cedd8",
                    table="facilities_centre",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="centre",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facilities_centreevent" ("address", "area_id", "category", "created_at", "created_by_id", "footprint", "gross_floor_area_m2", "id", "is_example", "location", "name", "note", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "staff", "updated_at", "updated_by_id", "version") VALUES (NEW."address", NEW."area_id", NEW."category", NEW."created_at", NEW."created_by_id", NEW."footprint", NEW."gross_floor_area_m2", NEW."id", NEW."is_example", NEW."location", NEW."name", NEW."note", NEW."opened_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."staff", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="0f374d631c44365cfa5a87fc966afbc5b813074c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_52575",
                    table="facilities_centre",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="centre",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "facilities_centreevent" ("address", "area_id", "category", "created_at", "created_by_id", "footprint", "gross_floor_area_m2", "id", "is_example", "location", "name", "note", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "staff", "updated_at", "updated_by_id", "version") VALUES (NEW."address", NEW."area_id", NEW."category", NEW."created_at", NEW."created_by_id", NEW."footprint", NEW."gross_floor_area_m2", NEW."id", NEW."is_example", NEW."location", NEW."name", NEW."note", NEW."opened_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."staff", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="ccdb6b4efee59eda286e133dcd781555e47b2a9d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_965b3",
                    table="facilities_centre",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="centre",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facilities_centreevent" ("address", "area_id", "category", "created_at", "created_by_id", "footprint", "gross_floor_area_m2", "id", "is_example", "location", "name", "note", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "staff", "updated_at", "updated_by_id", "version") VALUES (OLD."address", OLD."area_id", OLD."category", OLD."created_at", OLD."created_by_id", OLD."footprint", OLD."gross_floor_area_m2", OLD."id", OLD."is_example", OLD."location", OLD."name", OLD."note", OLD."opened_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."retired_reason", OLD."staff", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;',
                    hash="df0b71e488582060baee820f90a399fec8d97278",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b9b94",
                    table="facilities_centre",
                    when="AFTER",
                ),
            ),
        ),
        ]),
    ]
