"""How is a contest decided, who enters it, and when may the public know?"""

from __future__ import annotations

from enum import StrEnum


class ResultKindRule(StrEnum):
    """The five ways a contest is decided (product.md, fact 5), and the sum of others."""

    RUBRIC = "rubric"
    COUNT = "count"
    TIME = "time"
    MATCH = "match"
    QUIZ = "quiz"
    SUM = "sum"


class SecrecyRule(StrEnum):
    """When the public may know."""

    SEALED = "kín"
    AT_ONCE = "công bố ngay"


class PublishedRule(StrEnum):
    """What of a contest that was kept secret everybody may know once it is published."""

    PRIZES = "prizes"
    STANDINGS = "standings"
    MARKS = "marks"


class ShownToHeads(StrEnum):
    """What the head of a delegation reads of its own entries once the result is public; each holds what the one before holds."""

    NONE = "none"  # what everybody reads
    SUMS = "sums"  # points, counts, times
    MARKS = "marks"  # of each judge, by letter
    COMMENTS = "comments"  # what judges wrote to the family too


class EntryKind(StrEnum):
    """Who enters a contest."""

    FAMILY = "family"
    TEAM = "team"


class MarkedByBoth(StrEnum):
    """Whose sheet counts for an act that a judge and the substitute both marked."""

    FIRST = "first"  # of who sat there when it was marked
    SUBSTITUTE = "substitute"
