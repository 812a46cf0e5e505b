"""May this third marking or draw be recorded, and what is kept of it?

Only for entries that stand equal at that very rung, in a locked contest. A group is drawn once: another draw needs the first
one taken back with a reason, and both stay readable. Marks may be typed anew until the minutes are signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from flask_babel import gettext as _

from festival.contests.marks import BadMark, Blank, ReadMark, Scale, parse_mark
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.i18n import say
from festival.judging.contest_rules import scale_of
from festival.judging.paper.borders import FEWEST_DICE, MOST_DICE, read_dice
from festival.judging.tally import Tally
from festival.results.agenda import Agenda
from festival.results.decisions import KINDS, entries_decided
from festival.results.models import DecisionKind
from festival.results.rungs import THIRD, drawn
from festival.results.ties import AskedOf
from festival.schedule.draw import Drawn, hand_order

FEWEST_WITNESSES = 2


@dataclass(frozen=True, slots=True)
class Thrown:
    """Dice were thrown before people."""

    entries: frozenset[str]
    dice: str


@dataclass(frozen=True, slots=True)
class LotsDrawn:
    """Lots were drawn by hand: the number each entry drew, as typed."""

    numbers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MarkedAgain:
    """What was marked once more, as typed: by letter of the seat (`rungs.THIRD`: a third judge), then by entry."""

    entries: frozenset[str]
    marks: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class NotHeld:
    """The panel goes past this rung and says why."""

    asks: AskedOf
    entries: frozenset[str]


@dataclass(frozen=True, slots=True)
class RecordTakenBack:
    """The record in force of this group holds no more."""

    asks: AskedOf
    entries: frozenset[str]


RungSaying = Thrown | LotsDrawn | MarkedAgain | NotHeld | RecordTakenBack


def rung_content(
    agenda: Agenda, saying: RungSaying, subject: str, tally: Tally | None = None
) -> tuple[DecisionKind, dict[str, Any]]:
    """What is stored. `subject`: the code the lots are made with; `tally`: of a contest that may be marked again."""
    match saying:
        case Thrown(entries, dice):
            asks = _asked(agenda, AskedOf.DRAW, entries)
            return asks, _drawn(agenda, entries, subject, {"seed": _seed(dice)})
        case LotsDrawn(numbers):
            asks = _asked(agenda, AskedOf.DRAW, frozenset(numbers))
            return asks, _drawn(agenda, frozenset(numbers), subject, {"seed": "", "order": _by_hand(numbers)})
        case MarkedAgain(entries, marks):
            asks = _asked(agenda, AskedOf.MARKING, entries)
            if tally is None:
                raise BadInput(_("Chỉ chấm lại ở phần thi do giám khảo chấm."))
            return asks, {"entries": sorted(entries), "marks": _marks(tally, sorted(entries), marks)}
        case NotHeld(asks, entries):
            kind = _asked(agenda, asks, entries)
            _refuse_second(agenda, asks, entries)
            return kind, {"entries": sorted(entries), "held": False}
        case RecordTakenBack(asks, entries):
            kind = _asked(agenda, asks, entries)
            if agenda.decided.record(asks, entries) is None:
                raise Conflict(_("Không còn gì để rút lại: xem lại trang."))
            last = [row.id for row in agenda.decided.rows if row.kind is kind and entries_decided(row) == entries][-1]
            return kind, {"entries": sorted(entries), "takes_back": last}
    assert_never(saying)


def _asked(agenda: Agenda, asks: AskedOf, entries: frozenset[str]) -> DecisionKind:
    if (asks, entries) not in {(come.asks, frozenset(come.entries)) for come in agenda.rungs}:
        raise BadInput(_("Những tên này không (còn) bằng nhau ở bậc này. Chưa ghi gì; xem lại trang."))
    return KINDS[asks]


def _refuse_second(agenda: Agenda, asks: AskedOf, entries: frozenset[str]) -> None:
    if agenda.decided.record(asks, entries) is not None:
        raise Conflict(
            _("Nhóm này đã có kết quả, mỗi nhóm chỉ bốc thăm một lần. Muốn làm lại phải rút lần trước, ghi rõ lý do.")
        )


def _drawn(agenda: Agenda, entries: frozenset[str], subject: str, content: dict[str, Any]) -> dict[str, Any]:
    _refuse_second(agenda, AskedOf.DRAW, entries)
    content = {"entries": sorted(entries), **content}
    return content | {"order": list(drawn(subject, content))}


def _seed(dice: str) -> str:
    seed = read_dice(dice)
    if seed is None:
        raise BadInput(
            _("Gieo xúc xắc rồi gõ các mặt theo thứ tự: từ %(least)s đến %(most)s chữ số, mỗi số từ 1 đến 6.",
              least=FEWEST_DICE, most=MOST_DICE)
        )  # fmt: skip
    return seed


def _by_hand(numbers: Mapping[str, str]) -> list[str]:
    read = hand_order(numbers)
    if not isinstance(read, Drawn):
        raise BadInput(
            _("Số lá thăm chưa đủ: mỗi tên một số từ 1 đến %(n)s, không số nào hai lần. Chưa ghi gì.", n=len(numbers))
        )
    return list(read.order)


def witnesses(names: tuple[str, ...]) -> None:
    """A draw is made before people."""
    if len(names) < FEWEST_WITNESSES:
        raise BadInput(
            _("Bốc thăm trước mặt mọi người: ghi họ tên ít nhất %(n)s người chứng kiến.", n=FEWEST_WITNESSES)
        )


def total_scale(tally: Tally) -> Scale:
    """From the lowest to the highest total of a sheet; to the thousandth."""
    scales = [scale_of(criterion) for criterion in tally.criteria]
    most = sum(each.max_milli * each.weight_milli // 1000 for each in scales)
    least = sum(each.min_milli * each.weight_milli // 1000 for each in scales)
    return Scale(most, 1, least)


def _marks(tally: Tally, entries: list[str], typed: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, int]]:
    """Who marked at all marked every entry of the group; either judges of the panel, or one third judge alone."""
    scale, found = total_scale(tally), dict[str, dict[str, int]]()
    for letter, given in typed.items():
        if not any(text.strip() for text in given.values()):
            continue
        who = _("giám khảo thứ ba") if letter == THIRD else _("giám khảo %(letter)s", letter=letter)
        _refuse_stranger(tally, letter, entries, who)
        for entry in entries:
            match parse_mark(given.get(entry, ""), scale):
                case ReadMark(milli):
                    found.setdefault(letter, {})[entry] = milli
                case Blank():
                    raise BadInput(_("%(who)s: ghi tổng điểm của mọi tên trong nhóm, hoặc bỏ trống tất cả.", who=who))
                case BadMark(_fault, said):
                    raise BadInput(_("%(who)s: %(said)s", who=who, said=say(said)))
    if not found:
        raise BadInput(_("Chưa có điểm chấm lại nào."))
    if THIRD in found and len(found) > 1:
        raise BadInput(_("Chọn một: các giám khảo của ban chấm lại, hoặc một giám khảo thứ ba chấm."))
    return dict(sorted(found.items()))


def _refuse_stranger(tally: Tally, letter: str, entries: list[str], who: str) -> None:
    """A judge of this panel who is tied to none of them."""
    if letter == THIRD:
        return
    seat = next((each for each in tally.seats if each.letter == letter), None)
    if seat is None:
        raise BadInput(_("Ban giám khảo không có ghế %(letter)s.", letter=letter))
    ids = {each.id for each in tally.appearances if each.code in entries}
    if any((seat.id, entry) in tally.tied for entry in ids):
        raise BadInput(_("%(who)s có liên quan với một gia đình trong nhóm nên không chấm lại.", who=who))
