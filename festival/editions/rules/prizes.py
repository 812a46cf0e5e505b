"""Which prizes are handed down the places, to how many, and from how many points?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.core.sentence import N_, Points
from festival.editions.rules.document import Node

ALL_PERCENT = 100_000  # thousandths


@dataclass(frozen=True, slots=True)
class PrizeRule:
    """`count` is None for a prize that has no number of its own; without a bound below it is the one all the rest receive.

    `from_milli`: who reaches so many points. `share_milli`: this prize and those above it together go to at most so many
    thousandths of a percent of the entries with a place.
    """

    name: str
    count: int | None
    from_milli: int | None = None
    share_milli: int | None = None

    @property
    def takes_all(self) -> bool:
        """Whether nothing is left for a prize beneath it."""
        return self.count is None and self.from_milli is None and self.share_milli is None

    def kept(self) -> dict[str, Any]:
        """As the contest keeps it."""
        more = {"from": self.from_milli, "share": self.share_milli}
        return {"name": self.name, "count": self.count} | {
            key: value for key, value in more.items() if value is not None
        }


def prizes_kept(kept: Iterable[Mapping[str, Any]]) -> tuple[PrizeRule, ...]:
    """What `kept` wrote, of all prizes."""
    return tuple(PrizeRule(each["name"], each["count"], each.get("from"), each.get("share")) for each in kept)


def read_prizes(node: Node) -> tuple[PrizeRule, ...]:
    prizes = node.many("prize", _prize)
    for at, each in enumerate(prizes):
        here = Node(None, f"{node.path}[{at}]", node.problems)
        if each.takes_all and at != len(prizes) - 1:
            here.at("count").wrong(N_("«rest» (tất cả còn lại) chỉ đứng ở giải cuối cùng"))
        if each.name in {earlier.name for earlier in prizes[:at]}:
            here.at("name").wrong(N_("tên giải «%(name)s» có hai lần", name=each.name))
    _descending(node, prizes)
    return prizes


def _prize(node: Node) -> PrizeRule:
    banded = node.has("from") or node.has("share_percent")
    if not node.has("count") and not banded:
        node.at("count").wrong(N_("thiếu khóa bắt buộc"))
    rest = node.at("count").value in (None, "rest")
    return PrizeRule(
        node.at("name").text(),
        None if rest else node.at("count").whole(1, 10_000),
        node.at("from").points(least=1) if node.has("from") else None,
        node.at("share_percent").factor(ALL_PERCENT) if node.has("share_percent") else None,
    )


def _descending(node: Node, prizes: Sequence[PrizeRule]) -> None:
    """A prize beneath asks for no more points, and its share counts those above it in."""
    least, share = None, 0
    for at, each in enumerate(prizes):
        here = Node(None, f"{node.path}[{at}]", node.problems)
        if each.from_milli is not None and at and (least is None or each.from_milli > least):
            here.at("from").wrong(N_("giải dưới không được đòi nhiều điểm hơn giải trên"))
        if each.share_milli is not None and each.share_milli < share:
            here.at("share_percent").wrong(
                N_("tỷ lệ này tính cả các giải trên nên không được nhỏ hơn tỷ lệ của giải trên")
            )
        least, share = each.from_milli, each.share_milli or share


def check_bands(node: Node, prizes: Sequence[PrizeRule], *, in_points: bool, most: int | None) -> None:
    """A level of points needs points, and one that somebody can reach. `most`: the highest result; None: not known here."""
    for at, each in enumerate(prizes):
        here = Node(None, f"{node.path}[{at}].from", node.problems)
        if each.from_milli is not None and not in_points:
            here.wrong(N_("kết quả của phần thi này không phải là điểm; hãy ghi count hoặc share_percent"))
        elif each.from_milli is not None and most is not None and each.from_milli > most:
            here.wrong(N_("không ai đạt được: điểm cao nhất của phần thi này là %(most)s", most=Points(most)))
