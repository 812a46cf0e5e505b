"""A third marking and a draw: only for who stands equal at that rung, once, readable for ever, void when the group changes."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

import verify
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.editions.rules.scoring import Passes, ScoringKind, ScoringRule, Shortfall
from festival.results import decide as results_decide
from festival.results.current import current_table, tally_for_result
from festival.results.decide import Saying, TieOrder
from festival.results.decisions import decisions_of
from festival.results.export.contest import add_marks, recountable
from festival.results.ladder import lock as ladder_lock
from festival.results.ladder import sign, unlock
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import Signed
from festival.results.models import DecisionKind, PanelDecision
from festival.results.rungs import drawn, marked_again
from festival.results.settling.recording import LotsDrawn, MarkedAgain, NotHeld, RecordTakenBack, Thrown
from festival.results.ties import AskedOf
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast, marks, send
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk

SAW = ["Nguyễn Thị Chủ", "Trần Văn Hùng"]
LADDER = [{"by": "third_marking"}, {"by": "draw"}, {"by": "jury"}]
ALL = frozenset({"E000", "E001", "E002"})
TWO = frozenset({"E001", "E002"})
DICE = "3125466123"


def equal_panel(ladder: list[dict[str, str]] = LADDER) -> Panel:
    """Three entries of the same points, locked."""
    panel = cast(tie_ladder=ladder)
    who = [("chair", 0), ("chair", 1), ("chair", 2), ("hung", 0), ("hung", 1), ("hung", 2), ("lan", 0), ("lan", 1)]
    send(*(panel.message(judge, at, marks(40_000, 40_000)) for judge, at in who))
    lock(panel)
    return panel


def lock(panel: Panel) -> None:
    with transaction():
        two = panel.users["chair"], panel.users["secretary"]
        assert isinstance(ladder_lock.lock(panel.contest_id, *two, "ký"), Locked)


def say(panel: Panel, saying: Saying, names: list[str] = SAW, reason: str = "theo thể lệ") -> None:
    with transaction():
        results_decide.decide(panel.contest_id, saying, reason, names, panel.users["secretary"])


def places(panel: Panel) -> list[tuple[str, int | None, bool]]:
    with reading():
        found = current_table(tally_for_result(db.session.get_one(Contest, panel.contest_id))).standings
    return [(each.entry, each.rank, each.open) for each in found]


def reasons(panel: Panel) -> dict[str, str]:
    with reading():
        found = current_table(tally_for_result(db.session.get_one(Contest, panel.contest_id))).standings
    return {each.entry: " ".join(map(str, each.reasons)) for each in found}


def third(**typed: str) -> MarkedAgain:
    return MarkedAgain(frozenset(typed), {"3": dict(typed)})


def test_marked_again_then_drawn_by_dice_signed_recounted(app: Flask) -> None:
    """The whole way: what may not be, what stands, what verify.py and a shell come to."""
    with app.app_context():
        panel = equal_panel()
        with pytest.raises(BadInput):  # nobody has come to the draw, and to the panel's word
            say(panel, Thrown(ALL, DICE))
        with pytest.raises(BadInput):
            say(panel, TieOrder([["E000"], ["E001"], ["E002"]]))
        with pytest.raises(Conflict), transaction():
            sign.sign(panel.contest_id, "07", None)
        for typed in ({}, {"E000": "81", "E001": "80"}, {"E000": "101", "E001": "80", "E002": "80"}):
            with pytest.raises(BadInput):
                say(panel, MarkedAgain(ALL, {"3": typed}))
        with pytest.raises(BadInput):  # judge B is tied to the third family
            say(panel, MarkedAgain(ALL, {"B": dict.fromkeys(sorted(ALL), "80")}))
        with pytest.raises(BadInput):
            say(panel, MarkedAgain(ALL, {who: dict.fromkeys(sorted(ALL), "80") for who in ("A", "3")}))
        say(panel, third(E000="80", E001="80", E002="80"))
        say(panel, third(E000="81,5", E001="80", E002="80"), reason="gõ nhầm phiếu")
        assert places(panel) == [("E000", 1, False), ("E001", 2, True), ("E002", 2, True)]
        with pytest.raises(BadInput):  # the group of before
            say(panel, Thrown(ALL, DICE))
        with pytest.raises(BadInput):
            say(panel, Thrown(TWO, "312546612"))
        with pytest.raises(BadInput):  # nobody but the secretary saw it
            say(panel, Thrown(TWO, DICE), names=SAW[:1])
        say(panel, Thrown(TWO, DICE))
        line = (
            'for e in E001 E002; do printf "%s %s\\n" "$(printf "%s" "$1|tai-nang|$e" | sha256sum)" "$e"; done | sort'
        )
        shell = subprocess.run(["bash", "-c", line, "-", DICE], capture_output=True, text=True, check=True).stdout
        drawn = [each.split()[-1] for each in shell.splitlines()]
        assert places(panel) == [("E000", 1, False), (drawn[0], 2, False), (drawn[1], 3, False)]
        assert "xét «bốc thăm»: lá thăm thứ 1" in reasons(panel)[drawn[0]]
        for again in (Thrown(TWO, "6666666666"), LotsDrawn({"E001": "1", "E002": "2"}), NotHeld(AskedOf.DRAW, TWO)):
            with pytest.raises(Conflict):
                say(panel, again)
        say(panel, RecordTakenBack(AskedOf.DRAW, TWO), reason="một lá thăm bị rơi")
        assert [each[2] for each in places(panel)] == [False, True, True]
        with pytest.raises(BadInput):
            say(panel, LotsDrawn({"E001": "1", "E002": "1"}))
        say(panel, LotsDrawn({"E001": "2", "E002": "1"}))
        assert places(panel) == [("E000", 1, False), ("E002", 2, False), ("E001", 3, False)]
        with reading():
            kept = decisions_of(panel.contest_id)
            assert [row.kind.value for row in kept.rows] == ["marking", "marking", "draw", "draw", "draw"]
            assert kept.replaced == frozenset({kept.rows[0].id, kept.rows[2].id})
        with transaction():
            assert isinstance(sign.sign(panel.contest_id, "07", None), Signed)
        with pytest.raises(Conflict):
            say(panel, RecordTakenBack(AskedOf.DRAW, TWO))


def test_going_past_a_rung_leads_to_the_next_and_to_the_panel(app: Flask) -> None:
    with app.app_context():
        panel = equal_panel()
        say(panel, NotHeld(AskedOf.MARKING, ALL), reason="giám khảo đã về")
        say(panel, NotHeld(AskedOf.DRAW, ALL), reason="các gia đình cùng xin đồng hạng")
        assert "không bốc thăm: các gia đình cùng xin đồng hạng" in reasons(panel)["E001"]
        say(panel, TieOrder([["E000", "E001", "E002"]]))
        assert places(panel) == [(f"E00{at}", 1, False) for at in range(3)]
        say(panel, RecordTakenBack(AskedOf.DRAW, ALL))
        assert [each[2] for each in places(panel)] == [True] * 3


def test_another_group_makes_a_draw_void_and_says_so(app: Flask) -> None:
    """Opened, a mark more, locked again: the draw of three answers nothing for two, and comes back with them."""
    with app.app_context():
        panel = equal_panel([{"by": "draw"}, {"by": "jury"}])
        say(panel, Thrown(ALL, DICE))
        first = places(panel)

        def reopened(content: int, base: int) -> None:
            with transaction():
                unlock.unlock(panel.contest_id, panel.users["chair"], panel.users["secretary"], "wrong_mark", "gõ nhầm")
            send(*(panel.message(who, 0, marks(content, 40_000), base=base) for who in ("chair", "hung", "lan")))
            lock(panel)

        reopened(41_000, 1)
        assert places(panel) == [("E000", 1, False), ("E001", 2, True), ("E002", 2, True)]
        page = Desk(app, panel.users["secretary"]).get(TAI_NANG)
        assert "Không còn áp dụng, thứ hạng đã đổi:" in page and "xúc xắc 3125466123" in page
        reopened(40_000, 2)
        assert places(panel) == first
        with pytest.raises(Conflict):  # the same three were drawn already
            say(panel, Thrown(ALL, "6666666666"))


def _honest(panel: Panel, dice: str, together: threading.Barrier) -> None:
    together.wait(PATIENCE_S)
    say(panel, Thrown(ALL, dice))


def _naive(panel: Panel, dice: str, together: threading.Barrier) -> None:
    """Looks first, then writes: what must never be built."""
    with reading():
        row = db.session.get_one(Contest, panel.contest_id)
        said = results_decide.proposed(row, Thrown(ALL, dice), "x", SAW, None)
        kept: dict[str, Any] = dict(said.content)
        moment = said.decided_at
    together.wait(PATIENCE_S)
    with transaction():
        values = {"reason": "x", "names": SAW, "decided_at": moment}
        db.session.add(PanelDecision(contest_id=panel.contest_id, kind=DecisionKind.DRAW, content=kept, **values))


@pytest.mark.parametrize(("act", "drawn"), [(_honest, 1), (_naive, 2)])
def test_two_who_throw_at_once_make_one_draw(
    app: Flask, act: Callable[[Panel, str, threading.Barrier], None], drawn: int
) -> None:
    with app.app_context():
        panel = equal_panel([{"by": "draw"}, {"by": "jury"}])
    together, refused = threading.Barrier(2), list[str]()

    def one(dice: str) -> None:
        with app.app_context():
            try:
                act(panel, dice, together)
            except Conflict as said:
                refused.append(str(said.message))

    both = [threading.Thread(target=one, args=(dice,)) for dice in (DICE, "6666666666")]
    for each in both:
        each.start()
    for each in both:
        each.join(PATIENCE_S)
    with app.app_context(), reading():
        assert (len(decisions_of(panel.contest_id).rows), len(refused)) == (drawn, 2 - drawn)


def test_the_page_asks_reads_back_without_the_outcome_and_stores(app: Flask) -> None:
    with app.app_context():
        panel = equal_panel([{"by": "draw"}, {"by": "jury"}])
    secretary = Desk(app, panel.users["secretary"])
    form = {"how": "dice", "rung": "draw", "group": "E000 E001 E002", "names": "\n".join(SAW), "reason": "thể lệ"}
    assert f"{TAI_NANG}/draw" in secretary.get(TAI_NANG)
    refused = secretary.post(TAI_NANG + "/draw", 422, **form, dice="12345")
    assert 'value="12345"' in refused and "mỗi số từ 1 đến 6" in refused and "Trần Văn Hùng" in refused
    read = secretary.post(TAI_NANG + "/draw", 200, **form, dice=DICE)
    assert DICE in read and "<th scope" in read and "Hạng" not in read and "Nhất" not in read
    secretary.post(TAI_NANG + "/draw", 303, **form, dice=DICE, step="confirm", seen="0")
    page = secretary.get(TAI_NANG)
    assert "Bốc thăm, xúc xắc 3125466123, thứ tự:" in page and "Người chứng kiến:" in page
    for who, status in (("lan", 404), ("mc", 404), ("officer", 404)):
        Desk(app, panel.users[who]).post(TAI_NANG + "/draw", status, **form, dice=DICE)


@pytest.mark.either_database
def test_slips_of_a_third_marking_are_printed_for_whoever_may_give_them(app: Flask) -> None:
    with app.app_context():
        panel = equal_panel()
    desk = Desk(app, panel.users["secretary"])
    assert f'href="{TAI_NANG}/mark-again"' in desk.get(TAI_NANG)
    page = desk.get(TAI_NANG + "/mark-again")
    slips = re.findall(r'class="who">Số (\d)\..*?<p>(Giám khảo (?:[ABC]|thứ ba))', page, re.S)
    # judge B is tied to the third family, so marks none of this group again
    assert slips == [(n, f"Giám khảo {who}") for who in ("A", "C", "thứ ba") for n in "123"]
    assert page.count("<b>Phiếu chấm lại</b>") == page.count('class="qr"') == 9 == page.count("Tổng điểm</th>")
    for who, status in (("lan", 404), ("officer", 404), ("organiser", 403)):
        Desk(app, panel.users[who]).get(TAI_NANG + "/mark-again", status)
    with app.app_context():
        say(panel, third(E000="81", E001="80", E002="79"))
    assert page == desk.get(TAI_NANG + "/mark-again"), "what was typed wrong is marked on the same slips again"
    with app.app_context():
        say(panel, RecordTakenBack(AskedOf.MARKING, ALL))
        with transaction():
            unlock.unlock(panel.contest_id, panel.users["chair"], panel.users["secretary"], "wrong_mark", "gõ nhầm")
    assert "không có phiếu để in" in desk.get(TAI_NANG + "/mark-again", 409)


def test_the_jurys_file_is_recounted_and_a_changed_draw_is_seen(app: Flask) -> None:
    with app.app_context():
        panel = equal_panel()
        say(panel, third(E000="81", E001="80", E002="80"))
        say(panel, Thrown(TWO, DICE))
        found = app.test_cli_runner().invoke(args=["ledger", "verify"])
        assert "results:tai-nang: NGUYÊN VẸN (3 dòng)" in found.output, found.output
        with reading():
            row = db.session.get_one(Contest, panel.contest_id)
            tally = tally_for_result(row)
            said = decisions_of(row.id)
            delegations = {each.delegation_id: each.delegation for each in tally.appearances}
            told = recountable(tally, current_table(tally), said, delegations, jury=True)
            public = recountable(tally, current_table(tally), said, delegations, jury=False, marks=False)
            add_marks(told, tally)
    assert all("marks" not in each["content"] for each in public["decisions"])
    criteria = [{"code": code, "name": code, "max": 50, "step": 0.25} for code in ("noi-dung", "dien-xuat")]
    scoring = {"rule": "deviation_drop", "delta": 15, "smallest_panel": 2}
    rules = {
        "kind": "rubric",
        "duration_min": 15,
        "judges": 3,
        "criteria": criteria,
        "scoring": scoring,
        "ties": LADDER,
        "prizes": [],
    }
    file = json.loads(json.dumps({"code": "tai-nang", "state": "locked", "rules": rules} | told))
    lines = verify.Contest(file).standings()
    assert [(each["entry"], each["place"]) for each in lines] == [
        (each["entry"], each["place"]) for each in file["standings"]
    ]
    file["decisions"][1]["content"]["seed"] = "3333333333"
    assert verify.Contest(file).standings() != lines


def test_marks_of_a_third_marking_are_added_by_the_contests_own_rule() -> None:
    content = {
        "entries": ["a", "b"],
        "marks": {"A": {"a": 80, "b": 70}, "B": {"a": 81, "b": 90}, "C": {"a": 30, "b": 80}},
    }
    keep = Shortfall.KEEP_ALL
    plain = ScoringRule(ScoringKind.MEAN, 0, True, Passes.ONE, 5, Shortfall.NOT_VALID, keep, 1)
    assert marked_again(plain, content) == {"a": Fraction(191, 3), "b": 80}
    drop = ScoringRule(ScoringKind.DEVIATION_DROP, 30, True, Passes.ONE, 2, keep, keep, 1)
    assert marked_again(drop, content) == {"a": Fraction(161, 2), "b": 80}
    ranks = ScoringRule(ScoringKind.RANK_SUM, 0, True, Passes.ONE, 2, keep, keep, 1)
    assert marked_again(ranks, content) == {"a": 5, "b": 4}
    assert drawn("c", {"entries": ["a", "b"], "seed": "", "order": ["b", "a"]}) == {"b": 1, "a": 2}
