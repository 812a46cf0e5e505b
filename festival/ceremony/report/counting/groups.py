"""By which groups of age and kinds of household are people and families counted in the report? Pure.

The groups of age are those of the law: a child is under 16 (Law on Children 2016), school begins at 6, who is 18 is of age,
an elderly person is 60 (Law on the Elderly 2009). Who gave a year alone counts as the older. Between units only three broad
groups are told apart: of five families hardly one finer group would have five people.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from festival.core.sentence import N_, Sentence
from festival.roster.people import Relation


class AgeSpan(StrEnum):
    """A group of age; `UNKNOWN`: nobody wrote a year down."""

    SMALL = "small"
    SCHOOL = "school"
    YOUTH = "youth"
    GROWN = "grown"
    ELDER = "elder"
    UNKNOWN = "unknown"


class BroadAge(StrEnum):
    """Some of them together."""

    CHILDREN = "children"
    BETWEEN = "between"
    ELDERS = "elders"
    UNSAID = "unsaid"


class HouseholdKind(StrEnum):
    """How many generations of a family take part."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    SKIPPED = "skipped"  # grandparents with grandchildren, nobody between them
    ALONE = "alone"


class SexCounted(StrEnum):
    """What is written down of somebody's sex."""

    WOMEN = "women"
    MEN = "men"
    UNKNOWN = "unknown"


BROAD: dict[AgeSpan, BroadAge] = {
    AgeSpan.SMALL: BroadAge.CHILDREN,
    AgeSpan.SCHOOL: BroadAge.CHILDREN,
    AgeSpan.YOUTH: BroadAge.BETWEEN,
    AgeSpan.GROWN: BroadAge.BETWEEN,
    AgeSpan.ELDER: BroadAge.ELDERS,
    AgeSpan.UNKNOWN: BroadAge.UNSAID,
}
NOT_WRITTEN = N_("Không ghi")
AGE_WORDS: dict[AgeSpan, Sentence] = {
    AgeSpan.SMALL: N_("Dưới 6 tuổi"),
    AgeSpan.SCHOOL: N_("6–15 tuổi"),
    AgeSpan.YOUTH: N_("16–17 tuổi"),
    AgeSpan.GROWN: N_("18–59 tuổi"),
    AgeSpan.ELDER: N_("Từ 60 tuổi"),
    AgeSpan.UNKNOWN: NOT_WRITTEN,
}
BROAD_WORDS: dict[BroadAge, Sentence] = {
    BroadAge.CHILDREN: N_("Dưới 16 tuổi"),
    BroadAge.BETWEEN: N_("16–59 tuổi"),
    BroadAge.ELDERS: N_("Từ 60 tuổi"),
    BroadAge.UNSAID: NOT_WRITTEN,
}
HOUSEHOLD_WORDS: dict[HouseholdKind, Sentence] = {
    HouseholdKind.ONE: N_("Một thế hệ"),
    HouseholdKind.TWO: N_("Hai thế hệ"),
    HouseholdKind.THREE: N_("Từ ba thế hệ"),
    HouseholdKind.SKIPPED: N_("Ông bà và cháu"),
    HouseholdKind.ALONE: N_("Một người"),
}
SEX_COUNTED_WORDS: dict[SexCounted, Sentence] = {
    SexCounted.WOMEN: N_("Nữ"),
    SexCounted.MEN: N_("Nam"),
    SexCounted.UNKNOWN: NOT_WRITTEN,
}
_FROM = ((60, AgeSpan.ELDER), (18, AgeSpan.GROWN), (16, AgeSpan.YOUTH), (6, AgeSpan.SCHOOL))
# Above or below the representative; who is something else takes no part in the count.
_GENERATIONS = {
    Relation.REPRESENTATIVE.value: 0,
    "": 0,  # the representative's own row names no relation
    Relation.SPOUSE.value: 0,
    Relation.SIBLING.value: 0,
    Relation.PARENT.value: 1,
    Relation.GRANDPARENT.value: 2,
    Relation.CHILD.value: -1,
    Relation.GRANDCHILD.value: -2,
}


def age_span(age: int | None) -> AgeSpan:
    """The group of an age."""
    if age is None:
        return AgeSpan.UNKNOWN
    return next((span for first, span in _FROM if age >= first), AgeSpan.SMALL)


def household_kind(relations: Iterable[str]) -> HouseholdKind:
    """Of the people who take part, by their relation to the representative."""
    known = list(relations)
    if len(known) < 2:
        return HouseholdKind.ALONE
    levels = sorted({_GENERATIONS[each] for each in known if each in _GENERATIONS})
    if len(levels) >= 3:
        return HouseholdKind.THREE
    if len(levels) == 2:
        return HouseholdKind.TWO if levels[1] - levels[0] == 1 else HouseholdKind.SKIPPED
    return HouseholdKind.ONE
