"""Who must a mixed team be made of: how many families, generations, men, women, people of an age?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from festival.core.sentence import N_
from festival.editions.rules.document import Node
from festival.editions.rules.kinds import EntryKind

MOST_COUNTED = 1000
MOST_YEARS = 120


class CountedInTeam(StrEnum):
    """What a line of the composition counts."""

    MEMBERS = "members"
    FAMILIES = "families"
    GENERATIONS = "generations"
    MEN = "men"
    WOMEN = "women"
    AGES = "ages"  # people from one age to another


class OtherwiseRule(StrEnum):
    """What becomes of a team that is outside a line."""

    REFUSE = "refuse"
    WARN = "warn"  # it stands with a reason that is recorded


@dataclass(frozen=True, slots=True)
class CompositionLine:
    """One line; None is no bound. `ages` are counted on the day `on`, without it on the festival's first."""

    what: CountedInTeam
    least: int | None
    most: int | None
    from_age: int | None
    to_age: int | None
    on: date | None
    otherwise: OtherwiseRule


def read_composition(node: Node) -> tuple[CompositionLine, ...]:
    return node.many("composed", _line)


def _line(node: Node) -> CompositionLine:
    what = node.at("what").one_of(CountedInTeam)
    least = node.at("least").whole(0, MOST_COUNTED) if node.has("least") else None
    most = node.at("most").whole(0, MOST_COUNTED) if node.has("most") else None
    if least is None and most is None:
        node.wrong(N_("phải nói ít nhất (least) hay nhiều nhất (most) bao nhiêu"))
    elif least is not None and most is not None and least > most:
        node.wrong(N_("ít nhất %(least)s lại nhiều hơn nhiều nhất %(most)s", least=least, most=most))
    young = node.at("from").whole(0, MOST_YEARS) if node.has("from") else None
    old = node.at("to").whole(0, MOST_YEARS) if node.has("to") else None
    if what is CountedInTeam.AGES and young is None and old is None:
        node.wrong(N_("phải nói từ (from) hay đến (to) bao nhiêu tuổi"))
    if young is not None and old is not None and young > old:
        node.wrong(N_("từ %(young)s tuổi lại lớn hơn đến %(old)s tuổi", young=young, old=old))
    for key in ("from", "to", "on"):
        if what is not CountedInTeam.AGES and node.has(key):
            node.at(key).wrong(N_("chỉ dòng đếm theo tuổi (ages) dùng khóa này"))
    return CompositionLine(
        what=what,
        least=least,
        most=most,
        from_age=young,
        to_age=old,
        on=node.at("on").day() if node.has("on") else None,
        otherwise=node.at("otherwise").one_of(OtherwiseRule) if node.has("otherwise") else OtherwiseRule.REFUSE,
    )


def check_composition(node: Node, lines: Sequence[CompositionLine], entry: EntryKind, *, registers: bool) -> None:
    """It is a rule about teams that are made; a final's people are those of the round before."""
    if lines and entry is not EntryKind.TEAM:
        node.wrong(N_("chỉ phần thi của đội ghép (entry = team) dùng khóa này"))
    if lines and not registers:
        node.wrong(N_("phần thi này lấy lượt thi từ phần thi khác; hãy ghi thành phần đội ở phần thi ấy"))
