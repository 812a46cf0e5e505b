"""A letter leaves only when its change was committed, once, over real SMTP."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select, update

from config import Config
from festival.core.clock import now
from festival.core.database import db
from festival.core.post import mail, outbox
from festival.core.post.mail_address import MAIL_ADDRESS
from festival.core.post.outbox import Attachment, MailState, OutboxMail
from festival.core.transaction import reading, transaction
from tests.harness.mail import PostBox


@pytest.fixture
def posting(app: Flask, config: Config, mail_server: PostBox) -> Flask:
    app.config["FESTIVAL"] = replace(config, smtp_host="127.0.0.1", smtp_port=mail_server.port)
    return app


def put(recipient: str = "gia.dinh@example.com") -> None:
    mail.enqueue(recipient, "Ngày hội: đã nhận đăng ký", "Kính gửi gia đình ông Danh Chung.", [PICTURE])


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
            mail.enqueue("a@example.com", "Chào\r\nBcc: b@example.com", "x")
        outbox.drain()
    assert mail_server.recipients == [["a@example.com"]]
    assert mail_server.letters[0]["Bcc"] is None


def test_without_a_server_letters_wait(app: Flask) -> None:
    with app.app_context():
        with transaction():
            put()
        assert outbox.drain() == 0
        assert db.session.scalar(select(OutboxMail.state)) == MailState.WAITING


def state_of(recipient: str) -> tuple[MailState, str]:
    kept = db.session.execute(select(OutboxMail).where(OutboxMail.recipient == recipient)).scalar_one()
    return kept.state, kept.error


READABLE = ["a@example.com", "gia.dinh+1@thu-dien-tu.example.com", "o'hara_2@example.com", "gia.đình@ví-dụ.example"]
STRANGE = [
    "", "a", "a@", "@example.com", "a@example", "a@@example.com", "a@b@example.com", ".a@example.com", "a.@example.com",
    "a..b@example.com", "a b@example.com", "a@example.com ", "a@example.com\n", "a@example.com\r\nBcc: b@example.com",
    "(a@example.com", "a(b)@example.com", "a@[example.com", "a@[127.0.0.1]", '"a b"@example.com', "a,b@example.com",
    "A <a@example.com>", "a@-example.com", "a@example-.com", "a@example..com", "a@.example.com", "a\x00@example.com",
]  # fmt: skip


def test_only_the_plain_form_is_an_address_on_every_release_of_python() -> None:
    assert [address for address in READABLE + STRANGE if MAIL_ADDRESS.fullmatch(address)] == READABLE


@pytest.mark.parametrize("address", ["gia.dinh@[example.com", "(gia.dinh@example.com"])
def test_an_address_nobody_can_read_does_not_hold_up_the_others(
    posting: Flask, mail_server: PostBox, address: str
) -> None:
    with posting.app_context():
        with transaction():
            put(address)
            put("sau@example.com")
        assert outbox.drain() == 1
        assert mail_server.recipients == [["sau@example.com"]]
        for _hour in range(outbox.TRIES):
            with time_machine.travel(now() + timedelta(hours=2)):
                db.session.remove()
                with transaction():
                    db.session.execute(update(OutboxMail).values(due_at=now()))
                outbox.drain()
        assert state_of(address)[0] == MailState.FAILED
        assert outbox.trouble() == outbox.MailTrouble(waiting=0, failed=1, error="")


def test_an_outage_of_days_gives_up_no_letter(posting: Flask, mail_server: PostBox) -> None:
    port, start = mail_server.port, now()
    away = replace(posting.config["FESTIVAL"], smtp_port=1)
    with posting.app_context():
        with transaction():
            put("mot@example.com")
            put("hai@example.com")
        posting.config["FESTIVAL"] = away
        for hour in range(0, 72, 6):
            with time_machine.travel(start + timedelta(hours=hour)):
                assert outbox.drain() == 0
        with reading():
            assert outbox.trouble() == outbox.MailTrouble(waiting=2, failed=0, error="shut")
        posting.config["FESTIVAL"] = replace(away, smtp_port=port)
        with time_machine.travel(start + timedelta(hours=72)):
            assert outbox.drain() == 2
        assert outbox.trouble() is None
    assert sorted(mail_server.recipients) == [["hai@example.com"], ["mot@example.com"]]


def test_a_letter_says_when_it_was_written_and_that_a_machine_did(posting: Flask, mail_server: PostBox) -> None:
    with posting.app_context():
        with transaction():
            put()
        outbox.drain()
    (letter,) = mail_server.letters
    assert letter["Date"].endswith("+0700")
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_server_with_a_certificate_of_its_own_gets_no_password(posting: Flask, tmp_path: Path) -> None:
    box = PostBox(tls=own_certificate(tmp_path))
    box.start()
    try:
        with posting.app_context():
            with transaction():
                put()
            posting.config["FESTIVAL"] = replace(
                posting.config["FESTIVAL"],
                smtp_port=box.port,
                smtp_starttls=True,
                smtp_user="btc",
                smtp_password="x" * 12,
            )
            assert outbox.drain() == 0
            assert state_of("gia.dinh@example.com") == (MailState.WAITING, "certificate_unknown")
    finally:
        box.stop()
    assert box.letters == []


@pytest.mark.parametrize("way", ["smtp_starttls", "smtp_tls"])
def test_a_trusted_server_gets_the_letter_secured(
    posting: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    box = PostBox(tls=own_certificate(tmp_path), from_the_first_byte=way == "smtp_tls")
    box.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    try:
        with posting.app_context():
            with transaction():
                put()
            secured = replace(
                posting.config["FESTIVAL"], smtp_port=box.port, mail_from="btc@ngayhoi.example.vn", **{way: True}
            )
            posting.config["FESTIVAL"] = secured
            assert outbox.drain() == 1
    finally:
        box.stop()
    (letter,) = box.letters
    assert letter["Message-ID"].endswith("@ngayhoi.example.vn>")


def own_certificate(folder: Path) -> ssl.SSLContext:
    """What somebody in between would show: a certificate of this machine that nobody has vouched for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "own.pem").write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    return context


