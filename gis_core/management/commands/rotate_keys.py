"""Writes every encrypted value anew under the newest key, so that an old one can be taken out of FIELD_KEYS."""

from typing import Any

import pgtrigger
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction

from gis_core.encryption import EncryptedTextField, decrypt, encrypt

PAGE = 500


class Command(BaseCommand):
    help = "Encrypts every encrypted column, and its history, under the first key of FIELD_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            fields = [field for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
            if fields:
                self.stdout.write(f"{model._meta.db_table}: {_rotated(model, fields)}")


def _rotated(model: type[models.Model], fields: list[EncryptedTextField]) -> int:
    """How many rows were written. The ciphers are moved as they are, so that no version, time or history changes."""
    names = [field.name for field in fields]
    ciphers = {f"cipher_{name}": models.functions.Cast(name, models.TextField()) for name in names}
    rows = model._default_manager.annotate(**ciphers).order_by("pk").values_list("pk", *ciphers)
    last, number = None, 0
    while page := list(rows.filter(pk__gt=last)[:PAGE] if last is not None else rows[:PAGE]):
        with transaction.atomic(), pgtrigger.ignore():
            for pk, *tokens in page:
                _write(model, pk, names, tokens)
        number += len(page)
        last = page[-1][0]
    return number


def _write(model: type[models.Model], pk: Any, names: list[str], tokens: list[str | None]) -> None:
    renewed = {
        name: models.Value(encrypt(decrypt(token)), output_field=models.TextField())
        for name, token in zip(names, tokens, strict=True)
        if token
    }
    if renewed:
        model._default_manager.filter(pk=pk).update(**renewed)
