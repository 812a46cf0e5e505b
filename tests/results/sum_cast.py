"""A festival with a part of two contests that has its own prize: a family's points of the panel count twice, balls by a scale."""

from __future__ import annotations

import json
from typing import Any

from festival.contests.models import Contest, ContestState, ResultKind, Secrecy
from festival.contests.rule_columns import columns_of
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.editions.rules.document import parse
from festival.editions.rules.file import read
from festival.editions.rules.shapes import SCHEMA
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.results.ladder import lock, sign
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import Signed
from tests.judging.panel_cast import Panel, cast, full_panel

PRIZES = [{"name": "Nhất", "count": 1}, {"name": "Khuyến khích", "count": "rest"}]
TALENT: dict[str, Any] = {
    "code": "tai-nang", "name": "Gia đình tài năng", "kind": "rubric", "secrecy": "kín", "duration_min": 15, "judges": 3,
    "overtime": {"grace_s": 60, "minus_per_started_minute": 2},
    "criteria": [{"code": "noi-dung", "name": "Nội dung", "max": 50, "step": 0.25}, {"code": "dien-xuat", "name": "Diễn xuất", "max": 50, "step": 0.25}],
    "scoring": {"rule": "deviation_drop", "delta": 15, "smallest_panel": 2}, "ties": [{"by": "criterion", "criterion": "noi-dung"}],
    "prizes": [{"name": "Nhất", "count": 1}, {"name": "Nhì", "count": 2}, {"name": "Ba", "count": 3}, {"name": "Khuyến khích", "count": "rest"}],
}  # fmt: skip
BALLS: dict[str, Any] = {
    "code": "bong-ro", "name": "Ném bóng vào rổ", "kind": "count", "secrecy": "công bố ngay", "duration_min": 3, "unit_label": "quả",
    "best_possible": 30, "points_scale": [{"reach": 9, "points": 30}, {"reach": 5, "points": 12.5}], "prizes": TALENT["prizes"],
}  # fmt: skip
SUM: dict[str, Any] = {
    "code": "tong", "name": "Gia đình toàn năng", "part": {"code": "gia-dinh", "name": "Gia đình"}, "kind": "sum", "secrecy": "kín",
    "sum": "points", "of": [{"contest": "tai-nang", "weight": 2}, {"contest": "bong-ro"}],
    "ties": [{"by": "first_places"}, {"by": "contest", "contest": "bong-ro"}], "prizes": PRIZES,
}  # fmt: skip


def document(*contests: dict[str, Any], **more: Any) -> dict[str, Any]:
    festival = {
        "code": "thu", "name": "Ngày hội Gia đình tiêu biểu", "organiser": "Ban", "starts_on": "2024-06-14", "ends_on": "2024-06-16",
        "data_kept_until": "2025-06-30",
    }  # fmt: skip
    return {"schema": SCHEMA, "sources": [], "festival": festival, "contests": list(contests), **more}


def sum_cast(balls: tuple[int, int, int] = (7, 9, 5), **summed: Any) -> tuple[Panel, int]:
    """Judged and counted, nothing locked; the id of the sum."""
    panel = cast(place_points=[])
    full_panel(panel)
    stated = document(TALENT, BALLS, SUM | summed)
    rules = read(parse(json.dumps(stated)))
    with transaction():
        db.session.get_one(Festival, panel.festival_id).ruleset = stated
        sport = db.session.get_one(Contest, panel.sport_id)
        sport.place_points, sport.points_scale = [], columns_of(rules.contests[1])["points_scale"]
        for entry, count in zip(panel.sport_entries, balls, strict=True):
            note_measure(panel.sport_id, entry, 1, MeasureState.VALID, count, 0, None)
        made = Contest(
            festival_id=panel.festival_id,
            code="tong",
            position=3,
            special_prizes=[],
            entries_from_id=panel.contest_id,
            **columns_of(rules.contests[2]),
        )
        assert made.result_kind is ResultKind.SUM and made.secrecy is Secrecy.SECRET
        db.session.add(made)
        db.session.flush()
        return panel, made.id


def locked(panel: Panel, contest_id: int) -> object:
    who = "chair" if contest_id == panel.contest_id else "organiser"
    with transaction():
        return lock.lock(contest_id, panel.users[who], panel.users["secretary"])


def bring(contest_id: int, *states: ContestState) -> None:
    """One contest through the steps named."""
    for state in states:
        with transaction():
            if state is ContestState.SIGNED:
                assert isinstance(sign.sign(contest_id, "1", None), Signed)
            elif state is ContestState.DECIDED:
                sign.record_award_decision(contest_id, "2", None)
            elif state is ContestState.RELEASED:
                sign.release(contest_id, None)
            else:
                sign.publish(contest_id, None)


def components_signed(panel: Panel) -> None:
    for contest_id in (panel.contest_id, panel.sport_id):
        assert isinstance(locked(panel, contest_id), Locked)
        bring(contest_id, ContestState.SIGNED)


def all_signed(panel: Panel, sum_id: int) -> None:
    components_signed(panel)
    assert isinstance(locked(panel, sum_id), Locked)
    bring(sum_id, ContestState.SIGNED)
