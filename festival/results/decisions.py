"""What has the panel decided, and which of it is in force?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from festival.core.database import db
from festival.results.models import DecisionKind, PanelDecision
from festival.results.prizes import PrizeDecision
from festival.results.standings import FewDecision, OnFewSheets, ResultState
from festival.results.ties import TieDecision


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the panel has decided about one subject, oldest first. `replaced`: ids of rows a later decision took over."""

    ties: tuple[TieDecision, ...]
    prizes: tuple[PrizeDecision, ...]
    out: Mapping[str, ResultState]
    few: Mapping[str, FewDecision]
    rows: tuple[PanelDecision, ...]
    replaced: frozenset[int]

    @property
    def last_id(self) -> int:
        """The latest decision, 0 before the first."""
        return self.rows[-1].id if self.rows else 0


def entries_decided(row: PanelDecision) -> frozenset[str]:
    """The entries a decision speaks of."""
    if row.kind is DecisionKind.TIE:
        return frozenset(entry for group in row.content["order"] for entry in group)
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


def decisions(rows: tuple[PanelDecision, ...]) -> Decisions:
    out, few = _fates(rows)
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
        out,
        few,
        rows,
        frozenset(row.id for row in rows if row.id != latest[row.kind, entries_decided(row)]),
    )
