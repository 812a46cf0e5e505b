#!/usr/bin/env python3
"""How does a device talk to the festival without a browser? The JSON calls of docs/devices.md from a command line.

Stands alone on purpose (the standard library and `cryptography`): whoever builds a device of another kind can read
here all that it takes. What the device must remember - token, key, number and hash of its last message - is one file.

    device.py enrol  FILE URL CODE [--sign]        trade a one-time code for a token
    device.py open   FILE PIN [CARD]               a judge opens the tablet: with the own PIN, or sets it with the sealed card
    device.py state  FILE                          what the server tells this device
    device.py scan   FILE PASS [PERSON …]          read a pass (the digits of its QR); nobody named = everybody of it
    device.py send   FILE KIND SUBJECT BODY [BASE] any message; BODY is JSON, BASE the version it corrects
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def main() -> int:
    """Do one call; the answer goes to stdout as JSON, and a refused message makes the exit code 1."""
    parser = argparse.ArgumentParser(description="A device of the festival, without a browser.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    enrolling = verbs.add_parser("enrol")
    enrolling.add_argument("file", type=Path)
    enrolling.add_argument("url")
    enrolling.add_argument("code")
    enrolling.add_argument("--sign", action="store_true", help="make a P-256 key (a judge's tablet must)")
    opening = verbs.add_parser("open")
    opening.add_argument("file", type=Path)
    opening.add_argument("pin")
    opening.add_argument("card", nargs="?")
    asking = verbs.add_parser("state")
    asking.add_argument("file", type=Path)
    scanning = verbs.add_parser("scan")
    scanning.add_argument("file", type=Path)
    scanning.add_argument("pass_code")
    scanning.add_argument("persons", nargs="*")
    sending = verbs.add_parser("send")
    sending.add_argument("file", type=Path)
    sending.add_argument("kind")
    sending.add_argument("subject")
    sending.add_argument("body", type=json.loads)
    sending.add_argument("base", type=int, nargs="?")
    chosen = parser.parse_args()
    if chosen.verb == "enrol":
        return enrol(chosen.file, chosen.url.rstrip("/"), chosen.code, chosen.sign)
    memory = json.loads(chosen.file.read_text("utf-8"))
    if chosen.verb == "open":
        status, answer = call(
            memory["url"], "POST", "/api/v1/activate", {"pin": chosen.pin, "card": chosen.card}, memory["token"]
        )
        return show((status, answer)) or (0 if json.loads(answer)["activated"] else 1)
    if chosen.verb == "state":
        return show(call(memory["url"], "GET", "/api/v1/sync/state", None, memory["token"]))
    if chosen.verb == "scan":
        pass_id = list_id(chosen.pass_code)
        body = {"pass": pass_id, "persons": chosen.persons or None, "purpose": "entry", "how": "camera"}
        return send(chosen.file, memory, "scan", pass_id, body, None)
    return send(chosen.file, memory, chosen.kind, chosen.subject, chosen.body, chosen.base)


def enrol(file: Path, url: str, code: str, sign: bool) -> int:
    """Use a one-time code and write down what the device must remember."""
    asked: dict[str, Any] = {"code": code, "name": "device.py"}
    private = None
    if sign:
        key = ec.generate_private_key(ec.SECP256R1())
        point = key.public_key().public_numbers()
        asked["public_key"] = {"kty": "EC", "crv": "P-256", "x": base64url(point.x), "y": base64url(point.y)}
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode("ascii")
    status, answer = call(url, "POST", "/api/v1/enrol", asked, None)
    if status == 201:
        told = json.loads(answer)
        kept = {
            "url": url,
            "token": told["token"],
            "device": told["device"]["code"],
            "key": private,
            "seq": 0,
            "tail": None,
        }
        remember(file, kept)
        answer = json.dumps({"device": told["device"], "festival": told["festival"]}, ensure_ascii=False)
    return show((status, answer))


def send(file: Path, memory: dict[str, Any], kind: str, subject: str, body: dict[str, Any], base: int | None) -> int:
    """One message: numbered, chained to the one before, signed if the device has a key, kept before it is sent."""
    signed = {
        "base_version": base,
        "body": body,
        "device": memory["device"],
        "kind": kind,
        "mid": message_id(),
        "offset_ms": 0,
        "prev_hash": memory["tail"],
        "seq": memory["seq"] + 1,
        "subject": subject,
        "v": 2,
        "wall_ms": time.time_ns() // 1_000_000,
    }
    # Canonical JSON (RFC 8785); for the values here this is what it comes to.
    plain = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    message = {name: value for name, value in signed.items() if name != "device"}
    if memory["key"]:
        key = serialization.load_pem_private_key(memory["key"].encode("ascii"), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        r, s = decode_dss_signature(key.sign(plain, ec.ECDSA(hashes.SHA256())))
        message["sig"] = base64url(r, s)
    remember(file, memory | {"seq": signed["seq"], "tail": hashlib.sha256(plain).hexdigest()})
    status, answer = call(
        memory["url"], "POST", "/api/v1/sync", {"v": 2, "mutations": [message], "known": []}, memory["token"]
    )
    show((status, answer))
    verdicts = json.loads(answer)["verdicts"] if status == 200 else []
    return 0 if [each["verdict"] for each in verdicts] in (["applied"], ["duplicate"]) else 1


def list_id(pass_code: str) -> str:
    """The name of a pass in messages: says nothing about its 16 secret bytes. ValueError for a wrong character."""
    if pass_code.startswith(
        "F1"
    ):  # printed by a release up to 0.5; `first_form` of the state says whether there are any
        if len(pass_code) != 30:
            raise ValueError("this is not a pass")
        number, check = base32(pass_code[2:28]), base32(pass_code[28:])
        good = number % 1021 == check
    else:
        good = len(pass_code) == 43 and pass_code.isascii() and pass_code.isdecimal() and pass_code[0] == "2"
        number = int(pass_code[1:40]) if good else 0
        good = good and number % 997 == int(pass_code[40:])
    if not good or number >> 128:
        raise ValueError("this is not a pass")
    return hashlib.sha256(b"id" + number.to_bytes(16, "big")).digest()[:16].hex()


def base32(code: str) -> int:
    """The number that Crockford's letters write."""
    number = 0
    for character in code:
        number = number * 32 + ALPHABET.index(character)
    return number


def message_id() -> str:
    """UUIDv7 (RFC 9562): milliseconds, then chance."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6], raw[8] = raw[6] & 0x0F | 0x70, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def base64url(*numbers: int) -> str:
    """32 bytes each, base64url without padding, as JWK and WebCrypto write them."""
    return urlsafe_b64encode(b"".join(number.to_bytes(32, "big") for number in numbers)).decode("ascii").rstrip("=")


def call(url: str, method: str, path: str, content: Any, token: str | None) -> tuple[int, str]:
    """Status and text of an answer, also of a refusing one."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    sent = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url + path, sent, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def show(answer: tuple[int, str]) -> int:
    """Print an answer; 0 for a good one."""
    print(answer[1])
    return 0 if answer[0] < 400 else 1


def remember(file: Path, memory: dict[str, Any]) -> None:
    """The token and the key let their owner speak for the device: nobody else may read them."""
    making = file.with_suffix(".making")
    making.touch(mode=0o600)
    making.write_text(json.dumps(memory), "utf-8")
    making.replace(file)


if __name__ == "__main__":
    sys.exit(main())
