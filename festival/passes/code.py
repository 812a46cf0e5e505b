"""How is a pass written on paper, and what does a gate phone keep of it?

Rule: protocols, "Pass F1" and "Offline list". A pass is 16 secret bytes (the token). Printed it is `F1`, 26 Crockford
base32 characters and 2 check characters (the token as a number mod 1021, a prime just below 32²): every single wrong
character and every swap of two neighbours changes the remainder, so it is refused before anybody asks a server.
Below the QR stands a typed code XXXX-XXXX: 35 bits and one check character over GF(32), with the same property.

A gate phone holds, per pass, `list_id` and an encrypted record that only the pass itself opens. The same rules in the
browser: static/js/gate/pass-code.js; both are held together by tests/vectors/pass_code.json.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "F1"
TOKEN_BYTES = 16
CHECK_MODULUS = 1021
TYPED_CHARS = 8
RECORD_SIZES = (256, 512, 1024)
LONG = 0xFFFF
NONCE_BYTES = 12

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BLANKS = re.compile(r"[\s\-‐‑–—._]+")
_KEY_INFO = b"festival offline list 1"


class NotAPass(ValueError):
    """The text is no pass; `why` is "shape" (another kind of code) or "check" (a mistyped or torn pass)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def normalise(text: str) -> str:
    """What a person meant: capitals, no blanks or dashes, I and L read as 1, O as 0."""
    return _BLANKS.sub("", text).upper().translate(_READ_AS)


def encode(token: bytes) -> str:
    """The 30 characters that go into the QR."""
    if len(token) != TOKEN_BYTES:
        raise ValueError("a pass token has 16 bytes")
    number = int.from_bytes(token, "big")
    return PREFIX + _base32(number, 26) + _base32(number % CHECK_MODULUS, 2)


def decode(text: str) -> bytes:
    """The token of a scanned or typed `F1` code. Raises NotAPass."""
    code = normalise(text)
    if len(code) != 30 or not code.startswith(PREFIX) or any(c not in _VALUE for c in code):
        raise NotAPass("shape")
    number = _number(code[2:28])
    if number >> 128 or number % CHECK_MODULUS != _number(code[28:]):
        raise NotAPass("check")
    return number.to_bytes(TOKEN_BYTES, "big")


def typed(secret: bytes) -> str:
    """The code below the QR, `XXXX-XXXX`, from at least 5 secret bytes."""
    if len(secret) < 5:
        raise ValueError("a typed code is cut from at least 5 bytes")
    number = int.from_bytes(secret[:5], "big") >> 5
    body = [number >> shift & 31 for shift in range(30, -5, -5)]
    code = "".join(ALPHABET[value] for value in [*body, _typed_check(body)])
    return f"{code[:4]}-{code[4:]}"


def read_typed(text: str) -> str:
    """A typed code as it is looked up, `XXXX-XXXX`. Raises NotAPass when a character is wrong or two are swapped."""
    code = normalise(text)
    if len(code) != TYPED_CHARS or any(c not in _VALUE for c in code):
        raise NotAPass("shape")
    values = [_VALUE[c] for c in code]
    if _typed_check(values[:7]) != values[7]:
        raise NotAPass("check")
    return f"{code[:4]}-{code[4:]}"


def list_id(token: bytes) -> str:
    """The name of a pass in lists and scans, 32 hex digits: says nothing about the token."""
    return hashlib.sha256(b"id" + token).digest()[:16].hex()


def list_key(token: bytes) -> bytes:
    """The AES-256 key of the pass's offline record: HKDF-SHA-256 (RFC 5869), no salt."""
    extracted = hmac.new(bytes(32), token, hashlib.sha256).digest()
    return hmac.new(extracted, _KEY_INFO + b"\x01", hashlib.sha256).digest()


def padded(record: bytes) -> bytes:
    """Two bytes of length, the record, zeros up to 256, 512 or 1024 bytes: the size tells almost nothing.

    Longer records (a delegation with its families) go on in whole kibibytes; from 65,535 bytes on (a delegation of 300
    families) the two bytes are FF FF and four bytes of length follow.
    """
    length = len(record).to_bytes(2, "big") if len(record) < LONG else b"\xff\xff" + len(record).to_bytes(4, "big")
    need = len(length) + len(record)
    size = next((s for s in RECORD_SIZES if need <= s), -(-need // 1024) * 1024)
    return length + record + bytes(size - need)


def seal(token: bytes, record: bytes, nonce: bytes | None = None) -> bytes:
    """Nonce ‖ AES-256-GCM(padded record), bound to the list id. `nonce` is given by test vectors only."""
    nonce = os.urandom(NONCE_BYTES) if nonce is None else nonce
    return nonce + AESGCM(list_key(token)).encrypt(nonce, padded(record), bytes.fromhex(list_id(token)))


def unseal(token: bytes, sealed: bytes) -> bytes:
    """The record of `seal`. Raises NotAPass("check") when the token is another or the bytes were touched."""
    try:
        plain = AESGCM(list_key(token)).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bytes.fromhex(list_id(token))
        )
    except (InvalidTag, ValueError) as wrong:
        raise NotAPass("check") from wrong
    length, begins = int.from_bytes(plain[:2], "big"), 2
    if length == LONG:
        length, begins = int.from_bytes(plain[2:6], "big"), 6
    return plain[begins : begins + length]


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def _number(code: str) -> int:
    number = 0
    for character in code:
        number = number * 32 + _VALUE[character]
    return number


def _typed_check(values: list[int]) -> int:
    """Horner's rule in GF(32) with x as the multiplier: each place has its own non-zero weight."""
    check = 0
    for value in values:
        check = _times_x(check ^ value)
    return check


def _times_x(value: int) -> int:
    """Times x in GF(2)[x] / (x⁵ + x² + 1)."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
