"""How does a typed mark become a number, a sheet a total, and a panel's totals the points of one entry?

Everything here is whole thousandths of a point (``*_milli``) or exact ``fractions.Fraction``; no float ever appears.

**The rounding rule, stated once.** Marks, totals and penalties are whole thousandths and are never rounded. A mean is
an exact fraction, and deviations are compared exactly. The points of an entry (mean minus penalty) are rounded *once*,
half up, to the contest's ``round_milli`` (1 = three decimals, 10 = two decimals). Ranks compare these rounded points,
so whoever recomputes the printed minutes with a pocket calculator comes to the same order.

**Where the rule comes from.** The state's rule "mean of the whole jury; a judge whose score differs from it by more
than δ is dropped; mean of the rest" is in the regulation of the Circus Festival 2016 (Quyết định 05/QĐ-BVHTTDL, scale
0–10, δ = 1,5, http://finddd.com/vao-muc-bai/7363-Ban-hanh-Quy-che-cham-giai-va-khen-thuong-Lien-hoan-Xiec-quoc-te-2016.html)
and in regulation 2712/QC-BVHTTDL of 2010 (scale 0–20, δ = 2, a judge later than a quarter of the item does not mark it,
http://cinet.vn/van-ban-qppl-cinet/2712qcbvhttdl-323724.html). Neither says whether δ itself is still inside, whether
the mean of the rest is tested again, what the smallest panel is, or what happens when everybody is outside: these four
are parameters of the contest, fixed before the first mark.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from festival.core.sentence import N_, Points, Sentence, Stopped
from festival.editions.ruleset import Overtime, Passes, ScoringKind, ScoringRule, Shortfall

MILLI = 1000


def written(milli: int) -> str:
    """8750 → ``8,75``: the comma of Vietnamese papers, no needless zeros."""
    return str(Points(milli))


# --------------------------------------------------------------------------------------------------------------- marks


@dataclass(frozen=True, slots=True)
class Scale:
    """The legal marks of one criterion: ``min, min + step, … ≤ max``."""

    max_milli: int
    step_milli: int
    min_milli: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.min_milli < self.max_milli or self.step_milli < 1:
            raise ValueError("a scale needs 0 <= min < max and a step of at least 1/1000 point")
        if (self.max_milli - self.min_milli) % self.step_milli:
            raise ValueError("the highest mark must be reachable by the step")


class MarkFault(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    WRONG_STEP = "wrong_step"


@dataclass(frozen=True, slots=True)
class Mark:
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


def parse_mark(typed: str, scale: Scale) -> Mark | Blank | BadMark:
    """Read what a judge typed. Comma and point are the same decimal sign; there is no thousands separator.

    Spaces around are forgiven, and a leading zero (``09,5``, as teachers write). Signs, exponents, ``NaN``, digits of
    other scripts and a comma with nothing on one side of it are not.
    """
    text = typed.strip()
    if not text:
        return Blank()
    if text.startswith(_MINUS):
        return bad_mark(MarkFault.NEGATIVE, scale)
    if not _TYPED.fullmatch(text):
        return bad_mark(MarkFault.NOT_A_NUMBER, scale)
    whole, _, part = text.replace(",", ".").partition(".")
    micro = int(whole) * MILLI * _MICRO + int(part.ljust(6, "0") if part else "0")
    if micro > scale.max_milli * _MICRO:
        return bad_mark(MarkFault.TOO_HIGH, scale)
    if micro < scale.min_milli * _MICRO:
        return bad_mark(MarkFault.TOO_LOW, scale)
    milli, beyond = divmod(micro, _MICRO)
    if beyond or (milli - scale.min_milli) % scale.step_milli:
        return bad_mark(MarkFault.WRONG_STEP, scale)
    return Mark(milli)


def check_mark(milli: object, scale: Scale) -> Mark | BadMark:
    """The same judgement on a number that came over the wire; a boolean or a float is not a mark."""
    if type(milli) is not int:
        return bad_mark(MarkFault.NOT_A_NUMBER, scale)
    if milli < 0:
        return bad_mark(MarkFault.NEGATIVE, scale)
    if milli > scale.max_milli:
        return bad_mark(MarkFault.TOO_HIGH, scale)
    if milli < scale.min_milli:
        return bad_mark(MarkFault.TOO_LOW, scale)
    if (milli - scale.min_milli) % scale.step_milli:
        return bad_mark(MarkFault.WRONG_STEP, scale)
    return Mark(milli)


# --------------------------------------------------------------------------------------------------------- one sheet


@dataclass(frozen=True, slots=True)
class SheetTotal:
    milli: int


@dataclass(frozen=True, slots=True)
class Incomplete:
    """These criteria have no mark; the sheet has no total, and certainly not zero."""

    missing: tuple[str, ...]


def sheet_total(marks: Mapping[str, int | None], criteria: Sequence[str]) -> SheetTotal | Incomplete:
    """The sum of the marks of all criteria. A sheet without criteria, or with a stranger's mark, is a caller's error."""
    if not criteria:
        raise ValueError("a sheet without criteria has no total")
    strangers = set(marks) - set(criteria)
    if strangers:
        raise ValueError(f"marks for criteria the contest does not have: {sorted(strangers)}")
    missing = tuple(code for code in criteria if marks.get(code) is None)
    return Incomplete(missing) if missing else SheetTotal(sum(m for m in marks.values() if m is not None))


# ---------------------------------------------------------------------------------------------------------- overtime


def overtime_penalty(duration_ms: int, allowed_ms: int, rule: Overtime | None) -> int:
    """Thousandths to take off. Minutes are counted from the *end of the grace*: with 60 s of grace, 61 s over is one."""
    if duration_ms < 0 or allowed_ms < 0:
        raise ValueError("durations are not negative")
    if rule is None:
        return 0
    over_ms = duration_ms - allowed_ms - rule.grace_s * 1000
    if over_ms <= 0:
        return 0
    penalty = -(-over_ms // 60_000) * rule.minus_milli
    return penalty if rule.limit_milli is None else min(penalty, rule.limit_milli)


# ------------------------------------------------------------------------------------------------------ the panel's mean


class SheetState(StrEnum):
    """What a judge did about an entry. Only ``marked`` carries a number; the others are states and never a zero."""

    MARKED = "marked"
    RECUSED = "recused"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class JudgeTotal:
    """One judge's sheet for the entry: a total when marked, none otherwise."""

    judge: str
    state: SheetState
    total_milli: int | None = None

    def __post_init__(self) -> None:
        if (self.state is SheetState.MARKED) != (self.total_milli is not None):
            raise ValueError("exactly a marked sheet carries a total")


