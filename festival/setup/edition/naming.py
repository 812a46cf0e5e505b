"""Which short code does something get from its name? Pure.

Codes stand in addresses and files: small letters without marks, digits, hyphens (docs/ruleset.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

from festival.core.names import fold

LONGEST = 40
# What every festival of families is called; the rest tells one from another.
_COMMON = re.compile(
    r"\b(ngay hoi|hoi thi|lien hoan|giao luu|gia dinh|tieu bieu|van hoa|hanh phuc|viet nam|cap|tinh|thanh pho|huyen|thi xa|xa|phuong|dac khu"
    r"|lan thu [ivxlc\d]+|nam \d{4}|nam|\d{4})\b"
)


def slug(text: str) -> str:
    """«Trường Tiểu học An Khương» is truong-tieu-hoc-an-khuong; "" when no letter or digit is left."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return plain[:LONGEST].strip("-")


def edition_code(name: str, year: int) -> str:
    """What is left of the name without the words that all festivals share, and the year: kien-giang-2024."""
    own = slug(_COMMON.sub(" ", re.sub(r"[^a-z0-9]+", " ", fold(name))))
    return f"{own[: LONGEST - 5].strip('-') or 'ngay-hoi'}-{year}"


def free(code: str, taken: Collection[str], otherwise: str = "doan") -> str:
    """The code, or with the first number that makes it one of its own."""
    code = code or otherwise
    if code not in taken:
        return code
    return next(each for number in count(2) if (each := f"{code}-{number}") not in taken)