def test_the_organiser_sees_letters_that_do_not_leave(posting: Flask, mail_server: PostBox) -> None:
    runner = posting.test_cli_runner()
    with posting.app_context(), transaction():
        put("gia.dinh@[example.com")
        db.session.execute(update(OutboxMail).values(state=MailState.FAILED, tries=8, error="bad_address"))
    listed = runner.invoke(args=["outbox", "list"]).output.strip().split("\t")
    assert listed[1:] == [
        "failed",
        "8",
        "Địa chỉ thư viết chưa đúng.",
        "gia.dinh@[example.com",
        "Ngày hội: đã nhận đăng ký",
    ]
    assert runner.invoke(args=["outbox", "again"]).output == "1 thư chờ gửi lại.\n"
    with posting.app_context():
        assert state_of("gia.dinh@[example.com")[0] == MailState.WAITING


STRANGER = "nguoi.la@example.com"


def hour_by_hour(posting: Flask, hours: int) -> None:
    """The worker's rounds of some hours, every ten minutes."""
    start = now()
    for round_ in range(hours * 6 + 1):
        with time_machine.travel(start + timedelta(minutes=10 * round_)), posting.app_context():
            outbox.drain()
            db.session.remove()


def test_a_hundred_and_fifty_letters_to_one_stranger_are_a_few_and_none_is_lost(
    posting: Flask, mail_server: PostBox
) -> None:
    with posting.app_context(), transaction():
        for number in range(150):
            mail.enqueue(STRANGER, f"Tin {number}.", f"Nội dung số {number}.")
        mail.enqueue("gia.dinh@example.com", "Tin khác", "Của nhà khác.")
    hour_by_hour(posting, 0)
    first = [to for to in mail_server.recipients if to == [STRANGER]]
    assert (len(first), ["gia.dinh@example.com"] in mail_server.recipients) == (outbox.LETTERS_AN_HOUR, True)
    hour_by_hour(posting, 2)
    letters = [letter for letter in mail_server.letters if letter["To"] == STRANGER]
    told = "".join(str(letter.get_body(("plain",)).get_content()) for letter in letters)  # type: ignore[union-attr]
    assert [told.count(f"Nội dung số {number}.") for number in range(150)] == [1] * 150
    assert (len(letters), letters[0]["Subject"]) == (8, "20 tin từ Ban Tổ chức ngày hội")
    with posting.app_context():
        assert set(db.session.scalars(select(OutboxMail.state))) == {MailState.SENT}
        assert set(db.session.scalars(select(OutboxMail.body))) == {""}


def test_a_gathered_letter_carries_every_picture_and_waits_as_one(posting: Flask, mail_server: PostBox) -> None:
    port = mail_server.port
    with posting.app_context():
        with transaction():
            put()
            put()
        posting.config["FESTIVAL"] = replace(posting.config["FESTIVAL"], smtp_port=1)
        assert outbox.drain() == 0
        posting.config["FESTIVAL"] = replace(posting.config["FESTIVAL"], smtp_port=port)
        with time_machine.travel(now() + timedelta(minutes=2)):
            assert outbox.drain() == 2
    (letter,) = mail_server.letters
    assert [part.get_content() for part in letter.iter_attachments()] == [PICTURE.content] * 2


def test_a_letter_that_failed_goes_alone_so_that_it_spoils_no_other(posting: Flask, mail_server: PostBox) -> None:
    with posting.app_context():
        with transaction():
            mail.enqueue(STRANGER, "Tin hỏng", "x")
            torn = db.session.scalars(select(OutboxMail)).one()
            torn.attachments = [{"name": "a", "mime": "image/png", "content": "a"}]
            mail.enqueue(STRANGER, "Tin lành", "Nội dung lành.")
        start = now()
        for minute in (0, 5, 60, 120):
            with time_machine.travel(start + timedelta(minutes=minute)):
                outbox.drain()
                db.session.remove()
    assert [letter["Subject"] for letter in mail_server.letters] == ["Tin lành"]