@dataclass(frozen=True, slots=True)
class Dropped:
    judge: str
    total_milli: int
    deviation: Fraction  # thousandths from the mean of the pass in which it fell, always positive
    in_pass: int


@dataclass(frozen=True, slots=True)
class PanelMean:
    """``mean`` is exact, in thousandths. ``kept`` names the judges whose totals it is the mean of."""

    mean: Fraction
    mean_of_all: Fraction
    kept: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    notes: tuple[Sentence, ...] = ()


class NoResult(StrEnum):
    NOBODY_MARKED = "nobody_marked"
    PANEL_TOO_SMALL = "panel_too_small"
    ALL_DROPPED = "all_dropped"


@dataclass(frozen=True, slots=True)
class NotValid:
    why: NoResult
    said: Sentence


NOTE_TOO_SMALL = N_("Chỉ có %(marked)s giám khảo chấm, dưới mức %(smallest)s: không loại điểm nào.")
NOTE_ALL_DROPPED = N_("Mọi phiếu đều lệch quá mức %(delta)s: giữ nguyên tất cả.")
NO_RESULT: Mapping[NoResult, Sentence] = {
    NoResult.NOBODY_MARKED: N_("Chưa có phiếu nào được chấm."),
    NoResult.PANEL_TOO_SMALL: N_("Chỉ có %(marked)s giám khảo chấm, dưới mức %(smallest)s: chưa có kết quả hợp lệ."),
    NoResult.ALL_DROPPED: N_("Mọi phiếu đều lệch quá mức %(delta)s: ban giám khảo phải quyết định."),
}


def _mean(totals: Sequence[tuple[str, int]]) -> Fraction:
    return Fraction(sum(total for _, total in totals), len(totals))


