"""May whoever shows this pass come in? Pure: what the gate read, against what is known of the pass and of the hour.

Rule: protocols, "Admission", "Force". A replaced pass is refused, an unknown one and one of a family that is not approved
are kept for the lead, with the number of people the gate let in on its own word. By force, with a reason, somebody may be
let in all the same: that is marked, and stands beside what the rule would have said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class KnownPass:
    """What is known of a pass: whether a newer one stands in its place, and the codes of those it lets in.

    `others`: whom it stands for without letting them in, because they are not approved, or do not take part any more;
    `strangers`: whose class of card may not come for this purpose.
    """

    replaced: bool
    people: tuple[str, ...]
    others: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetIn:
    """These people, by their codes, in the order of the pass. `count`: without a name. `against`: the rule's word."""

    people: tuple[str, ...]
    against: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class ForTheLead:
    """Nobody is admitted; the reading is kept for the lead to look at. `people_seen`: let in by the gate, unnamed."""

    reason: str
    people_seen: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is admitted, and there is nothing to look at."""

    reason: str


def decide(
    known: KnownPass | None,
    people: Collection[str] | None,
    *,
    turned_away: bool = False,
    people_seen: int = 0,
    closed: ForTheLead | None = None,
    forced: bool = False,
) -> LetIn | ForTheLead | Refused:
    """`people`: codes of those who came, None for everybody of the pass. `turned_away`: the gate let nobody in.

    `closed`: why nobody may come for this purpose at this hour.
    """
    if turned_away:
        return ForTheLead("turned_away")
    rule = _by_the_rule(known, people, people_seen, closed)
    if isinstance(rule, LetIn) or not forced:
        return rule
    if known is None:
        return LetIn((), rule.reason, max(people_seen, 1))
    meant = known.people or known.others or known.strangers
    if people is not None:
        wanted = set(people)
        meant = tuple(code for code in (*known.people, *known.others, *known.strangers) if code in wanted)
    return LetIn(meant, rule.reason) if meant else rule


def _by_the_rule(
    known: KnownPass | None, people: Collection[str] | None, people_seen: int, closed: ForTheLead | None
) -> LetIn | ForTheLead | Refused:
    if known is None:
        return ForTheLead("unknown_pass", people_seen)
    if known.replaced:
        return Refused("pass_replaced")
    if not known.people:
        return Refused("other_class") if known.strangers else ForTheLead("not_approved")
    if closed is not None:
        return closed
    if people is None:
        return LetIn(known.people)
    wanted = set(people)
    present = tuple(code for code in known.people if code in wanted)
    if present:
        return LetIn(present)
    return Refused("other_class" if wanted & set(known.strangers) else "nobody")
