"""A judge was replaced or waits in reserve: whose comment a family reads, whom a call reaches, who confirms, who types again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.actions import seat
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.calls.calling import call_seat, open_calls
from festival.judging.comments.models import SheetComment
from festival.judging.comments.reading import comments_for, comments_of
from festival.judging.panel.replacing import SeatTaken, replace_judge
from festival.judging.paper.border import paper_slips, typists_of, writers_of
from festival.judging.paper.confirming import digest_of, on_tablet, own_digest
from festival.judging.paper.slips import Slip, SlipReading, TypingHeld, TypingsAgree, type_slip
from festival.judging.tally import read_tally, sheets_of
from festival.results.ladder.lock import Locked, lock
from tests.judging.panel_cast import Panel, cast, marks, send

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
