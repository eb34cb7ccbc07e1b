"""Triggers in migrations, many at a time.

Each of pgtrigger's operations has Django render every model of the project anew: a hundred of them cost a minute in
each new database. Here the state is changed for all first, and rendered once.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class AddTriggers(Operation):
    """What these operations do one after the other; ``operations`` as makemigrations wrote them."""

    def __init__(self, operations: Sequence[AddTrigger]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        names = set()
        for each in self.operations:
            options = state.models[app_label, each.model_name].options
            options["triggers"] = [*options.get("triggers", []), each.trigger]
            names.add((app_label, each.model_name))
        state.reload_models(sorted(names), delay=True)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for each in self.operations:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for each in reversed(self.operations):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.operations)} triggers"

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return (self.__class__.__name__, [], {"operations": list(self.operations)})
