"""Which words of a list mean which role, and what are a line's fates called on the screen?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.accounts.roles import Role
from festival.accounts.words import ROLE_WORDS
from festival.core.names import fold
from festival.office.people.found import LineFate

# As people write them, without marks; what the screen calls a role in the reader's language is added.
TYPED_ROLES: dict[Role, tuple[str, ...]] = {
    Role.ORGANISER: ("ban to chuc", "btc", "to chuc"),
    Role.OFFICER: (
        "can bo", "can bo phu trach", "can bo doan", "cong chuc", "cong chuc van hoa", "cong chuc van hoa xa hoi", "cong chuc vhxh", "phu trach doan",
    ),
    Role.GATE_LEAD: ("truong nhom cong", "truong cong"),
    Role.SECRETARY: ("thu ky",),
    Role.CHAIR: ("truong ban giam khao", "truong ban", "truong bgk", "truong giam khao", "chu khao"),
    Role.JUDGE: ("giam khao", "gk", "thanh vien giam khao", "thanh vien ban giam khao"),
    Role.STAGE_MANAGER: ("chi dao san khau", "san khau"),
    Role.CARE: ("bep an", "bep", "y te", "bep an va y te", "bep an, y te"),
    Role.MC: ("mc", "nguoi dan chuong trinh", "dan chuong trinh"),
}  # fmt: skip

FATES: dict[LineFate, LazyString] = {
    LineFate.NEW: _l("Tài khoản mới"),
    LineFate.KNOWN: _l("Đã có tài khoản"),
    LineFate.JOINED: _l("Cùng một người"),
    LineFate.DOUBLED: _l("Lặp lại"),
    LineFate.UNCLEAR: _l("Chưa rõ"),
}
TONES = {
    LineFate.NEW: "good",
    LineFate.KNOWN: "note",
    LineFate.JOINED: "note",
    LineFate.DOUBLED: "quiet",
    LineFate.UNCLEAR: "warn",
}


def role_words() -> dict[str, str]:
    """Folded words → role."""
    found = {word: role.value for role, words in TYPED_ROLES.items() for word in (*words, role.value.replace("_", " "))}
    return found | {_plain(str(words)): role.value for role, words in ROLE_WORDS.items()}


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())
