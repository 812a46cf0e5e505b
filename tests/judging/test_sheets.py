"""Sheets on both databases: taken once, corrected on their version, kept twice in a conflict, never by who is tied."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict
from festival.judging.measuring import MeasureRefused, MeasureTaken, drop_measure, note_measure, note_overtime
from festival.judging.models import Mark, MeasureState, RefusedSheet, ScoreSheet, SheetRevision
from festival.judging.sheet_messages import SheetApart, SheetRefused, SheetSame, SheetTaken
from festival.judging.tablets.tablet import judge_state
from festival.judging.tally import read_tally
from tests.judging.panel_cast import cast, full_panel, marks, send

STREAM = "judging:tai-nang"


def sheet_row() -> tuple[int, int | None, bool]:
    row = db.session.execute(select(ScoreSheet.version, ScoreSheet.total_milli, ScoreSheet.conflict)).one()
    db.session.rollback()
    return row.version, row.total_milli, row.conflict


def test_a_sheet_is_taken_corrected_and_its_repetition_changes_nothing(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        first = panel.message("lan", 0, marks(40_000, 30_250))
        assert send(first) == [SheetTaken(1, 70_250, STREAM)]
        again = panel.message("lan", 0, marks(40_000, 30_250))
        assert send(again) == [SheetSame(1, 70_250)]
        assert send(panel.message("lan", 0, marks(41_000, 30_250), base=1)) == [SheetTaken(2, 71_250, STREAM)]
        assert sheet_row() == (2, 71_250, False)
        held = db.session.execute(select(Mark.milli).order_by(Mark.milli)).scalars().all()
        assert held == [30_250, 41_000]
        assert ledger.head(STREAM).size == 2
        assert ledger.verify(STREAM) == []
        versions = db.session.execute(select(SheetRevision.version).order_by(SheetRevision.id)).scalars().all()
        assert versions == [1, 2]
        assert db.session.get_one(Contest, panel.contest_id).rules_fixed_at is not None


def test_the_first_sheet_fixes_the_rules_before_it_shares_the_contest(app: Flask) -> None:
    """Two first sheets that share the row and then both want to write it would wait for each other in a circle."""
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    with app.app_context():
        panel = cast()
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            assert send(panel.message("lan", 0, marks(1_000, 1_000))) == [SheetTaken(1, 2_000, STREAM)]
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
        locking = db.engine.dialect.name == "postgresql"
    (fixes,) = (at for at, each in enumerate(said) if each.startswith("UPDATE contest SET rules_fixed_at"))
    shares = [at for at, each in enumerate(said) if "FROM contest" in each and "FOR SHARE" in each]
    assert len(shares) == locking and all(fixes < at for at in shares)


def test_several_messages_of_one_sheet_in_one_batch_follow_each_other(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        outcomes = send(
            panel.message("lan", 0, marks(1_000, 1_000)),
            panel.message("lan", 0, marks(2_000, 1_000), base=1),
            panel.message("hung", 0, marks(3_000, 0)),
            panel.message("lan", 0, marks(9_000, 1_000), base=1),
            panel.message("lan", 0, verb="resolve", body={"keep": "current"}, base=2),
        )
        assert [type(each) for each in outcomes] == [SheetTaken, SheetTaken, SheetTaken, SheetApart, SheetTaken]
        rows = db.session.execute(
            select(ScoreSheet.version, ScoreSheet.total_milli, ScoreSheet.conflict).order_by(ScoreSheet.id)
        ).all()
        assert sorted(map(tuple, rows)) == [(1, 3_000, False), (3, 3_000, False)]
        assert db.session.scalar(select(func.count()).where(SheetRevision.open_conflict)) == 0


def test_two_tablets_of_one_judge_keep_both_and_the_judge_chooses(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(panel.message("lan", 0, marks(10_000, 10_000)))
        send(panel.message("lan", 0, marks(11_000, 10_000), base=1))
        offered = panel.message("lan", 0, marks(12_000, 10_000), base=1, mid="m" * 32)
        (apart,) = send(offered)
        assert isinstance(apart, SheetApart)
        assert (apart.version, apart.current["total"], apart.offered["total"]) == (2, 21_000, 22_000)
        assert sheet_row() == (2, 21_000, True)
        state = judge_state(panel.users["lan"], panel.festival_id)["contests"][0]["sheets"][0]
        assert state["conflict"] and [offer["mid"] for offer in state["offers"]] == ["m" * 32]
        db.session.rollback()
        stale = panel.message("lan", 0, verb="resolve", body={"keep": "m" * 32}, base=1)
        unknown = panel.message("lan", 0, verb="resolve", body={"keep": "?"}, base=2)
        assert send(stale, unknown) == [SheetRefused("stale_choice"), SheetRefused("unknown_choice")]
        assert send(panel.message("lan", 0, verb="resolve", body={"keep": "m" * 32}, base=2)) == [
            SheetTaken(3, 22_000, STREAM)
        ]
        assert sheet_row() == (3, 22_000, False)
        assert send(panel.message("lan", 0, verb="resolve", body={"keep": "current"}, base=3)) == [
            SheetRefused("no_conflict")
        ]


def test_who_is_tied_late_or_a_stranger_does_not_mark(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        assert send(
            panel.message("lan", 2, marks(1_000, 1_000)),
            panel.message("other", 0, marks(1_000, 1_000)),
            panel.message("secretary", 0, marks(1_000, 1_000)),
            panel.message("lan", 0, verb="abstain", body={"state": "late", "note": "  đến sau  nửa tiết mục "}),
            panel.message("hung", 0, verb="abstain", body={"state": "marked"}),
        ) == [
            SheetRefused("tied"),
            SheetRefused("not_on_panel"),
            SheetRefused("not_on_panel"),
            SheetTaken(1, None, STREAM),
            SheetRefused("unknown_state"),
        ]
        row = db.session.execute(select(ScoreSheet.state, ScoreSheet.total_milli, ScoreSheet.note)).one()
        assert tuple(row) == ("late", None, "đến sau nửa tiết mục")
        assert db.session.execute(select(RefusedSheet.reason)).scalars().all() == ["tied"]


@pytest.mark.parametrize(
    ("given", "reason", "criterion"),
    [
        ({"noi-dung": 50_250, "dien-xuat": 0}, "too_high", "noi-dung"),
        ({"noi-dung": -1, "dien-xuat": 0}, "negative", "noi-dung"),
        ({"noi-dung": 10_100, "dien-xuat": 0}, "wrong_step", "noi-dung"),
        ({"noi-dung": 9.25, "dien-xuat": 0}, "not_a_number", "noi-dung"),
        ({"noi-dung": True, "dien-xuat": 0}, "not_a_number", "noi-dung"),
        ({"noi-dung": 10_000}, "blank", "dien-xuat"),
        ({"noi-dung": 10_000, "dien-xuat": None}, "blank", "dien-xuat"),
        ({"noi-dung": 10_000, "dien-xuat": 0, "hat": 1}, "unknown_criterion", "hat"),
        ([1, 2], "no_marks", ""),
    ],
)
def test_illegal_sheets_are_refused_by_name(app: Flask, given: object, reason: str, criterion: str) -> None:
    with app.app_context():
        panel = cast()
        (outcome,) = send(panel.message("lan", 0, body={"marks": given}))
        assert outcome == SheetRefused(reason, criterion)
        assert db.session.scalar(select(func.count(ScoreSheet.id))) == 0


def test_the_practice_family_and_unknown_entries_count_nowhere(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        message = panel.message("lan", 0, marks(1_000, 1_000))
        for code in ("gia-dinh-mau", "E999", panel.entries[0].lower()):
            changed = type(message)(**{**{f: getattr(message, f) for f in message.__slots__}, "entry_code": code})
            assert send(changed) == [SheetRefused("unknown_entry")]
        assert db.session.scalar(select(func.count(ScoreSheet.id))) == 0


def test_a_judges_state_holds_own_sheets_only(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        state = judge_state(panel.users["lan"], panel.festival_id)
        (contest,) = state["contests"]
        assert [sheet["total"] for sheet in contest["sheets"]] == [89_750, 84_750]
        assert [entry["tied"] for entry in contest["entries"]] == [False, False, True]
        assert [entry["code"] for entry in contest["entries"]] == panel.entries
        text = str(state)
        assert "90000" not in text and "89500" not in text
        assert all(name not in text for name in ("Chủ", "Hùng"))
        assert judge_state(panel.users["other"], panel.festival_id) == {"contests": []}
        assert judge_state(panel.users["lan"], panel.festival_id + 1) == {"contests": []}


def test_the_tally_names_what_is_missing(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(panel.message("lan", 0, marks(1_000, 1_000)))
        contest = db.session.get_one(Contest, panel.contest_id)
        tallied = read_tally(contest)
        assert [(appearance.code, seat.letter) for appearance, seat in tallied.missing()] == [
            ("E000", "A"),
            ("E000", "C"),
            ("E001", "A"),
            ("E001", "B"),
            ("E001", "C"),
            ("E002", "A"),
            ("E002", "C"),
        ]
        db.session.rollback()
        with transaction():
            note_measure(panel.contest_id, panel.entry_ids[1], 1, MeasureState.DID_NOT_START, None, 0, None)
        missing = read_tally(db.session.get_one(Contest, panel.contest_id)).missing()
        assert {appearance.code for appearance, _ in missing} == {"E000", "E002"}


def test_counts_are_typed_with_a_version_and_within_the_possible(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        entry = panel.sport_entries[0]
        with transaction():
            assert note_measure(panel.sport_id, entry, 1, MeasureState.VALID, 12, 0, None) == MeasureTaken(1)
        with transaction():
            assert note_measure(panel.sport_id, entry, 1, MeasureState.VALID, 12, 0, None) == MeasureTaken(1)
        with pytest.raises(Conflict), transaction():
            note_measure(panel.sport_id, entry, 1, MeasureState.VALID, 13, 0, None)
        with transaction():
            assert note_measure(panel.sport_id, entry, 1, MeasureState.VALID, 13, 1, None) == MeasureTaken(2)
        with transaction():
            assert isinstance(note_measure(panel.sport_id, entry, 1, MeasureState.VALID, 31, 2, None), MeasureRefused)
        with transaction():
            assert isinstance(note_measure(panel.sport_id, entry, 2, MeasureState.VALID, 3, 0, None), MeasureRefused)
        with transaction():
            assert isinstance(
                note_measure(panel.contest_id, panel.entry_ids[0], 1, MeasureState.VALID, 3, 0, None), MeasureRefused
            )
        with pytest.raises(Conflict), transaction():
            drop_measure(panel.sport_id, entry, 1, 1, None)
        with transaction():
            drop_measure(panel.sport_id, entry, 1, 2, None)
        assert ledger.head("judging:bong-ro").size == 3


def test_nothing_is_taken_after_the_lock_but_what_came_is_kept(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            db.session.get_one(Contest, panel.contest_id).state = ContestState.LOCKED
            db.session.get_one(Contest, panel.sport_id).state = ContestState.LOCKED
        late = panel.message("lan", 0, marks(40_000, 30_000))
        assert send(late) == [SheetRefused("locked")]
        kept = db.session.execute(select(RefusedSheet.mid, RefusedSheet.reason, RefusedSheet.content)).one()
        assert tuple(kept) == (late.mid, "locked", {"verb": "send", "body": {"marks": marks(40_000, 30_000)}})
        db.session.rollback()
        with pytest.raises(Conflict), transaction():
            note_measure(panel.sport_id, panel.sport_entries[0], 1, MeasureState.VALID, 3, 0, None)
        with pytest.raises(Conflict), transaction():
            note_overtime(panel.contest_id, panel.entry_ids[0], 90, None)
        assert ledger.head(STREAM).size == 0
