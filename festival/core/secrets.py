"""Which codes can be printed again, and what of them does the database keep?

Whether the key is the one this database was made with is asked before the first code (core/pass_key).
A code that must be printable twice (pass, typed code, family link) is derived: HMAC-SHA-256 under the pass key over
purpose, row and issue number. A token that is shown once (session, device, one-time sign-in) is 256 random bits, and the
database keeps its SHA-256. Of a code that a person types, and of a link, it keeps a keyed hash: whoever has the
database but not the pass key cannot try eight characters until one fits.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from hashlib import sha256

from flask import current_app

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def derived_bytes(purpose: str, row: int, issue: int, length: int = 16, *, attempt: int | None = None) -> bytes:
    """`length` (at most 32) bytes that only the holder of the pass key can compute; other ones for each attempt."""
    guard: Callable[[], None] | None = current_app.extensions.get("pass_key_guard")
    if guard is not None:
        guard()
    key: bytes = current_app.config["FESTIVAL"].pass_key
    tried = "" if attempt is None else f"\x1f{attempt}"
    return hmac.new(key, f"{purpose}\x1f{row}\x1f{issue}{tried}".encode(), sha256).digest()[:length]


def derived_code(purpose: str, row: int, issue: int, characters: int = 26) -> str:
    """The same as Crockford base32 text, 5 bits a character, at most 51 characters."""
    number = int.from_bytes(derived_bytes(purpose, row, issue, 32), "big")
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in range(characters))


def new_token() -> str:
    """A random bearer token of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_typed_code(characters: int = 10) -> str:
    """A random code a person types, without letters that look like digits."""
    number = secrets.randbits(5 * characters)  # one question to the system, not one a letter
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in range(characters))


def normal_typed_code(typed: str) -> str:
    """What was typed, without spaces and dashes, I and L read as 1, O as 0."""
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept.translate(str.maketrans("ILO", "110"))


def token_hash(token: str) -> str:
    """What the database keeps of a token: 64 hex digits."""
    return sha256(token.encode("utf-8")).hexdigest()


def look_up_hash(code: str) -> str:
    """What the database keeps of a typed code or a link: 64 hex digits that only the holder of the pass key can make.

    Over the SHA-256 that was kept before, so that a row of an earlier release is keyed without knowing its code.
    """
    return look_up_hash_under(current_app.config["FESTIVAL"].pass_key, code)


def look_up_hash_under(key: bytes, code: str) -> str:
    """The same under a pass key that is not the one in force."""
    return _keyed_hash(key, "look-up", sha256(code.encode("utf-8", "surrogatepass")).hexdigest())


def keyed_hash(purpose: str, text: str) -> str:
    """64 hex digits under which something is counted or known again without being told: a phone, a sender's key."""
    return _keyed_hash(current_app.config["FESTIVAL"].pass_key, purpose, text)


def _keyed_hash(key: bytes, purpose: str, text: str) -> str:
    own = hmac.new(key, f"hash\x1f{purpose}".encode(), sha256).digest()
    return hmac.new(own, text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def keyed(kind: str, value: str) -> str:
    """What a count keeps of a phone or an address: the same for the same value, and no way back without the secret key.

    For what lives hours only. What is stored for the festival stands under the pass key, which is backed up with it.
    """
    key: str = current_app.config["FESTIVAL"].secret_key
    return hmac.new(key.encode("utf-8"), f"count\x1f{kind}\x1f{value}".encode(), sha256).hexdigest()[:32]
