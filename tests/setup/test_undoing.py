"""Does a contest that was taken out come back with all that went with it?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from config import ROOT
from festival.editions.rules.file import read
from festival.setup.edition.undoing import put_back, taken_out
from festival.setup.pieces import contest, with_contest, without_contest

RULES = ROOT / "festival" / "editions" / "data" / "rulesets" / "hon-quan-2024.json"


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RULES.read_text(encoding="utf-8"))
    found["special_prizes"] = [
        {"name": "Gia đình đông nhất"},
        {"name": "Cú sút đẹp", "contest": "bong-da"},
        {"name": "Chạy bền", "contest": "bao-bo"},
    ]
    found["whole_delegation"]["ties"].insert(0, {"by": "contest", "contest": "bong-da"})
    return found


def test_what_was_taken_out_comes_back_where_it_stood(document: dict[str, Any]) -> None:
    document["special_prizes"].pop()
    for each in document["contests"]:
        code = each["code"]
        out = taken_out(document, code)
        assert out is not None
        assert put_back(without_contest(document, code), json.loads(json.dumps(out))) == document
    assert taken_out(document, "khong-co") is None


def test_a_code_given_away_meanwhile_stays_with_whom_it_was_given(document: dict[str, Any]) -> None:
    document["special_prizes"].pop()
    out = taken_out(document, "bong-da")
    assert out is not None
    other = out["piece"] | {"name": "Bóng đá mới"}
    changed = put_back(with_contest(without_contest(document, "bong-da"), other), out)
    first, second = contest(changed, "bong-da"), contest(changed, "bong-da-2")
    assert first is not None
    assert second is not None
    assert (first["name"], second["name"]) == ("Bóng đá mới", out["piece"]["name"])
    assert changed["special_prizes"][1] == {"name": "Cú sút đẹp", "contest": "bong-da-2"}
    read(changed)
