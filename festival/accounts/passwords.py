"""How is a password kept, and which one is too easy to guess?

Argon2id with the library's defaults (RFC 9106's second recommendation). Hashing takes about 0.2 s on purpose, so it is
never done inside a transaction. What is asked of a new password follows NIST SP 800-63B: length, not among those that
everybody tries first, not the person's own name; no rules about signs and digits. Passwords set before stay good.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from festival.core.names import fold
from festival.core.sentence import N_, Sentence

LEAST_CHARACTERS = 10

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


@cache
def _common() -> frozenset[str]:
    """The 30,000 passwords that are tried first (kept by zxcvbn, from published leaks); read when one is first set."""
    lists: dict[str, list[str]] = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    return frozenset(lists["passwords"])


def weakness(password: str, *names: str) -> Sentence | None:
    """Why this may not become the password of the account with these names (login, own name); None when it may."""
    if len(password) < LEAST_CHARACTERS:
        return N_("Mật khẩu cần ít nhất %(n)s ký tự. Một câu ngắn dễ nhớ là tốt nhất.", "short", n=LEAST_CHARACTERS)
    if password.isdecimal():
        return N_("Mật khẩu chỉ có chữ số dễ bị đoán (số điện thoại, ngày sinh). Thêm chữ vào.", "digits")
    if password.lower() in _common():
        return N_("Mật khẩu này nằm trong số những mật khẩu bị đoán trước tiên. Chọn một câu của riêng mình.", "common")
    if _letters(password) in {_letters(name) for name in names} - {""}:
        return N_("Mật khẩu không được là tên đăng nhập hay họ tên, kể cả khi thêm số. Chọn một câu khác.", "own_name")
    return None


def _letters(text: str) -> str:
    """What is left of a text without marks, case, digits and signs: `Trần-Thị-Mai-1990` → `tranthimai`."""
    return "".join(character for character in fold(text) if character.isalpha())
