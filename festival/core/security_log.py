"""Who signed in, made a code, enrolled, exported, restored, looked at what is secret? (append-only, kept for a stated time)

Whoever does such a thing calls `note` inside the door's transaction; a read of something secret, which has no transaction
of its own, calls `note_read`. A row holds ids and codes, never a mark, never a name, never a phone. Triggers refuse a
change, and a removal before `KEPT` has passed. Words for the kinds stand with the page that shows them (`accounts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

from flask import has_request_context, request
from sqlalchemy import CheckConstraint, Index, delete
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import Base, db
from festival.core.statements import insert_or_pass
from festival.core.transaction import transaction
from festival.core.types import JsonText
from festival.core.web.access import current_actor

KEPT = timedelta(days=400)  # a whole year round, so that the next edition can look back at this one


class SecurityKind(StrEnum):
    """What is noted. A new kind needs its words in accounts/log_words.py."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_SET = "password_set"  # noqa: S105 - a kind, not a password
    PIN_SET = "pin_set"
    PIN_FAILED = "pin_failed"
    SECOND_FACTOR = "second_factor"
    CODE_MADE = "code_made"
    CODE_USED = "code_used"
    ACCOUNT = "account"
    ROLE = "role"
    ENROLMENT_CODE = "enrolment_code"
    ENROLLED = "enrolled"
    ACTIVATED = "activated"
    REVOKED = "revoked"
    HANDED_OVER = "handed_over"
    SEALED_CARD = "sealed_card"
    LINK_CLOSED = "link_closed"
    LINK_OPENED = "link_opened"
    LINK_REPLACED = "link_replaced"
    EXPORT = "export"
    BACKUP = "backup"
    RESTORE = "restore"
    REHEARSAL = "rehearsal"
    KEYS = "keys"
    ERASURE = "erasure"
    TWO_PERSONS = "two_persons"
    OVERRIDE = "override"
    READ_MARKS = "read_marks"
    READ_CHILDREN = "read_children"
    READ_HEALTH = "read_health"
    LOOKED_UP = "looked_up"


class SecurityNote(Base):
    """One line of the security log; `once` is the digest that lets a repeated look be noted once an hour."""

    __tablename__ = "security_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[str]  # "user", "device", "family", "anonymous" or "command"
    user_id: Mapped[int | None]  # no foreign key: the line outlives the account
    device_id: Mapped[int | None]
    sign_in_id: Mapped[int | None]
    network: Mapped[str] = mapped_column(default="")
    subject: Mapped[dict[str, Any]] = mapped_column(JsonText)
    once: Mapped[str | None] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("kind <> '' AND actor <> ''", name="kind_and_actor_given"),
        Index("ix_security_note_at", "at"),
        Index("ix_security_note_kind", "kind", "at"),
        Index("ix_security_note_user", "user_id", "at"),
    )


def note(
    kind: SecurityKind, subject: Mapping[str, object], *, user_id: int | None = None, device_id: int | None = None
) -> None:
    """One line, in the open transaction. `subject` holds ids and codes only.

    `user_id` names whose account it was where the request does not say it yet (a sign-in), `device_id` which device it was
    where several deliver in one transaction.
    """
    line = _line(kind, subject, user_id)
    if device_id is not None:
        line |= {"actor": "device", "device_id": device_id}
    db.session.execute(insert_or_pass(SecurityNote).values(line))


def note_read(kind: SecurityKind, subject: Mapping[str, object], *, user_id: int | None = None) -> None:
    """A look at something secret, in a transaction of its own; the same person's look at the same is noted once an hour."""
    line = _line(kind, subject, user_id)
    who = [line["actor"], line["user_id"], line["device_id"], line["at"].strftime("%Y-%m-%dT%H")]
    line["once"] = sha256(canonical_json({"kind": str(kind), "who": who, "subject": dict(subject)})).hexdigest()
    with transaction():
        db.session.execute(insert_or_pass(SecurityNote).values(line).on_conflict_do_nothing(index_elements=["once"]))


def forget_old() -> int:
    """The worker's chore: lines older than `KEPT` go. Answers how many."""
    with transaction():
        gone = db.session.execute(delete(SecurityNote).where(SecurityNote.at < now() - KEPT))
        return int(getattr(gone, "rowcount", 0))


def _line(kind: SecurityKind, subject: Mapping[str, object], user_id: int | None) -> dict[str, Any]:
    actor = current_actor() if has_request_context() else None
    return {
        "at": now(),
        "kind": str(kind),
        "actor": actor.kind if actor else "command",
        "user_id": user_id if user_id is not None else (actor.user_id if actor else None),
        "device_id": actor.device_id if actor else None,
        "sign_in_id": actor.sign_in_id if actor else None,
        "network": network_of(request.remote_addr or "") if actor else "",
        "subject": dict(subject),
        "once": None,
    }


def network_of(address: str) -> str:
    """The network an address belongs to: enough to tell the venue from elsewhere, too little to follow a person.

    /24 of IPv4 (also when it comes as IPv6), /64 of IPv6; "" for what is no address.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        found = mapped
    return str(ip_network((found, 24 if found.version == 4 else 64), strict=False))


TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        """CREATE TRIGGER IF NOT EXISTS security_note_no_update BEFORE UPDATE ON security_note
           BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END""",
        """CREATE TRIGGER IF NOT EXISTS security_note_kept BEFORE DELETE ON security_note
           WHEN OLD.at > strftime('%Y-%m-%dT%H:%M:%S', 'now', '-400 days')
           BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION security_note_guard() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '400 days' THEN RETURN OLD; END IF;
             RAISE EXCEPTION 'the security log is append-only';
           END $$""",
        """CREATE OR REPLACE FUNCTION security_note_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'the security log is append-only'; END $$""",
        """CREATE OR REPLACE TRIGGER security_note_append_only BEFORE UPDATE OR DELETE ON security_note
           FOR EACH ROW EXECUTE FUNCTION security_note_guard()""",
        """CREATE OR REPLACE TRIGGER security_note_no_truncate BEFORE TRUNCATE ON security_note
           FOR EACH STATEMENT EXECUTE FUNCTION security_note_refuse()""",
    ),
}
