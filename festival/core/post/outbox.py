"""When does a letter leave the house? After the change it tells of has been committed, and until it has arrived.

`flask worker` (or `flask outbox run`) sends what `core.post.mail` wrote by SMTP.
"""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Index, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from config import Config
from festival.core.clock import local, now
from festival.core.database import Base, db
from festival.core.post.faults import MailFault, fault_of, fault_words, for_good, for_now
from festival.core.post.mail_address import MAIL_ADDRESS
from festival.core.rehearsing.marked import is_copy
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.types import EnumText, JsonText

LEASE = timedelta(minutes=5)

PATIENCE_S = 20
# Under this a letter is kept, so that none is put there twice when the address of the sender changes; it leaves under the sender's domain.
KEPT_AS = "@ngayhoi.invalid>"
SERVER_AWAY = timedelta(minutes=1)

TRIES = 8
# A server that says "later" to this letter is asked once an hour, for five days (RFC 5321, 4.5.4.1).
TRIES_LATER = 8 + 5 * 24

# What an address gets at most, and how many letters become one.
LETTERS_AN_HOUR = 4
GATHERED_MOST = 20
# How long after a letter left somebody may say that it came back.
LATELY = timedelta(days=30)


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
    sent_at: Mapped[datetime | None]  # the same moment for letters that were gathered into one
    language: Mapped[str] = mapped_column(default="vi", server_default="vi")  # in which it is worded
    about: Mapped[str] = mapped_column(default="", server_default="")  # the code of the family it tells of

    __table_args__ = (
        Index("ix_outbox_mail_due", "state", "due_at"),
        Index("ix_outbox_mail_recipient", "recipient", "state"),
    )


RETURNED = (OutboxMail.state == MailState.FAILED) & (OutboxMail.error == MailFault.RETURNED)


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

    @property
    def why(self) -> Sentence:
        """What the server answered, and what to do."""
        return fault_words(self.error)


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


@dataclass(frozen=True, slots=True)
class LettersLeft:
    """What has not left: letters that wait, letters that were given up."""

    waiting: int
    failed: int


def left() -> LettersLeft:
    """Whether everything has left, for a command that was to send all."""
    waiting = func.count().filter(OutboxMail.state == MailState.WAITING)
    failed = func.count().filter(OutboxMail.state == MailState.FAILED)
    return LettersLeft(*db.session.execute(select(waiting, failed)).one())


def refused(about: str = "") -> Sequence[OutboxMail]:
    """Letters whose address took none; only those that tell of one family if asked."""
    wanted = select(OutboxMail).where(OutboxMail.state == MailState.FAILED).order_by(OutboxMail.id)
    return db.session.scalars(wanted.where(OutboxMail.about == about) if about else wanted).all()


def came_back(about: str, to: str) -> int:
    """What went there lately about this family was returned, says who reads the sender's mailbox; answers how many letters."""
    lately = (OutboxMail.state == MailState.SENT) & (OutboxMail.sent_at > now() - LATELY)
    wanted = update(OutboxMail).where(lately, OutboxMail.about == about, OutboxMail.recipient == to)
    marked = wanted.values(state=MailState.FAILED, error=MailFault.RETURNED).returning(OutboxMail.id)
    return len(db.session.execute(marked).all())


def arrived(about: str, but_to: str = "") -> int:
    """What came back is a letter that was sent, as before: it did arrive, or (`but_to`) another goes to that address in its place."""
    wanted = update(OutboxMail).where(RETURNED, OutboxMail.about == about, OutboxMail.recipient != but_to)
    return len(db.session.execute(wanted.values(state=MailState.SENT, error="").returning(OutboxMail.id)).all())


