"""Which lines say who a contest's mixed team is made of, as its column keeps them, and how is a line said? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from festival.core.sentence import N_, Sentence
from festival.editions.rules.composition import CompositionLine, CountedInTeam, OtherwiseRule

COUNTED_WORDS: Mapping[CountedInTeam, Sentence] = {
    CountedInTeam.MEMBERS: N_("người"),
    CountedInTeam.FAMILIES: N_("gia đình"),
    CountedInTeam.GENERATIONS: N_("thế hệ"),
    CountedInTeam.MEN: N_("nam"),
    CountedInTeam.WOMEN: N_("nữ"),
}


class TeamContest(Protocol):
    """The columns of a contest that say it."""

    @property
    def performers_min(self) -> int: ...
    @property
    def performers_max(self) -> int | None: ...
    @property
    def composition(self) -> list[dict[str, Any]] | None: ...


def kept(lines: Sequence[CompositionLine]) -> list[dict[str, Any]] | None:
    """As the column keeps them; None where the rules say nothing of it."""
    return [_kept(each) for each in lines] or None


def _kept(line: CompositionLine) -> dict[str, Any]:
    said = {
        "what": line.what.value,
        "least": line.least,
        "most": line.most,
        "from": line.from_age,
        "to": line.to_age,
        "on": line.on.isoformat() if line.on else None,
        "otherwise": line.otherwise.value,
    }
    return {key: value for key, value in said.items() if value is not None}


def composition_of(contest: TeamContest) -> tuple[CompositionLine, ...]:
    """Every line a team of this contest is held against, the number of its people first."""
    people = CompositionLine(
        CountedInTeam.MEMBERS, contest.performers_min, contest.performers_max, None, None, None, OtherwiseRule.REFUSE
    )
    return (people, *read_kept(contest.composition or ()))


def read_kept(stored: Iterable[Mapping[str, Any]]) -> tuple[CompositionLine, ...]:
    return tuple(
        CompositionLine(
            CountedInTeam(each["what"]),
            each.get("least"),
            each.get("most"),
            each.get("from"),
            each.get("to"),
            date.fromisoformat(each["on"]) if each.get("on") else None,
            OtherwiseRule(each.get("otherwise", OtherwiseRule.REFUSE)),
        )
        for each in stored
    )


def counted_words(line: CompositionLine) -> Sentence:
    """What a line counts: «nữ», «người từ 6 đến 15 tuổi, tính đến 14/6/2024»."""
    if line.what is not CountedInTeam.AGES:
        return COUNTED_WORDS[line.what]
    said = _age_words(line)
    if line.on is None:
        return said
    day = f"{line.on.day}/{line.on.month}/{line.on.year}"
    return N_("%(people)s (tính đến %(day)s)", people=said, day=day)


def _age_words(line: CompositionLine) -> Sentence:
    if line.from_age is None:
        return N_("người không quá %(to)s tuổi", to=line.to_age or 0)
    if line.to_age is None:
        return N_("người từ %(from)s tuổi trở lên", **{"from": line.from_age})
    return N_("người từ %(from)s đến %(to)s tuổi", **{"from": line.from_age}, to=line.to_age)


def line_words(line: CompositionLine) -> Sentence:
    """The line as a rule that is read before: «Ít nhất 2 nữ»."""
    what = counted_words(line)
    if line.least is None:
        said = N_("nhiều nhất %(most)s %(what)s", most=line.most or 0, what=what)
    elif line.most is None:
        said = N_("ít nhất %(least)s %(what)s", least=line.least, what=what)
    elif line.least == line.most:
        said = N_("đúng %(least)s %(what)s", least=line.least, what=what)
    else:
        said = N_("từ %(least)s đến %(most)s %(what)s", least=line.least, most=line.most, what=what)
    if line.otherwise is OtherwiseRule.WARN:
        return N_("%(rule)s, khác thì ghi lý do", rule=said)
    return said


def composing_words(stored: Iterable[Mapping[str, Any]]) -> list[Sentence]:
    """The lines in sentences, for whoever reads the rules of the contest."""
    return [N_("Đội ghép: %(rule)s.", rule=line_words(each)) for each in read_kept(stored)]
