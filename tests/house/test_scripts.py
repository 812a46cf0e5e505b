"""Does every import of a script lead somewhere, is every script used, and does an app's page ask for all of its own at once?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config import ROOT
from festival.core.web.static_files import IMPORT, modules_of

pytestmark = pytest.mark.either_database

STATIC = ROOT / "static"
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
ASKED = re.compile(r"asset\('(js/[^']+)'\)")
WORKER = re.compile(r'new URL\("(\./[^"]+)", import\.meta\.url\)')


def name_of(path: Path) -> str:
    return path.resolve().relative_to(STATIC).as_posix()


def near(path: Path, pattern: re.Pattern[str]) -> list[Path]:
    return [path.parent / other for other in pattern.findall(path.read_text(encoding="utf-8"))]


def test_every_import_leads_to_a_script() -> None:
    lost = [
        f"{name_of(path)}: {other.name}"
        for path in SCRIPTS
        for other in near(path, IMPORT) + near(path, WORKER)
        if not other.is_file()
    ]
    assert lost == []


def test_imports_are_found_in_the_shapes_they_are_written_in() -> None:
    """A second look that knows nothing of the pattern: whatever is quoted like a near script is an import or a worker."""
    quoted = re.compile(r'"(\.{1,2}/[\w./-]+\.js)"')
    for path in SCRIPTS:
        text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if "importScripts" not in line)
        assert quoted.findall(text) == IMPORT.findall(text) + WORKER.findall(text), path.name


def test_every_script_is_used() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    used = set(ASKED.findall(pages))
    used |= {module for entry in sorted(used) for module in modules_of(entry)}
    used |= {name_of(other) for path in SCRIPTS for other in near(path, WORKER)}
    assert sorted(map(name_of, SCRIPTS)) == sorted(used)


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("/gate", "js/gate/app.js"),
        ("/desk", "js/desk/app.js"),
        ("/judge", "js/judge/app.js"),
        ("/ground", "js/ground/app.js"),
        ("/stage", "js/stage/app.js"),
    ],
)
def test_an_app_asks_for_all_its_scripts_at_once(client: FlaskClient, page: str, entry: str) -> None:
    text = client.get(page).text
    told = re.findall(r'<link rel="modulepreload" href="/static/\w+/([^"]+)">', text)
    assert told == list(modules_of(entry))
    assert {name for name in told if name.startswith(entry.rpartition("/")[0])} == {
        name_of(path) for path in (STATIC / entry).parent.glob("*.js") if not path.name.endswith("worker.js")
    } - {entry}
