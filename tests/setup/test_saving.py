"""Does a page change rules exactly as a file would, and is nothing written by a look at what would change?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from config import ROOT
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.editions.rules.checks.addresses import OF_CONTESTS, OF_EDITIONS
from festival.editions.rules.document import CODE, BrokenRuleset
from festival.roster.models import Delegation
from festival.setup import pieces
from festival.setup.saving import ChangedMeanwhile, begin, document_of, preview, save

pytestmark = pytest.mark.either_database

RULES = ROOT / "festival" / "editions" / "data" / "rulesets" / "hon-quan-2024.json"


def the_document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RULES.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def code(app: Flask) -> str:
    with app.app_context(), transaction():
        return begin(the_document()).festival.code


def look(document: pieces.Document) -> object:
    return pieces.contest(document, "bong-da")


def renamed(name: str) -> Any:
    def edit(document: pieces.Document) -> pieces.Document:
        piece = pieces.contest(document, "bong-da")
        assert piece is not None
        return pieces.with_contest(document, piece | {"name": name}, replacing="bong-da")

    return edit


def names() -> list[str]:
    with reading():
        return list(db.session.scalars(select(Contest.name).order_by(Contest.position)))


def test_an_edition_begins_with_its_first_step_alone(app: Flask) -> None:
    first = pieces.blank(the_document()["festival"])
    with app.app_context():
        with transaction():
            assert begin(first).contests == 0
        assert document_of("hon-quan-2024") == first
        with transaction(), pytest.raises(Conflict):
            begin(first)


def test_a_piece_is_saved_in_its_place_and_the_rest_stays(app: Flask, code: str) -> None:
    with app.app_context():
        before = document_of(code)
        with transaction():
            save(code, renamed("Sút bóng"), look, pieces.mark(look(before)))
        assert names() == [
            "Biểu diễn nghệ thuật «Gia đình tài năng»",
            "Đọc sách cùng con",
            "Nhảy bao bố tiếp sức",
            "Sút bóng",
        ]
        expected = the_document()
        expected["contests"][3]["name"] = "Sút bóng"
        assert document_of(code) == expected


@pytest.mark.both_databases
def test_the_second_of_two_organisers_is_told_and_sees_both(app: Flask, code: str) -> None:
    with app.app_context():
        seen = pieces.mark(look(document_of(code)))
        with transaction():
            save(code, renamed("Sút bóng"), look, seen)
        with pytest.raises(ChangedMeanwhile) as told, transaction():
            save(code, renamed("Đá bóng"), look, seen)
        assert told.value.theirs["name"] == "Sút bóng"
        assert names()[3] == "Sút bóng"


def test_a_look_at_what_would_change_writes_nothing(app: Flask, code: str) -> None:
    def wider(document: pieces.Document) -> pieces.Document:
        quotas = document["quotas"] | {"families_per_delegation": {"min": 1, "max": 3}}
        changed = pieces.with_part(document, "quotas", quotas)
        return pieces.with_part(changed, "delegations", [{"code": "a", "name": "Trường Tiểu học An Khương"}])

    def counts() -> list[int | None]:
        with reading():
            return [db.session.scalar(select(func.count()).select_from(each)) for each in (Delegation, LedgerEntry)]

    with app.app_context():
        before = counts(), document_of(code)
        assert [str(each) for each in preview(code, wider).changes] == [
            "Số gia đình mỗi đoàn: 1–2 → 1–3.",
            "Thêm Trường Tiểu học An Khương.",
        ]
        assert (counts(), document_of(code)) == before


def test_a_look_says_what_follows_from_what_stands_now(app: Flask, code: str) -> None:
    """It compares with the rules before the change, though it makes the change to see whether it can be made."""

    def at_once(document: pieces.Document) -> pieces.Document:
        piece = pieces.contest(document, "tai-nang")
        assert piece is not None
        return pieces.with_contest(document, piece | {"secrecy": "công bố ngay"}, replacing="tai-nang")

    with app.app_context():
        assert [str(each) for each in preview(code, at_once).follows] == [
            "«Biểu diễn nghệ thuật «Gia đình tài năng»»: điểm sẽ hiện công khai ngay khi ghi."
        ]


def test_what_is_not_sound_is_refused_by_its_path(app: Flask, code: str) -> None:
    def turned(document: pieces.Document) -> pieces.Document:
        return pieces.with_part(document, "festival", document["festival"] | {"ends_on": "2024-06-27"})

    with app.app_context():
        with pytest.raises(BrokenRuleset) as told:
            preview(code, turned)
        assert [each.path for each in told.value.problems] == ["$.festival.ends_on"]
        with reading():
            assert str(db.session.scalars(select(Festival.ends_on)).one()) == "2024-06-28"


def test_a_contest_goes_with_what_speaks_of_it() -> None:
    document = the_document()
    document["special_prizes"] = [{"name": "Cú sút đẹp", "contest": "bong-da"}]
    document["whole_delegation"]["ties"].insert(0, {"by": "contest", "contest": "bong-da"})
    left = pieces.without_contest(document, "bong-da")
    assert [each["code"] for each in left["contests"]] == ["tai-nang", "doc-sach", "bao-bo"]
    assert "special_prizes" not in left
    assert left["whole_delegation"]["ties"] == [{"by": "first_places"}, {"by": "jury"}]
    assert document["contests"][3]["code"] == "bong-da"


@pytest.mark.parametrize(
    ("above", "words"),
    [
        (("/office/schedule/", "/office/contests/", "/office/acts/contests/", "/contests/", "/panel/"), OF_CONTESTS),
        (("/office/setup/",), OF_EDITIONS),
    ],
)
def test_no_code_is_the_name_of_a_page_beside_it(app: Flask, above: tuple[str, ...], words: frozenset[str]) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    beside = {rule.removeprefix(each).partition("/")[0] for each in above for rule in rules if rule.startswith(each)}
    assert {each for each in beside if CODE.fullmatch(each)} == words


def test_a_code_that_is_an_address_of_ours_is_refused_and_one_that_stands_goes_on(app: Flask, code: str) -> None:
    def called(now: str) -> Any:
        def edit(document: pieces.Document) -> pieces.Document:
            piece = pieces.contest(document, "bong-da")
            assert piece is not None
            return pieces.with_contest(document, piece | {"code": now}, replacing="bong-da")

        return edit

    with app.app_context():
        for wrong in ("stages", "wishes"):
            with pytest.raises(BrokenRuleset) as told, transaction():
                save(code, called(wrong))
            assert [each.path.rpartition(".")[2] for each in told.value.problems] == ["code"]
            assert f"hãy chọn mã khác, ví dụ «thi-{wrong}»" in str(told.value)
        with pytest.raises(BrokenRuleset, match="trùng địa chỉ"), transaction():
            document = the_document()
            begin(document | {"festival": document["festival"] | {"code": "new"}})
        kept = called("stages")(document_of(code))
        with transaction():  # a release that let it pass
            db.session.execute(update(Contest).where(Contest.code == "bong-da").values(code="stages"))
            db.session.execute(update(Festival).values(ruleset=kept))
        with transaction():
            save(code, lambda document: document)
        with transaction():
            begin(kept | {"festival": kept["festival"] | {"code": "nam-sau"}})
    client = app.test_client()
    assert client.get("/contests/stages").status_code == 200
