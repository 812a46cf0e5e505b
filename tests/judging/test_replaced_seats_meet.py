"""A judge was replaced or waits in reserve: whose comment a family reads, whom a call reaches, who confirms, who types again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.actions import SeatRefused, seat
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot, worded_of
from festival.core.transaction import reading, transaction
from festival.judging.calls.calling import call_seat, open_calls
from festival.judging.comments.models import SheetComment
from festival.judging.comments.reading import comments_for, comments_of
from festival.judging.panel.replacing import SeatTaken, replace_judge, take_back
from festival.judging.paper.border import paper_slips, typists_of, writers_of
from festival.judging.paper.confirming import digest_of, on_tablet, own_digest
from festival.judging.paper.models import TypingState
from festival.judging.paper.of_seat import paper_cells, slip_of_seat, waiting_on_seats
from festival.judging.paper.slips import (
    Slip,
    SlipReading,
    TypingHeld,
    TypingsAgree,
    take_back_typing,
    type_slip,
    waiting_typings,
)
from festival.judging.sheet_messages import SheetTaken
from festival.judging.tablets.tablet import judge_state
from festival.judging.tally import read_tally, sheets_of
from festival.results.ladder.lock import Locked, lock
from festival.results.ladder.states import lock_problems
from festival.results.replacing.deciding import SeatBack, put_back, put_in
from tests.judging.panel_cast import Panel, cast, marks, send
from tests.judging.test_paper_twice import read, second_secretary, slip_of, typing
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk

pytestmark = pytest.mark.either_database


def replaced_hung(panel: Panel) -> int:
    """The seat C changes hands; answers who sits there now."""
    with transaction():
        two = panel.users["chair"], panel.users["secretary"]
        taken = replace_judge(panel.judges["hung"], panel.users["other"], "ốm", *two)
        assert isinstance(taken, SeatTaken)
        return taken.judge_id


def says(panel: Panel, judge_id: int, at: int, said: str) -> None:
    with transaction():
        row = SheetComment(judge_id=judge_id, entry_id=panel.entry_ids[at], version=1, said=said, updated_at=now())
        db.session.add(row)


def test_a_family_reads_the_comment_of_whose_sheet_counts_under_the_letter_of_the_seat(app: Flask) -> None:
    with app.app_context():
        panel = cast(comments=True)
        with transaction():
            reserve = seat(panel.contest_id, panel.users["deputy"], PanelSeat.RESERVE).judge_id
        send(panel.message("lan", 0, marks(30_000, 30_000)), panel.message("hung", 0, marks(20_000, 20_000)))
        substitute = replaced_hung(panel)
        send(*(panel.message("other", at, marks(45_000, 45_000)) for at in range(2)))
        for judge, at, said in (
            (panel.judges["lan"], 0, "của B"),
            (panel.judges["hung"], 0, "của C trước"),
            (substitute, 0, "của C sau"),
            (panel.judges["hung"], 1, "không chấm mà viết"),
            (substitute, 1, "của C"),
            (reserve, 0, "của dự khuyết"),
        ):
            says(panel, judge, at, said)

        def told() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
            with reading():
                family = [(each.letter, each.said) for each in comments_for(panel.entries)]
                return family, [(each.letter, each.said) for each in comments_of(panel.contest_id)]

        expected = [("B", "của B"), ("C", "của C trước"), ("C", "của C")]
        assert told() == ([], expected), "nothing for a family before the publication"
        with transaction():
            db.session.get_one(Contest, panel.contest_id).state = ContestState.PUBLISHED
        assert sorted(told()[0]) == sorted(expected)
        with transaction():
            db.session.get_one(Contest, panel.contest_id).marked_by_both = "substitute"
        assert sorted(told()[0]) == [("B", "của B"), ("C", "của C"), ("C", "của C sau")]


def test_who_was_replaced_is_called_and_awaited_no_more(app: Flask) -> None:
    with app.app_context():
        panel = cast(confirming="required")
        send(panel.message("hung", 0, marks(20_000, 20_000)))

        def called(who: str) -> list[str]:
            with reading():
                return [each["entry"] for each in open_calls(panel.users[who], panel.festival_id)]

        with transaction():
            call_seat(read_tally(db.session.get_one(Contest, panel.contest_id)), "C", "E001", panel.users["secretary"])
        assert called("hung") == ["E001"]
        substitute = replaced_hung(panel)
        assert (called("hung"), called("other")) == ([], [])
        with reading():
            tally = read_tally(db.session.get_one(Contest, panel.contest_id))
            assert on_tablet(tally) == [], "nobody confirms the sheets of somebody else"
        send(panel.message("other", 0, marks(45_000, 45_000)), panel.message("other", 1, marks(40_000, 40_000)))
        with reading():
            tally = read_tally(db.session.get_one(Contest, panel.contest_id))
            assert [each.id for each in on_tablet(tally)] == [substitute]
            # as the own tablet shows it: both own sheets, the one that does not count too
            own, at = sheets_of([substitute]), {each.id: each for each in tally.appearances}
            shown = own_digest((at[entry], sheet) for (_judge, entry), sheet in own.items())
            assert len(own) == 2 and digest_of(substitute, tally) == shown


def test_a_slip_of_who_was_replaced_is_typed_again_by_neither_judge_nor_typist(app: Flask) -> None:
    with app.app_context():
        panel = cast(1)
        secretary = panel.users["secretary"]
        send(*(panel.message(who, 0, marks(40_000, 30_000), typed_by=secretary) for who in ("chair", "lan", "hung")))
        replaced_hung(panel)
        with transaction():
            assert isinstance(lock(panel.contest_id, panel.users["chair"], secretary), Locked)
        with reading():
            slips = paper_slips(read_tally(db.session.get_one(Contest, panel.contest_id)))
            (mine,) = [each for each in slips if each.seat.letter == "C"]
            assert writers_of(mine) == {panel.users["hung"], panel.users["other"]}
            assert typists_of(mine) == {secretary}
            assert writers_of(replace(mine, seat=slips[0].seat, sheet=slips[0].sheet)) == {panel.users["chair"]}
            assert db.session.scalars(select(Judge.letter).where(Judge.id == panel.judges["hung"])).one() is None


def test_a_slip_of_who_was_replaced_is_put_right_by_two_who_type_it(app: Flask) -> None:
    with app.app_context():
        panel = cast(1, paper_typing="twice")
        send(panel.message("hung", 0, marks(20_000, 20_000), typed_by=panel.users["secretary"]))
        substitute = replaced_hung(panel)
        slip = Slip(panel.contest_id, substitute, panel.users["hung"], panel.entry_ids[0], "E000")
        reading_ = SlipReading(marks(25_000, 20_000), 45_000, "")
        with transaction():
            assert isinstance(type_slip(slip, reading_, panel.users["secretary"]), TypingHeld)
        with transaction():
            assert type_slip(slip, reading_, panel.users["organiser"]) == TypingsAgree(45_000)
        with reading():
            sheet = read_tally(db.session.get_one(Contest, panel.contest_id)).sheets[substitute, panel.entry_ids[0]]
            assert (sheet.judge_id, sheet.total_milli) == (panel.judges["hung"], 45_000), (
                "it stays the sheet of who gave it"
            )


def test_a_slip_typed_once_when_its_judge_is_replaced_waits_on_and_becomes_the_sheet_of_who_gave_it(app: Flask) -> None:
    with app.app_context():
        panel = cast(paper_typing="twice", aggregate="mean", round_milli=1)
        two, second = (panel.users["chair"], panel.users["secretary"]), second_secretary()
        send(*(panel.message(who, at, marks(40_000, 30_000)) for who in ("chair", "lan") for at in range(3)))
        send(*(panel.message("hung", at, marks(40_000, 30_000)) for at in (1, 2)))
        assert typing(slip_of(panel, "hung"), read(20_000, 20_000), two[1]) == TypingHeld()
        with transaction():
            taken = put_in(panel.judges["hung"], panel.users["other"], "ốm", *two)
            assert isinstance(taken, SeatTaken) and taken.typed == 1, "whoever replaces is told that a slip waits"
        substitute = taken.judge_id

        def contest() -> Contest:
            return db.session.get_one(Contest, panel.contest_id)

        with reading():
            tally = read_tally(contest())
            seat_c = tally.seats[2]
            assert waiting_on_seats(tally) == {(substitute, panel.entry_ids[0]): TypingState.HELD}
            assert paper_cells(tally)[substitute, panel.entry_ids[0]]["words"] == "gõ một lần, chờ người thứ hai"
            assert "held" in {each.what for each in lock_problems(tally)}
            assert {each.judge_id for each in waiting_typings(slip_of_seat(tally, seat_c, tally.appearances[0]))} == {
                panel.judges["hung"]
            }
            assert slip_of_seat(tally, seat_c, tally.appearances[1]).judge_id == panel.judges["hung"], "it counts"
    first, other, page = Desk(app, two[1]), Desk(app, second), TAI_NANG + "/slip?judge=C&entry=E000"
    assert "gõ dở khi thay người" in other.get(page) and "20" not in re.findall(r'value="([^"]*)"', other.get(page))
    assert "chờ người thứ hai gõ" in first.get(TAI_NANG + "/paper")
    form = {"judge": "C", "entry": "E000", "mark-noi-dung": "20", "mark-dien-xuat": "20", "total": "40"}
    other.post(TAI_NANG + "/slip", state="marked", **form)
    with app.app_context():
        with reading():
            tally = read_tally(contest())
            sheet = tally.sheets[substitute, panel.entry_ids[0]]
            assert (sheet.judge_id, sheet.total_milli) == (panel.judges["hung"], 40_000)
            assert (waiting_on_seats(tally), lock_problems(tally)) == ({}, [])
        # A typing of the substitute's own slip keeps the seat from going back, so that it never waits for nobody.
        send(panel.message("hung", 1, marks(1_000, 1_000), typed_by=two[1]))
        with transaction():
            contest().marked_by_both = "substitute"
        own = Slip(panel.contest_id, substitute, panel.users["other"], panel.entry_ids[1], "E001")
        assert typing(own, read(30_000, 30_000), two[1]) == TypingHeld()
        with pytest.raises(SeatRefused, match="gõ một lần"), transaction():
            put_back(panel.judges["hung"], "bấm nhầm", *two)
        with transaction():
            take_back_typing(own, waiting_typings(own)[0].id, two[1])
        with transaction():
            assert put_back(panel.judges["hung"], "bấm nhầm", *two) == SeatBack("C")
        assert differing_rows() == []


def differing_rows() -> list[str]:
    with snapshot():
        report = inspect(["judging:tai-nang", "paper:tai-nang"])
    return [str(each) for each in worded_of(report)]


def test_who_gave_a_seat_back_and_waits_in_reserve_again_marks_beside_and_old_slips_stay_the_seats(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            reserve = seat(panel.contest_id, panel.users["other"], PanelSeat.RESERVE).judge_id
        assert isinstance(send(panel.message("other", 0, marks(45_000, 45_000)))[0], SheetTaken)
        substitute = replaced_hung(panel)
        with transaction():
            take_back(panel.judges["hung"], "bấm nhầm", (panel.users["chair"], panel.users["secretary"]))
        with reading():
            rows = db.session.execute(select(Judge.id, Judge.seat).where(Judge.user_id == panel.users["other"]))
            assert {tuple(row) for row in rows} == {(reserve, PanelSeat.RESERVE), (substitute, PanelSeat.REPLACED)}
        heads = ledger_head()
        assert isinstance(send(panel.message("other", 1, marks(30_000, 30_000)))[0], SheetTaken), "not «replaced»"
        assert isinstance(send(panel.message("other", 0, marks(44_000, 45_000), base=1))[0], SheetTaken)
        assert ledger_head() == heads, "of a reserve nothing is seen in the ledger's head"
        typed = panel.message("other", 0, marks(10_000, 45_000), base=1, typed_by=panel.users["secretary"])
        assert isinstance(send(typed)[0], SheetTaken), "what the secretary types is the slip given in the seat"
        with reading():
            said = {pair: sheet.total_milli for pair, sheet in sheets_of([reserve, substitute]).items()}
            at = panel.entry_ids
            assert said == {(reserve, at[0]): 89_000, (reserve, at[1]): 60_000, (substitute, at[0]): 55_000}
            assert judge_state(panel.users["other"], panel.festival_id)["contests"][0]["sheets"][0]["total"] == 89_000
        assert replaced_hung(panel) == substitute, "into the same row again, with what was marked meanwhile"
        with reading():
            tally = read_tally(db.session.get_one(Contest, panel.contest_id))
            counted = {
                entry: sheet.total_milli for (judge, entry), sheet in tally.sheets.items() if judge == substitute
            }
            assert counted == {at[0]: 89_000, at[1]: 60_000}
        assert isinstance(send(panel.message("other", 2, marks(20_000, 20_000)))[0], SheetTaken)


def ledger_head() -> int:
    with reading():
        return ledger.head("judging:tai-nang").size
