"""How is a password kept? Argon2id with the library's defaults (RFC 9106's second recommendation).

Hashing takes about 0.2 s on purpose, so it is never done inside a transaction.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARACTERS = 8

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Verified when there is no such login, so that the time of the answer does not tell which logins exist."""
    return _hasher.hash("không có ai")


def hash_password(password: str) -> str:
    """The text the database keeps."""
    return _hasher.hash(password)


def verify_password(kept: str, password: str) -> bool:
    """Whether `password` is the one; an empty `kept` costs the same time and says no."""
    try:
        _hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)
