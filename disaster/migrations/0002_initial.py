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
        ("disaster", "0001_initial"),
        ("gis_core", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="depot",
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
            model_name="depot",
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
            model_name="depot",
            name="keeper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="depots",
                to="gis_core.organisation",
                verbose_name="keeper organisation",
            ),
        ),
        migrations.AddField(
            model_name="depot",
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
            model_name="depotevent",
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
            model_name="depotevent",
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
            model_name="depotevent",
            name="keeper",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="gis_core.organisation",
                verbose_name="keeper organisation",
            ),
        ),
        migrations.AddField(
            model_name="depotevent",
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
            model_name="depotevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="disaster.depot",
            ),
        ),
        migrations.AddField(
            model_name="depotevent",
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
        migrations.AddField(
            model_name="stockline",
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
            model_name="stockline",
            name="depot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stock_lines",
                to="disaster.depot",
                verbose_name="depot",
            ),
        ),
        migrations.AddField(
            model_name="stockline",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="disaster.stockitem",
                verbose_name="item",
            ),
        ),
        migrations.AddField(
            model_name="stockline",
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
            model_name="stocklineevent",
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
            model_name="stocklineevent",
            name="depot",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="disaster.depot",
                verbose_name="depot",
            ),
        ),
        migrations.AddField(
            model_name="stocklineevent",
            name="item",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="disaster.stockitem",
                verbose_name="item",
            ),
        ),
        migrations.AddField(
            model_name="stocklineevent",
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
            model_name="stocklineevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="disaster.stockline",
            ),
        ),
        migrations.AddField(
            model_name="stocklineevent",
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
            model_name="depot",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="59842d6aba7bcdf2b7b18afbd3591b51a58cfdc6",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_093a3",
                    table="disaster_depot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="depot",
            trigger=pgtrigger.compiler.Trigger(
                name="note_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
                    hash="38b1f06f5e842e666898623a4632fa94253c4310",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_note_change_256f2",
                    table="disaster_depot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="depot",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "disaster_depotevent" ("access_note", "address", "area_id", "created_at", "created_by_id", "id", "is_example", "keeper_id", "kind", "location", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (NEW."access_note", NEW."address", NEW."area_id", NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_example", NEW."keeper_id", NEW."kind", NEW."location", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="6cd0d0565b7984b12d86a78e8d858f4a823c4139",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_124ca",
                    table="disaster_depot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="depot",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "disaster_depotevent" ("access_note", "address", "area_id", "created_at", "created_by_id", "id", "is_example", "keeper_id", "kind", "location", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (NEW."access_note", NEW."address", NEW."area_id", NEW."created_at", NEW."created_by_id", NEW."id", NEW."is_example", NEW."keeper_id", NEW."kind", NEW."location", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."retired_at", NEW."retired_reason", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="5ea3de4e30730d04507146e3b392b46db4eaccb9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e9970",
                    table="disaster_depot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="depot",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "disaster_depotevent" ("access_note", "address", "area_id", "created_at", "created_by_id", "id", "is_example", "keeper_id", "kind", "location", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "retired_reason", "updated_at", "updated_by_id", "version") VALUES (OLD."access_note", OLD."address", OLD."area_id", OLD."created_at", OLD."created_by_id", OLD."id", OLD."is_example", OLD."keeper_id", OLD."kind", OLD."location", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."retired_at", OLD."retired_reason", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;',
                    hash="66d2f0cff373108cd40ba08df588185271677337",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0a734",
                    table="disaster_depot",
                    when="AFTER",
                ),
            ),
        ),
        ]),
        migrations.AddConstraint(
            model_name="stockline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("depot", "item"),
                name="one_stock_line_per_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockline",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="stock_never_negative"),
        ),
        AddTriggers([
        pgtrigger.migrations.AddTrigger(
            model_name="stockline",
            trigger=pgtrigger.compiler.Trigger(
                name="bump_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version := OLD.version + 1; NEW.updated_at := now(); RETURN NEW;",
                    hash="cc0a17d6310e1ece98b9d6982bbf27098e33743d",
                    operation="UPDATE",
                    pgid="pgtrigger_bump_version_a4563",
                    table="disaster_stockline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockline",
            trigger=pgtrigger.compiler.Trigger(
                name="note_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO gis_core_layerchange (table_name) VALUES (TG_TABLE_NAME); RETURN NULL;",
                    hash="f03e28d1449bc372599109a6948a66b553af295c",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_note_change_29fbf",
                    table="disaster_stockline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockline",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "disaster_stocklineevent" ("created_at", "created_by_id", "depot_id", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "retired_at", "retired_reason", "standard_quantity", "updated_at", "updated_by_id", "version") VALUES (NEW."created_at", NEW."created_by_id", NEW."depot_id", NEW."id", NEW."item_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quantity", NEW."retired_at", NEW."retired_reason", NEW."standard_quantity", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="760eb237ef9b7c6652df01fdf361d275ad25f419",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a0d56",
                    table="disaster_stockline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "disaster_stocklineevent" ("created_at", "created_by_id", "depot_id", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "retired_at", "retired_reason", "standard_quantity", "updated_at", "updated_by_id", "version") VALUES (NEW."created_at", NEW."created_by_id", NEW."depot_id", NEW."id", NEW."item_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quantity", NEW."retired_at", NEW."retired_reason", NEW."standard_quantity", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;',
                    hash="a8e061902afea23f241477012192ba09ee3b2e84",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ba17d",
                    table="disaster_stockline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "disaster_stocklineevent" ("created_at", "created_by_id", "depot_id", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "retired_at", "retired_reason", "standard_quantity", "updated_at", "updated_by_id", "version") VALUES (OLD."created_at", OLD."created_by_id", OLD."depot_id", OLD."id", OLD."item_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quantity", OLD."retired_at", OLD."retired_reason", OLD."standard_quantity", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;',
                    hash="0c9148cd53a8975e1cee991e24acf1786ee0f477",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_07a82",
                    table="disaster_stockline",
                    when="AFTER",
                ),
            ),
        ),
        ]),
    ]