def panel_mean(sheets: Sequence[JudgeTotal], rule: ScoringRule) -> PanelMean | NotValid:
    """The mean of the panel by the contest's rule (``ScoringRule``: strict drops a deviation *beyond* δ, not strict
    also one of exactly δ; ``smallest_panel`` counts the judges who marked, and fewer than that means by ``below`` that
    nobody is dropped or that there is no valid result).

    Recused, late and absent judges are not in it. With repeated passes every pass drops all that lie outside and takes
    the mean of the rest until a pass drops nobody. A pass that would leave nobody falls under ``all_dropped``:
    ``keep_all`` undoes every drop (the plain mean of all), ``not_valid`` leaves it to the jury.
    """
    if len({s.judge for s in sheets}) != len(sheets):
        raise ValueError("a judge has one sheet for an entry and round")
    # sorted by judge: the answer must not depend on the order in which tablets delivered
    marked = sorted((s.judge, s.total_milli) for s in sheets if s.total_milli is not None)

    def said(pattern: Sentence) -> Sentence:
        return pattern.filled(marked=len(marked), smallest=rule.smallest_panel, delta=Points(rule.delta_milli))

    if not marked:
        return NotValid(NoResult.NOBODY_MARKED, said(NO_RESULT[NoResult.NOBODY_MARKED]))
    everyone = tuple(judge for judge, _ in marked)
    of_all = _mean(marked)
    if len(marked) < rule.smallest_panel and rule.below is Shortfall.NOT_VALID:
        return NotValid(NoResult.PANEL_TOO_SMALL, said(NO_RESULT[NoResult.PANEL_TOO_SMALL]))
    if rule.kind is ScoringKind.MEAN:
        return PanelMean(of_all, of_all, everyone, ())
    if len(marked) < rule.smallest_panel:
        return PanelMean(of_all, of_all, everyone, (), (said(NOTE_TOO_SMALL),))

    rest, mean, dropped, number = marked, of_all, list[Dropped](), 1
    while True:
        outside = [
            Dropped(judge, total, abs(total - mean), number)
            for judge, total in rest
            if (abs(total - mean) > rule.delta_milli if rule.strict else abs(total - mean) >= rule.delta_milli)
        ]
        if not outside:
            break
        if len(outside) == len(rest):
            if rule.all_dropped is Shortfall.NOT_VALID:
                return NotValid(NoResult.ALL_DROPPED, said(NO_RESULT[NoResult.ALL_DROPPED]))
            return PanelMean(of_all, of_all, everyone, (), (said(NOTE_ALL_DROPPED),))
        gone = {d.judge for d in outside}
        dropped += outside
        rest = [(judge, total) for judge, total in rest if judge not in gone]
        mean = _mean(rest)
        number += 1
        if rule.passes is Passes.ONE:
            break
    return PanelMean(mean, of_all, tuple(judge for judge, _ in rest), tuple(dropped))


def rounded(points: Fraction, round_milli: int = 1) -> int:
    """The one rounding: half up to a whole multiple of ``round_milli`` thousandths."""
    return (points / round_milli + Fraction(1, 2)).__floor__() * round_milli


def entry_points(mean: Fraction, penalty_milli: int, rule: ScoringRule) -> int:
    """The points an entry is ranked by: mean minus penalty, never below zero, rounded once."""
    return max(0, rounded(mean - penalty_milli, rule.round_milli))


# --------------------------------------------------------------------------------- counts and times typed by the secretary


@dataclass(frozen=True, slots=True)
class Typed:
    """A count (whole number) or a time (milliseconds)."""

    value: int


@dataclass(frozen=True, slots=True)
class BadTyped:
    said: Sentence


BAD_COUNT = N_("Số lượt là số nguyên từ 0 đến 9999.")
BAD_TIME = N_("Thời gian viết như 1:23,45 (phút:giây) hoặc 83,45 (giây).")

_COUNT = re.compile(r"[0-9]{1,4}")
_TIME = re.compile(r"(?:(?P<min>[0-9]{1,3})[:'])?(?P<s>[0-9]{1,4})(?:[.,](?P<part>[0-9]{1,3}))?\"?")


def parse_count(typed: str) -> Typed | Blank | BadTyped:
    text = typed.strip()
    if not text:
        return Blank()
    return Typed(int(text)) if _COUNT.fullmatch(text) else BadTyped(BAD_COUNT)


def parse_time(typed: str) -> Typed | Blank | BadTyped:
    """``1:23,45``, ``1'23,45"`` or ``83,45`` → milliseconds. With minutes given, seconds are two digits below 60:
    ``1:3`` may mean 1:03 or 1:30.
    """
    text = typed.strip()
    if not text:
        return Blank()
    match = _TIME.fullmatch(text)
    if match is None or (match["min"] is not None and (len(match["s"]) != 2 or int(match["s"]) > 59)):
        return BadTyped(BAD_TIME)
    value = int(match["min"] or 0) * 60_000 + int(match["s"]) * 1000 + int((match["part"] or "").ljust(3, "0"))
    return Typed(value) if value else BadTyped(BAD_TIME)


def written_time(ms: int) -> str:
    """83450 → ``1:23,45``; below a minute ``23,45``."""
    return str(Stopped(ms))
