"""What a mail server answers is told with what to do; no letter is lost by it, none goes twice, and a wrong certificate gets nothing."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.smtp import AuthResult
from flask import Flask
from sqlalchemy import select

from config import Config
from festival.core.clock import now
from festival.core.database import db
from festival.core.post import mail, outbox
from festival.core.post.faults import WORDS, MailFault, fault_of, fault_words
from festival.core.post.outbox import MailState, OutboxMail
from festival.core.transaction import transaction
from tests.harness.mail import PostBox
from tests.operations.test_signs import certified

pytestmark = pytest.mark.either_database

BOX = "gia.dinh@example.com"


@contextmanager
def open_box(box: PostBox) -> Iterator[PostBox]:
    box.start()
    try:
        yield box
    finally:
        box.stop()


def posted(app: Flask, config: Config, port: int, **settings: Any) -> None:
    app.config["FESTIVAL"] = (
        replace(config, smtp_host="127.0.0.1", smtp_port=port)
        if not settings
        else replace(config, **{"smtp_host": "127.0.0.1", "smtp_port": port, **settings})
    )


def put(app: Flask) -> None:
    with app.app_context(), transaction():
        mail.enqueue(BOX, "Ngày hội: đã nhận đăng ký", "Cảm ơn gia đình.")


def rounds(app: Flask, many: int) -> int:
    """Rounds of the worker, six hours apart; answers how many letters left."""
    start, sent = now(), 0
    for round_ in range(many):
        with time_machine.travel(start + timedelta(hours=6 * round_)), app.app_context():
            sent += outbox.drain()
    return sent


def kept(app: Flask) -> tuple[MailState, str]:
    with app.app_context():
        row = db.session.execute(select(OutboxMail)).scalar_one()
        return row.state, row.error


def tls(folder: Path, *, days: int) -> ssl.SSLContext:
    """A certificate of `localhost`, that is trusted where SSL_CERT_FILE says so."""
    private, public = certified(folder, now() + timedelta(days=days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context


@pytest.mark.parametrize("way", ["smtp_starttls", "smtp_tls"])
@pytest.mark.parametrize(
    ("host", "days", "trusted", "fault"),
    [
        ("localhost", 9, True, ""),
        ("localhost", 9, False, MailFault.CERTIFICATE_UNKNOWN),
        ("localhost", -9, True, MailFault.CERTIFICATE_ENDED),
        ("127.0.0.1", 9, True, MailFault.CERTIFICATE_OF_ANOTHER),
    ],
)
def test_a_wrong_certificate_gets_neither_password_nor_letter_and_is_told(
    app: Flask,
    config: Config,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    host: str,
    days: int,
    trusted: bool,
    fault: str,
) -> None:
    asked: list[str] = []

    def let_in(_server: object, _session: object, _envelope: object, mechanism: str, _data: object) -> AuthResult:
        asked.append(mechanism)
        return AuthResult(success=True)

    box = PostBox(tls(tmp_path, days=days), from_the_first_byte=way == "smtp_tls", let_in=let_in)
    with open_box(box):
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        posted(app, config, box.port, smtp_host=host, smtp_user="btc", smtp_password="x" * 12, **{way: True})
        put(app)
        sent = rounds(app, 1)
    if not fault:
        assert (sent, len(box.letters), len(asked), kept(app)) == (1, 1, 1, (MailState.SENT, ""))
        return
    assert (sent, box.letters, asked, kept(app)) == (0, [], [], (MailState.WAITING, fault))
    with app.app_context():
        trouble = outbox.trouble()
        assert trouble is not None and trouble.why == WORDS[fault] and "hứng chỉ của máy chủ thư" in str(trouble.why)


def no_such_password(
    _server: object, _session: object, _envelope: object, _mechanism: str, _data: object
) -> AuthResult:
    return AuthResult(success=False, handled=False)


@pytest.mark.parametrize(
    ("settings", "let_in", "fault"),
    [
        ({"smtp_starttls": True}, None, MailFault.NOT_OFFERED),
        ({"smtp_tls": True}, None, MailFault.NO_TLS),
        ({"smtp_user": "btc", "smtp_password": "sai"}, no_such_password, MailFault.SIGN_IN),
        ({"smtp_user": "btc", "smtp_password": "x"}, None, MailFault.NOT_OFFERED),
        ({"smtp_host": "khong-co.invalid"}, None, MailFault.NO_SUCH_SERVER),
        ({"smtp_port": 1}, None, MailFault.SHUT),
    ],
)
def test_two_days_of_wrong_settings_give_up_no_letter(
    app: Flask, config: Config, settings: dict[str, Any], let_in: Callable[..., AuthResult] | None, fault: str
) -> None:
    with open_box(PostBox(let_in=let_in)) as box:
        posted(app, config, box.port, **settings)
        put(app)
        start = now()
        assert rounds(app, 9) == 0
        assert kept(app) == (MailState.WAITING, fault)
        posted(app, config, box.port)
        with time_machine.travel(start + timedelta(hours=49)):
            assert rounds(app, 1) == 1
    assert [letter["To"] for letter in box.letters] == [BOX]


class Odd(PostBox):
    """It says what it is told to say: at the address, at parting."""

    at_address, at_parting = "250 OK", "221 Bye"

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        """The name is the library's."""
        if self.at_address.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_address

    async def handle_QUIT(self, _server: object, _session: object, _envelope: object) -> str:
        """The name is the library's."""
        return self.at_parting


