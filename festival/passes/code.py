"""How is a pass written on paper, and what does a gate phone keep of it?

Rule: protocols, "Pass, second form" and "Offline list". A pass is 16 secret bytes (the token). Printed it is digits only,
43 of them: the version 2, the token as 39 decimal digits, and 3 check digits (the token mod 997, a prime): every single
wrong digit and every swap of two neighbours changes the remainder, so it is refused before anybody asks a server. Digits
only, because a Vietnamese keyboard turns letters into other letters, and because a QR of digits needs fewer modules.
Below the QR stands a typed code of ten digits, `482 917 3605`: nine from secret bytes, never beginning with 0 as phones
do, and one check digit after Damm, with the same property.

A gate phone holds, per pass, `list_id` and an encrypted record that only the pass itself opens. The same rules in the
browser: static/js/gate/pass-code.js; both are held together by tests/vectors/pass_code.json. What releases up to 0.5
have printed is read by `first_form`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = "2"
REHEARSED = "8"  # of a card printed for a dress rehearsal: neither side takes the other's, and both can say why
TOKEN_BYTES = 16
TOKEN_DIGITS = 39
CHECK_MODULUS = 997
CODE_DIGITS = 43
TYPED_DIGITS = 10
RECORD_SIZES = (256, 512, 1024)
LONG = 0xFFFF
NONCE_BYTES = 12

# Damm's table of order 10: (c∘x)∘y = (c∘y)∘x only for x = y, and x∘x = 0. Luhn's digit misses 2 swaps in 100.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

# Blanks of every kind, dashes, dots, and the marks without width that come along with a pasted text.
_BETWEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff\-._·,]+")
_KHMER = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
_KEY_INFO = b"festival offline list 1"


class NotAPass(ValueError):
    """The text is no pass; `why` is "shape" (another kind of code), "check" (a mistyped or torn pass), "rehearsal" (a card
    of a rehearsal) or "real" (a card of the festival, read at its rehearsal).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def normalise(text: str) -> str:
    """What a person meant: digits of a full-width or a Khmer keyboard as 0 to 9, no blanks, dashes or dots."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).translate(_KHMER))


def encode(token: bytes, *, rehearsal: bool = False) -> str:
    """The 43 digits that go into the QR."""
    if len(token) != TOKEN_BYTES:
        raise ValueError("a pass token has 16 bytes")
    number = int.from_bytes(token, "big")
    return f"{REHEARSED if rehearsal else VERSION}{number:0{TOKEN_DIGITS}d}{number % CHECK_MODULUS:03d}"


def decode(text: str, *, rehearsal: bool = False) -> bytes:
    """The token of a scanned or typed code of 43 digits. Raises NotAPass."""
    code = normalise(text)
    if len(code) != CODE_DIGITS or not _all_digits(code) or code[0] not in (VERSION, REHEARSED):
        raise NotAPass("shape")
    number = int(code[1 : 1 + TOKEN_DIGITS])
    if number >> 128 or number % CHECK_MODULUS != int(code[1 + TOKEN_DIGITS :]):
        raise NotAPass("check")
    if (code[0] == REHEARSED) is not rehearsal:
        raise NotAPass("real" if rehearsal else "rehearsal")
    return number.to_bytes(TOKEN_BYTES, "big")


def typed(secret: bytes) -> str:
    """The code below the QR, `482 917 3605`, from at least 8 secret bytes."""
    if len(secret) < 8:
        raise ValueError("a typed code is cut from at least 8 bytes")
    body = str(10**8 + int.from_bytes(secret[:8], "big") % (9 * 10**8))
    return _spaced(f"{body}{damm(body)}")


def read_typed(text: str) -> str:
    """A typed code as it is looked up, `482 917 3605`. Raises NotAPass when a digit is wrong or two are swapped."""
    code = normalise(text)
    if len(code) != TYPED_DIGITS or not _all_digits(code) or code[0] == "0":
        raise NotAPass("shape")
    if damm(code) != 0:
        raise NotAPass("check")
    return _spaced(code)


def damm(digits: str) -> int:
    """The check digit of these digits; 0 when the check digit already stands at their end."""
    check = 0
    for digit in digits:
        check = DAMM[check][int(digit)]
    return check


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
    return unseal_with(list_key(token), list_id(token), sealed)


def unseal_with(key: bytes, id_: str, sealed: bytes) -> bytes:
    """With the key itself, as a delegation's record holds those of its families."""
    try:
        plain = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bytes.fromhex(id_))
    except (InvalidTag, ValueError) as wrong:
        raise NotAPass("check") from wrong
    length, begins = int.from_bytes(plain[:2], "big"), 2
    if length == LONG:
        length, begins = int.from_bytes(plain[2:6], "big"), 6
    return plain[begins : begins + length]


def _all_digits(code: str) -> bool:
    return code.isascii() and code.isdecimal()


def _spaced(code: str) -> str:
    return f"{code[:3]} {code[3:6]} {code[6:]}"
