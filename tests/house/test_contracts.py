"""Does each architecture contract hold, and does each of them bite when the code breaks it?

A contract that cannot fail guards nothing: every one of them is seen to break on a copy of the house with one
offending import.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT

FLOORS = "A room looks down only"
INSIDE = "Inside a room: models, then rules, queries and actions, then forms, then doors"
PURE = "Pure rules know no web, no database, no clock and no hidden chance"
DOORS = "Only the factory opens the doors of a room"

# The contract that must break, the module that gets an offending line, the line.
OFFENCES = [
    (FLOORS, "festival/core/clock.py", "import festival.accounts.models"),
    (FLOORS, "festival/portal/dreams.py", "import festival.office.menu"),
    (FLOORS, "festival/karaoke/__init__.py", "'a room nobody put on a floor'"),
    (INSIDE, "festival/accounts/models.py", "import festival.accounts.actions"),
    (PURE, "festival/contests/scoring.py", "import sqlalchemy"),
    (PURE, "festival/registration/eligibility.py", "from flask_babel import gettext"),
    (PURE, "festival/checkin/admission.py", "import festival.core.clock"),
    (PURE, "festival/schedule/draw.py", "import random"),
    (DOORS, "festival/demo/people.py", "import festival.accounts.cli"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--config", str(folder / "pyproject.toml")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "festival", tmp_path / "festival", ignore=shutil.ignore_patterns("__pycache__", "data"))
    for name in ("pyproject.toml", "config.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_contracts_hold(copy: Path) -> None:
    found = lint(copy)
    assert found.returncode == 0, found.stdout


def broken(found: subprocess.CompletedProcess[str]) -> set[str]:
    lines = (line.strip() for line in found.stdout.splitlines())
    return {line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")}


@pytest.mark.parametrize(("contract", "module", "line"), OFFENCES)
def test_contract_breaks(copy: Path, contract: str, module: str, line: str) -> None:
    path = copy / module
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n", encoding="utf-8")
    found = lint(copy)
    assert (found.returncode, broken(found)) == (1, {contract}), found.stdout


def test_packages_start_empty() -> None:
    assert [str(path) for path in (ROOT / "festival").rglob("__init__.py") if path.stat().st_size] == []
