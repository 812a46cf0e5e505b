"""What is the result of a contest, how far is it on the ladder, and what of it may the public know?

`published_results` is the only door of the public: it reads awards of contests that are *published* and the measured
tables of contests that are *công bố ngay*. For a *kín* contest that is not published it reads nothing but its state, so
no public byte can depend on a mark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.accounts.models import User, UserRole
from festival.accounts.roles import permissions_of
from festival.contests import queries as contest_queries
from festival.contests.models import Contest, ContestState, Judge, JurySeat, ResultKind, Secrecy
from festival.contests.scoring import written, written_time
from festival.core.access import Permission
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.errors import NotFound
from festival.core.sentence import Sentence, to_json
from festival.editions.ruleset import PrizeRule
from festival.judging.queries import Tally, tablets_with_gaps, tallies
from festival.registration.models import Delegation, Entry, Family
from festival.results.models import Award, DecisionKind, JuryDecision, StateChange
from festival.results.models import Standing as StandingRow
from festival.results.prizes import PrizeDecision, PrizeQuestion
from festival.results.standings import EntryState, Standing
from festival.results.tables import ContestTable, contest_table
from festival.results.ties import JuryDecision as TieDecision

LADDER = (
    ContestState.OPEN,
    ContestState.LOCKED,
    ContestState.SIGNED,
    ContestState.DECIDED,
    ContestState.RELEASED,
    ContestState.PUBLISHED,
)


def results_stream(contest: Contest) -> str:
    """The ledger stream of a contest's locks, decisions and publication."""
    return f"results:{contest.code}"


def reached(contest: Contest, state: ContestState) -> bool:
    """Whether a contest has come at least as far as `state`."""
    return LADDER.index(contest.state) >= LADDER.index(state)


def contests_of(festival_id: int) -> list[Contest]:
    """The contests of a festival in their order."""
    return contest_queries.contests(festival_id)


def may_lock_as(user_id: int, contest: Contest, seat: JurySeat) -> bool:
    """Whether this account can stand for the chair (or the secretary) at the lock of a contest."""
    seated = list(db.session.scalars(select(Judge.user_id).where(Judge.contest_id == contest.id, Judge.seat == seat)))
    if seated:
        return user_id in seated
    roles = frozenset(db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))
    wanted = {Permission.CHAIR, Permission.RELEASE} if seat is JurySeat.CHAIR else {Permission.TALLY}
    return bool(permissions_of(roles) & wanted)


# -------------------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the jury has decided about one subject, oldest first. `replaced`: ids of rows a later decision took over."""

    ties: tuple[TieDecision, ...]
    prizes: tuple[PrizeDecision, ...]
    out: Mapping[str, EntryState]
    rows: tuple[JuryDecision, ...]
    replaced: frozenset[int]

    @property
    def last_id(self) -> int:
        """The latest decision, 0 before the first."""
        return self.rows[-1].id if self.rows else 0


def entries_decided(row: JuryDecision) -> frozenset[str]:
    """The entries a decision speaks of."""
    if row.kind is DecisionKind.TIE:
        return frozenset(entry for group in row.content["order"] for entry in group)
    return frozenset(row.content["prizes"]) if row.kind is DecisionKind.PRIZE else frozenset({row.content["entry"]})


def decisions_of(contest_id: int, *proposed: JuryDecision) -> Decisions:
    """The recorded decisions of a contest, followed by what is only `proposed`."""
    return _decisions((*_recorded([contest_id])[contest_id], *proposed))


def _recorded(contest_ids: Sequence[int]) -> dict[int, list[JuryDecision]]:
    found: dict[int, list[JuryDecision]] = {contest_id: [] for contest_id in contest_ids}
    stored = select(JuryDecision).where(JuryDecision.contest_id.in_(contest_ids)).order_by(JuryDecision.id)
    for row in db.session.scalars(stored):
        found[row.contest_id or 0].append(row)
    return found


