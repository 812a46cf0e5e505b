"""How is a sum of money of the report typed? Pure: whole đồng. How it is written and said in words: `results.award_papers.said`."""

from __future__ import annotations

import re

MOST_VND = 999_999_999_999
_TYPED = re.compile(r"[\s.,]|vnđ|vnd|đồng|đ")


def read_vnd(typed: str) -> int | None:
    """«12.500.000 đ» as a number; None for what is none, for nothing and for more than any festival spends."""
    digits = _TYPED.sub("", typed.strip().lower())
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        return None
    return int(digits) or None
