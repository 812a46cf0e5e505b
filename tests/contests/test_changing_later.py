"""What of a contest's rules changes after the first mark, where is a new name seen, and what stands?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests import actions
from festival.contests.models import Contest, ContestState, Criterion
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Unit
from festival.editions.rules.prizes import PrizeRule
from festival.judging.tablets.tablet import judge_state
from festival.judging.tally import read_tally
from festival.office.festival_import import import_festival, read_file
from festival.papers.models import SignedPaper, WholeMinutes
from festival.programme.queries import public_view
from festival.results.current import current_table
from festival.results.ladder.lock import lock
from festival.results.ladder.sign import print_minutes, sign
from festival.results.models import Award
from festival.results.prizes import PrizeDecision, award
from festival.results.standings import EntryResult, ResultState, standings
from tests.editions.test_every_key import BASE
from tests.harness.paper_words import words_of_pdf
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

Change = Callable[[dict[str, Any]], object]


def take(document: dict[str, Any]) -> list[str]:
    with transaction():
        return [str(each) for each in import_festival(read_file(json.dumps(document).encode())).changes]


def stand(code: str = "tai-nang", **values: Any) -> None:
    with transaction():
        db.session.execute(update(Contest).where(Contest.code == code).values(**values))


def marked(code: str = "tai-nang") -> None:
    with transaction():
        actions.fix_rules(db.session.scalars(select(Contest.id).where(Contest.code == code)).one())


def held(code: str = "tai-nang") -> Any:
    """Its row as it is now."""
    with reading():
        return db.session.execute(select(Contest.__table__).where(Contest.code == code)).one()


@pytest.fixture
def document(app: Flask) -> Iterator[dict[str, Any]]:
    """An edition with rules and without a mark."""
    with app.app_context():
        found = copy.deepcopy(BASE)
        take(found)
        yield found


def talent(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed["contests"][0] |= changes
    return changed


def criteria(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed["contests"][0]["criteria"][0] |= changes
    return changed


def test_words_change_after_the_first_mark_and_are_recorded(document: dict[str, Any]) -> None:
    marked()
    with reading():
        ids = db.session.scalars(select(Criterion.id).order_by(Criterion.id)).all()
    renamed = criteria(
        talent(document, name="Tài năng nhà"), name="Nội dung", descriptors=[{"from": 30, "text": "khá"}]
    )
    for each in renamed["contests"][:2]:
        each["part"]["name"] = "Phần Một"
    renamed["contests"][1]["unit_label"] = "trái"
    assert take(renamed) == [
        "Phần thi «Tài năng» đổi tên thành «Tài năng nhà».",
        "Phần thi «Tài năng nhà»: tiêu chí «X» đổi tên thành «Nội dung».",
    ]
    with reading():
        assert db.session.scalars(select(Criterion.id).order_by(Criterion.id)).all() == ids
        first = db.session.get_one(Criterion, ids[0])
        assert (first.name, first.descriptor, first.max_milli) == ("Nội dung", "30: khá", 50_000)
        lines = [each for each in ledger.lines("decisions:thu") if each[0].kind == "contest_renamed"]
        assert [(line.subject, json.loads(said.content or "")) for line, said in lines if said] == [
            (
                {"contest": "tai-nang"},
                {
                    "renamed": [
                        {"what": "name", "old": "Tài năng", "new": "Tài năng nhà"},
                        {"what": "part_name", "old": "Phần", "new": "Phần Một"},
                        {"what": "name", "criterion": "x", "old": "X", "new": "Nội dung"},
                        {"what": "descriptor", "criterion": "x", "old": "40: tốt", "new": "30: khá"},
                    ]
                },
            ),
            (
                {"contest": "bong-ro"},
                {
                    "renamed": [
                        {"what": "part_name", "old": "Phần", "new": "Phần Một"},
                        {"what": "unit_label", "old": "quả", "new": "trái"},
                    ]
                },
            ),
        ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"duration_min": 6}, "thời gian một lượt"),
        ({"judges": 7}, "số giám khảo, cách tính điểm"),
        ({"overtime": {"grace_s": 31, "minus_per_started_minute": 1}}, "trừ điểm quá giờ"),
        ({"secrecy": "công bố ngay"}, "công khai hay giữ kín"),
        ({"performers": {"min": 1, "max": 3}}, "số người trên sân khấu"),
        ({"ties": []}, "thứ tự xét khi bằng nhau"),
        ({"criteria": [BASE["contests"][0]["criteria"][0]], "total": 50}, "tiêu chí"),
        ({"criteria": list(reversed(BASE["contests"][0]["criteria"]))}, "tiêu chí"),
        ({"scoring": BASE["contests"][0]["scoring"] | {"delta": 9}}, "cách tính điểm"),
    ],
)
def test_what_decides_points_stands_from_the_first_mark(
    document: dict[str, Any], change: dict[str, Any], what: str
) -> None:
    """The whole import is refused, the new name with it; before the mark the same file is taken."""
    marked()
    changed = talent(document, name="Tài năng nhà", **change)
    if "smallest_panel" in changed["contests"][0]["scoring"] and "judges" in change:
        changed["contests"][0]["scoring"] = {"rule": "deviation_drop", "delta": 10, "round": 0.5}
    with pytest.raises(Conflict, match=f"«Tài năng» đã có điểm nên không đổi được nữa: {what}"):
        take(changed)
    assert held().name == "Tài năng"
    stand(rules_fixed_at=None)
    take(changed)
    assert held().name == "Tài năng nhà"


def test_prizes_and_place_points_change_until_the_minutes_are_signed(document: dict[str, Any]) -> None:
    marked("chay")
    new = copy.deepcopy(document)
    new["contests"][2] |= {"place_points": [7, 3], "prizes": [{"name": "Vàng", "count": 1}]}
    stand("chay", state=ContestState.LOCKED)
    take(new)
    assert (held("chay").place_points, held("chay").prizes) == ([7000, 3000], [{"name": "Vàng", "count": 1}])
    stand("chay", state=ContestState.SIGNED)
    take(new)
    with pytest.raises(Conflict, match="«Chạy» đã ký biên bản nên không đổi được nữa: giải thưởng"):
        take(document | {"contests": [*new["contests"][:2], new["contests"][2] | {"prizes": []}, *new["contests"][3:]]})
    assert held("chay").place_points == [7000, 3000]


def test_the_name_stands_once_the_result_is_public_and_the_order_never(document: dict[str, Any]) -> None:
    marked()
    stand(state=ContestState.RELEASED)
    named = talent(document, name="Tài năng nhà")
    take(named)
    stand(state=ContestState.PUBLISHED)
    with pytest.raises(Conflict, match="«Tài năng nhà» đã công bố kết quả nên không đổi được nữa: tên phần thi"):
        take(document)
    with pytest.raises(Conflict, match="không đổi được nữa: tên tiêu chí"):
        take(criteria(named, name="Khác"))
    take(named | {"contests": [named["contests"][1], named["contests"][0], *named["contests"][2:]]})
    assert held().position == 2
    entries = {"min": 1, "max": 9}
    assert take(talent(named, entries_per_delegation=entries) | {"contests": [
        named["contests"][1], named["contests"][0] | {"entries_per_delegation": entries}, *named["contests"][2:]
    ]}) == ["Số tiết mục mỗi đoàn ở phần thi «Tài năng nhà»: 2–3 → 1–9."]  # fmt: skip


def test_how_delegations_are_added_up_stands_from_the_first_mark_of_any_contest(document: dict[str, Any]) -> None:
    whole = document["whole_delegation"]
    prized = document | {"whole_delegation": whole | {"prizes": [{"name": "Cờ", "count": 1}]}}
    marked("hoi")
    take(prized)
    for wrong in (
        prized["whole_delegation"] | {"ties": []},
        prized["whole_delegation"] | {"ties": [{"by": "members"}]},
    ):
        with pytest.raises(Conflict, match="cách cộng điểm toàn đoàn"):
            take(prized | {"whole_delegation": wrong})
    festival = held().festival_id
    with transaction():
        db.session.add(WholeMinutes(festival_id=festival, number="1", contests=[], standings=[], signed_at=now()))
    with pytest.raises(Conflict, match="Biên bản toàn đoàn đã ký"):
        take(document)
    take(prized)


# ------------------------------------------------------------------------- with people, marks and papers


@pytest.fixture
def judged(app: Flask) -> Iterator[tuple[Panel, dict[str, Any]]]:
    """The cast under a rule file of its own, everybody has marked."""
    with app.app_context():
        panel = cast()
        with transaction():
            for at, unit in enumerate(db.session.scalars(select(Unit).order_by(Unit.key))):
                unit.key = f"thu-d{at}"
        found = copy.deepcopy(BASE)
        found["quotas"]["families_per_delegation"] = {"min": 0, "max": 6}
        found["delegations"] = [{"code": f"d{at}", "name": f"Đoàn huyện Số {at}"} for at in range(3)]
        found["contests"][0] |= {
            "judges": 3, "total": 100, "scoring": {"rule": "mean"}, "ties": [{"by": "criterion", "criterion": "noi-dung"}],
            "criteria": [
                {"code": "noi-dung", "name": "Nội dung", "max": 50, "step": 0.25},
                {"code": "dien-xuat", "name": "Diễn xuất", "max": 50, "step": 0.25},
            ],
            "prizes": [{"name": "Nhất", "count": 1}, {"name": "Khuyến khích", "count": "rest"}],
        }  # fmt: skip
        found["whole_delegation"]["ties"] = []
        found["special_prizes"] = [{"name": "Trang phục ấn tượng", "contest": "tai-nang"}]
        take(found)
        full_panel(panel)
        yield panel, found


def test_a_new_name_reaches_tablets_and_papers_that_are_not_signed(judged: tuple[Panel, dict[str, Any]]) -> None:
    panel, document = judged
    renamed = criteria(talent(document, name="Tài năng nhà"), name="Ý tưởng")
    with transaction():
        lock(panel.contest_id, panel.users["chair"], panel.users["secretary"], "đến giờ")
    with transaction():
        print_minutes(panel.contest_id, "1", None)
    take(renamed)
    with reading():
        state = judge_state(panel.users["lan"], panel.festival_id)["contests"][0]
        assert (state["name"], state["criteria"][0]["name"]) == ("Tài năng nhà", "Ý tưởng")
        assert next(sheet["marks"] for sheet in state["sheets"])["noi-dung"] == 45_000
    # the paper printed before says another name: it is printed again before anybody signs
    with pytest.raises(Conflict, match="In lại rồi ký tờ mới"), transaction():
        sign(panel.contest_id, "1", None, printed_first=True)
    with transaction():
        print_minutes(panel.contest_id, "1", None)
    with transaction():
        sign(panel.contest_id, "1", None, printed_first=True)
    take(document)
    with reading():
        paper = db.session.scalars(select(SignedPaper).where(SignedPaper.signed_at.is_not(None))).one()
        assert "Tài năng nhà" in words_of_pdf(paper.content)
    assert held().name == "Tài năng"


def test_a_special_prize_that_was_given_stays(judged: tuple[Panel, dict[str, Any]]) -> None:
    panel, document = judged
    gone = document | {"special_prizes": [{"name": "Trang phục đẹp", "contest": "tai-nang"}]}
    with transaction():
        given = Award(
            contest_id=panel.contest_id, festival_id=panel.festival_id, entry_id=panel.entry_ids[0],
            prize="Trang phục ấn tượng", position=1, special=True,
        )  # fmt: skip
        db.session.add(given)
    with pytest.raises(Conflict, match="«Trang phục ấn tượng» đã ghi cho một tiết mục ở phần thi «Tài năng»"):
        take(gone)
    with transaction():
        db.session.delete(db.session.scalars(select(Award)).one())
    take(gone)
    assert held().special_prizes == ["Trang phục đẹp"]


def test_a_decision_that_names_a_prize_of_before_is_asked_again() -> None:
    table = standings(
        [EntryResult(each, ResultState.RANKED, 5) for each in ("a", "b")], higher_wins=True, ladder=(), decisions=()
    )
    decided = PrizeDecision({"a": "Nhất", "b": "Nhì"}, "hát hay", ("Chủ",))
    old = [PrizeRule("Nhất", 1), PrizeRule("Nhì", 1)]
    assert [each.prize for each in award(table, old, [decided]).awards] == ["Nhất", "Nhì"]
    new = [PrizeRule("Vàng", 1), PrizeRule("Nhì", 1)]
    asked = award(table, new, [decided])
    assert (asked.awards, [each.entries for each in asked.questions]) == ((), [("a", "b")])


def test_a_new_name_is_read_in_the_programme_that_was_published_before(app: Flask) -> None:
    with app.app_context(), transaction():
        make_festival(families=3, contests=2, publish=True, first_day=date(2024, 6, 14), code="kg-2024")
    public = app.test_client()
    with app.app_context(), reading():
        name = db.session.scalars(select(Contest.name).order_by(Contest.position)).first()
    assert name is not None
    assert name in public.get("/programme").text
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.name == name).values(name="Tài năng nhà ta"))
    with app.app_context(), reading():
        view = public_view()
        assert view is not None
        called = {block.contest_name for day in view.days for block in day.blocks}
    assert "Tài năng nhà ta" in called
    assert name not in called


def test_a_new_name_of_a_criterion_is_said_in_the_reasons_of_the_standings(
    judged: tuple[Panel, dict[str, Any]],
) -> None:
    panel, document = judged
    with transaction():
        contest = actions.held_contest(panel.contest_id)
        explained = [str(each) for line in current_table(read_tally(contest)).standings for each in line.reasons]
    take(criteria(document, name="Ý tưởng"))
    with transaction():
        contest = actions.held_contest(panel.contest_id)
        again = [str(each) for line in current_table(read_tally(contest)).standings for each in line.reasons]
    assert [each.replace("Nội dung", "Ý tưởng") for each in explained] == again