def decisions_of_whole(festival_id: int, *proposed: JuryDecision) -> Decisions:
    """The same of the delegations of a festival; the entries are their codes."""
    stored = db.session.scalars(
        select(JuryDecision).where(JuryDecision.festival_id == festival_id).order_by(JuryDecision.id)
    )
    return _decisions((*stored, *proposed))


def _decisions(rows: tuple[JuryDecision, ...]) -> Decisions:
    latest = {(row.kind, entries_decided(row)): row.id for row in rows}
    return Decisions(
        tuple(
            TieDecision(tuple(tuple(group) for group in row.content["order"]), row.reason, tuple(row.names))
            for row in rows
            if row.kind is DecisionKind.TIE
        ),
        tuple(
            PrizeDecision(row.content["prizes"], row.reason, tuple(row.names))
            for row in rows
            if row.kind is DecisionKind.PRIZE
        ),
        {row.content["entry"]: EntryState(row.content["state"]) for row in rows if row.kind is DecisionKind.OUT},
        rows,
        frozenset(row.id for row in rows if row.id != latest[row.kind, entries_decided(row)]),
    )


def tallies_of(contests: Sequence[Contest]) -> dict[int, Tally]:
    """What the results depend on, by contest; from the lock on with the entries that were locked, whoever withdraws or is
    approved afterwards.
    """
    settled = [contest.id for contest in contests if contest.state is not ContestState.OPEN]
    held: dict[int, dict[int, int | None]] = defaultdict(dict)
    stored = select(StandingRow.contest_id, StandingRow.entry_id, StandingRow.detail)
    for row in db.session.execute(stored.where(StandingRow.contest_id.in_(settled))) if settled else ():
        held[row.contest_id][row.entry_id] = row.detail.get("members")
    return tallies(contests, held)


def tally_of(contest: Contest) -> Tally:
    """The same of one contest."""
    return tallies_of([contest])[contest.id]


def tables_of(tallied: Iterable[Tally]) -> dict[int, ContestTable]:
    """The tables as they stand, by contest: provisional while it is open, settled by its decisions afterwards."""
    every = list(tallied)
    settled = [each.contest.id for each in every if each.contest.state is not ContestState.OPEN]
    stored = _recorded(settled) if settled else {}
    return {
        each.contest.id: _settled(each, _decisions(tuple(stored[each.contest.id])))
        if each.contest.id in stored
        else contest_table(each, settled=False)
        for each in every
    }


def table_of(tallied: Tally, decided: Decisions | None = None) -> ContestTable:
    """The same of one contest; `decided` where its decisions are known already."""
    if decided is None or tallied.contest.state is ContestState.OPEN:
        return tables_of([tallied])[tallied.contest.id]
    return _settled(tallied, decided)


def _settled(tallied: Tally, decided: Decisions) -> ContestTable:
    return contest_table(tallied, decided.ties, decided.prizes, settled=True, out=decided.out)


