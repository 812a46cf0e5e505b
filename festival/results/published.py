"""What may the public know of the results?

`published_results` is the only door of the public: it reads awards of contests that are *published*, the measured
tables of contests that are *công bố ngay*, and the places of published ones whose rules publish more than prizes. For a *kín* contest that is not published it reads nothing but its state, so
no public byte can depend on a mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from festival.contests import queries as contest_queries
from festival.contests.models import Contest, ContestState, ResultKind
from festival.core.sentence import N_, Sentence, Stopped, Value
from festival.editions.rules.kinds import PublishedRule
from festival.judging.contest_rules import public_at_once
from festival.judging.corrections import Correction, corrections_of
from festival.results.amended.corrections import AmendedTally
from festival.results.amended.history import amendments_of
from festival.results.awards import (
    AwardWinner,
    PrizeList,
    PrizeMoved,
    amended_at,
    amended_prizes,
    as_agreed,
    awards_by_contest,
    order_of_appearance,
)
from festival.results.current import current_tables, tallies_for_results, written_value
from festival.results.petitions.grounds import grounds_in_force
from festival.results.standings import STATE_REASONS, RankedEntry, ResultState
from festival.results.table import OUT, ContestTable
from festival.roster.shown.public_names import NamesHeld, names_held


@dataclass(frozen=True, slots=True)
class Corrected:
    """A line was corrected after it was public: when, and what it said before."""

    at: datetime
    before: Sentence


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
    corrected: Corrected | None = None


@dataclass(frozen=True, slots=True)
class PublishedContest:
    """What the public sees of one contest. `lines` for *công bố ngay*, and where the rules publish places; `final` False while it goes on."""

    code: str
    name: str
    part: str
    at_once: bool
    final: bool
    unit_label: str
    prizes: tuple[PrizeList, ...]
    lines: tuple[PublicLine, ...]
    amended_at: datetime | None = None  # the signed minutes were corrected
    moved: tuple[PrizeMoved, ...] = ()  # whose prize an amendment changed
    explained: bool = False  # how each place came about may be read
    ground: Sentence | None = None  # on what the amendment in force stands


def shows_places(contest: Contest) -> bool:
    """Whether everybody sees the places now: at once, or because its rules publish more than prizes."""
    if public_at_once(contest):
        return True
    return contest.state is ContestState.PUBLISHED and contest.published != PublishedRule.PRIZES


def shows_marks(contest: Contest) -> bool:
    """Whether everybody may read the marks of each judge, by letter."""
    return contest.state is ContestState.PUBLISHED and contest.published == PublishedRule.MARKS


def published_results(festival_id: int) -> list[PublishedContest]:
    """All that the public may know now, contest by contest; a sealed unpublished contest is not in the list."""
    known = [
        contest
        for contest in contest_queries.contests(festival_id)
        if contest.state is ContestState.PUBLISHED or (public_at_once(contest) and contest.entries_told)
    ]
    final = [contest.id for contest in known if contest.state is ContestState.PUBLISHED]
    tallied = tallies_for_results(known)
    tables = current_tables(tallied[contest.id] for contest in known if shows_places(contest))
    awards = awards_by_contest(
        final, {entry: at for contest_id in final for entry, at in order_of_appearance(tallied[contest_id]).items()}
    )
    # only of contests that were amended anything more is asked
    amended_ones = [contest for contest in known if isinstance(tallied[contest.id], AmendedTally)]
    amended = amended_prizes([contest for contest in amended_ones if contest.id in final], festival_id)
    grounds = grounds_in_force(
        {each.id for each in amended_ones} | {id_ for id_ in final if amended_at(awards.get(id_, ()))}
    )
    places = places_amended([contest for contest in amended_ones if public_at_once(contest)])
    corrected = corrections_of([contest.id for contest in known if public_at_once(contest)])
    return [
        PublishedContest(
            contest.code,
            contest.name,
            contest.part_name,
            public_at_once(contest),
            contest.id in awards,
            contest.unit_label,
            tuple(lists := as_agreed(awards.get(contest.id, ()), festival_id)),
            _public_lines(
                contest,
                tables[contest.id],
                corrected,
                names_held(festival_id),
                _awarded(lists),
                places.get(contest.id, {}),
            )
            if contest.id in tables
            else (),
            _last(amended_at(lists), amended[contest.id].at if contest.id in amended else None),
            amended[contest.id].moved if contest.id in amended else (),
            shows_marks(contest),
            grounds.get(contest.id),
        )
        for contest in known
    ]


BEFORE = N_("trước: %(value)s")
BEFORE_TRY = N_("trước: lượt %(n)s: %(value)s")
NO_PLACE = N_("không xếp hạng")
BEFORE_PLACE = N_("trước: hạng %(place)s")


def _last(*moments: datetime | None) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)


def places_amended(contests: Sequence[Contest]) -> dict[int, dict[str, Corrected]]:
    """By contest that is public at once: entries whose place an amendment moved, and from where."""
    return {
        contest_id: {
            move.entry: Corrected(
                each.at,
                BEFORE.filled(value=NO_PLACE)
                if move.place_before is None
                else BEFORE_PLACE.filled(place=move.place_before),
            )
            for each in lines
            for move in each.moved
            if move.place != move.place_before
        }
        for contest_id, lines in amendments_of(contests).items()
    }


def _awarded(lists: Sequence[PrizeList]) -> dict[int, AwardWinner]:
    return {won.entry: won for each in lists for won in each.winners if won.entry is not None}


def _public_lines(
    contest: Contest,
    table: ContestTable,
    corrected: Mapping[int, Correction],
    held: NamesHeld,
    awarded: Mapping[int, AwardWinner],
    amended: Mapping[str, Corrected],
) -> tuple[PublicLine, ...]:
    """Every entry with a result, and who had one that was taken back: nothing public disappears without a word.

    Who got a prize bears in its line the same names as beside the prize.
    """
    return tuple(
        PublicLine(
            each.rank,
            each.shared,
            # the place of a knock-out is its whole result
            "" if table.by_order else written_value(contest, each.value),
            table.appearances[each.entry].number,
            won.name if (won := awarded.get(at.id)) else held.entry(at.id, at.name),
            won.delegation if won else at.delegation,
            None if each.rank is not None or not each.reasons else each.reasons[0],
            amended.get(each.entry) or _corrected(contest, table, each, corrected.get(at.id)),
        )
        for each in table.standings
        for at in (table.appearances[each.entry],)
        if each.state is not ResultState.WAITING or table.appearances[each.entry].id in corrected
    )


def _corrected(contest: Contest, table: ContestTable, each: RankedEntry, found: Correction | None) -> Corrected | None:
    """What was said before; an order that was corrected elsewhere leaves a place as it was."""
    if found is None:
        return None
    if found.place is not None:
        same = table.by_order and each.rank == found.place
        return None if same else Corrected(found.at, BEFORE_PLACE.filled(place=found.place))
    said: Value = STATE_REASONS[OUT[found.state]] if found.state in OUT else _value_of(contest, found)
    sentence = BEFORE_TRY.filled(n=found.round, value=said) if contest.attempts > 1 else BEFORE.filled(value=said)
    return Corrected(found.at, sentence)


def _value_of(contest: Contest, found: Correction) -> Value:
    if contest.result_kind is ResultKind.TIME:
        return Stopped(found.value or 0)
    return f"{found.value} {contest.unit_label}".strip()
