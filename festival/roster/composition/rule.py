"""In what is a mixed team outside its contest's composition? Pure.

Men, women, families and people are counted as they stand; ages on the day the line names, who has only a year of birth as the
younger. Generations: as long as the longest row of people of whom each is a generation below the one before. Two of one
family are a generation apart by their relations (grandparents, parents, the representative's own, children,
grandchildren); two of different families, or one without a relation that says it, when twenty years lie between them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from festival.consent.rules import ages
from festival.contests.composing.composed import counted_words
from festival.core.births import Birth
from festival.core.sentence import N_, Sentence
from festival.editions.rules.composition import CompositionLine, CountedInTeam, OtherwiseRule
from festival.roster.people import Relation, Sex

YEARS_APART = 20
_MOST_GENERATIONS = 6
_LEVELS: Mapping[Relation, int] = {
    Relation.GRANDPARENT: -2,
    Relation.PARENT: -1,
    Relation.REPRESENTATIVE: 0,
    Relation.SPOUSE: 0,
    Relation.SIBLING: 0,
    Relation.CHILD: 1,
    Relation.GRANDCHILD: 2,
}
NAMED = 4  # people named in one sentence


@dataclass(frozen=True, slots=True)
class TeamMate:
    """Somebody of a team, as far as its composition asks; `family` tells only who is of one."""

    family: Hashable
    name: str = ""
    sex: Sex | None = None
    birth: Birth | None = None
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class CompositionFault:
    """One line the team is outside of. `warns`: it may stand with a reason; `over`: too many, else too few.

    `by`: how many too many or too few; `line`: which line of the composition it is.
    """

    reason: Sentence
    warns: bool
    over: bool
    by: int
    line: int


def composition_faults(
    people: Sequence[TeamMate], lines: Iterable[CompositionLine], starts_on: date
) -> tuple[CompositionFault, ...]:
    """Everything in which these people are no team by these lines, in their order; `starts_on`: the festival's first day."""
    return tuple(fault for at, line in enumerate(lines) for fault in _of_line(people, line, starts_on, at))


def _of_line(people: Sequence[TeamMate], line: CompositionLine, starts_on: date, at: int) -> Iterable[CompositionFault]:
    counted = [each for each in people if _counts(each, line, starts_on)]
    n, what = _number(people, counted, line), counted_words(line)
    warns = line.otherwise is OtherwiseRule.WARN
    if line.least is not None and n < line.least:
        said = N_(
            "Đội cần ít nhất %(least)s %(what)s, đang có %(n)s.", "team_too_few", least=line.least, what=what, n=n
        )
        yield CompositionFault(said, warns, over=False, by=line.least - n, line=at)
    if line.most is not None and n > line.most:
        values: dict[str, int | str | Sentence] = {"most": line.most, "what": what, "n": n}
        if line.what in (CountedInTeam.MEN, CountedInTeam.WOMEN, CountedInTeam.AGES):
            said = N_(
                "Đội được nhiều nhất %(most)s %(what)s, đang có %(n)s: %(names)s.",
                "team_too_many",
                **values,
                names=_names(counted),
            )
        else:
            said = N_("Đội được nhiều nhất %(most)s %(what)s, đang có %(n)s.", "team_too_many", **values)
        yield CompositionFault(said, warns, over=True, by=n - line.most, line=at)


def _counts(mate: TeamMate, line: CompositionLine, starts_on: date) -> bool:
    match line.what:
        case CountedInTeam.MEN:
            return mate.sex is Sex.MALE
        case CountedInTeam.WOMEN:
            return mate.sex is Sex.FEMALE
        case CountedInTeam.AGES:
            if mate.birth is None:
                return False
            age = ages(mate.birth, line.on or starts_on).least
            return (line.from_age or 0) <= age and (line.to_age is None or age <= line.to_age)
        case _:
            return True


def _number(people: Sequence[TeamMate], counted: Sequence[TeamMate], line: CompositionLine) -> int:
    match line.what:
        case CountedInTeam.FAMILIES:
            return len({each.family for each in people})
        case CountedInTeam.GENERATIONS:
            return generations(people)
        case _:
            return len(counted)


def generations(people: Sequence[TeamMate]) -> int:
    """The people of the longest row of whom each is a generation below the one before."""
    rows = [1] * len(people)
    # A row of six is six rounds; what contradicts itself (a child older than its grandparent) ends there too.
    for _round in range(_MOST_GENERATIONS - 1):
        rows = [
            1 + max((length for other, length in zip(people, rows, strict=True) if _below(mate, other)), default=0)
            for mate in people
        ]
    return max(rows, default=0)


def _below(younger: TeamMate, older: TeamMate) -> bool:
    levels = [_LEVELS.get(each.relation) if each.relation else None for each in (younger, older)]
    if younger.family == older.family and levels[0] is not None and levels[1] is not None:
        return levels[0] > levels[1]
    if younger.birth is None or older.birth is None:
        return False
    return younger.birth.year - older.birth.year >= YEARS_APART


def _names(people: Sequence[TeamMate]) -> str:
    named = ", ".join(each.name for each in people[:NAMED])
    return f"{named}, …" if len(people) > NAMED else named
