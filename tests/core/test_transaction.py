"""A change is made whole or not at all, writers take turns, and a decision never rests on a stale read."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import MailState, OutboxMail
from festival.core.transaction import once, reading, transaction
from tests.harness.waiting import PATIENCE_S


def a_letter(recipient: str = "hoa@example.invalid") -> OutboxMail:
    return OutboxMail(
        message_id=f"<{recipient}>", recipient=recipient, subject="Thư", body="", attachments=[], due_at=now()
    )


def letters() -> int:
    return int(db.session.scalar(text("SELECT count(*) FROM outbox_mail")) or 0)


def test_a_failure_leaves_nothing_not_even_in_the_ledger(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            db.session.add(a_letter())
            ledger.append("x", "note", {"id": 1}, {"name": "Đỗ"})
            raise ZeroDivisionError
        assert letters() == 0
        assert ledger.head("x").size == 0


def test_a_second_transaction_inside_is_refused(app: Flask) -> None:
    with app.app_context(), transaction(), pytest.raises(RuntimeError), transaction():
        pass


def test_a_read_left_open_before_the_door_is_refused(app: Flask) -> None:
    with app.app_context():
        letters()
        with pytest.raises(RuntimeError), transaction():
            pass


def test_reading_closes_so_that_the_door_opens(app: Flask) -> None:
    with app.app_context():
        with reading():
            assert letters() == 0
        with transaction():
            db.session.add(a_letter())
        assert letters() == 1


def test_what_was_read_once_is_kept_until_the_transaction_ends(app: Flask) -> None:
    with app.app_context():
        with transaction():
            asked = [once("letters", letters)]
            db.session.add(a_letter())
            db.session.flush()
            asked += [once("letters", letters), letters()]
        with reading():
            asked += [once("letters", letters), once("none", lambda: None), once("none", letters)]
        assert asked == [0, 0, 1, 1, None, 1]


def test_the_ledger_needs_a_transaction(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError):
        ledger.append("x", "note", {}, {})


def noted(stream: str) -> list[str]:
    with reading():
        return [entry.kind for entry, _payload in ledger.lines(stream)]


def undone_savepoints() -> None:
    """Kept, undone by hand, undone by a failure of a flush, undone with the one around it."""
    ledger.append("x", "before", {}, {})
    with db.session.begin_nested() as undoing:
        ledger.append("x", "undone", {}, {})
        undoing.rollback()
    with db.session.begin_nested():
        ledger.append("x", "kept", {}, {})
    db.session.add(a_letter())
    with pytest.raises(IntegrityError), db.session.begin_nested():
        ledger.append("x", "failed", {}, {})
        db.session.add(a_letter())
        db.session.flush()
    with db.session.begin_nested() as undoing:
        with db.session.begin_nested():
            ledger.append("x", "inside", {}, {})
        ledger.append("x", "around", {}, {})
        undoing.rollback()
    ledger.append("x", "after", {}, {})


def test_what_was_noted_in_an_undone_savepoint_is_not_written(app: Flask) -> None:
    with app.app_context():
        with transaction():
            undone_savepoints()
        assert (noted("x"), letters()) == (["before", "kept", "after"], 1)
        assert ledger.verify("x") == []


def test_control_a_ledger_that_does_not_see_savepoints_tells_what_never_was(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind(dict[object, int]):
        def __setitem__(self, _savepoint: object, _noted: int) -> None:
            pass

    with app.app_context():
        with transaction():
            monkeypatch.setitem(db.session().info, ledger.SAVEPOINTS, Blind())
            undone_savepoints()
        assert noted("x") == ["before", "undone", "kept", "failed", "inside", "around", "after"]


def in_threads(app: Flask, work: Callable[[int], None], count: int) -> list[BaseException]:
    """Run `work(i)` in `count` threads at once, each with its own app context; answers the errors."""
    errors: list[BaseException] = []
    gate = threading.Barrier(count)

    def _run(index: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                work(index)
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=_run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    return errors


def test_ledger_entries_of_many_writers_form_one_chain(app: Flask) -> None:
    def _append(index: int) -> None:
        for turn in range(5):
            with transaction():
                ledger.append("race", "note", {"writer": index, "turn": turn}, {"n": index * 100 + turn})

    assert in_threads(app, _append, 8) == []
    with app.app_context():
        head = ledger.head("race")
        assert head.size == 40
        assert ledger.verify("race", [head]) == []


def test_reading_then_writing_inside_the_door_loses_no_update(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.add(a_letter())

    def _count_up(_index: int) -> None:
        for _turn in range(10):
            with transaction():
                tries = db.session.scalar(text(f"SELECT tries FROM outbox_mail {LOCKED[db.engine.dialect.name]}"))
                db.session.execute(text("UPDATE outbox_mail SET tries = :n"), {"n": int(tries or 0) + 1})

    assert in_threads(app, _count_up, 4) == []
    with app.app_context():
        assert db.session.scalar(text("SELECT tries FROM outbox_mail")) == 40


LOCKED = {"sqlite": "", "postgresql": "FOR UPDATE"}


def test_the_same_without_the_door_does_lose_updates(app: Flask) -> None:
    """The negative control: read, let go, write. If this passes unharmed, the test above proves nothing."""
    with app.app_context(), transaction():
        db.session.add(a_letter())
    everybody_has_read = threading.Barrier(4)

    def _count_up(_index: int) -> None:
        with reading():
            tries = int(db.session.scalar(text("SELECT tries FROM outbox_mail")) or 0)
        everybody_has_read.wait(PATIENCE_S)
        with transaction():
            db.session.execute(text("UPDATE outbox_mail SET tries = :n"), {"n": tries + 1})

    assert in_threads(app, _count_up, 4) == []
    with app.app_context():
        assert db.session.scalar(text("SELECT tries FROM outbox_mail")) == 1


def test_unknown_states_are_refused_by_the_database(app: Flask) -> None:
    with app.app_context():
        with transaction():
            db.session.add(a_letter())
        with pytest.raises(Exception, match="ck_outbox_mail_state_known"), transaction():
            db.session.execute(text("UPDATE outbox_mail SET state = 'lost'"))
        assert db.session.scalar(text("SELECT state FROM outbox_mail")) == MailState.WAITING
