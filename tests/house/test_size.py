"""Is any file, function, script, room or line of a template bigger than a reader can hold?

What is bigger stands in EXCEPTIONS with its reason; an exception that is needed no more fails, so the list only shrinks.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

from config import ROOT

FILE_MAX = 400  # lines, as everything below but the last
FUNCTION_MAX = 60
SCRIPT_MAX = 150
ROOM_MAX = 2_500  # a folder inside a room is counted apart
TEMPLATE_LINE_MAX = 180  # characters

# Migrations are not here: they stay as they were when they ran.
PYTHON = (
    "app.py",
    "config.py",
    "festival/**/*.py",
    "tests/**/*.py",
    "benchmarks/**/*.py",
    "scripts/*.py",
    "deploy/**/*.py",
)

EXCEPTIONS: dict[str, str] = {
    "festival/results/": "what the panel is asked, by page and by command; ladder, map and delegations are folders of their own",
    "tests/checkin/test_gate_app.py": "one phone at a gate through a whole day, told in order",
    "tests/devices/kit.py::open_fair": "a list of rows, one after another",
    "tests/judging/panel_cast.py::cast": "a list of rows, one after another",
    "tests/judging/test_judge_app.py::test_a_judge_marks_offline_and_chooses_between_two_versions": "one journey in a browser",
    "tests/programme/scene.py::make_festival": "a list of rows, one after another",
}


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def functions(tree: ast.AST, above: str = "") -> Iterator[tuple[str, int]]:
    """Qualified name and number of lines of every function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{above}{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield name, (node.end_lineno or node.lineno) - node.lineno + 1
            yield from functions(node, f"{name}.")
        else:
            yield from functions(node, above)


def measured(root: Path) -> Iterator[tuple[str, int, int]]:
    """(what, its size, the most it may have) for everything that has a bound."""
    rooms: Counter[str] = Counter()
    for path in sorted({found for pattern in PYTHON for found in root.glob(pattern)}):
        name, size = path.relative_to(root).as_posix(), len(lines(path))
        yield name, size, FILE_MAX
        for function, length in functions(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{name}::{function}", length, FUNCTION_MAX
        if name.startswith("festival/") and name.count("/") > 1:
            rooms[path.parent.relative_to(root).as_posix() + "/"] += size
    yield from ((room, size, ROOM_MAX) for room, size in rooms.items())
    for path in sorted((root / "static" / "js").rglob("*.js")):
        yield path.relative_to(root).as_posix(), len(lines(path)), SCRIPT_MAX
    for path in sorted((root / "templates").rglob("*.html")):
        yield path.relative_to(root).as_posix(), max(map(len, lines(path)), default=0), TEMPLATE_LINE_MAX


def too_big(root: Path) -> dict[str, int]:
    return {what: size for what, size, most in measured(root) if size > most}


@pytest.fixture(scope="module")
def found() -> dict[str, int]:
    return too_big(ROOT)


def test_nothing_is_bigger_than_a_reader_can_hold(found: dict[str, int]) -> None:
    assert {what: size for what, size in found.items() if what not in EXCEPTIONS} == {}


def test_no_exception_is_kept_longer_than_needed(found: dict[str, int]) -> None:
    assert sorted(set(EXCEPTIONS) - set(found)) == []


SIXTY_ONE = "def long():\n" + "    x = 1\n" * 60


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("app.py", SIXTY_ONE, {"app.py::long": 61}),
        ("tests/test_a.py", "class A:\n" + indent(SIXTY_ONE, "    "), {"tests/test_a.py::A.long": 61}),
        ("festival/a/b.py", "x = 1\n" * 401, {"festival/a/b.py": 401}),
        ("festival/a/b.py", "x = 1\n" * 400, {}),
        ("static/js/a/b.js", "f();\n" * 151, {"static/js/a/b.js": 151}),
        ("static/vendor/a.js", "f();\n" * 151, {}),
        ("templates/a/b.html", "<p>\n" + "ă" * 181, {"templates/a/b.html": 181}),
    ],
)
def test_the_search_bites(tmp_path: Path, name: str, content: str, told: dict[str, int]) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert too_big(tmp_path) == told


def test_a_room_is_counted_without_the_folders_inside_it(tmp_path: Path) -> None:
    for number in range(7):
        for folder in ("a", "a/inner"):
            path = tmp_path / "festival" / folder / f"m{number}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x = 1\n" * (400 if folder == "a" or number < 6 else 100))
    assert too_big(tmp_path) == {"festival/a/": 2800}
