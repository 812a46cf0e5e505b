"""How is a table told to whoever handed in the marks?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from festival.contests.counting.attempts import shown
from festival.contests.models import Contest, ResultKind
from festival.contests.panel import Dropped, DropReason, PanelMean, rounded
from festival.core.sentence import N_, Points, Sentence
from festival.core.web.i18n import say
from festival.editions.rules.measured import AttemptsCount
from festival.results.standings import RankedEntry
from festival.results.table import ContestTable
from festival.results.ties import AskedOf

FORMAT = "festival-standings 1"
WHY = {
    DropReason.DEVIATES: N_("lệch %(far)s điểm so với trung bình"),
    DropReason.HIGHEST: N_("cao nhất"),
    DropReason.LOWEST: N_("thấp nhất"),
}
EQUAL = N_("bằng nhau sau mọi bậc xét")
MAY_NOT_SHARE = N_("thể lệ không cho đồng hạng ở hạng %(place)s")
FEW = N_("ít phiếu hơn mức thể lệ, ban giám khảo phải quyết định")
WAITS = {
    AskedOf.MARKING: ("third_marking", N_("bằng nhau, chờ chấm lại")),
    AskedOf.DRAW: ("draw", N_("bằng nhau, chờ bốc thăm")),
}
NO_RESULT = N_("chưa có kết quả hợp lệ")


def told(table: ContestTable, judges: Sequence[str]) -> dict[str, Any]:
    """The standings as the documented JSON, sentences in the language of this moment. `judges` by the number of their row."""
    return {
        "format": FORMAT,
        "entries": [_entry(table, each, judges) for each in table.standings],
        "prizes": [{"code": each.entry, "prize": each.prize} for each in table.prizes.awards],
        "questions": _questions(table),
    }


def _entry(table: ContestTable, each: RankedEntry, judges: Sequence[str]) -> dict[str, Any]:
    panel = table.details[each.entry].panel
    return {
        "code": each.entry,
        "state": each.state.value,
        "points": None if table.by_order else _points(table.contest, each.value),
        "place": each.rank,
        "shared": each.shared,
        "open": each.open,
        "dropped": [_dropped(gone, judges) for gone in (panel.dropped if isinstance(panel, PanelMean) else ())],
        "reasons": [say(reason) for reason in each.reasons],
    }


def _points(contest: Contest, value: int | None) -> str | None:
    """Points, a count, seconds: decimal text with a point, no needless zeros."""
    if value is None:
        return None
    exact = Fraction(value)
    if contest.result_kind in (ResultKind.COUNT, ResultKind.TIME):
        exact = shown(value, AttemptsCount(contest.attempts_count), contest.attempts)
    milli = rounded(exact if contest.result_kind in (ResultKind.RUBRIC, ResultKind.TIME) else exact * 1000)
    return Points(milli).written(".")


def _dropped(gone: Dropped, judges: Sequence[str]) -> dict[str, str]:
    why: Sentence = WHY[gone.why]
    return {
        "judge": judges[int(gone.judge)],
        "total": Points(gone.total_milli).written("."),
        "why": say(why.filled(far=Points(rounded(gone.deviation))) if gone.why is DropReason.DEVIATES else why),
    }


def _questions(table: ContestTable) -> list[dict[str, Any]]:
    found: list[tuple[str, Sequence[str], Sentence]] = [
        ("tie", [each.entry for each in group], EQUAL) for group in table.ties
    ]
    found += [(WAITS[come.asks][0], come.entries, WAITS[come.asks][1]) for come in table.waiting_rungs]
    found += [("prize", list(each.entries), each.said) for each in table.prizes.questions]
    if table.few:
        found.append(("few_sheets", sorted(table.few), FEW))
    waiting = [each.entry for each in table.unsettled if each.entry not in table.few]
    if waiting:
        found.append(("no_result", waiting, NO_RESULT))
    if table.by_order:
        found += _not_to_share(table)
    return [{"kind": kind, "entries": list(entries), "said": say(said)} for kind, entries, said in found]


def _not_to_share(table: ContestTable) -> list[tuple[str, Sequence[str], Sentence]]:
    """Places of a knock-out that stand shared though the rules let nobody share them."""
    least = table.contest.shared_from
    groups: dict[int, list[str]] = {}
    for each in table.standings:
        if each.rank is not None and each.shared and (least is None or each.rank < least):
            groups.setdefault(each.rank, []).append(each.entry)
    return [("tie", entries, MAY_NOT_SHARE.filled(place=place)) for place, entries in groups.items()]
