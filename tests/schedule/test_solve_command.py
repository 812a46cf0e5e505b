"""Does `flask schedule solve` answer a running order with its bound, refuse in words, and outlive a search that dies?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import ROOT
from festival.schedule.orders.reading import read_order
from festival.schedule.orders.solving import SearchLimits, found_order

# No row is read: both databases would say the same.
pytestmark = pytest.mark.either_database

_EXAMPLE = re.search(
    r"```json\n(\{\"format\": \"festival-order 1\".*?)```", (ROOT / "docs/schedule.md").read_text("utf-8"), re.S
)
assert _EXAMPLE is not None
EXAMPLE: dict[str, Any] = json.loads(_EXAMPLE[1])


def solve(app: Flask, tmp_path: Path, document: object, *more: str, code: int = 0) -> Any:
    file = tmp_path / "order.json"
    file.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode("utf-8"))
    done = app.test_cli_runner().invoke(args=["schedule", "solve", str(file), *more])
    assert done.exit_code == code, done.output + repr(done.exception)
    return json.loads(done.stdout) if code == 0 else done.stderr


def test_the_documented_example_and_both_objectives(app: Flask, tmp_path: Path) -> None:
    said = solve(app, tmp_path, EXAMPLE, "--seconds", "30", "--seed", "7")
    assert said.pop("seconds") < 30
    outside = {"gap": 0.0, "proven": True, "unplaced": [], "contradiction": []}
    assert (
        said
        == {"format": "festival-plan 1", "order": ["mở màn", "đàn", "hát", "kịch", "múa"], "cost": 49, "bound": 49}
        | outside
    )
    quick = solve(app, tmp_path, EXAMPLE | {"objective": "quick_changes"})
    assert {key: quick[key] for key in ("cost", "bound", "gap", "proven")} == {
        "cost": [1, 3], "bound": [1, 3], "gap": 0.0, "proven": True,
    }  # fmt: skip


def test_bad_files_are_refused_in_one_sentence_each_with_its_path(app: Flask, tmp_path: Path) -> None:
    for document, said in (
        (b"{", "$: không phải JSON: dòng 1, cột 2"),
        (b"\xff\xfe{}", "$: tệp không phải chữ UTF-8"),
        (b'{"format": NaN}', "$: NaN không phải là số dùng được"),
        (b"[" * 100_000, "$: không phải JSON đọc được"),
        ([], "$: phải là một đối tượng { … }"),
        ({}, "$.format: thiếu khóa bắt buộc"),
        ({"format": ["festival-order 1"]}, "$.format: «['festival-order 1']» không được dùng ở đây; chọn một trong: "),
        (EXAMPLE | {"before": [["múa", "hát"], ["hát", "múa"]]},
         "$: các điều sau không thể cùng giữ, hãy bỏ bớt một điều: «múa» diễn trước «hát»; «hát» diễn trước «múa»"),
    ):  # fmt: skip
        assert solve(app, tmp_path, document, code=2).splitlines()[0].startswith(said)
    missing = app.test_cli_runner().invoke(args=["schedule", "solve", str(tmp_path / "none.json")])
    assert (missing.exit_code, missing.stderr) == (2, "$: No such file or directory\n")


def test_a_search_that_is_ended_before_it_says_anything_leaves_an_order_that_keeps_every_wish() -> None:
    wanted = read_order(EXAMPLE)
    dead = found_order(wanted, 0.01, limits=SearchLimits(more_s=0))
    assert (dead.whole, dead.order, dead.proven) == (False, (0, 1, 2, 3, 4), False)
    assert dead.bound < dead.cost


def test_what_a_search_says_before_it_dies_is_counted_and_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of the same name says an order that breaks a wish, one that keeps all, a bound above it, half a line, and dies."""
    package = tmp_path / "festival" / "schedule" / "orders"
    package.mkdir(parents=True)
    for each in (package, package.parent, package.parent.parent):
        (each / "__init__.py").touch()
    said = ['{"order": [1, 3, 2, 4, 0]}', '{"order": [0, 3, 1, 2, 4]}', "7", '{"bound": [999]}', '{"order": [0, 3']
    (package / "process.py").write_text(f"print({chr(10).join(said)!r}, flush=True)\nraise SystemExit(3)\n", "utf-8")
    monkeypatch.setattr("festival.schedule.orders.solving.ROOT", tmp_path)
    found = found_order(read_order(EXAMPLE), 5)
    assert (found.order, found.cost, found.whole) == ((0, 3, 1, 2, 4), (53,), False)
    assert found.bound < found.cost
