"""What does a laptop see of the hub? Asked like a phone would: by name, over HTTPS, as a device.

It writes nothing anywhere, except that a code given to it lets one device in, which the list then says to revoke.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from festival.core.clock import local, now
from festival.operations.venue.judged import (
    ShownCertificate,
    VenueStep,
    certificate_step,
    clock_step,
    name_step,
    not_tried,
    page_step,
    ready_step,
    refused_step,
    sync_step,
    unreached_step,
)

PATIENCE_S = 5.0
LARGEST_ANSWER = 1 << 20
TEST_DEVICE = "Máy thử mạng"
_AFTER_CONNECTION = ("Đồng hồ", "Trang web", "Máy chủ", "Thiết bị")


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: the hour it names, and what it holds when that is JSON."""

    status: int
    date: datetime | None
    told: dict[str, Any]


class Hub:
    """The server behind a name; raises OSError where it does not answer."""

    def __init__(self, host: str, port: int, trust: ssl.SSLContext) -> None:
        self.host, self.port, self.trust = host, port, trust

    def certificate(self) -> ShownCertificate:
        """What it shows; ssl.SSLCertVerificationError when that is not believed."""
        with (
            socket.create_connection((self.host, self.port), PATIENCE_S) as plain,
            self.trust.wrap_socket(plain, server_hostname=self.host) as secured,
        ):
            shown = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
        try:
            usage = list(shown.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
        except x509.ExtensionNotFound:
            usage = []
        return ShownCertificate(
            local(shown.not_valid_before_utc),
            local(shown.not_valid_after_utc),
            ExtendedKeyUsageOID.SERVER_AUTH in usage,
        )

    def ask(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> Heard:
        """GET, or POST of `body`."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=PATIENCE_S, context=self.trust)
        try:
            connection.request(
                "GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers
            )
            answer = connection.getresponse()
            text = answer.read(LARGEST_ANSWER)
        except http.client.HTTPException as wrong:
            raise OSError(type(wrong).__name__) from wrong
        finally:
            connection.close()
        return Heard(answer.status, _moment(answer.getheader("Date")), _object(text))


def look(hub: Hub, code: str) -> Iterator[VenueStep]:
    """One step after the other; what hangs on a step that failed is said to be untried."""
    addresses = _addresses(hub.host, hub.port)
    yield name_step(hub.host, addresses)
    try:
        shown = hub.certificate() if addresses else None
    except ssl.SSLCertVerificationError as error:
        yield refused_step(error.verify_code, error.verify_message)
        shown = None
    except OSError as error:
        yield unreached_step(hub.port, _reason(error))
        shown = None
    if shown is None:
        yield from (not_tried(title, "Chưa thử được.") for title in _AFTER_CONNECTION)
        return
    yield certificate_step(shown, now())
    try:
        yield from _answers(hub, code)
    except OSError as error:
        yield unreached_step(hub.port, _reason(error))


def _answers(hub: Hub, code: str) -> Iterator[VenueStep]:
    asked = now()
    alive = hub.ask("/healthz")
    middle = asked + (now() - asked) / 2
    if alive.date is None:
        yield not_tried("Đồng hồ", "Nơi trả lời không nói giờ.")
    else:
        # A header names whole seconds, always the one that has begun.
        yield clock_step(alive.date + timedelta(seconds=0.5) - middle)
    ours = alive.told.get("status") == "ok"
    yield page_step(alive.status, ours)
    if not ours:
        yield from (not_tried(title, "Chưa thử được.") for title in _AFTER_CONNECTION[2:])
        return
    ready = hub.ask("/readyz").told
    yield ready_step(str(ready.get("status", "")), [str(each) for each in ready.get("warnings", [])])
    yield _as_device(hub, code) if code else not_tried("Thiết bị", "Chưa thử: cho mã gắn máy của cổng bằng --code.")


def _as_device(hub: Hub, code: str) -> VenueStep:
    let_in = hub.ask("/api/v1/enrol", {"code": code, "name": TEST_DEVICE})
    if let_in.status != 201:
        return sync_step(None, str(let_in.told.get("message", let_in.status)))
    token, number = str(let_in.told["token"]), int(let_in.told["device"]["number"])
    sent = hub.ask("/api/v1/sync", {"v": 2, "mutations": []}, token)
    state = hub.ask("/api/v1/sync/state", token=token)
    for heard in (sent, state):
        if heard.status != 200 or heard.told.get("device", {}).get("number") != number:
            return sync_step(number, f"máy số {number} gắn được, nhưng đồng bộ trả lời {heard.status}.")
    return sync_step(number, "")


def _addresses(host: str, port: int) -> list[str]:
    try:
        return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError):
        return []


def _moment(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header or "").astimezone(UTC)
    except ValueError:
        return None


def _object(text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "không trả lời trong 5 giây"
    if isinstance(error, ConnectionRefusedError):
        return "máy đó không nhận kết nối"
    if isinstance(error, ssl.SSLError):
        return "nơi trả lời không nói HTTPS"
    return error.strerror or type(error).__name__
