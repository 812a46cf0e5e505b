"""How is a sum of money typed, written and said in words on a paper? Pure: whole đồng."""

from __future__ import annotations

import re

MOST_VND = 999_999_999_999
_TYPED = re.compile(r"[\s.,]|vnđ|vnd|đồng|đ")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_STEPS = ((1_000_000_000, "tỷ"), (1_000_000, "triệu"), (1_000, "nghìn"), (1, ""))


def read_vnd(typed: str) -> int | None:
    """«12.500.000 đ» as a number; None for what is none, for nothing and for more than any festival spends."""
    digits = _TYPED.sub("", typed.strip().lower())
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        return None
    return int(digits) or None


def written_vnd(amount: int) -> str:
    """12500000 → ``12.500.000``."""
    return f"{amount:,}".replace(",", ".")


def vnd_in_words(amount: int) -> str:
    """12500000 → ``Mười hai triệu năm trăm nghìn đồng``, as papers of money say it."""
    if amount < 0:
        return f"Âm {_small(vnd_in_words(-amount))}"
    parts: list[str] = []
    rest = amount
    for size, word in _STEPS:
        group, rest = divmod(rest, size)
        if group:
            parts.append(f"{_group(group, whole=bool(parts))} {word}".rstrip())
    said = " ".join(parts) or _DIGITS[0]
    return f"{said[0].upper()}{said[1:]} đồng"


def _small(said: str) -> str:
    return said[0].lower() + said[1:]


def _group(number: int, *, whole: bool) -> str:
    """Three digits; `whole`: behind a higher group, where an empty hundred is said too."""
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if rest and not tens:
        return " ".join([*said, *(["linh"] if said else []), _DIGITS[unit]])
    if tens:
        said.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
        if unit:
            said.append(_unit(tens, unit))
    return " ".join(said)


def _unit(tens: int, unit: int) -> str:
    if unit == 5:
        return "lăm"
    if tens > 1 and unit in (1, 4):
        return {1: "mốt", 4: "tư"}[unit]
    return _DIGITS[unit]