def readdress(about: str, to: str) -> int:
    """The family has another address now: what has not left goes there, what was given up too; answers how many."""
    unsent_yet = (
        (OutboxMail.about == about) & (OutboxMail.state != MailState.SENT) & (OutboxMail.recipient != to) & ~RETURNED
    )
    values = {"recipient": to, "state": MailState.WAITING, "tries": 0, "error": "", "due_at": now()}
    moved = update(OutboxMail).where(unsent_yet).values(**values).returning(OutboxMail.id)
    return len(db.session.execute(moved.execution_options(synchronize_session=False)).all())


def try_again() -> int:
    """Let the letters that were given up wait for the next round; answers how many. Of what came back the words are gone."""
    again = update(OutboxMail).where(OutboxMail.state == MailState.FAILED, ~RETURNED)
    return len(
        db.session.execute(again.values(state=MailState.WAITING, tries=0, due_at=now()).returning(OutboxMail.id)).all()
    )


def drain(limit: int = 100) -> int:
    """Send what is due; answers how many left. Without SMTP_HOST letters wait."""
    config: Config = current_app.config["FESTIVAL"]
    if not config.smtp_host:
        return 0
    with reading():
        if is_copy():  # whatever settings it was opened with: what a rehearsal tells families is nobody's
            return 0
    sent = 0
    while sent < limit and (mails := _claim()) is not None:
        if not mails:
            continue  # that address had its letters of the hour
        try:
            _deliver(config, mails)
        except ServerAway as away:
            _wait_for_server(mails, away.why)
            break
        except OWN_FAULT as error:
            _postpone(mails, error)
            continue
        except OSError as error:  # also what smtplib raises
            _wait_for_server(mails, error)
            break
        except Exception as error:
            # An address nobody can read, or a letter the mail library stumbles over: those behind it must not wait.
            _postpone(mails, error)
            continue
        _note_sent(mails)
        sent += len(mails)
    return sent


OWN_FAULT = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)


class ServerAway(Exception):
    """The server was not reached, not believed, or let nobody in: no letter is to blame."""

    def __init__(self, why: Exception) -> None:
        super().__init__(type(why).__name__)
        self.why = why


def _claim() -> Sequence[OutboxMail] | None:
    """What goes to one address now, leased to this worker; None when nothing is due, nothing while the address must wait.

    Whatever waits for one address goes in one letter, and at most so many an hour: a stranger whose address was written into
    150 forms gets a handful of letters, and nothing that was to be told is lost. One that failed before goes alone.
    """
    with reading():
        first = db.session.execute(
            select(OutboxMail.id, OutboxMail.recipient, OutboxMail.tries)
            .where(OutboxMail.state == MailState.WAITING, OutboxMail.due_at <= now())
            .order_by(OutboxMail.due_at, OutboxMail.id)
            .limit(1)
        ).one_or_none()
    if first is None:
        return None
    due = (
        (OutboxMail.recipient == first.recipient)
        & (OutboxMail.state == MailState.WAITING)
        & (OutboxMail.due_at <= now())
    )
    with transaction():
        free_at = _free_at(first.recipient)
        if free_at is not None:
            db.session.execute(update(OutboxMail).where(due).values(due_at=free_at))
            return []
        with_it = select(OutboxMail.id).where(due, OutboxMail.tries == 0).order_by(OutboxMail.id).limit(GATHERED_MOST)
        wanted = OutboxMail.id == first.id if first.tries else OutboxMail.id.in_(with_it)
        claimed = db.session.scalars(
            update(OutboxMail)
            .where(wanted, due)
            .values(due_at=now() + LEASE, tries=OutboxMail.tries + 1)
            .returning(OutboxMail)
        ).all()
    return sorted(claimed, key=lambda mail: mail.id)


def _free_at(recipient: str) -> datetime | None:
    """When the next letter may go to an address that had its letters of the hour; None: now."""
    lately = db.session.scalars(
        select(OutboxMail.sent_at)
        .where(
            OutboxMail.recipient == recipient,
            OutboxMail.state == MailState.SENT,
            OutboxMail.sent_at > now() - timedelta(hours=1),
        )
        .distinct()
        .order_by(OutboxMail.sent_at.desc())
        .limit(LETTERS_AN_HOUR)
    ).all()
    last = lately[-1] if len(lately) == LETTERS_AN_HOUR else None
    return None if last is None else last + timedelta(hours=1)


