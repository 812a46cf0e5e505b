"""What is the rule document of the next edition, made from the one before? Pure.

Rules, quotas and contests are taken over, days are moved as far as the first day moves; who takes part is said by
`successors`. What was read about the old edition (sources, notes) is not true of the new one and stays behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from festival.core.names import fold
from festival.setup.pieces import Document, Piece

DAYS = ("ends_on", "registration_closes_on", "data_kept_until")
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def copied(
    document: Mapping[str, Any], festival: Mapping[str, str], delegations: Sequence[Piece], note: str
) -> Document:
    """The new document: `festival` has its code, name, ordinal and first day."""
    made = deepcopy({key: value for key, value in document.items() if key not in ("sources", "about", "invented")})
    old = made["festival"]
    by = date.fromisoformat(festival["starts_on"]) - date.fromisoformat(old["starts_on"])
    moved = {key: _moved(old[key], by) for key in DAYS if key in old}
    made["festival"] = {key: value for key, value in {**old, **moved, **festival}.items() if value != ""}
    if not festival.get("ordinal"):
        made["festival"].pop("ordinal", None)
    made["sources"] = [{"what": note}]
    made.pop("delegations", None)
    if delegations:
        made["delegations"] = [dict(each) for each in delegations]
    return made


def _moved(day: str, by: timedelta) -> str:
    return (date.fromisoformat(day) + by).isoformat()


def proposed(festival: Mapping[str, Any], taken: Iterable[str]) -> dict[str, str]:
    """Code, name, ordinal, short name and first day of the edition a year later, to be changed by whoever copies."""
    first = date.fromisoformat(festival["starts_on"])
    try:
        later = first.replace(year=first.year + 1)
    except ValueError:  # 29 February
        later = date(first.year + 1, 3, 1)
    old, new = str(festival.get("ordinal") or ""), next_ordinal(str(festival.get("ordinal") or ""))

    def renewed(text: str) -> str:
        text = text.replace(str(first.year), str(later.year))
        return re.sub(rf"\b(lần thứ\s+){re.escape(old)}\b", rf"\g<1>{new}", text, flags=re.IGNORECASE) if old else text

    code = renewed(festival["code"])
    code = code if code != festival["code"] else f"{code}-{later.year}"
    return {
        "code": free(code, taken),
        "name": renewed(festival["name"]),
        "short_name": renewed(str(festival.get("short_name") or "")),
        "ordinal": new,
        "starts_on": later.isoformat(),
    }


def other_year(name: str, starts_on: str) -> str:
    """A year that the name says and the festival does not begin in; "" when there is none."""
    return next((year for year in re.findall(r"\b20\d\d\b", name) if year != starts_on[:4]), "")


def next_ordinal(ordinal: str) -> str:
    """IV → V, 4 → 5; what is neither stays empty."""
    if ordinal.isascii() and ordinal.isdigit():
        return str(int(ordinal) + 1)
    for number in range(1, 100):
        if _roman(number) == ordinal.upper():
            return _roman(number + 1)
    return ""


def _roman(number: int) -> str:
    said = ""
    for value, letters in _ROMAN:
        said += letters * (number // value)
        number %= value
    return said


def free(code: str, taken: Iterable[str]) -> str:
    """The code, or with a number behind it when it is taken."""
    held = set(taken)
    return next(each for each in (code, *(f"{code}-{at}" for at in range(2, 10_000))) if each not in held)


def code_of(name: str, taken: Iterable[str]) -> str:
    """A short code for a delegation of that name."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "doan"
    return free(plain, taken)
