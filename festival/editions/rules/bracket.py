"""How are the matches of a knock-out counted, and is the third place played for?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_
from festival.editions.rules.document import Node


class ThirdPlace(StrEnum):
    """What becomes of the two who lost a semi-final."""

    PLAYED = "played"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class BracketRule:
    """`best_of` 0: a match is just who won. `points` None: a set is just who has more."""

    best_of: int = 0
    points: int | None = None
    lead: int = 1
    cap: int | None = None
    third_played: bool = True

    @property
    def needed(self) -> int:
        """So many sets win the match."""
        return self.best_of // 2 + 1


MOST_POINTS = 99


def third_is_shared(shared_from: int | None) -> bool:
    """What the rules mean where nobody says what becomes of the two who lost a semi-final."""
    return shared_from is not None and shared_from <= 3


def read_bracket_rule(node: Node, shared_from: int | None) -> BracketRule | None:
    if node.value is None or not node.shaped("bracket"):
        return None
    rule = BracketRule(
        best_of=node.at("best_of").whole(1, 5) if node.has("best_of") else 0,
        points=node.at("points").whole(1, MOST_POINTS) if node.has("points") else None,
        lead=node.at("lead").whole(1, 9) if node.has("lead") else 1,
        cap=node.at("cap").whole(1, MOST_POINTS) if node.has("cap") else None,
        third_played=(
            node.at("third").one_of(ThirdPlace) is ThirdPlace.PLAYED
            if node.has("third")
            else not third_is_shared(shared_from)
        ),
    )
    if rule.best_of and rule.best_of % 2 == 0:
        node.at("best_of").wrong(N_("số hiệp phải là 1, 3 hoặc 5"))
    for key, needs in (("points", "best_of"), ("lead", "points"), ("cap", "points")):
        if node.has(key) and not node.has(needs):
            node.at(key).wrong(N_("chỉ dùng cùng với khóa «%(key)s»", key=needs))
    if rule.points is not None and rule.lead > rule.points:
        node.at("lead").wrong(N_("không được lớn hơn số điểm thắng hiệp"))
    if rule.cap is not None and rule.points is not None and rule.cap < rule.points + rule.lead - 1:
        node.at("cap").wrong(N_("mức cao nhất phải từ số điểm thắng hiệp cộng cách biệt trở lên"))
    return rule