def test_a_server_that_says_later_for_two_days_gets_the_letter_once(app: Flask, config: Config) -> None:
    with open_box(Odd()) as box:
        assert isinstance(box, Odd)
        box.at_address = "451 greylisted"
        posted(app, config, box.port)
        put(app)
        start = now()
        assert rounds(app, 9) == 0
        assert kept(app) == (MailState.WAITING, MailFault.LATER)
        box.at_address = "250 OK"
        with time_machine.travel(start + timedelta(hours=49)):
            assert rounds(app, 3) == 1
    assert (len(box.letters), kept(app)) == (1, (MailState.SENT, ""))


def test_later_for_five_days_is_told_as_a_letter_that_does_not_arrive(app: Flask, config: Config) -> None:
    with open_box(Odd()) as box:
        box.at_address = "451 greylisted"  # type: ignore[attr-defined]
        posted(app, config, box.port)
        put(app)
        with app.app_context(), transaction():
            db.session.execute(select(OutboxMail)).scalar_one().tries = outbox.TRIES_LATER - 1
        assert rounds(app, 2) == 0
    assert kept(app) == (MailState.FAILED, MailFault.LATER)


def test_what_a_server_says_at_parting_doubles_no_letter(app: Flask, config: Config) -> None:
    with open_box(Odd()) as box:
        box.at_parting = "421 closing"  # type: ignore[attr-defined]
        posted(app, config, box.port)
        put(app)
        assert rounds(app, 4) == 1
    assert (len(box.letters), kept(app)) == (1, (MailState.SENT, ""))


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (smtplib.SMTPSenderRefused(550, b"no", "btc@example.com"), MailFault.SENDER),
        (smtplib.SMTPSenderRefused(451, b"no", "btc@example.com"), MailFault.LATER),
        (smtplib.SMTPDataError(554, b"spam"), MailFault.LETTER),
        (smtplib.SMTPRecipientsRefused({BOX: (550, b"no")}), MailFault.NO_SUCH_BOX),
        (smtplib.SMTPServerDisconnected("gone"), MailFault.CUT_OFF),
        (TimeoutError("slow"), MailFault.SILENT),
        (BrokenPipeError(), "BrokenPipeError"),
    ],
)
def test_each_answer_has_its_word(error: Exception, fault: str) -> None:
    assert fault_of(error) == fault
    assert str(fault_words(fault)) != "" and set(WORDS) == set(MailFault)
