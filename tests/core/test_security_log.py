"""The security log keeps what is noted: the database refuses a change, and a removal before its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import KEPT, SecurityKind, SecurityNote, forget_old, network_of, note, note_read
from festival.core.statements import insert_or_pass
from festival.core.transaction import transaction


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE security_note SET kind = 'signed_out'",
        "DELETE FROM security_note",
        "DELETE FROM security_note WHERE id = 1",
    ],
)
def test_a_line_is_neither_changed_nor_removed(app: Flask, forbidden: str) -> None:
    with app.app_context():
        with transaction():
            note(SecurityKind.BACKUP, {"file": "a"})
        with pytest.raises(DatabaseError), transaction():
            db.session.execute(text(forbidden))
        with transaction():
            kept = db.session.execute(select(SecurityNote.kind, SecurityNote.actor, SecurityNote.subject)).all()
        assert kept == [("backup", "command", {"file": "a"})]


def test_the_worker_removes_what_was_kept_long_enough(app: Flask) -> None:
    with app.app_context():
        with transaction():
            note(SecurityKind.BACKUP, {"file": "young"})
            for age in (KEPT + timedelta(hours=1), KEPT - timedelta(hours=1)):
                db.session.execute(
                    insert_or_pass(SecurityNote).values(
                        at=now() - age, kind="backup", actor="command", network="", subject={"age": str(age)}
                    )
                )
        assert forget_old() == 1
        with transaction():
            assert db.session.scalar(select(func.count()).select_from(SecurityNote)) == 2


def test_the_same_look_is_noted_once_an_hour(app: Flask) -> None:
    with app.app_context():
        for subject in ("tai-nang", "tai-nang", "nau-an"):
            note_read(SecurityKind.READ_MARKS, {"contest": subject})
        with transaction():
            assert sorted(row["contest"] for row in db.session.scalars(select(SecurityNote.subject))) == [
                "nau-an",
                "tai-nang",
            ]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix:", ""),
    ],
)
def test_an_address_is_kept_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
