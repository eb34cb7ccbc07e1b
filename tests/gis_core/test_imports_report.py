import csv
import io

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gis_core.exports.cells import guarded
from gis_core.imports.errors import SHOWN, ImportProblem, Notice
from gis_core.imports.report import Outcome, Report


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_the_report_counts_outcomes_and_tells_every_row():
    report = Report("a.csv", facts={"areas": 2}, notes=["n"])
    report.add(2, "52", "운봉읍", Outcome.CREATED)
    report.add(3, "53", "주천면", Outcome.REFUSED, ["왜", "또"])
    assert report.refused
    assert (report.count(Outcome.CREATED), report.count(Outcome.CHANGED)) == (1, 0)
    assert report.to_dict() == {
        "file": "a.csv",
        "areas": 2,
        "notes": ["n"],
        "rows": [
            {"row": 2, "key": "52", "name": "운봉읍", "outcome": "created", "messages": []},
            {"row": 3, "key": "53", "name": "주천면", "outcome": "refused", "messages": ["왜", "또"]},
        ],
    }


@given(st.text(alphabet=st.sampled_from("=+-@\t\r'\"a가1,\n "), max_size=6))
def test_no_cell_of_the_csv_is_a_formula(name):
    report = Report("a.csv")
    report.add(None, name, name, Outcome.UNCHANGED, [name])
    text = report.to_csv()
    assert text.startswith("\ufeff")
    cells = list(csv.reader(io.StringIO(text[1:], newline="")))[1]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert cells[1].removeprefix("'" if guarded(name) != name else "") == name


def test_a_problem_names_file_row_and_field():
    problem = ImportProblem(Notice("Wrong %(thing)s.", 3, "pnu", {"thing": "digit"}), file="a.csv")
    assert str(problem) == "a.csv: row 3, pnu: Wrong digit."


def test_a_problem_of_every_row_stays_readable():
    problem = ImportProblem(*[Notice("x", row) for row in range(500)])
    assert len(str(problem).splitlines()) == SHOWN + 1
    assert str(problem).endswith("and 480 more")
