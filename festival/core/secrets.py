"""Which codes can be printed again, and what of them does the database keep?

Whether the key is the one this database was made with is asked before the first code (core/pass_key.py). A code that must be printable twice (pass, typed code, family link) is derived: HMAC-SHA-256 under the pass key over
purpose, row and issue number. A token that is shown once (session, device, one-time code) is random. The database
keeps only SHA-256 of either; the pass key lies outside it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from hashlib import sha256

from flask import current_app

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def derived_bytes(purpose: str, row: int, issue: int, length: int = 16) -> bytes:
    """`length` (at most 32) bytes that only the holder of the pass key can compute."""
    guard: Callable[[], None] | None = current_app.extensions.get("pass_key_guard")
    if guard is not None:
        guard()
    key: bytes = current_app.config["FESTIVAL"].pass_key
    return hmac.new(key, f"{purpose}\x1f{row}\x1f{issue}".encode(), sha256).digest()[:length]


def derived_code(purpose: str, row: int, issue: int, characters: int = 26) -> str:
    """The same as Crockford base32 text, 5 bits a character, at most 51 characters."""
    number = int.from_bytes(derived_bytes(purpose, row, issue, 32), "big")
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in range(characters))


def new_token() -> str:
    """A random bearer token of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_typed_code(characters: int = 10) -> str:
    """A random code a person types, without letters that look like digits."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(characters))


def normal_typed_code(typed: str) -> str:
    """What was typed, without spaces and dashes, I and L read as 1, O as 0."""
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept.translate(str.maketrans("ILO", "110"))


def token_hash(token: str) -> str:
    """What the database keeps of a token: 64 hex digits."""
    return sha256(token.encode("utf-8")).hexdigest()


def keyed(kind: str, value: str) -> str:
    """What a count keeps of a phone or an address: the same for the same value, and no way back without the secret key.

    For what lives hours only. What is stored for the festival stands under the pass key, which is backed up with it.
    """
    key: str = current_app.config["FESTIVAL"].secret_key
    return hmac.new(key.encode("utf-8"), f"count\x1f{kind}\x1f{value}".encode(), sha256).hexdigest()[:32]