def _deliver(config: Config, mails: Sequence[OutboxMail]) -> None:
    first = mails[0]
    if not MAIL_ADDRESS.fullmatch(first.recipient):
        raise ValueError(first.recipient)
    message = EmailMessage()
    message["From"] = config.mail_from
    message["To"] = first.recipient
    message["Subject"] = first.subject if len(mails) == 1 else _("%(n)s tin từ Ban Tổ chức ngày hội", n=len(mails))
    message["Message-ID"] = first.message_id.replace(KEPT_AS, f"@{config.mail_from.rpartition('@')[2]}>")
    message["Date"] = local(now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(first.body if len(mails) == 1 else _gathered(mails))
    for item in (each for mail in mails for each in mail.attachments):
        main, _slash, sub = item["mime"].partition("/")
        message.add_attachment(base64.b64decode(item["content"]), maintype=main, subtype=sub, filename=item["name"])
    try:
        server = _connected(config)
    except (OSError, ValueError) as error:
        raise ServerAway(error) from error
    try:
        server.send_message(message)
    finally:
        # What it has taken is taken, whatever it says at parting.
        with suppress(OSError):
            server.quit()
        server.close()


def _connected(config: Config) -> smtplib.SMTP:
    """The mail server, secured as the settings say and signed in to; the library's own contexts would believe any certificate."""
    where = config.smtp_host, config.smtp_port
    secured = ssl.create_default_context()
    server: smtplib.SMTP
    if config.smtp_tls:  # from the first byte (RFC 8314)
        server = smtplib.SMTP_SSL(*where, timeout=PATIENCE_S, context=secured)
    else:
        server = smtplib.SMTP(*where, timeout=PATIENCE_S)
    try:
        if config.smtp_starttls:
            server.starttls(context=secured)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _gathered(mails: Sequence[OutboxMail]) -> str:
    """Several letters as one, each under its own heading."""
    rule = "-" * 60
    return "\n".join(f"{at}. {mail.subject}\n\n{mail.body.strip()}\n\n{rule}" for at, mail in enumerate(mails, start=1))


def _these(mails: Sequence[OutboxMail]) -> ColumnElement[bool]:
    return OutboxMail.id.in_([mail.id for mail in mails])


def _note_sent(mails: Sequence[OutboxMail]) -> None:
    with transaction():
        db.session.execute(
            update(OutboxMail)
            .where(_these(mails))
            .values(state=MailState.SENT, body="", attachments=[], error="", sent_at=now())
        )


def _postpone(mails: Sequence[OutboxMail], error: Exception) -> None:
    with transaction():
        for mail in mails:
            again = now() + timedelta(seconds=min(3600, 15 * 2**mail.tries))
            given_up = mail.tries >= (TRIES_LATER if for_now(error) else TRIES) or for_good(error)
            state = MailState.FAILED if given_up else MailState.WAITING
            db.session.execute(
                update(OutboxMail)
                .where(OutboxMail.id == mail.id)
                .values(state=state, due_at=again, error=fault_of(error))
            )


def _wait_for_server(mails: Sequence[OutboxMail], error: Exception) -> None:
    """No letter is to blame, so none comes nearer to being given up; all that are due wait together."""
    due = (OutboxMail.state == MailState.WAITING) & (OutboxMail.due_at <= now())
    with transaction():
        db.session.execute(
            update(OutboxMail).where(or_(due, _these(mails))).values(due_at=now() + SERVER_AWAY, error=fault_of(error))
        )
        db.session.execute(update(OutboxMail).where(_these(mails)).values(tries=OutboxMail.tries - 1))
