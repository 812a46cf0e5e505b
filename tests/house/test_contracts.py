"""Does each architecture contract hold, and does each of them bite when the code breaks it?

A contract that cannot fail guards nothing: every one of them is seen to break on a copy of the house with an
offending import, and to name it. Offences against different contracts share a copy.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from functools import cache
from itertools import zip_longest
from pathlib import Path

import pytest

from config import ROOT

FLOORS = "A room looks down only"
OPERATIONS = "Only the factory knows how the house is run"
DOORS = "A room's doors are its own"
PURE = "Pure rules know no web, no database, no clock and no hidden chance"
LETTERS = "Only a room's letters send mail"
SOLVERS = "Solvers run in a process of their own"

# The contract that must break, the module that gets an offending line, the line.
OFFENCES = [
    (FLOORS, "festival/core/clock.py", "import festival.accounts.models"),
    (FLOORS, "festival/roster/models.py", "import festival.registration.models"),
    (FLOORS, "festival/portal/dreams.py", "import festival.office.menu"),
    (FLOORS, "festival/karaoke/__init__.py", "'a room nobody put on a floor'"),
    (OPERATIONS, "festival/checkin/desk.py", "import festival.operations.backup"),
    (DOORS, "festival/demo/people.py", "import festival.accounts.cli"),
    (DOORS, "festival/checkin/lookup.py", "import festival.registration.typed.forms"),
    (DOORS, "festival/portal/queries.py", "import festival.registration.family.link"),
    (DOORS, "festival/office/queries.py", "import festival.results.delegations.pages"),
    (PURE, "festival/contests/panel.py", "import sqlalchemy"),
    (PURE, "festival/consent/rules.py", "from flask_babel import gettext"),
    (PURE, "festival/checkin/decide.py", "import festival.core.clock"),
    (PURE, "festival/schedule/draw.py", "import random"),
    (LETTERS, "festival/checkin/desk.py", "from festival.core.post.mail import send_mail"),
    (SOLVERS, "festival/schedule/by_command/solve_cli.py", "import festival.schedule.orders.exact"),
    ("Inside accounts", "festival/accounts/models.py", "import festival.accounts.actions"),
    ("Inside results.ladder", "festival/results/ladder/dreams.py", "'a module nobody put on a floor of its room'"),
]


Offence = tuple[str, str, str]


def rounds() -> list[list[Offence]]:
    """All offences, so that in one copy of the house each contract is offended at most once."""
    by_contract = defaultdict(list)
    for offence in OFFENCES:
        by_contract[offence[0]].append(offence)
    each_in_turn = zip_longest(*by_contract.values())
    return [[offence for offence in together if offence is not None] for together in each_in_turn]


def contracts() -> list[dict[str, object]]:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert isinstance(found, list)
    return found


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
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "contract_types.py", tmp_path / "scripts")
    for name in ("pyproject.toml", "config.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def broken(found: subprocess.CompletedProcess[str]) -> set[str]:
    lines = (line.strip() for line in found.stdout.splitlines())
    return {line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")}


def test_contracts_hold(copy: Path) -> None:
    found = lint(copy)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("offences", rounds(), ids=lambda offences: offences[0][1])
def test_contracts_break(copy: Path, offences: list[Offence]) -> None:
    for _contract, module, line in offences:
        path = copy / module
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n", encoding="utf-8")
    found = lint(copy)
    offended = {contract for contract, _module, _line in offences}
    # An import that climbs out of its room comes back into it by another way, so insides may break beside it.
    besides = {name for name in broken(found) - offended if name.startswith("Inside ")}
    assert (found.returncode, broken(found) - besides) == (1, offended), found.stdout
    said = said_of(found)
    assert [(contract, module) for contract, module, _line in offences if named(module) not in said[contract]] == []


def named(module: str) -> str:
    """How a report calls it."""
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def said_of(found: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """What the report says of each contract: its name, a line of dashes, then what breaks it."""
    parts = re.split(r"^(.+)\n-+\n", found.stdout, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_kind_of_contract_is_seen_to_break() -> None:
    inside = {str(each["name"]) for each in contracts() if str(each["id"]).startswith("inside-")}
    assert {str(each["name"]) for each in contracts()} - inside == {FLOORS, OPERATIONS, DOORS, PURE, LETTERS, SOLVERS}
    assert inside & {contract for contract, _, _ in OFFENCES}


def packages() -> set[str]:
    """Every room and folder of a room that holds more than one module."""
    found = set()
    for folder in (ROOT / "festival").rglob("*"):
        if folder.is_dir() and (folder / "__init__.py").exists():
            inside = [path for path in folder.iterdir() if path.name not in {"__init__.py", "__pycache__"}]
            if sum(path.suffix == ".py" or (path / "__init__.py").exists() for path in inside) > 1:
                found.add(".".join(folder.relative_to(ROOT).parts))
    return found


def test_every_room_has_its_inside_in_order() -> None:
    inside = [each for each in contracts() if str(each["id"]).startswith("inside-")]
    assert {name for each in inside for name in each["containers"]} == packages()  # type: ignore[attr-defined]
    assert [each["name"] for each in inside if each["exhaustive"] is not True] == []


@cache
def modules() -> dict[str, ast.Module]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in (ROOT / "festival").rglob("*.py")
        if path.name != "__init__.py"
    }


def test_whoever_calls_itself_pure_is_held_to_it() -> None:
    listed = next(each for each in contracts() if each["id"] == "pure")["source_modules"]
    says_so = {
        name for name, tree in modules().items() if re.search(r"(?:^|[.?] |\n)Pure\b", ast.get_docstring(tree) or "")
    }
    assert len(says_so) > 5
    assert says_so - set(listed) == set()  # type: ignore[call-overload]


def test_no_class_name_stands_for_two_things() -> None:
    where = defaultdict(list)
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                where[node.name].append(name)
    assert {name: rooms for name, rooms in where.items() if len(rooms) > 1} == {}


def users_of(libraries: set[str]) -> set[str]:
    """Modules that import one of these, or name it in a string to import it on first use."""
    return {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and {a.name.split(".")[0] for a in node.names} & libraries)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in libraries)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.split(".")[0] in libraries)
    }


def test_only_documents_knows_the_libraries_of_documents() -> None:
    users = users_of({"openpyxl", "xlsxwriter", "typst", "PIL", "av"})
    # the QR code is drawn in core: passes, devices and minutes all print it
    assert {name for name in users if not name.startswith("festival.documents.")} == {"festival.core.qr"}


def test_only_processes_of_their_own_know_the_solvers() -> None:
    listed = next(each for each in contracts() if each["id"] == "solvers")["protected_modules"]
    # the reader of workbooks names numpy to keep it away, who asks for a mend whether there is a solver
    named = {"festival.documents.workbook_process", "festival.schedule.mending.answer"}
    assert users_of({"numpy", "didppy", "ortools"}) - named == set(listed)  # type: ignore[call-overload]


def test_packages_start_empty() -> None:
    assert [str(path) for path in (ROOT / "festival").rglob("__init__.py") if path.stat().st_size] == []
