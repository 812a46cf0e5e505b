"""May this be decided of the prizes of a locked contest, and what is kept of it?

Other prizes than a place brings are given to all who stand on it, so who is equal to another is never passed over. A prize
that is left empty is given to nobody, and nobody is given one that was left empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from flask_babel import gettext as _

from festival.core.web.errors import BadInput, Conflict
from festival.results.agenda import Agenda
from festival.results.decisions import entries_decided
from festival.results.models import DecisionKind
from festival.results.prizes import LeftEmpty


@dataclass(frozen=True, slots=True)
class PrizesGiven:
    """The prize (or none) of each entry on one place: where it lies between two prizes, or other ones than it brings."""

    prizes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class PrizesTakenBack:
    """What was decided about the prizes of these entries holds no more: their place brings what the rules say."""

    entries: frozenset[str]


@dataclass(frozen=True, slots=True)
class PrizeLeftEmpty:
    """A prize is given to nobody. `then`: what becomes of its places, one of `LeftEmpty`."""

    prize: str
    then: str


@dataclass(frozen=True, slots=True)
class PrizeGivenAgain:
    """A prize is not left empty any more."""

    prize: str


PrizeSaying = PrizesGiven | PrizesTakenBack | PrizeLeftEmpty | PrizeGivenAgain


def prize_content(agenda: Agenda, known: Sequence[str], saying: PrizeSaying) -> tuple[DecisionKind, dict[str, Any]]:
    """What is stored. `known`: the names of the prizes, highest first."""
    match saying:
        case PrizesGiven(prizes):
            _refuse_other_groups(agenda, frozenset(prizes))
            named = {prize for prize in prizes.values() if prize}
            if not named.issubset(known):
                raise BadInput(_("Tên giải không có trong thể lệ."))
            if left := sorted(named.intersection(each.prize for each in agenda.decided.vacant)):
                raise BadInput(
                    _("Giải «%(prize)s» đang để trống. Rút lại quyết định để trống trước, rồi trao.", prize=left[0])
                )
            return DecisionKind.PRIZE, {"prizes": dict(prizes)}
        case PrizesTakenBack(entries):
            last = _last(agenda, DecisionKind.PRIZE, entries)
            return DecisionKind.PRIZE, {"prizes": dict.fromkeys(sorted(entries)), "takes_back": last}
        case PrizeLeftEmpty(prize, then):
            return DecisionKind.VACANT, _left_empty(agenda, known, prize, then)
        case PrizeGivenAgain(prize):
            last = _last(agenda, DecisionKind.VACANT, frozenset({prize}))
            return DecisionKind.VACANT, {"prize": prize, "takes_back": last}
    assert_never(saying)


def _refuse_other_groups(agenda: Agenda, entries: frozenset[str]) -> None:
    groups = [frozenset(each) for each in agenda.groups] or [frozenset(each.entries) for each in agenda.questions]
    if entries in groups:
        return
    if agenda.groups and not entries.issubset(frozenset().union(*groups)):
        raise BadInput(
            _("Chỉ trao giải cho tiết mục đã thi và có hạng. Tiết mục không dự thi, bỏ dở, bị loại không nhận giải.")
        )
    raise BadInput(_("Quyết định phải nói về đúng và đủ những tên đứng cùng một hạng, hay đang chờ xét giải."))


def _left_empty(agenda: Agenda, known: Sequence[str], prize: str, then: str) -> dict[str, Any]:
    if prize not in known:
        raise BadInput(_("Chọn giải để trống trong các giải của thể lệ."))
    if then not in set(LeftEmpty):
        raise BadInput(
            _("Chọn những hạng của giải này nhận gì: giải liền dưới, không nhận, hay trao lại từ trên xuống.")
        )
    if any(prize in each.prizes.values() for each in agenda.decided.prizes):
        raise BadInput(
            _("Có quyết định đang trao giải «%(prize)s». Rút lại quyết định ấy trước, rồi để trống giải.", prize=prize)
        )
    return {"prize": prize, "then": LeftEmpty(then).value}


def _last(agenda: Agenda, kind: DecisionKind, about: frozenset[str]) -> int:
    """The decision in force about these."""
    rows = [row for row in agenda.decided.rows if row.kind is kind and entries_decided(row) == about]
    if not rows or "takes_back" in rows[-1].content:
        raise Conflict(_("Không còn gì để rút lại: xem lại trang."))
    return rows[-1].id
