"""A judge is replaced in the middle: sheets stay, the substitute marks the rest, a reserve counts only when seated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from festival.contests.actions import SeatRefused, note_unavailable, seat, unseat
from festival.contests.models import Contest, Judge, PanelSeat
from festival.contests.panel import SheetState
from festival.contests.replacing.holders import counting, holders
from festival.contests.replacing.models import SeatReplacement
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.seal.compare import How
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.rules.kinds import MarkedByBoth
from festival.judging.models import RefusedSheet, ScoreSheet
from festival.judging.panel.refused import refused_sheets
from festival.judging.panel.replacing import SeatTaken, replace_judge, take_back
from festival.judging.sheet_messages import SheetRefused, SheetTaken
from festival.judging.tablets.tablet import judge_state
from festival.judging.tally import read_tally
from festival.results.current import current_table, standings_json
from festival.results.ladder.lock import Locked, lock
from festival.roster.models import Delegation, Entry
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast, marks, send

pytestmark = pytest.mark.either_database

STREAM = "judging:tai-nang"


def in_reserve(panel: Panel, who: str = "other") -> int:
    """Somebody waits in reserve."""
    with transaction():
        return seat(panel.contest_id, panel.users[who], PanelSeat.RESERVE).judge_id


def replaced(panel: Panel, out: str = "hung", into: str = "other", why: str = "ốm") -> SeatTaken:
    with transaction():
        return replace_judge(panel.judges[out], panel.users[into], why, panel.users["chair"], panel.users["secretary"])


def table(panel: Panel) -> object:
    with reading():
        tallied = read_tally(db.session.get_one(Contest, panel.contest_id, populate_existing=True))
        return standings_json(current_table(tallied))


def totals(panel: Panel) -> dict[tuple[str, int], int | None]:
    """What counts, by letter and entry."""
    with reading():
        tallied = read_tally(db.session.get_one(Contest, panel.contest_id, populate_existing=True))
        at = {each: number for number, each in enumerate(panel.entry_ids)}
        letters = {each.id: each.letter for each in tallied.seats}
        return {(letters[judge], at[entry]): sheet.total_milli for (judge, entry), sheet in tallied.sheets.items()}


def sealed() -> list[str]:
    """Where ledger and tables differ; what the cast made was written by no door."""
    with seals.snapshot():
        found = seals.inspect(["decisions:thu", STREAM]).named()
    return [
        f"{each.table} {each.key} {each.column} {each.how}" for _name, each in found if each.how is not How.UNRECORDED
    ]


def state_of(panel: Panel, who: str) -> dict[str, Any]:
    with reading():
        return judge_state(panel.users[who], panel.festival_id)


def heads() -> int:
    with reading():
        return ledger.head(STREAM).size


# --- pure


class _Sheet:
    def __init__(self, name: str, state: SheetState = SheetState.MARKED) -> None:
        self.name, self.state = name, state


def test_whose_sheet_counts_is_a_rule_about_who_sat_when() -> None:
    assert holders([]) == {}
    assert holders([(3, 1, 10)]) == {10: (3, 10)}
    assert holders([(3, 2, 3), (3, 1, 10), (5, 1, 11)]) == {3: (3, 10), 11: (5, 11)}
    first, second = _Sheet("first"), _Sheet("second")
    both = {3: first, 10: second}
    assert counting((3, 10), 10, both, MarkedByBoth.FIRST) is first
    assert counting((3, 10), 10, both, MarkedByBoth.SUBSTITUTE) is second
    # Who came back sat there first, and the present one's own sheet is not the first any more.
    assert counting((3, 10), 3, both, MarkedByBoth.FIRST) is first
    late = {3: _Sheet("late", SheetState.LATE), 10: second}
    assert counting((3, 10), 10, late, MarkedByBoth.FIRST) is second
    gone = {3: _Sheet("absent", SheetState.ABSENT)}
    assert counting((3, 10), 10, gone, MarkedByBoth.FIRST) is gone[3]
    assert counting((3, 10), 10, {}, MarkedByBoth.FIRST) is None


# --- both databases


def test_a_judge_is_replaced_in_the_middle_and_every_number_is_the_one_computed_by_hand(app: Flask) -> None:
    with app.app_context():
        panel = cast(aggregate="mean", round_milli=1)
        reserve = in_reserve(panel)
        send(*(panel.message("chair", at, marks(40_000, 40_000)) for at in range(3)))
        send(*(panel.message("lan", at, marks(30_000, 30_000)) for at in range(2)))
        send(panel.message("hung", 0, marks(20_000, 20_000)))
        # In parallel: entry 0 as well, and entry 1 that the judge has not marked.
        send(panel.message("other", 0, marks(50_000, 50_000)), panel.message("other", 1, marks(45_000, 45_000)))
        assert heads() == 6
        taken = replaced(panel)
        assert taken == SeatTaken(judge_id(panel, "other"), "C", 2, 0)
        send(panel.message("other", 2, marks(10_000, 10_000)))
        assert totals(panel) == {
            ("A", 0): 80_000, ("A", 1): 80_000, ("A", 2): 80_000, ("B", 0): 60_000, ("B", 1): 60_000,
            ("C", 0): 40_000, ("C", 1): 90_000, ("C", 2): 20_000,
        }  # fmt: skip
        with reading():
            tallied = read_tally(db.session.get_one(Contest, panel.contest_id))
            shown = {each.entry: each.value for each in current_table(tallied).standings}
            assert [each.letter for each in tallied.seats] == ["A", "B", "C"]
            assert tallied.seats[2].sat == (panel.judges["hung"], taken.judge_id)
        # (80 + 60 + 40) / 3, (80 + 60 + 90) / 3, (80 + 20) / 2
        assert shown == {"E000": 60_000, "E001": 76_667, "E002": 50_000}
        with transaction():
            db.session.get_one(Contest, panel.contest_id).marked_by_both = "substitute"
        assert totals(panel)["C", 0] == 100_000
        with transaction():
            db.session.get_one(Contest, panel.contest_id).marked_by_both = "first"
        assert sealed() == []
        with reading():
            assert db.session.get_one(Judge, reserve).seat is PanelSeat.STOOD_DOWN
        with transaction():
            outcome = lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        assert isinstance(outcome, Locked) and outcome.problems == ()
        with pytest.raises(Conflict, match="khóa điểm"):
            replaced(panel, "lan", "deputy")
        assert sealed() == []


def judge_id(panel: Panel, who: str) -> int:
    with reading():
        wanted = select(Judge.id).where(Judge.contest_id == panel.contest_id, Judge.user_id == panel.users[who])
        return db.session.scalars(wanted.order_by(Judge.id.desc())).first() or 0


def test_until_seated_nothing_depends_on_what_a_reserve_marks(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        in_reserve(panel)
        send(panel.message("hung", 0, marks(20_000, 20_000)))
        before = (table(panel), totals(panel), state_of(panel, "lan"), heads())
        outcomes = send(
            panel.message("other", 0, marks(50_000, 50_000)),
            panel.message("other", 0, marks(40_000, 50_000)),  # a second tablet: two versions wait
            panel.message("other", 1, verb="abstain", body={"state": "late", "note": "xe hỏng"}),
        )
        assert outcomes[0] == SheetTaken(1, 100_000, None)  # into no ledger
        after = (table(panel), totals(panel), state_of(panel, "lan"), heads())
        assert after == before
        assert sealed() == []
        own = state_of(panel, "other")["contests"][0]
        assert [(each["entry"], each["state"], each["conflict"]) for each in own["sheets"]] == [
            ("E000", "marked", True), ("E001", "late", False),
        ]  # fmt: skip
        # Seated, both versions come along and wait for the same judge.
        assert replaced(panel).brought == 3
        with reading():
            versions = select(func.count()).select_from(ScoreSheet).where(ScoreSheet.conflict)
            assert db.session.scalar(versions) == 2  # the one in reserve stays as it was
        assert sealed() == []


def test_a_reserve_who_is_no_more_leaves_nothing_behind_that_can_be_seen(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        reserve = in_reserve(panel)
        send(panel.message("other", 0, marks(50_000, 50_000)))
        with transaction():
            unseat(reserve)
        assert send(panel.message("other", 1, marks(1_000, 1_000))) == [SheetRefused("not_on_panel")]
        assert sealed() == []
        assert in_reserve(panel) == reserve  # and comes back to the own sheets
        assert len(state_of(panel, "other")["contests"][0]["sheets"]) == 1
        assert sealed() == []


def test_what_still_comes_from_who_was_replaced_is_kept_and_shown(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(panel.message("hung", 0, marks(20_000, 20_000)))
        replaced(panel)
        assert send(panel.message("hung", 1, marks(9_000, 9_000))) == [SheetRefused("replaced")]
        with reading():
            assert [(each.reason, each.judge_id) for each in refused_sheets(panel.contest_id)] == [
                ("replaced", panel.judges["hung"])
            ]
            assert db.session.scalar(select(func.count()).select_from(RefusedSheet)) == 1
        # The substitute's tablet says of the act that was marked only that it was.
        entries = state_of(panel, "other")["contests"][0]
        assert [each.get("given", False) for each in entries["entries"]] == [True, False, False]
        assert entries["letter"] == "C" and entries["sheets"] == []
        assert state_of(panel, "hung")["contests"] == []


def test_a_replacement_is_taken_back_before_the_first_sheet_that_counts_else_replaced_again(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        in_reserve(panel)
        send(panel.message("hung", 0, marks(20_000, 20_000)), panel.message("other", 1, marks(30_000, 30_000)))
        before = totals(panel)
        replaced(panel)
        with pytest.raises(BadInput), transaction():
            take_back(panel.judges["hung"], "  ", (None, None))
        with transaction():
            assert take_back(panel.judges["hung"], "bấm nhầm ghế", (None, None)) == "C"
        assert totals(panel) == before
        assert sealed() == []
        with pytest.raises(Overtaken), transaction():
            take_back(panel.judges["hung"], "lần nữa", (None, None))
        assert send(panel.message("hung", 1, marks(25_000, 25_000)))[0].__class__ is SheetTaken
        replaced(panel)
        send(panel.message("other", 2, marks(31_000, 31_000)))
        with pytest.raises(SeatRefused, match="đã chấm từ ghế này"), transaction():
            take_back(panel.judges["hung"], "khỏi ốm", (None, None))
        # A further replacement is the way back; the sheets of both stay.
        sits = judge_id(panel, "other")
        with transaction():
            replace_judge(sits, panel.users["hung"], "khỏi ốm", None, None)
        assert {key: value for key, value in totals(panel).items() if key[0] == "C"} == {
            ("C", 0): 40_000, ("C", 1): 50_000, ("C", 2): 62_000,
        }  # fmt: skip
        assert send(panel.message("hung", 2, marks(1_000, 1_000)))[0].__class__ is SheetTaken
        assert totals(panel)["C", 2] == 2_000  # who sat there first, also after coming back
        assert sealed() == []


def test_who_cannot_take_a_seat_is_refused_in_words(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        for into, said in (("lan", "đang ngồi"), ("secretary", "thư ký"), ("hung", "đang ngồi")):
            with pytest.raises(SeatRefused, match=said):
                replaced(panel, "hung", into)
        with pytest.raises(BadInput):
            replaced(panel, "hung", "other", "   ")
        replaced(panel, "hung", "other")
        with pytest.raises(SeatRefused, match="ghế khác"):
            replaced(panel, "lan", "hung")
        with pytest.raises(Overtaken):
            replaced(panel, "hung", "deputy")
        substitute = judge_id(panel, "other")
        with pytest.raises(Conflict, match="thay người"), transaction():
            unseat(substitute)
        # Ties are the person's: a reserve who is tied is tied in the seat.
        reserve = in_reserve(panel, "deputy")
        unit = unit_of(panel, 0)
        with transaction():
            note_unavailable(reserve, unit, "anh trai dự thi")
        assert send(panel.message("deputy", 0, marks(1_000, 1_000))) == [SheetRefused("tied")]
        replaced(panel, "lan", "deputy")
        assert send(panel.message("deputy", 0, marks(1_000, 1_000))) == [SheetRefused("tied")]
        assert sealed() == []


def unit_of(panel: Panel, at: int) -> int:
    with reading():
        wanted = select(Delegation.unit_id).join(Entry).where(Entry.id == panel.entry_ids[at])
        return db.session.scalars(wanted).one()


# --- a race


Put = Callable[[Panel, str, threading.Barrier], None]


def honest(panel: Panel, into: str, together: threading.Barrier) -> None:
    together.wait(PATIENCE_S)
    replaced(panel, "hung", into)


def naive(panel: Panel, into: str, together: threading.Barrier) -> None:
    """Looks who sits there, then writes, with neither the contest held nor a number of its own."""
    with reading():
        sits = db.session.get_one(Judge, panel.judges["hung"]).marks
        letter = db.session.get_one(Judge, panel.judges["hung"]).letter
        count = db.session.scalar(select(func.count()).select_from(SeatReplacement)) or 0
    together.wait(PATIENCE_S)
    if not sits:
        raise Conflict()
    with transaction():
        judge = Judge(contest_id=panel.contest_id, user_id=panel.users[into], seat=PanelSeat.MEMBER, marks=True)
        db.session.add(judge)
        db.session.flush()
        db.session.add(
            SeatReplacement(
                # a number drawn from nowhere in place of the next one: what the constraint would have refused
                root_id=panel.judges["hung"], number=count + judge.id, out_id=panel.judges["hung"], in_id=judge.id,
                letter=letter, reason="x", replaced_at=now(),
            )
        )  # fmt: skip


@pytest.mark.parametrize(("put", "seated"), [(honest, 1), (naive, 2)])
@pytest.mark.both_databases
def test_two_secretaries_who_replace_the_same_judge_seat_one_person(app: Flask, put: Put, seated: int) -> None:
    with app.app_context():
        panel = cast()
        together = threading.Barrier(2)
        got: list[str] = []

        def one(into: str) -> None:
            with app.app_context():
                try:
                    put(panel, into, together)
                except Conflict:
                    got.append("conflict")
                else:
                    got.append("seated")

        threads = [threading.Thread(target=one, args=(into,)) for into in ("other", "deputy")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert sorted(got) == sorted(["seated"] * seated + ["conflict"] * (2 - seated))
        with reading():
            standing = select(func.count()).select_from(SeatReplacement).where(SeatReplacement.taken_back_at.is_(None))
            assert db.session.scalar(standing) == seated
