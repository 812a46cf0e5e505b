"""How was a pass written up to release 0.5, and how is such a pass still read?

`F1`, 26 Crockford base32 characters (the token) and 2 check characters (the token mod 1021); below the QR XXXX-XXXX, 35 bits
and one check character over GF(32). Nothing is made in this form any more: a card that was printed in it is good until it
is renewed, and when a festival has none left nobody asks this module (queries.first_form_left, and the gate's list).
The same rules in the browser: static/js/gate/first-form.js; held together by tests/vectors/first_form.json.
"""

from __future__ import annotations

import re

from festival.passes.code import TOKEN_BYTES, NotAPass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "F1"
CHECK_MODULUS = 1021
TYPED_CHARS = 8

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BLANKS = re.compile(r"[\s\-‐‑–—._]+")


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
