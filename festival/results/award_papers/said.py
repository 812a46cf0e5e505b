"""Is what was typed for a proposal or a decision good, and how is a sum of money written in words? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from festival.core.sentence import N_, Sentence
from festival.core.text import line
from festival.judging.by_hand.number_words import whole_in_words

LONGEST = 200
MOST_LINES = 20
MOST_VND = 999_999_999  # of one award
NO_AMOUNT = N_("Tiền thưởng ghi bằng số đồng, ví dụ 1.500.000; không thưởng tiền thì để trống.", "award_amount")
NO_SIGNER = N_("Ghi họ tên người ký.", "award_signer")
NO_TITLE = N_("Ghi chức danh người ký, ví dụ TRƯỞNG BAN TỔ CHỨC.", "award_title")
NO_ADDRESSEE = N_("Ghi nơi nhận tờ trình, ví dụ Ủy ban nhân dân tỉnh.", "award_to")
TOO_LONG = N_("Dài quá %(n)s ký tự, hoặc quá %(lines)s dòng.", "award_long", n=LONGEST, lines=MOST_LINES)


@dataclass(frozen=True, slots=True)
class SheetSaid:
    """What was typed: to whom, where, on which grounds, who signs, who receives it, how much by the name of an award."""

    to: str
    place: str
    grounds: tuple[str, ...]
    title: str
    signer: str
    receivers: tuple[str, ...]
    amounts: Mapping[str, int]

    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"grounds": list(self.grounds), "receivers": list(self.receivers)}


def read_said(kept: Mapping[str, Any]) -> SheetSaid:
    """The same again; of erased papers nothing."""
    to, place, title, signer = (str(kept.get(name, "")) for name in ("to", "place", "title", "signer"))
    grounds, receivers = (tuple(kept.get(name, ())) for name in ("grounds", "receivers"))
    return SheetSaid(to, place, grounds, title, signer, receivers, dict(kept.get("amounts", {})))


def typed_said(
    typed: Mapping[str, str], amounts: Mapping[str, str], *, proposal: bool
) -> SheetSaid | tuple[str, Sentence]:
    """What was typed, or which box is wrong and what to write in it. `amounts`: by the name of the award."""
    text = {name: line(typed.get(name, "")) for name in ("to", "place", "title", "signer")}
    lists = {name: _lines(typed.get(name, "")) for name in ("grounds", "receivers")}
    for name, value in text.items():
        if len(value) > LONGEST:
            return name, TOO_LONG
    for name, lines in lists.items():
        if len(lines) > MOST_LINES or any(len(each) > LONGEST for each in lines):
            return name, TOO_LONG
    for name, fault in (("to", NO_ADDRESSEE), ("title", NO_TITLE), ("signer", NO_SIGNER)):
        if not text[name] and (name != "to" or proposal):
            return name, fault
    found: dict[str, int] = {}
    for place, (award, written) in enumerate(amounts.items(), start=1):
        amount = vnd(written)
        if amount is None:
            return f"amount-{place}", NO_AMOUNT
        if amount:
            found[award] = amount
    to, where, title, signer = text.values()
    return SheetSaid(to, where, lists["grounds"], title, signer, lists["receivers"], found)


def vnd(written: str) -> int | None:
    """Dong as people write them: 1.500.000, 1 500 000 đ; 0 for an empty box, None for what is no sum."""
    digits = line(written).lower().removesuffix("vnd").removesuffix("đồng").removesuffix("đ").strip()
    for between in (".", ",", " ", "\u00a0"):
        groups = digits.split(between)
        if len(groups) > 1:
            if not all(len(each) == 3 for each in groups[1:]) or not 1 <= len(groups[0]) <= 3:
                return None
            digits = "".join(groups)
            break
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit()):
        return None
    amount = int(digits) if len(digits) <= 12 else MOST_VND + 1
    return amount if amount <= MOST_VND else None


def written_vnd(amount: int) -> str:
    """1500000 → 1.500.000."""
    return f"{amount:,}".replace(",", ".")


def vnd_in_words(amount: int) -> str:
    """1500000 → Một triệu năm trăm ngàn đồng; up to 999 999 tỷ; what is missing is said «Âm …»."""
    if amount < 0:
        words = vnd_in_words(-amount)
        return f"Âm {words[0].lower()}{words[1:]}"
    parts: list[str] = []
    for size, name in ((10**9, " tỷ"), (10**6, " triệu"), (10**3, " ngàn"), (1, "")):
        count, amount = divmod(amount, size)
        if count or (not parts and not name):
            parts.append(_group(count, behind=bool(parts)) + name)
    words = " ".join(parts)
    return f"{words[0].upper()}{words[1:]} đồng"


def _group(count: int, *, behind: bool) -> str:
    """Behind a larger group a number under a hundred is heard with its missing hundreds: một tỷ không trăm lẻ năm triệu."""
    if not behind or count >= 100:
        return whole_in_words(count)
    return f"không trăm {'lẻ ' if count < 10 else ''}{whole_in_words(count)}"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(clean for each in text.splitlines() if (clean := line(each).strip(" ;")))


def same_awards(contests: Sequence[str], whole: bool, others: Sequence[str], other_whole: bool) -> bool:
    """Whether two papers are about the same awards: the later one replaces the earlier."""
    return whole == other_whole and set(contests) == set(others)
