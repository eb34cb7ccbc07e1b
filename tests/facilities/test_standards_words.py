"""Everything that the readers of standards can say has words."""

from importlib import import_module

import pytest
from django.utils.translation import override

from facilities.exchange import imdf, imdf_validate
from facilities.exchange.report import ImportRefused
from facilities.words import exchange, exchange_standards
from tests.facilities.exchange_documents import rich
from tests.facilities.exchange_files import Files, changed, foreign

MODULES = (
    "archive", "geojson_foreign", "guesses", "ifc", "imdf_read", "imdf_shapes", "imdf_validate", "indoorgml_place",
    "indoorgml_read", "indoorgml_xml", "places", "tidy",
)  # fmt: skip
PREFIXES = ("archive.", "geojson.", "ifc.", "imdf.", "indoorgml.")
SHARED = {"elsewhere", "outside_korea", "guessed_shaft", "found_entrance", "text_cut", "ifc_not_installed"}


def codes() -> set[str]:
    values = [value for name in MODULES for value in vars(import_module(f"facilities.exchange.{name}")).values()]
    return {each for each in values if isinstance(each, str) and (each.startswith(PREFIXES) or each in SHARED)}


def test_every_code_has_a_sentence() -> None:
    assert codes() >= SHARED
    assert codes() <= set(exchange.FINDINGS) | set(exchange.REFUSALS)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_findings_of_a_foreign_archive_can_be_read(language: str) -> None:
    imported = imdf.read(changed(lambda files: files.pop("venue.geojson"), foreign()))
    with override(language):
        texts = [exchange.text(finding, imported.document) for finding in imported.findings]
    assert texts
    assert all("%(" not in text and "–" not in text for text in texts)


def test_what_the_validator_says_can_be_read() -> None:
    def change(files: Files) -> None:
        files["unit.geojson"]["features"][0]["properties"]["category"] = "corridor"

    (finding,) = imdf_validate.validate(changed(change))
    with override("en"):
        assert exchange.text(finding, rich()) == "unit: “category” is not as IMDF has it: 1"


def test_refusals_can_be_read() -> None:
    with pytest.raises(ImportRefused) as refused, override("en"):
        imdf.read(changed(lambda files: files.pop("unit.geojson")))
    with override("en"):
        assert exchange.refusal_text(refused.value.code, refused.value.params) == "The archive lacks unit.geojson."


def test_no_sentence_stands_for_nothing() -> None:
    said = set(exchange_standards.FINDINGS) | set(exchange_standards.REFUSALS)
    assert said <= codes()
