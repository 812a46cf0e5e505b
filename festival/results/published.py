"""What may the public know of the results?

`published_results` is the only door of the public: it reads awards of contests that are *published* and the measured
tables of contests that are *công bố ngay*. For a *kín* contest that is not published it reads nothing but its state, so
no public byte can depend on a mark.
"""

from __future__ import annotations

from dataclasses import dataclass

from festival.contests import queries as contest_queries
from festival.contests.models import Contest, ContestState, ResultKind, Secrecy
from festival.core.sentence import Sentence
from festival.results.awards import PrizeList, as_agreed, awards_by_contest, order_of_appearance
from festival.results.current import current_tables, tallies_for_results, written_value
from festival.results.standings import ResultState
from festival.results.table import ContestTable
from festival.roster.public_names import NamesHeld, names_held


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A place of a *công bố ngay* contest; `value` as people write it."""

    place: int | None
    shared: bool
    value: str
    number: int | None
    name: str
    delegation: str
    remark: Sentence | None  # why it takes no place


@dataclass(frozen=True, slots=True)
class PublishedContest:
    """What the public sees of one contest. `lines` only for *công bố ngay*; `final` False while it goes on."""

    code: str
    name: str
    part: str
    at_once: bool
    final: bool
    unit_label: str
    prizes: tuple[PrizeList, ...]
    lines: tuple[PublicLine, ...]


def published_results(festival_id: int) -> list[PublishedContest]:
    """All that the public may know now, contest by contest; a sealed unpublished contest is not in the list."""
    known = [
        contest
        for contest in contest_queries.contests(festival_id)
        if contest.state is ContestState.PUBLISHED or _public_at_once(contest)
    ]
    final = [contest.id for contest in known if contest.state is ContestState.PUBLISHED]
    tallied = tallies_for_results(known)
    tables = current_tables(tallied[contest.id] for contest in known if _public_at_once(contest))
    awards = awards_by_contest(
        final, {entry: at for contest_id in final for entry, at in order_of_appearance(tallied[contest_id]).items()}
    )
    return [
        PublishedContest(
            contest.code,
            contest.name,
            contest.part_name,
            _public_at_once(contest),
            contest.id in awards,
            contest.unit_label,
            tuple(as_agreed(awards.get(contest.id, ()), festival_id)),
            _public_lines(contest, tables[contest.id], names_held(festival_id)) if contest.id in tables else (),
        )
        for contest in known
    ]


def _public_at_once(contest: Contest) -> bool:
    return contest.secrecy is Secrecy.AT_ONCE and contest.result_kind is not ResultKind.RUBRIC


def _public_lines(contest: Contest, table: ContestTable, held: NamesHeld) -> tuple[PublicLine, ...]:
    return tuple(
        PublicLine(
            each.rank,
            each.shared,
            written_value(contest, each.value),
            table.appearances[each.entry].number,
            held.entry(table.appearances[each.entry].id, table.appearances[each.entry].name),
            table.appearances[each.entry].delegation,
            None if each.rank is not None or not each.reasons else each.reasons[0],
        )
        for each in table.standings
        if each.state is not ResultState.WAITING
    )
