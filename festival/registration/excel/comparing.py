"""In what does a family of a file differ from the registration it is? Pure.

Only what the file has a column for is compared. What it leaves blank of agreements takes nothing back, so a signature that
was given since is no difference; one that only the file knows of is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from festival.core.names import spelling
from festival.core.sentence import N_, Sentence
from festival.registration.excel.columns import ACT, BY_KEY, CONTEST
from festival.roster.household import Household, Member


@dataclass(frozen=True, slots=True)
class KnownFamily:
    """A registration that is there: its household, its code, the titles of its acts by contest."""

    household: Household
    code: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


def differences(
    home: Household, titles: Mapping[str, str], known: KnownFamily, columns: frozenset[str]
) -> tuple[Sentence, ...]:
    """What the file says otherwise, named as its columns are; empty when it says the same."""
    there = known.household
    found = [
        BY_KEY[key].heading
        for key in ("phone", "address", "email", "introduction")
        if key in columns and getattr(home, key) != getattr(there, key)
    ]
    found += [
        f"“{titles.get(code, '')}” – “{known.titles.get(code, '')}”"
        for code in sorted({*titles, *known.titles})
        if ACT + code in columns and titles.get(code, "") != known.titles.get(code, "")
    ]
    pairs, more, fewer = _paired(home.members, [member for member in there.members if not member.out])
    leads = known.household.representative
    for mine, theirs in pairs:
        headings = list(_of_person(mine, theirs, columns, leads=theirs is leads))
        found += [f"{mine.name}: {', '.join(headings)}"] if headings else []
    said = []
    if found:
        said.append(N_("Khác ở: %(what)s.", "differs_in", what="; ".join(found)))
    if more:
        said.append(N_("Tệp có thêm người: %(names)s.", "more_people", names=", ".join(more)))
    if fewer:
        said.append(N_("Tệp không có: %(names)s.", "fewer_people", names=", ".join(fewer)))
    return tuple(said)


def _paired(
    file: Sequence[Member], there: Sequence[Member]
) -> tuple[list[tuple[Member, Member]], list[str], list[str]]:
    """The same people of both by the spelling of their names, those with the same birth first; who is only in one."""
    left: dict[str, list[Member]] = defaultdict(list)
    for member in there:
        left[spelling(member.name)].append(member)
    pairs, more = [], []
    for member in file:
        same = left[spelling(member.name)]
        if not same:
            more.append(member.name)
            continue
        other = next((each for each in same if each.birth == member.birth), same[0])
        same.remove(other)
        pairs.append((member, other))
    return pairs, more, [member.name for members in left.values() for member in members]


def _of_person(mine: Member, theirs: Member, columns: frozenset[str], *, leads: bool) -> Iterator[str]:
    plain = ("relation", "sex", "birth", "needs") if leads else ("relation", "sex", "birth", "needs", "phone")
    for key in plain:
        if key in columns and (getattr(mine, key) or None) != (getattr(theirs, key) or None):
            yield BY_KEY[key].heading
    if any(CONTEST + code in columns for code in {*mine.contests} ^ {*theirs.contests}):
        yield "Phần thi"
    if mine.agreement.by and not theirs.agreement.by:
        yield BY_KEY["signed"].heading
    if mine.own_agreement and not theirs.own_agreement:
        yield BY_KEY["own"].heading
