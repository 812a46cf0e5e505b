"""Is what is down seen: on the organiser's page, on the dashboard, by a machine that watches from outside?"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.pulse.pulses import PulseKind, beat, pulses
from festival.core.pulse.runbook import OUT_OF_ORDER, RUNBOOK
from festival.core.pulse.signs import (
    Level,
    PartSign,
    WatchedPart,
    backup_sign,
    certificate_sign,
    clocks_sign,
    disk_sign,
    letters_sign,
    worker_sign,
)
from festival.core.transaction import reading, transaction
from festival.operations import worker
from festival.operations.certificate import certified_until
from tests.harness.waiting import wait_until
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

AT = datetime(2026, 6, 14, 1, tzinfo=UTC)
MINUTE_MS = 60_000


@pytest.mark.parametrize(
    ("sign", "level", "words"),
    [
        (worker_sign(None, AT), Level.WARN, "Tiến trình nền chưa chạy lần nào."),
        (worker_sign(AT - timedelta(seconds=90), AT), Level.GOOD, "Tiến trình nền đang chạy."),
        (worker_sign(AT - timedelta(seconds=91), AT), Level.BAD, "Tiến trình nền im lặng đã 1 phút."),
        (worker_sign(AT - timedelta(hours=2), AT), Level.BAD, "Tiến trình nền im lặng đã 120 phút."),
        (backup_sign(None, AT), Level.WARN, "Chưa có bản sao lưu nào."),
        (backup_sign(AT - timedelta(hours=26), AT), Level.GOOD, "Bản sao lưu gần nhất cách đây 26 giờ."),
        (backup_sign(AT - timedelta(hours=27), AT), Level.WARN, "Bản sao lưu gần nhất cách đây 27 giờ."),
        (backup_sign(AT - timedelta(hours=51), AT), Level.BAD, "Bản sao lưu gần nhất cách đây 51 giờ."),
        (letters_sign(0, 0, ""), Level.GOOD, "Không có thư nào bị kẹt."),
        (letters_sign(0, 2, ""), Level.WARN, "2 thư không đến được người nhận."),
        (letters_sign(3, 2, "timed out"), Level.BAD, "3 thư chưa gửi được."),
        (disk_sign(2_000_000_000, 10**9), Level.GOOD, "Ổ đĩa còn 2000 MB."),
        (disk_sign(900_000_000, 10**9), Level.WARN, "Ổ đĩa còn 900 MB."),
        (disk_sign(200_000_000, 10**9), Level.BAD, "Ổ đĩa còn 200 MB."),
        (certificate_sign(AT + timedelta(days=21), "", AT), Level.GOOD, "Chứng chỉ của địa chỉ web còn 21 ngày."),
        (certificate_sign(AT + timedelta(days=20), "", AT), Level.WARN, "Chứng chỉ của địa chỉ web còn 20 ngày."),
        (certificate_sign(AT + timedelta(days=2), "", AT), Level.BAD, "Chứng chỉ của địa chỉ web còn 2 ngày."),
        (certificate_sign(AT, "", AT), Level.BAD, "Chứng chỉ của địa chỉ web đã hết hạn."),
        (clocks_sign([]), Level.GOOD, "Đồng hồ máy chủ và các máy khớp nhau."),
        (clocks_sign([0, 2 * MINUTE_MS, -2 * MINUTE_MS]), Level.GOOD, "Đồng hồ máy chủ và các máy khớp nhau."),
        (clocks_sign([0, 0, 180 * MINUTE_MS]), Level.WARN, "1 máy có đồng hồ lệch hơn 2 phút."),
        (clocks_sign([5 * MINUTE_MS, -5 * MINUTE_MS, 6 * MINUTE_MS]), Level.WARN, "3 máy có đồng hồ lệch hơn 2 phút."),
        (
            clocks_sign([59 * MINUTE_MS, 60 * MINUTE_MS, 61 * MINUTE_MS, 0]),
            Level.BAD,
            "Đồng hồ máy chủ lệch khoảng 60 phút so với hầu hết các máy.",
        ),
    ],
)
def test_how_a_part_stands(sign: PartSign, level: Level, words: str) -> None:
    assert (sign.level, str(sign.words), sign.todo is not None) == (level, words, level is not Level.GOOD)


def test_an_address_without_a_certificate_is_not_watched() -> None:
    assert certificate_sign(None, "", AT) is None


def organiser(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make_festival(families=0, contests=0, publish=False)
        user = create_user("ban-to-chuc", "Ban Tổ chức", "", [Role.ORGANISER])
        client.set_cookie(SESSION_COOKIE, open_sign_in(user.id, 1).token)


def test_the_worker_says_that_it_lives_and_its_silence_is_seen_everywhere(app: Flask, client: FlaskClient) -> None:
    organiser(app, client)
    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            worker.run(stop)

    working = threading.Thread(target=work)
    working.start()
    try:
        wait_until(lambda: client.get("/readyz").json["parts"]["worker"] == Level.GOOD)
    finally:
        stop.set()
        working.join(60)
    assert client.get("/readyz").json["parts"]["worker"] == Level.GOOD
    assert "Tiến trình nền" not in client.get("/office").text
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=7), tick=False):
        told = client.get("/readyz").json
        assert (told["parts"]["worker"], told["status"]) == (Level.BAD, "ready")
        assert told["warnings"][0].startswith("Tiến trình nền im lặng đã 7 phút.")
        desk, page = client.get("/office").text, client.get("/office/system").text
    assert "Tiến trình nền im lặng đã 7 phút." in desk and 'href="/office/system"' in desk
    assert page.index("Tiến trình nền im lặng") < page.index("Chưa có bản sao lưu nào") < page.index("Ổ đĩa còn")


def test_the_page_says_of_each_part_what_to_do_and_needs_nothing_else_for_it(app: Flask, client: FlaskClient) -> None:
    organiser(app, client)
    page = client.get("/office/system").text
    shown = [WatchedPart.WORKER, WatchedPart.BACKUP, WatchedPart.AWAY, WatchedPart.LETTERS, WatchedPart.DISK]
    shown.append(WatchedPart.DATABASE)
    entries = [*(RUNBOOK[part] for part in [*shown, WatchedPart.CLOCKS]), *(entry for _title, entry in OUT_OF_ORDER)]
    for entry in entries:
        for words in (entry.means, entry.look, entry.act, entry.well, *entry.commands):
            assert escape(str(words)) in page
    assert page.count("Cách xử lý") == 2 * (len(shown) + 1)  # seen, and heard with the name of its part
    client.set_cookie("lang", "en")
    english = client.get("/office/system").text
    assert "What to do about it" in english and "Nghĩa là" not in english


def test_a_copy_is_seen_with_its_age(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    organiser(app, client)
    assert "Chưa có bản sao lưu nào." in client.get("/office/system").text
    done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copy")])
    assert done.exit_code == 0, done.output
    assert "Bản sao lưu gần nhất cách đây 0 giờ." in client.get("/office/system").text
    assert client.get("/readyz").json["parts"]["backup"] == Level.GOOD


def test_a_pulse_is_one_row_however_often_it_beats(app: Flask) -> None:
    with app.app_context():
        for at in (AT, AT + timedelta(minutes=1)):
            with time_machine.travel(at, tick=False), transaction():
                beat(PulseKind.WORKER, {"round": at.minute})
        with reading():
            (row,) = pulses().values()
            assert (row.at, row.said) == (AT + timedelta(minutes=1), {"round": 1})


def certified(folder: Path, ends: datetime) -> tuple[Path, Path]:
    """A key and a certificate of 127.0.0.1 that ends then."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=90))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private, public = folder / "key.pem", folder / "cert.pem"
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return private, public


@contextmanager
def served(private: Path, public: Path) -> Iterator[int]:
    """The port of a server that shakes hands and hangs up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    listening = create_server(("127.0.0.1", 0))

    def answer() -> None:
        try:
            plain, _who = listening.accept()
            with plain:
                context.wrap_socket(plain, server_side=True).close()
        except OSError:
            return  # refused by who came, or nobody came any more

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(10)


def test_the_end_of_a_certificate_is_read_and_a_strange_or_ended_one_is_not_believed(tmp_path: Path) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
    private, public = certified(tmp_path, ends)
    with served(private, public) as port:
        trust = ssl.create_default_context(cafile=str(public))
        assert certified_until(f"https://localhost:{port}", trust) == ends
    with served(private, public) as port, pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        certified_until(f"https://localhost:{port}", ssl.create_default_context())
    private, public = certified(tmp_path, datetime.now(UTC) - timedelta(days=1))
    with served(private, public) as port, pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        certified_until(f"https://localhost:{port}", ssl.create_default_context(cafile=str(public)))