def table_after(contest: Contest, proposed: JuryDecision) -> ContestTable:
    """The table of a locked contest as it would stand after a decision that is not stored."""
    return _settled(tally_of(contest), decisions_of(contest.id, proposed))


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the jury may decide in a locked contest: what waits, and what it has decided already and may decide anew."""

    unsettled: tuple[Standing, ...]
    ties: tuple[tuple[Standing, ...], ...]
    questions: tuple[PrizeQuestion, ...]
    decided: Decisions

    def answered(self, kind: str, entries: Iterable[str]) -> bool:
        """Whether a decision of this kind about exactly these entries is recorded."""
        about = frozenset(entries)
        return any(row.kind == kind and entries_decided(row) == about for row in self.decided.rows)


def agenda_of(tallied: Tally, decided: Decisions) -> Agenda:
    """Each kind of question as it stands with the answers of the other kinds only."""
    return Agenda(
        contest_table(tallied, settled=True).unsettled,
        contest_table(tallied, settled=True, out=decided.out).ties,
        contest_table(tallied, decided.ties, settled=True, out=decided.out).prizes.questions,
        decided,
    )


def standings_json(table: ContestTable) -> list[dict[str, Any]]:
    """The standings as plain values, in no language: for the ledger, the command line and an outside recount."""
    prize = {each.entry: each.prize for each in table.prizes.awards}
    return [
        {
            "entry": each.entry,
            "number": table.turns[each.entry].number,
            "name": table.turns[each.entry].name,
            "delegation": table.turns[each.entry].delegation,
            "state": each.state.value,
            "place": each.rank,
            "shared": each.shared,
            "value": each.value,
            "prize": prize.get(each.entry),
            "reasons": [to_json(reason) for reason in each.reasons],
        }
        for each in table.standings
    ]


def standings_hash(table: ContestTable) -> str:
    """SHA-256 over the standings without names: what the lock, the minutes and a recount must agree on."""
    bare = [
        {"entry": each.entry, "state": each.state.value, "place": each.rank, "value": each.value}
        for each in table.standings
    ]
    return sha256(canonical_json({"standings": bare})).hexdigest()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a contest cannot be locked without an override."""

    what: str  # missing | conflict | unmeasured | gap
    who: str
    entry: str


