"""The house's rules that a machine can check: arrows point down, pure rules stay pure, files stay readable."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE, DOMAINS = "gis_core", ("facilities", "vacanthouses", "disaster")
APPS = (CORE, *DOMAINS)
PURE = (
    "gis_core/crs.py",
    "gis_core/geometry.py",
    "gis_core/static_map.py",
    "gis_core/area_codes.py",
    "gis_core/editing/merge.py",
    "gis_core/zones/standing.py",
    "gis_core/offline/bodies.py",
    *(
        f"gis_core/zones/{name}.py"
        for name in "borders borders_map contiguity scorecard scorecard_registry suggestions suggestions_needs".split()
    ),
    "gis_core/zones/projects.py",
    "gis_core/offline/chain.py",
    *(f"gis_core/participation/{name}.py" for name in "contacts personal_text rules".split()),
    *(
        f"gis_core/indicators/{name}.py"
        for name in "chart classes evaluation evaluation_reading formula periods rows".split()
    ),
    "vacanthouses/survey/forms.py",
    *(
        f"vacanthouses/{name}.py"
        for name in (
            "pnu screening screening_yield readings "
            "rule_reading clocks suppression progress_chart split_map grading "
            "agreement flags routing splitting"
        ).split()
    ),
    *(
        str(path.relative_to(ROOT))
        for room in ("plan", "exchange")
        for path in (ROOT / "facilities" / room).rglob("*.py")
    ),
    *(
        f"disaster/{name}.py"
        for name in (
            "best_places checklists comparison coverage coverage_map flooded floods/apart floods/depths "
            "floods/reading label_drawing label_papers mean_use operations_map orders readiness "
            "readiness_chart redistribution road_network schedules seasons sharing ways wide_table working_days"
        ).split()
    ),
    *(f"facilities/sheets/{name}.py" for name in "svg labels openings dims palette paper".split()),
)
LONGEST_FILE, LONGEST_TEST_FILE = 450, 500
# Lines beside the docstring.
LONGEST_FUNCTION = 45

SOURCES = sorted(
    path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TESTS = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, *, at_load: bool = False) -> Iterator[str]:
    """Full names of the modules a file imports; with ``at_load``, only those needed to import the file itself."""
    package = path.parent.parts
    for node in _statements(tree(path), at_load):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _statements(module: ast.Module, at_load: bool) -> Iterator[ast.AST]:
    if not at_load:
        yield from ast.walk(module)
        return
    waiting: list[ast.AST] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def wrong_imports(paths: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    return sorted(
        f"{path}: {name}"
        for path in paths
        for name in set(imports(path))
        for package in forbidden
        if within(name, package)
    )


def test_the_core_imports_no_domain() -> None:
    assert wrong_imports([path for path in SOURCES if path.parts[0] == CORE], DOMAINS) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_domains_do_not_import_one_another(domain: str) -> None:
    others = tuple(app for app in DOMAINS if app != domain)
    assert wrong_imports([path for path in SOURCES if path.parts[0] == domain], others) == []


def test_the_system_imports_nothing_that_only_tests_need() -> None:
    only_tests = ("tests", "pytest", "hypothesis", "factory", "playwright", "mapbox_vector_tile")
    assert wrong_imports(SOURCES, only_tests) == []


def test_pure_rules_know_nothing_of_django() -> None:
    pure = {module_name(Path(path)) for path in PURE}
    outside = [
        f"{path}: {name}"
        for path in PURE
        for name in imports(Path(path))
        if within(name, "django")
        or (name.split(".")[0] in APPS and name not in APPS and not any(within(name, module) for module in pure))
    ]
    assert outside == []


def test_no_module_needs_one_that_needs_it() -> None:
    names = {module_name(path): path for path in SOURCES}
    needed = {
        name: {found for found in imports(path, at_load=True) if found in names and found != name}
        for name, path in names.items()
    }
    # A package is loaded before its modules; that it imports them is no circle.
    for name, path in names.items():
        if path.name == "__init__.py":
            needed[name] = {found for found in needed[name] if not within(found, name)}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join([*above[above.index(name) :], name])
        if name not in done:
            for following in sorted(needed[name]):
                visit(following, (*above, name))
            done.add(name)

    for name in sorted(needed):
        visit(name, ())


def test_files_are_short_enough_to_be_read() -> None:
    def lines(path: Path) -> int:
        return (ROOT / path).read_text(encoding="utf-8").count("\n")

    limits = [(SOURCES, LONGEST_FILE), (TESTS, LONGEST_TEST_FILE)]
    assert [f"{path}: {lines(path)}" for paths, limit in limits for path in paths if lines(path) > limit] == []


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_functions_are_short_enough_to_be_read() -> None:
    def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        docstring = ast.get_docstring(node)
        return (node.end_lineno or 0) - node.lineno - (docstring.count("\n") + 1 if docstring else 0)

    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in functions(path)
        if length(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_that_does_something_says_what_it_is_for() -> None:
    def needs_none(path: Path) -> bool:
        small = sum(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree(path).body) <= 1
        return small or path.name in {"__init__.py", "apps.py", "urls.py", "admin.py", "wsgi.py"}

    assert [str(path) for path in SOURCES if not needs_none(path) and not ast.get_docstring(tree(path))] == []


def test_statements_for_the_database_are_not_put_together_as_text() -> None:
    """Values go as parameters and names through psycopg2.sql: no formatted string is handed to a cursor."""
    found = [
        f"{path}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "execute"
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_templates_hold_no_script_or_style_of_their_own(app: str) -> None:
    for path in (ROOT / app).rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert "<style" not in text, path
        for part in text.split("<script")[1:]:
            tag = part.split(">", 1)[0]
            assert "src=" in tag or "application/json" in tag or "json_script" in tag, path
        assert " onclick=" not in text, path
        assert "javascript:" not in text, path
