"""How does a typed mark become a number, and which numbers may a judge give?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_, Points, Sentence

MILLI = 1000


def written(milli: int) -> str:
    """8750 → ``8,75``: the comma of Vietnamese papers, no needless zeros."""
    return str(Points(milli))


@dataclass(frozen=True, slots=True)
class Scale:
    """The legal marks of one criterion: ``min, min + step, … ≤ max``; below zero for what is taken off."""

    max_milli: int
    step_milli: int
    min_milli: int = 0
    weight_milli: int = 1000  # how many thousandths of a mark count

    def __post_init__(self) -> None:
        if not self.min_milli < self.max_milli or self.step_milli < 1:
            raise ValueError("a scale needs min < max and a step of at least 1/1000 point")
        if (self.max_milli - self.min_milli) % self.step_milli:
            raise ValueError("the highest mark must be reachable by the step")


class MarkFault(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    WRONG_STEP = "wrong_step"


@dataclass(frozen=True, slots=True)
class ReadMark:
    milli: int


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing was written. Blank is not zero."""


@dataclass(frozen=True, slots=True)
class BadMark:
    fault: MarkFault
    said: Sentence


FAULT_SENTENCES: Mapping[MarkFault, Sentence] = {
    MarkFault.NOT_A_NUMBER: N_("Điểm chỉ gồm chữ số và nhiều nhất một dấu phẩy, ví dụ 8,75."),
    MarkFault.NEGATIVE: N_("Điểm không có dấu trừ."),
    MarkFault.TOO_LOW: N_("Điểm thấp nhất là %(min)s."),
    MarkFault.TOO_HIGH: N_("Điểm cao nhất là %(max)s."),
    MarkFault.WRONG_STEP: N_("Điểm lẻ theo bước %(step)s, tính từ %(min)s."),
}

_TYPED = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")

_MINUS = ("-", "−", "–")

_MICRO = 1000  # a typed mark is read to 1/1 000 000 point, so that 9,0001 is told apart from 9


def bad_mark(fault: MarkFault, scale: Scale) -> BadMark:
    least, most, step = Points(scale.min_milli), Points(scale.max_milli), Points(scale.step_milli)
    return BadMark(fault, FAULT_SENTENCES[fault].filled(min=least, max=most, step=step))


def parse_mark(typed: str, scale: Scale) -> ReadMark | Blank | BadMark:
    """Read what a judge typed. Comma and point are the same decimal sign; there is no thousands separator.

    Spaces around are forgiven, and a leading zero (``09,5``, as teachers write). A minus is read where the scale goes below
    zero; ``-0`` is no mark. Other signs, exponents, ``NaN``, digits of
    other scripts and a comma with nothing on one side of it are not.
    """
    text = typed.strip()
    if not text:
        return Blank()
    negative = text.startswith(_MINUS)
    if negative and scale.min_milli >= 0:
        return bad_mark(MarkFault.NEGATIVE, scale)
    text = text[1:] if negative else text
    if not _TYPED.fullmatch(text):
        return bad_mark(MarkFault.NOT_A_NUMBER, scale)
    whole, _, part = text.replace(",", ".").partition(".")
    micro = int(whole) * MILLI * _MICRO + int(part.ljust(6, "0") if part else "0")
    if negative and not micro:
        return bad_mark(MarkFault.NOT_A_NUMBER, scale)
    micro = -micro if negative else micro
    if micro > scale.max_milli * _MICRO:
        return bad_mark(MarkFault.TOO_HIGH, scale)
    if micro < scale.min_milli * _MICRO:
        return bad_mark(MarkFault.TOO_LOW, scale)
    milli, beyond = divmod(micro, _MICRO)
    if beyond or (milli - scale.min_milli) % scale.step_milli:
        return bad_mark(MarkFault.WRONG_STEP, scale)
    return ReadMark(milli)


def check_mark(milli: object, scale: Scale) -> ReadMark | BadMark:
    """The same judgement on a number that came over the wire; a boolean or a float is not a mark."""
    if type(milli) is not int:
        return bad_mark(MarkFault.NOT_A_NUMBER, scale)
    if milli < 0 <= scale.min_milli:
        return bad_mark(MarkFault.NEGATIVE, scale)
    if milli > scale.max_milli:
        return bad_mark(MarkFault.TOO_HIGH, scale)
    if milli < scale.min_milli:
        return bad_mark(MarkFault.TOO_LOW, scale)
    if (milli - scale.min_milli) % scale.step_milli:
        return bad_mark(MarkFault.WRONG_STEP, scale)
    return ReadMark(milli)
