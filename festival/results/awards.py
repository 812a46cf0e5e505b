"""Who receives what, in which order is it read, and what of it may the MC read?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import once
from festival.core.web.errors import NotFound
from festival.judging.tally import Tally
from festival.results.amended.corrections import AmendedTally
from festival.results.amended.history import amendments_of
from festival.results.current import tally_for_result
from festival.results.ladder.states import reached
from festival.results.models import Award
from festival.roster.deriving.numbers import own_number
from festival.roster.models import Delegation, Entry, Family
from festival.roster.shown.public_names import TEAM, NamesHeld, names_held, numbered


@dataclass(frozen=True, slots=True)
class AwardWinner:
    """Who receives something."""

    number: int | None
    name: str
    title: str
    delegation: str
    introduction: str
    order: int
    entry: int | None = None
    amended_at: datetime | None = None  # the name is that of an amendment
    respelt: bool = False  # the entry bears another name now than on the signed paper


@dataclass(frozen=True, slots=True)
class PrizeList:
    """A prize with those who receive it, in order of appearance."""

    prize: str
    position: int
    special: bool
    winners: tuple[AwardWinner, ...]


def awards_of(tallied_order: Mapping[int, int], contest_id: int) -> list[PrizeList]:
    """The stored awards of a contest with the names as signed, highest prize first, special prizes last; winners in order of appearance."""
    return awards_by_contest([contest_id], tallied_order)[contest_id]


def awards_by_contest(contest_ids: Sequence[int], order: Mapping[int, int]) -> dict[int, list[PrizeList]]:
    rows = db.session.execute(
        select(
            Award.contest_id,
            Award.prize,
            Award.position,
            Award.special,
            Entry.id,
            own_number().label("number"),
            Entry.name,
            Entry.title,
            Delegation.name.label("delegation"),
            Award.name.label("signed_name"),
            Award.delegation.label("signed_delegation"),
            Award.amended_at,
            Family.introduction,
        )
        .join(Entry, Entry.id == Award.entry_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Family, Family.id == Entry.family_id)
        .where(Award.contest_id.in_(contest_ids))
    )
    lists: dict[int, dict[tuple[bool, int, str], list[AwardWinner]]] = {contest_id: {} for contest_id in contest_ids}
    for row in rows:
        winner = AwardWinner(
            row.number,
            # as signed; before the minutes are signed, as they are called now
            row.name if row.signed_name is None else row.signed_name,
            row.title,
            row.delegation if row.signed_delegation is None else row.signed_delegation,
            row.introduction or "",
            order.get(row.id, 1_000_000),
            row.id,
            row.amended_at,
            respelt=row.signed_name not in (None, row.name),
        )
        lists[row.contest_id].setdefault((row.special, row.position, row.prize), []).append(winner)
    return {
        contest_id: [
            PrizeList(prize, position, special, tuple(sorted(winners, key=lambda each: (each.order, each.name))))
            for (special, position, prize), winners in sorted(own.items())
        ]
        for contest_id, own in lists.items()
    }


@dataclass(frozen=True, slots=True)
class PrizeMoved:
    """An amendment gave somebody another prize; '' is none."""

    at: datetime
    winner: AwardWinner
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AmendedPrizes:
    """That the standings of a contest were amended: when last, and whose prize moved, the first first."""

    at: datetime
    moved: tuple[PrizeMoved, ...]


def amended_prizes(contests: Sequence[Contest], festival_id: int) -> dict[int, AmendedPrizes]:
    """By contest, of those that were amended; everybody as they may be read aloud and published."""
    found = amendments_of(contests)
    if not found:
        return {}
    codes = {move.entry for lines in found.values() for each in lines for move in each.moved}
    rows = db.session.execute(
        select(
            Entry.contest_id,
            Entry.id,
            Entry.code,
            own_number().label("number"),
            Entry.name,
            func.max(Award.name).label("signed_name"),
            func.coalesce(func.max(Award.delegation), Delegation.name).label("delegation"),
        )
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Award, Award.entry_id == Entry.id)
        .where(Entry.contest_id.in_(list(found)), Entry.code.in_(codes))
        .group_by(Entry.contest_id, Entry.id, Entry.code, Entry.number, Entry.from_id, Entry.name, Delegation.name)
    )
    held = names_held(festival_id)
    winners = {
        (row.contest_id, row.code): _winner_as_agreed(
            AwardWinner(
                row.number,
                row.signed_name or row.name,
                "",
                row.delegation,
                "",
                0,
                row.id,
                respelt=row.signed_name not in (None, row.name),
            ),
            held,
        )
        for row in rows
    }
    return {
        contest_id: AmendedPrizes(
            lines[-1].at,
            tuple(
                PrizeMoved(each.at, winners[contest_id, move.entry], move.prize_before, move.prize)
                for each in lines
                for move in each.moved
                if move.prize_before != move.prize and (contest_id, move.entry) in winners
            ),
        )
        for contest_id, lines in found.items()
    }


def amended_at(lists: Iterable[PrizeList]) -> datetime | None:
    """When a name among these was last corrected by an amendment."""
    return max((won.amended_at for each in lists for won in each.winners if won.amended_at), default=None)


def released_awards(contest: Contest) -> tuple[list[PrizeList], AmendedPrizes | None]:
    """What the MC reads, and whether it was amended: nothing before the release."""
    if not reached(contest, ContestState.RELEASED):
        raise NotFound()
    tallied = tally_for_result(contest)
    lists = as_agreed(awards_of(order_of_appearance(tallied), contest.id), contest.festival_id)
    found = amended_prizes([contest], contest.festival_id) if isinstance(tallied, AmendedTally) else {}
    return lists, found.get(contest.id)


def as_agreed(lists: Sequence[PrizeList], festival_id: int) -> list[PrizeList]:
    """The same winners as they may be read aloud and published: by number and unit who did not agree to more."""
    held = names_held(festival_id)
    return [replace(each, winners=tuple(_winner_as_agreed(won, held) for won in each.winners)) for each in lists]


def _winner_as_agreed(won: AwardWinner, held: NamesHeld) -> AwardWinner:
    """The award holds the name as signed; whether it is said is asked of the agreements of this hour.

    A name that the entry does not bear any more may be that of anybody in the family: where somebody's is held back, the
    family stands by number and unit, a team by its number.
    """
    if won.entry is None:
        return won
    family = held.family_of(won.entry)
    name = held.entry(won.entry, won.name)
    if name == TEAM and won.number:
        name = f"{TEAM} số {won.number}"
    if name == won.name and won.respelt and family is not None and held.said.get(family):
        name = once(("numbered", held.festival_id), lambda: numbered(held.festival_id))[family]
    return replace(
        won,
        name=name,
        title=held.title(won.entry, won.title),
        introduction=held.introduction(family, won.introduction),
    )


def order_of_appearance(tallied: Tally) -> dict[int, int]:
    """Entry → its place in the order of appearance."""
    return {appearance.id: at for at, appearance in enumerate(tallied.appearances)}
