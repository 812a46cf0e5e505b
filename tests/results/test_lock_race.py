"""A mark that arrives during the lock is in the standings or is refused: never taken and left out.

Shown by holding each side in the middle of its transaction, by many threads at once, and by a naive variant that looks
at the state before its transaction: the same harness must catch that one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.contests.panel import SheetState
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.models import ScoreSheet
from festival.judging.sheet_messages import SheetMessage, SheetOutcome, SheetRefused, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import read_tally
from festival.results.current import current_table, standings_hash
from festival.results.ladder.lock import Locked, lock
from festival.results.models import StateChange
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast, marks

Take = Callable[[SheetMessage, threading.Event, threading.Event], SheetOutcome]


def honest(message: SheetMessage, inside: threading.Event, go_on: threading.Event) -> SheetOutcome:
    with transaction():
        (outcome,) = take_sheets([message])
        inside.set()
        go_on.wait(PATIENCE_S)
    return outcome


def naive(message: SheetMessage, inside: threading.Event, go_on: threading.Event) -> SheetOutcome:
    """Reads the flag, then writes: what must never be built."""
    with reading():
        state = db.session.scalar(select(Contest.state).where(Contest.code == "tai-nang"))
    inside.set()
    go_on.wait(PATIENCE_S)
    if state is not ContestState.OPEN:
        return SheetRefused("locked")
    with transaction():
        sheet = ScoreSheet(
            judge_id=message.base_version,
            entry_id=int(message.body["entry_id"]),
            state=SheetState.MARKED,
            total_milli=1_000,
            updated_at=now(),
        )
        db.session.add(sheet)
    return SheetTaken(1, 1_000, "")


def locking(app: Flask, panel: Panel, found: list[object]) -> None:
    with app.app_context(), transaction():
        found.append(lock(panel.contest_id, panel.users["chair"], panel.users["secretary"], "đến giờ"))


def whole(panel: Panel, locked: Locked) -> bool:
    """Do the standings of the lock hold every sheet the database has?"""
    again = standings_hash(
        current_table(read_tally(db.session.get_one(Contest, panel.contest_id, populate_existing=True)))
    )
    db.session.rollback()
    return again == locked.standings_hash


def mark_first(
    app: Flask, take: Take, message: SheetMessage, panel: Panel, *, for_s: float
) -> tuple[SheetOutcome, Locked]:
    """The mark is in the middle of its way when the lock begins, and stays there until it is done or `for_s` are over."""
    inside, go_on = threading.Event(), threading.Event()
    outcomes: list[SheetOutcome] = []
    found: list[object] = []

    def marking() -> None:
        with app.app_context():
            outcomes.append(take(message, inside, go_on))

    judge = threading.Thread(target=marking)
    judge.start()
    assert inside.wait(PATIENCE_S)
    secretary = threading.Thread(target=locking, args=(app, panel, found))
    secretary.start()
    secretary.join(for_s)
    go_on.set()
    judge.join(PATIENCE_S)
    secretary.join(PATIENCE_S)
    (locked,) = found
    assert isinstance(locked, Locked)
    return outcomes[0], locked


def test_a_mark_already_on_its_way_is_in_the_standings(app: Flask) -> None:
    with app.app_context():
        panel = cast(smallest_panel=1)
        outcome, locked = mark_first(app, honest, panel.message("hung", 0, marks(40_000, 40_000)), panel, for_s=0.3)
        assert isinstance(outcome, SheetTaken)
        assert whole(panel, locked)


def test_the_harness_catches_a_naive_check_of_the_state(app: Flask) -> None:
    with app.app_context():
        panel = cast(smallest_panel=1)
        message = panel.message("hung", 0, body={"entry_id": panel.entry_ids[0]}, base=panel.judges["hung"])
        outcome, locked = mark_first(app, naive, message, panel, for_s=PATIENCE_S)
        assert isinstance(outcome, SheetTaken)
        assert not whole(panel, locked)


def test_a_mark_that_comes_while_the_lock_is_being_made_is_refused(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        outcomes: list[SheetOutcome] = []

        def marking() -> None:
            with app.app_context(), transaction():
                outcomes.extend(take_sheets([panel.message("hung", 0, marks(40_000, 40_000))]))

        judge = threading.Thread(target=marking)
        with transaction():
            locked = lock(panel.contest_id, panel.users["chair"], panel.users["secretary"], "đến giờ")
            judge.start()
            time.sleep(0.3)
        judge.join(PATIENCE_S)
        assert outcomes == [SheetRefused("locked")]
        assert isinstance(locked, Locked) and whole(panel, locked)


def test_many_judges_at_once_and_one_lock(app: Flask) -> None:
    with app.app_context():
        panel = cast(entries=8)
        outcomes: dict[tuple[str, int], SheetOutcome] = {}
        found: list[object] = []
        start = threading.Barrier(4)

        def marking(who: str) -> None:
            start.wait()
            for entry in range(8):
                with app.app_context(), transaction():
                    (outcomes[who, entry],) = take_sheets([panel.message(who, entry, marks(30_000, 250 * entry))])

        def lock_soon() -> None:
            start.wait()
            time.sleep(0.05)
            locking(app, panel, found)

        threads = [threading.Thread(target=marking, args=(who,)) for who in ("chair", "lan", "hung")]
        threads.append(threading.Thread(target=lock_soon))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        (locked,) = found
        assert isinstance(locked, Locked) and whole(panel, locked)
        held = {
            (judge_id, entry_id)
            for judge_id, entry_id in db.session.execute(select(ScoreSheet.judge_id, ScoreSheet.entry_id))
        }
        taken = {
            (panel.judges[who], panel.entry_ids[entry])
            for (who, entry), outcome in outcomes.items()
            if isinstance(outcome, SheetTaken)
        }
        assert held == taken
        assert {type(outcome) for outcome in outcomes.values()} <= {SheetTaken, SheetRefused}
        assert db.session.scalar(select(StateChange.ledger_size)) == len(taken)
