"""Does a laptop in a hall without internet see what is wrong before the phones do, and may its own authority speak for nobody else?"""

from __future__ import annotations

import os
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from config import ROOT
from festival.core.pulse.signs import Level
from festival.core.transaction import transaction
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.queries import the_festival
from festival.operations.venue.judged import (
    ShownCertificate,
    VenueStep,
    certificate_step,
    clock_step,
    name_step,
    page_step,
    ready_step,
    refused_step,
)
from tests.harness.served import free_port
from tests.operations.test_signs import certified
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

AT = datetime(2026, 6, 13, 19, tzinfo=UTC)


@contextmanager
def hub(application: object, folder: Path, clock: type[WSGIRequestHandler] = WSGIRequestHandler) -> Iterator[str]:
    """A real TLS server on localhost with the certificate that lies in the folder; its address."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(folder / "server.crt", folder / "server.key")
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=clock, ssl_context=trust)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        serving.join(30)
        server.server_close()


class Slow(WSGIRequestHandler):
    """A server whose clock stands."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return "Sat, 13 Jun 2026 19:00:00 GMT"


def flask(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["venue", *map(str, arguments)])


def own(app: Flask, folder: Path) -> Path:
    made = flask(app, "certificate", "localhost", "--into", folder)
    assert made.exit_code == 0, made.output
    return folder


def marks(done: Result) -> dict[str, str]:
    """The list as it is printed: what was looked at, how it stands."""
    return {title: mark for mark, title in re.findall(r"^\[(.)\] ([^:]+):", done.output, re.MULTILINE)}


def test_a_hub_that_is_ready_lets_a_device_in_and_answers_it(app: Flask, tmp_path: Path) -> None:
    folder = own(app, tmp_path / "own")
    with app.app_context(), transaction():
        make_festival(families=0, contests=0, publish=False)
        code = make_enrolment_code(the_festival().id, DeviceRole.GATE, None, "Cổng 1").code
    with hub(app, folder) as address:
        done = flask(app, "check", address, "--ca", folder / "ca.crt", "--code", code)
        assert (done.exit_code, marks(done)) == (
            0,
            # localhost is this machine; that is said, and everything else is as it should be.
            {"Tên máy chủ": "?", "Chứng chỉ": "x", "Đồng hồ": "x", "Trang web": "x", "Máy chủ": "x", "Thiết bị": "x"},
        ), done.output
        assert "Máy thử số 1 đã vào và gửi, nhận được." in done.output
        assert "thu hồi máy số 1" in done.output
        again = flask(app, "check", address, "--ca", folder / "ca.crt", "--code", code)
        assert (again.exit_code, marks(again)["Thiết bị"]) == (1, "!")
        assert "Mã gắn máy không đúng, đã dùng rồi hoặc đã hết hạn." in again.output
        without = flask(app, "check", address, "--ca", folder / "ca.crt")
        assert (without.exit_code, marks(without)["Thiết bị"]) == (0, " ")


def test_a_phone_without_the_authority_and_an_ended_certificate_are_told(app: Flask, tmp_path: Path) -> None:
    folder = own(app, tmp_path / "own")
    with hub(app, folder) as address:
        done = flask(app, "check", address)
        assert (done.exit_code, marks(done)["Chứng chỉ"], marks(done)["Thiết bị"]) == (1, "!", " ")
        assert "do một nơi cấp mà máy này không tin" in done.output and "--ca ca.crt" in done.output
    private, public = certified(tmp_path, datetime.now(UTC) - timedelta(days=1))
    private.rename(tmp_path / "server.key"), public.rename(tmp_path / "server.crt")
    with hub(app, tmp_path) as address:
        done = flask(app, "check", address, "--ca", tmp_path / "server.crt")
        assert (done.exit_code, "đã hết hạn" in done.output) == (1, True)
    private, public = certified(tmp_path, datetime.now(UTC) + timedelta(days=30))
    private.rename(tmp_path / "server.key"), public.rename(tmp_path / "server.crt")
    with hub(app, tmp_path) as address:
        done = flask(app, "check", address.replace("localhost", "127.0.0.1"), "--ca", tmp_path / "server.crt")
        assert (done.exit_code, "của một tên khác" in done.output) == (1, True)


def test_a_clock_that_is_off_a_strange_page_and_silence_are_told(app: Flask, tmp_path: Path) -> None:
    folder = own(app, tmp_path / "own")

    portal = Flask("portal")
    portal.add_url_rule("/healthz", "alive", lambda: "<h1>Wi-Fi miễn phí</h1>")
    with hub(portal, folder, Slow) as address:
        done = flask(app, "check", address, "--ca", folder / "ca.crt")
    assert done.exit_code == 1
    assert (marks(done)["Đồng hồ"], marks(done)["Trang web"], marks(done)["Thiết bị"]) == ("!", "!", " ")
    assert "không phải ngày hội (200)" in done.output
    done = flask(app, "check", f"https://localhost:{free_port()}", "--ca", folder / "ca.crt")
    assert (done.exit_code, marks(done)["Kết nối"]) == (1, "!")
    done = flask(app, "check", "https://khong-co.invalid")
    assert (done.exit_code, marks(done)["Tên máy chủ"]) == (1, "!")
    for wrong in ("http://ngayhoi.lan", "https://", "https://[::1", "https://ngayhoi.lan:99999"):
        assert flask(app, "check", wrong).exit_code == 2, wrong
    assert flask(app, "check", "https://localhost", "--ca", tmp_path / "none.crt").exit_code == 2


