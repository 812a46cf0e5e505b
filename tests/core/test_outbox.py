"""A letter leaves only when its change was committed, once, over real SMTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from config import Config
from festival.core import outbox
from festival.core.clock import now
from festival.core.database import db
from festival.core.outbox import Attachment, MailState, OutboxMail
from festival.core.transaction import transaction
from tests.harness.mail import PostBox


@pytest.fixture
def posting(app: Flask, config: Config, mail_server: PostBox) -> Flask:
    app.config["FESTIVAL"] = replace(config, smtp_host="127.0.0.1", smtp_port=mail_server.port)
    return app


def put(recipient: str = "gia.dinh@example.com") -> None:
    outbox.enqueue(recipient, "Ngày hội: đã nhận đăng ký", "Kính gửi gia đình ông Danh Chung.", [PICTURE])


PICTURE = Attachment("ma-qr.png", "image/png", b"\x89PNG\r\n\x1a\n")


def test_a_letter_arrives_whole_and_its_words_are_forgotten(posting: Flask, mail_server: PostBox) -> None:
    with posting.app_context():
        with transaction():
            put()
        assert outbox.drain() == 1
        assert outbox.drain() == 0
        (letter,) = mail_server.letters
        assert letter["Subject"] == "Ngày hội: đã nhận đăng ký"
        body = letter.get_body(("plain",))
        assert body is not None
        assert body.get_content().strip() == "Kính gửi gia đình ông Danh Chung."
        assert [part.get_content() for part in letter.iter_attachments()] == [PICTURE.content]
        kept = db.session.scalar(select(OutboxMail))
        assert kept is not None
        assert (kept.state, kept.body, kept.attachments) == (MailState.SENT, "", [])


def test_nothing_is_sent_of_a_change_that_failed(posting: Flask, mail_server: PostBox) -> None:
    with posting.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            put()
            raise ZeroDivisionError
        assert outbox.drain() == 0
    assert mail_server.letters == []


def test_a_server_that_is_away_gets_it_later(posting: Flask, mail_server: PostBox) -> None:
    port = mail_server.port
    with posting.app_context():
        with transaction():
            put()
        posting.config["FESTIVAL"] = replace(posting.config["FESTIVAL"], smtp_port=1)
        assert outbox.drain() == 0
        posting.config["FESTIVAL"] = replace(posting.config["FESTIVAL"], smtp_port=port)
        assert outbox.drain() == 0, "not before its time"
        with time_machine.travel(now() + timedelta(minutes=2)):
            assert outbox.drain() == 1
    assert len(mail_server.letters) == 1


def test_a_line_break_in_a_subject_makes_no_header(posting: Flask, mail_server: PostBox) -> None:
    with posting.app_context():
        with transaction():
            outbox.enqueue("a@example.com", "Chào\r\nBcc: b@example.com", "x")
        outbox.drain()
    assert mail_server.recipients == [["a@example.com"]]
    assert mail_server.letters[0]["Bcc"] is None


def test_without_a_server_letters_wait(app: Flask) -> None:
    with app.app_context():
        with transaction():
            put()
        assert outbox.drain() == 0
        assert db.session.scalar(select(OutboxMail.state)) == MailState.WAITING
