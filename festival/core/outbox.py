"""When does a letter leave the house? After the change it tells of has been committed, and until it has arrived.

`flask worker` (or `flask outbox run`) sends what `core.mail` wrote by SMTP.
"""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum

from flask import current_app
from sqlalchemy import Index, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from config import Config
from festival.core.clock import local, now
from festival.core.database import Base, db
from festival.core.mail_address import MAIL_ADDRESS
from festival.core.transaction import reading, transaction
from festival.core.types import EnumText, JsonText

LEASE = timedelta(minutes=5)

SERVER_AWAY = timedelta(minutes=1)

TRIES = 8


class MailState(StrEnum):
    """Waiting, sent, or given up after the last try (shown to the organiser)."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutboxMail(Base):
    """A letter to send. The body is emptied once it is sent: the outbox is no archive of personal data."""

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
    state: Mapped[MailState] = mapped_column(EnumText(MailState), default=MailState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_outbox_mail_due", "state", "due_at"),)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """Letters that do not leave: `waiting` for the server with its last `error` ('' when none is named), `failed` ones."""

    waiting: int
    failed: int
    error: str


def trouble() -> MailTrouble | None:
    """What the organiser should know; None when every letter leaves."""
    config: Config = current_app.config["FESTIVAL"]
    stuck = OutboxMail.state == MailState.WAITING
    if config.smtp_host:
        stuck &= OutboxMail.error != ""
    failure = OutboxMail.state == MailState.FAILED
    waiting, error, failed = db.session.execute(
        select(func.count().filter(stuck), func.max(OutboxMail.error).filter(stuck), func.count().filter(failure))
    ).one()
    return MailTrouble(waiting, failed, error or "") if waiting or failed else None


def unsent() -> Sequence[OutboxMail]:
    """Letters that have not left, the oldest first."""
    return db.session.scalars(
        select(OutboxMail).where(OutboxMail.state != MailState.SENT).order_by(OutboxMail.id)
    ).all()


def try_again() -> int:
    """Let the letters that were given up wait for the next round; answers how many."""
    again = update(OutboxMail).where(OutboxMail.state == MailState.FAILED)
    return len(
        db.session.execute(again.values(state=MailState.WAITING, tries=0, due_at=now()).returning(OutboxMail.id)).all()
    )


def drain(limit: int = 100) -> int:
    """Send what is due; answers how many left. Without SMTP_HOST letters wait."""
    config: Config = current_app.config["FESTIVAL"]
    if not config.smtp_host:
        return 0
    sent = 0
    while sent < limit and (mail := _claim()) is not None:
        try:
            _deliver(config, mail)
        except OWN_FAULT as error:
            _postpone(mail, error)
            continue
        except OSError as error:  # also what smtplib raises
            _wait_for_server(mail, error)
            break
        except Exception as error:
            # An address nobody can read, or a letter the mail library stumbles over: those behind it must not wait.
            _postpone(mail, error)
            continue
        _note_sent(mail)
        sent += 1
    return sent


OWN_FAULT = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)


def _claim() -> OutboxMail | None:
    """One due letter, leased to this worker; None when nothing is due."""
    with reading():
        candidate = db.session.scalar(
            select(OutboxMail.id)
            .where(OutboxMail.state == MailState.WAITING, OutboxMail.due_at <= now())
            .order_by(OutboxMail.due_at, OutboxMail.id)
            .limit(1)
        )
    if candidate is None:
        return None
    with transaction():
        return db.session.scalar(
            update(OutboxMail)
            .where(OutboxMail.id == candidate, OutboxMail.state == MailState.WAITING, OutboxMail.due_at <= now())
            .values(due_at=now() + LEASE, tries=OutboxMail.tries + 1)
            .returning(OutboxMail)
        )


def _deliver(config: Config, mail: OutboxMail) -> None:
    if not MAIL_ADDRESS.fullmatch(mail.recipient):
        raise ValueError(mail.recipient)
    message = EmailMessage()
    message["From"] = config.mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message["Date"] = local(now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    for item in mail.attachments:
        main, _slash, sub = item["mime"].partition("/")
        message.add_attachment(base64.b64decode(item["content"]), maintype=main, subtype=sub, filename=item["name"])
    with smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=20) as server:
        if config.smtp_starttls:
            server.starttls(context=ssl.create_default_context())  # the library's own would believe any certificate
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
        server.send_message(message)


def _note_sent(mail: OutboxMail) -> None:
    with transaction():
        db.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == mail.id)
            .values(state=MailState.SENT, body="", attachments=[], error="")
        )


def _postpone(mail: OutboxMail, error: Exception) -> None:
    again = now() + timedelta(seconds=min(3600, 15 * 2**mail.tries))
    state = MailState.FAILED if mail.tries >= TRIES else MailState.WAITING
    with transaction():
        db.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == mail.id)
            .values(state=state, due_at=again, error=type(error).__name__)
        )


def _wait_for_server(mail: OutboxMail, error: Exception) -> None:
    """No letter is to blame, so none comes nearer to being given up; all that are due wait together."""
    due = (OutboxMail.state == MailState.WAITING) & (OutboxMail.due_at <= now())
    with transaction():
        db.session.execute(
            update(OutboxMail)
            .where(or_(due, OutboxMail.id == mail.id))
            .values(due_at=now() + SERVER_AWAY, error=type(error).__name__)
        )
        db.session.execute(update(OutboxMail).where(OutboxMail.id == mail.id).values(tries=OutboxMail.tries - 1))