def test_its_own_authority_speaks_for_one_name_and_its_key_is_gone(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    done = flask(app, "certificate", "NgayHoi.lan", "--address", "192.168.10.2", "--days", 10, "--into", folder)
    assert done.exit_code == 0, done.output
    assert sorted(each.name for each in folder.iterdir()) == ["ca.crt", "server.crt", "server.key"]
    assert (folder / "server.key").stat().st_mode & 0o777 == 0o600
    ca = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    held = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert (held.critical, [str(each.value) for each in held.value.permitted_subtrees or ()]) == (
        True,
        ["ngayhoi.lan", "192.168.10.2/32"],
    )
    key = serialization.load_pem_private_key((folder / "server.key").read_bytes(), None)
    assert key.public_key() != ca.public_key()
    assert ca.fingerprint(hashes.SHA256()).hex(":").upper() in done.output
    before = (folder / "ca.crt").read_bytes()
    again = flask(app, "certificate", "ngayhoi.lan", "--into", folder)
    assert (again.exit_code, "đã có ca.crt, server.crt, server.key" in again.output) == (1, True)
    assert (folder / "ca.crt").read_bytes() == before


@pytest.mark.parametrize("host", ["ngay hoi", "", "-a.lan", "a..lan", "*.lan", "ngayhoi.local", "a" * 70])
def test_a_name_that_phones_cannot_use_is_refused(app: Flask, tmp_path: Path, host: str) -> None:
    done = flask(app, "certificate", "--into", tmp_path / "own", "--", host)
    assert (done.exit_code, (tmp_path / "own").exists()) == (1, False)


def test_another_name_signed_by_such_an_authority_is_not_believed(app: Flask, tmp_path: Path) -> None:
    """The constraint itself: a key of the authority is kept here on purpose, and a bank's name signed with it."""
    folder = own(app, tmp_path / "own")
    held = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes()).extensions
    signer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def signed(whose: str, public: ec.EllipticCurvePublicKey, *extensions: tuple[x509.ExtensionType, bool]) -> bytes:
        issuer, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in ("nơi cấp", whose))
        made = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
        made = made.not_valid_before(datetime.now(UTC) - timedelta(days=1))
        made = made.not_valid_after(datetime.now(UTC) + timedelta(days=9))
        for extension, critical in extensions:
            made = made.add_extension(extension, critical=critical)
        return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    constraint = (held.get_extension_for_class(x509.NameConstraints).value, True)
    ca = (x509.BasicConstraints(ca=True, path_length=0), True)
    bank = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.DNSName("nganhang.example.vn")])
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "server.crt").write_bytes(signed("ngân hàng", key.public_key(), (bank, False)))
    for extensions, believed in (((ca,), True), ((ca, constraint), False)):
        (tmp_path / "trusted.crt").write_bytes(signed("nơi cấp", signer.public_key(), *extensions))
        with hub(app, folder) as address:
            done = flask(app, "check", address, "--ca", tmp_path / "trusted.crt")
        assert ("Chứng chỉ không được tin" in done.output) != believed, done.output


@pytest.mark.parametrize(
    ("step", "level"),
    [
        (name_step("ngayhoi.lan", ["192.168.10.2"]), Level.GOOD),
        (name_step("ngayhoi.lan", ["127.0.0.1", "::1"]), Level.WARN),
        (name_step("ngayhoi.lan", []), Level.BAD),
        (certificate_step(ShownCertificate(AT, AT + timedelta(days=90), True), AT), Level.GOOD),
        (certificate_step(ShownCertificate(AT, AT + timedelta(days=10), True), AT), Level.WARN),
        (certificate_step(ShownCertificate(AT, AT + timedelta(days=2), True), AT), Level.BAD),
        (certificate_step(ShownCertificate(AT, AT + timedelta(days=825), True), AT), Level.GOOD),
        (certificate_step(ShownCertificate(AT, AT + timedelta(days=826), True), AT), Level.BAD),
        (certificate_step(ShownCertificate(AT, AT + timedelta(days=90), False), AT), Level.BAD),
        (clock_step(timedelta(minutes=2)), Level.GOOD),
        (clock_step(-timedelta(minutes=2, seconds=1)), Level.BAD),
        (page_step(200, alive=True), Level.GOOD),
        (page_step(502, alive=False), Level.BAD),
        (ready_step("ready", []), Level.GOOD),
        (ready_step("ready", ["Ổ đĩa còn 900 MB."]), Level.WARN),
        (ready_step("degraded", []), Level.BAD),
        (refused_step(19, "self-signed certificate in certificate chain"), Level.BAD),
    ],
)
def test_how_a_step_stands(step: VenueStep, level: Level) -> None:
    assert (step.level, bool(step.todo)) == (level, level is not Level.GOOD)


def test_the_commands_of_the_page_are_those_of_the_product(app: Flask, tmp_path: Path) -> None:
    """What docs/venue.md tells to type is typed: the certificate is made, the list is printed (here no such name is found)."""
    page = (ROOT / "docs" / "venue.md").read_text(encoding="utf-8").replace("chung-chi", str(tmp_path / "own"))
    lines = [line.split()[2:] for line in re.findall(r"^flask venue .*$", page, re.MULTILINE)]
    assert [line[0] for line in lines] == ["certificate", "check"]
    assert flask(app, *lines[0]).exit_code == 0
    there = Path.cwd()
    os.chdir(tmp_path / "own")
    try:
        done = flask(app, *lines[1])
    finally:
        os.chdir(there)
    assert (done.exit_code, marks(done)["Tên máy chủ"]) == (1, "!")
    assert [each for each in re.findall(r"\]\((pictures/[^)]+)\)", page) if not (ROOT / "docs" / each).is_file()] == []
