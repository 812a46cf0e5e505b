"""What has the panel decided, and which of it is in force?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from festival.core.database import db
from festival.results.models import DecisionKind, PanelDecision
from festival.results.prizes import LeftEmpty, PrizeDecision, Vacancy, by_rank
from festival.results.standings import FewDecision, OnFewSheets, RankedEntry, ResultState
from festival.results.ties import AskedOf, Settling, TieDecision, TieRecord, record_of

RECORDS = {DecisionKind.MARKING: AskedOf.MARKING, DecisionKind.DRAW: AskedOf.DRAW}
KINDS = {asks: kind for kind, asks in RECORDS.items()}


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the panel has decided about one subject, oldest first. `replaced`: ids of rows a later decision took over."""

    ties: tuple[Settling, ...]
    prizes: tuple[PrizeDecision, ...]
    vacant: tuple[Vacancy, ...]
    out: Mapping[str, ResultState]
    few: Mapping[str, FewDecision]
    rows: tuple[PanelDecision, ...]
    replaced: frozenset[int]

    @property
    def last_id(self) -> int:
        """The latest decision, 0 before the first."""
        return self.rows[-1].id if self.rows else 0

    @property
    def records(self) -> tuple[TieRecord, ...]:
        """Third markings and draws that were not taken back."""
        return tuple(each for each in self.ties if isinstance(each, TieRecord))

    def record(self, asks: AskedOf, entries: Iterable[str]) -> TieRecord | None:
        """The one in force about exactly these entries."""
        return record_of(self.ties, asks, tuple(entries))

    def void(self, places: Sequence[RankedEntry]) -> frozenset[int]:
        """Ids of decisions that answer nothing: other entries stand equal at that rung, or on that place, now."""
        asked = {(come.asks, frozenset(come.entries)) for each in places for come in each.come}
        groups = {frozenset(each.entry for each in members) for members in by_rank(places).values()}
        return frozenset(
            row.id
            for row in self.rows
            if row.id not in self.replaced
            and "takes_back" not in row.content
            and (
                (row.kind in RECORDS and (RECORDS[row.kind], entries_decided(row)) not in asked)
                or (row.kind is DecisionKind.PRIZE and entries_decided(row) not in groups)
            )
        )


def entries_decided(row: PanelDecision) -> frozenset[str]:
    """The entries a decision speaks of; of a prize that is left empty its name."""
    if row.kind is DecisionKind.VACANT:
        return frozenset({row.content["prize"]})
    if row.kind is DecisionKind.TIE:
        return frozenset(entry for group in row.content["order"] for entry in group)
    if row.kind in RECORDS:
        return frozenset(row.content["entries"])
    return frozenset(row.content["prizes"]) if row.kind is DecisionKind.PRIZE else frozenset({row.content["entry"]})


def decisions_of(contest_id: int, *proposed: PanelDecision) -> Decisions:
    """The recorded decisions of a contest, followed by what is only `proposed`."""
    return decisions((*recorded([contest_id])[contest_id], *proposed))


def recorded(contest_ids: Sequence[int]) -> dict[int, list[PanelDecision]]:
    found: dict[int, list[PanelDecision]] = {contest_id: [] for contest_id in contest_ids}
    stored = select(PanelDecision).where(PanelDecision.contest_id.in_(contest_ids)).order_by(PanelDecision.id)
    for row in db.session.scalars(stored):
        found[row.contest_id or 0].append(row)
    return found


def decisions_of_whole(festival_id: int, *proposed: PanelDecision) -> Decisions:
    """The same of the delegations of a festival; the entries are their codes."""
    stored = db.session.scalars(
        select(PanelDecision).where(PanelDecision.festival_id == festival_id).order_by(PanelDecision.id)
    )
    return decisions((*stored, *proposed))


def _fates(rows: tuple[PanelDecision, ...]) -> tuple[dict[str, ResultState], dict[str, FewDecision]]:
    """What was decided of entries without a result and of entries with few sheets; the last word on an entry holds."""
    out: dict[str, ResultState] = {}
    few: dict[str, FewDecision] = {}
    for row in rows:
        if row.kind is not DecisionKind.OUT:
            continue
        entry, said = row.content["entry"], row.content["state"]
        out.pop(entry, None)
        few.pop(entry, None)
        if said in set(OnFewSheets):
            few[entry] = FewDecision(OnFewSheets(said), row.content["marked"], row.reason, tuple(row.names))
        else:
            out[entry] = ResultState(said)
    return out, few


def _records(rows: tuple[PanelDecision, ...]) -> tuple[TieRecord, ...]:
    """The last third marking and draw of each group, unless it was taken back."""
    found: dict[tuple[DecisionKind, frozenset[str]], TieRecord] = {}
    for row in rows:
        if row.kind not in RECORDS:
            continue
        about = row.kind, entries_decided(row)
        found.pop(about, None)
        if "takes_back" not in row.content:
            held = row.content.get("held", True)
            found[about] = TieRecord(RECORDS[row.kind], about[1], row.content, held, row.reason, tuple(row.names))
    return tuple(found.values())


def _in_force(rows: tuple[PanelDecision, ...], kind: DecisionKind) -> list[PanelDecision]:
    """The last of each group, unless it was taken back."""
    found: dict[frozenset[str], PanelDecision] = {}
    for row in rows:
        if row.kind is kind:
            found.pop(entries_decided(row), None)
            if "takes_back" not in row.content:
                found[entries_decided(row)] = row
    return list(found.values())


def decisions(rows: tuple[PanelDecision, ...]) -> Decisions:
    out, few = _fates(rows)
    latest = {(row.kind, entries_decided(row)): row.id for row in rows}
    return Decisions(
        tuple(
            TieDecision(tuple(tuple(group) for group in row.content["order"]), row.reason, tuple(row.names))
            for row in rows
            if row.kind is DecisionKind.TIE
        )
        + _records(rows),
        tuple(
            PrizeDecision(row.content["prizes"], row.reason, tuple(row.names))
            for row in _in_force(rows, DecisionKind.PRIZE)
        ),
        tuple(
            Vacancy(row.content["prize"], LeftEmpty(row.content["then"]), row.reason, tuple(row.names))
            for row in _in_force(rows, DecisionKind.VACANT)
        ),
        out,
        few,
        rows,
        frozenset(
            row.id
            for row in rows
            if row.id != latest[row.kind, entries_decided(row)] and "takes_back" not in row.content
        ),
    )
