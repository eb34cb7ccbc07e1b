"""Setting up: what production refuses, and that scripts and assets are as the documents say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = [*sorted(path for path in (ROOT / "script").iterdir() if path.suffix == ""), ROOT / ".ci" / "run"]
GOOD = {"DONGNE_ENV": "production", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "dongne.example", "FIELD_KEYS": "f" * 50}


def load_settings(**environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "DATABASE_URL") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import gis_core.settings"],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
    )


def test_production_starts_with_a_key_and_hosts_of_its_own() -> None:
    assert load_settings(**GOOD).returncode == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"SECRET_KEY": "development-only-key-never-for-production"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS"),
        ({"FIELD_KEYS": "k" * 50 + ",short"}, "FIELD_KEYS"),
    ],
)
def test_production_refuses_to_start_with_development_settings(change: dict[str, str], reason: str) -> None:
    refused = load_settings(**GOOD | change)
    assert refused.returncode != 0
    assert f"ImproperlyConfigured: production {'refuses' if reason == 'DEBUG' else 'needs'} {reason}" in refused.stderr


def test_production_refuses_a_missing_key() -> None:
    assert load_settings(DONGNE_ENV="production", ALLOWED_HOSTS="dongne.example").returncode != 0


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_can_be_run_and_parses(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


def test_a_database_of_ones_own_replaces_the_private_one() -> None:
    url = "postgis://someone:secret@db.example:5432/town"

    def answer(command: str) -> str:
        return subprocess.run(
            [ROOT / "script" / "db", command],
            env=os.environ | {"DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert answer("url").strip() == url
    assert "leaving that server alone" in answer("start")


def test_every_third_party_asset_that_pages_name_is_laid_out() -> None:
    named = set()
    for app in ("gis_core", "facilities", "vacanthouses", "disaster"):
        for kind in ("**/templates/**/*.html", "**/static/**/*.css", "**/static/**/*.js"):
            for path in (ROOT / app).glob(kind):
                named |= set(re.findall(r"\bvendor/[\w./-]+\.\w+", path.read_text()))
    assert named
    assert [name for name in sorted(named) if finders.find(name) is None] == []


def test_static_files_can_be_collected_with_hashed_names(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
    assert list(tmp_path.glob("vendor/geoman/leaflet-geoman.*.css"))