def lock_problems(tallied: Tally) -> list[Problem]:
    """Sheets that are missing or in two versions, entries without a result, tablets with messages on the way."""
    return [
        *(Problem("missing", seat.name, turn.name) for turn, seat in tallied.missing()),
        *(Problem("conflict", seat.name, turn.name) for turn, seat in tallied.conflicts()),
        *(Problem("unmeasured", "", turn.name) for turn in tallied.unmeasured()),
        *(Problem("gap", device.name or str(device.number), "") for device in tablets_with_gaps(tallied.seats)),
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder that was taken."""

    state: ContestState
    at: datetime
    by: str
    with_: str
    number: str
    note: str
    ledger_size: int | None
    ledger_hash: str


def steps_of(contest_id: int) -> dict[ContestState, Step]:
    """The steps a contest has taken."""
    second = aliased(User)
    rows = db.session.execute(
        select(StateChange, User.name, second.name)
        .outerjoin(User, User.id == StateChange.by_user)
        .outerjoin(second, second.id == StateChange.with_user)
        .where(StateChange.contest_id == contest_id)
    )
    return {
        change.state: Step(
            change.state,
            change.at,
            by or "",
            other or "",
            change.number,
            change.note,
            change.ledger_size,
            change.ledger_hash,
        )
        for change, by, other in rows
    }


@dataclass(frozen=True, slots=True)
class JuryMember:
    """A name on the minutes."""

    name: str
    seat: JurySeat
    letter: str


def jury_of(contest_id: int) -> list[JuryMember]:
    """Chair, members, secretary with their names."""
    rows = db.session.execute(
        select(User.name, Judge.seat, Judge.letter)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id)
    ).all()
    order = [JurySeat.CHAIR, JurySeat.MEMBER, JurySeat.SECRETARY]
    return sorted(
        (JuryMember(name, seat, letter or "") for name, seat, letter in rows),
        key=lambda member: (order.index(member.seat), member.letter, member.name),
    )


# ---------------------------------------------------------------------------------------------- awards, MC, the public


@dataclass(frozen=True, slots=True)
class Winner:
    """Who receives something."""

    number: int | None
    name: str
    title: str
    delegation: str
    introduction: str
    order: int


@dataclass(frozen=True, slots=True)
class PrizeList:
    """A prize with those who receive it, in order of appearance."""

    prize: str
    position: int
    special: bool
    winners: tuple[Winner, ...]


def awards_of(tallied_order: Mapping[int, int], contest_id: int) -> list[PrizeList]:
    """The stored awards of a contest, highest prize first, special prizes last; winners in order of appearance."""
    return _awards([contest_id], tallied_order)[contest_id]


def _awards(contest_ids: Sequence[int], order: Mapping[int, int]) -> dict[int, list[PrizeList]]:
    rows = db.session.execute(
        select(
            Award.contest_id,
            Award.prize,
            Award.position,
            Award.special,
            Entry.id,
            Entry.number,
            Entry.name,
            Entry.title,
            Delegation.name.label("delegation"),
            Family.introduction,
        )
        .join(Entry, Entry.id == Award.entry_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Family, Family.id == Entry.family_id)
        .where(Award.contest_id.in_(contest_ids))
    )
    lists: dict[int, dict[tuple[bool, int, str], list[Winner]]] = {contest_id: {} for contest_id in contest_ids}
    for row in rows:
        winner = Winner(
            row.number,
            row.name,
            row.title,
            row.delegation,
            row.introduction or "",
            order.get(row.id, 1_000_000),
        )
        lists[row.contest_id].setdefault((row.special, row.position, row.prize), []).append(winner)
    return {
        contest_id: [
            PrizeList(prize, position, special, tuple(sorted(winners, key=lambda each: (each.order, each.name))))
            for (special, position, prize), winners in sorted(own.items())
        ]
        for contest_id, own in lists.items()
    }


def released_awards(contest: Contest) -> list[PrizeList]:
    """What the MC reads: nothing before the release."""
    if not reached(contest, ContestState.RELEASED):
        raise NotFound()
    return awards_of(order_of(tally_of(contest)), contest.id)


def order_of(tallied: Tally) -> dict[int, int]:
    """Entry → its place in the order of appearance."""
    return {turn.id: at for at, turn in enumerate(tallied.turns)}


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


def written_value(contest: Contest, value: int | None) -> str:
    """A value of the contest's kind as people write it."""
    if value is None:
        return ""
    if contest.result_kind is ResultKind.TIME:
        return written_time(value)
    return written(value) if contest.result_kind is ResultKind.RUBRIC else str(value)


def published_results(festival_id: int) -> list[PublishedContest]:
    """All that the public may know now, contest by contest; a sealed unpublished contest is not in the list."""
    known = [
        contest
        for contest in contests_of(festival_id)
        if contest.state is ContestState.PUBLISHED or _public_at_once(contest)
    ]
    final = [contest.id for contest in known if contest.state is ContestState.PUBLISHED]
    tallied = tallies_of(known)
    tables = tables_of(tallied[contest.id] for contest in known if _public_at_once(contest))
    awards = _awards(final, {entry: at for contest_id in final for entry, at in order_of(tallied[contest_id]).items()})
    return [
        PublishedContest(
            contest.code,
            contest.name,
            contest.part_name,
            _public_at_once(contest),
            contest.id in awards,
            contest.unit_label,
            tuple(awards.get(contest.id, ())),
            _public_lines(contest, tables[contest.id]) if contest.id in tables else (),
        )
        for contest in known
    ]


def _public_at_once(contest: Contest) -> bool:
    return contest.secrecy is Secrecy.AT_ONCE and contest.result_kind is not ResultKind.RUBRIC


def _public_lines(contest: Contest, table: ContestTable) -> tuple[PublicLine, ...]:
    return tuple(
        PublicLine(
            each.rank,
            each.shared,
            written_value(contest, each.value),
            table.turns[each.entry].number,
            table.turns[each.entry].name,
            table.turns[each.entry].delegation,
            None if each.rank is not None or not each.reasons else each.reasons[0],
        )
        for each in table.standings
        if each.state is not EntryState.WAITING
    )


# ------------------------------------------------------------------------------------------------------- what is kept


def stored_standings(contest_id: int) -> list[StandingRow]:
    """The standings as they were stored at the lock or after the last decision, best first."""
    rows = db.session.scalars(select(StandingRow).where(StandingRow.contest_id == contest_id)).all()
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.entry_id))


def prize_names(contest: Contest) -> Sequence[str]:
    """The prizes of a contest, highest first."""
    return [PrizeRule(each["name"], each["count"]).name for each in contest.prizes]
