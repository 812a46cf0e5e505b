"""Who asks the attacked server? Browsers with cookies and form tokens, devices with keys: on loopback, and not without end.

Only the standard library and `cryptography` speak here, nothing of the product: an attacker has neither its classes nor
its help. Whoever is addressed is looked at before a socket is opened; what is not this machine is refused.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.harness.waiting import PATIENCE_S

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class NotLoopback(ValueError):
    """Somebody asked to attack another machine."""


class OutOfBounds(RuntimeError):
    """The run has used up its requests or its time."""


def loopback(address: str) -> str:
    """The address, when it is this machine's own; names are not looked up."""
    try:
        found = ip_address(address)
    except ValueError as wrong:
        raise NotLoopback(f"only an address of this machine is attacked, not {address!r}") from wrong
    if not found.is_loopback:
        raise NotLoopback(f"only an address of this machine is attacked, not {address}")
    return str(found)


@dataclass
class Bounds:
    """How many requests and seconds the run may still take."""

    requests: int
    seconds: float
    began: float = field(default_factory=time.monotonic)
    asked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> None:
        """One request more."""
        with self.lock:
            self.asked += 1
            over = self.asked > self.requests or time.monotonic() - self.began > self.seconds
        if over:
            raise OutOfBounds(f"stopped after {self.asked} requests, {time.monotonic() - self.began:.0f} s")


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    text: str
    took_s: float

    @property
    def json(self) -> Any:
        """The body read as JSON; None when it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


class Browser:
    """Cookies and form tokens as a person's browser keeps them; `source` is the loopback address it comes from."""

    def __init__(self, host: str, port: int, bounds: Bounds, source: str = "127.0.0.1") -> None:
        self.host, self.port, self.bounds, self.source = loopback(host), port, bounds, loopback(source)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        self.bounds.take()
        sent = {"Connection": "close", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S, source_address=(self.source, 0))
        began = time.monotonic()
        try:
            line.request(method, path, body, sent)
            got = line.getresponse()
            text = got.read().decode("utf-8", "replace")
        finally:
            line.close()
        for each in got.headers.get_all("Set-Cookie") or []:
            self._keep(SimpleCookie(each))
        known = {name.lower(): value for name, value in got.headers.items()}
        return Answer(got.status, known, text, time.monotonic() - began)

    def _keep(self, told: SimpleCookie) -> None:
        for name, morsel in told.items():
            if morsel.value and morsel["max-age"] != "0":
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)

    def get(self, path: str) -> Answer:
        """A page; its form token is remembered."""
        answer = self.ask("GET", path)
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, files: dict[str, tuple[str, bytes]] | None = None, **fields: Any) -> Answer:
        """A form as this browser would send it, with its token."""
        if not self.token:
            self.get("/sign-in")
        fields = {"csrf_token": self.token, **fields}
        if files is None:
            body = urlencode(fields, doseq=True, errors="surrogatepass").encode()
            return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        edge = f"edge{os.urandom(8).hex()}"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for name, (file_name, content) in files.items():
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        whole = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self.ask("POST", path, whole, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def call(self, method: str, path: str, sent: Any = None, **headers: str) -> Answer:
        """A JSON call; header names are written with _ for -."""
        body = None if sent is None else sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(method, path, body, {"Content-Type": "application/json", **named})


class Device:
    """A phone or tablet: token, numbers, chain, and a key of its own when it must sign."""

    def __init__(self, browser: Browser, code: str, *, sign: bool = False) -> None:
        self.browser, self.seq, self.tail = browser, 0, None
        self.key = ec.generate_private_key(ec.SECP256R1()) if sign else None
        asked: dict[str, Any] = {"code": code, "name": "attack"}
        if self.key is not None:
            point = self.key.public_key().public_numbers()
            asked["public_key"] = {"kty": "EC", "crv": "P-256", "x": _base64url(point.x), "y": _base64url(point.y)}
        self.enrolled = browser.call("POST", "/api/v1/enrol", asked)
        told = self.enrolled.json or {}
        self.token, self.code = str(told.get("token", "")), str(told.get("device", {}).get("code", ""))

    def call(self, method: str, path: str, sent: Any = None) -> Answer:
        """A call with this device's token."""
        return self.browser.call(method, path, sent, Authorization=f"Bearer {self.token}")

    def state(self, known: str = "") -> Answer:
        """What the server tells this device."""
        return self.call("GET", f"/api/v1/sync/state?{urlencode({'known': known})}")

    def write(self, kind: str, subject: str, body: Any, base: int | None = None, **changes: Any) -> dict[str, Any]:
        """The next message, chained and signed; `changes` are made before that."""
        self.seq += 1
        message: dict[str, Any] = {
            "v": 2, "mid": new_mid(), "seq": self.seq, "kind": kind, "subject": subject, "body": body, "base_version": base,
            "wall_ms": time.time_ns() // 1_000_000, "offset_ms": 0, "prev_hash": self.tail, **changes,
        }  # fmt: skip
        plain = json.dumps({**message, "device": self.code}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        exact = plain.encode("utf-8", "surrogatepass")
        self.tail = hashlib.sha256(exact).hexdigest()
        if self.key is not None:
            message["sig"] = _base64url(*decode_dss_signature(self.key.sign(exact, ec.ECDSA(hashes.SHA256()))))
        return message

    def sync(self, *messages: dict[str, Any], known: tuple[str, ...] = ()) -> Answer:
        """Deliver."""
        return self.call("POST", "/api/v1/sync", {"v": 2, "mutations": list(messages), "known": list(known)})

    def scan(self, list_id: str, **changes: Any) -> dict[str, Any]:
        """A scan of a pass by what lists call it."""
        body = {"pass": list_id, "persons": None, "purpose": "entry", "how": "camera"}
        return self.write("scan", list_id, body, **changes)


def new_mid() -> str:
    """A UUID of version 7."""
    whole = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    whole[6], whole[8] = whole[6] & 0x0F | 0x70, whole[8] & 0x3F | 0x80
    text = whole.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _base64url(*numbers: int) -> str:
    return urlsafe_b64encode(b"".join(each.to_bytes(32, "big") for each in numbers)).rstrip(b"=").decode("ascii")
