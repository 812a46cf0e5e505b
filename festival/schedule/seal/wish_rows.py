"""Are the wishes of the timetable, and what the stages take, those of the ledger?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.seal.compare import UNKNOWN, Key, SealCounts, SealDifference, compare
from festival.roster.models import Delegation, Entry, Family
from festival.schedule.models import Stage
from festival.schedule.seal.wished import NAMES, WishesRecord
from festival.schedule.wishes.models import StageTakes, Wish

Rows = dict[Key, dict[str, Any]]


def differences(festival_id: int | None, record: WishesRecord, counts: SealCounts) -> Iterator[SealDifference]:
    """Recorded against found. What was erased from the ledger may have left with its entry: nobody can tell any more."""
    wishes, takes = _wishes(festival_id), _takes(festival_id)
    named = {
        row[name] for row in record.wishes.rows.values() for name in NAMES if row[name] is not UNKNOWN and row[name]
    } | {each for row in record.takes.rows.values() if row["takes"] is not UNKNOWN for each in row["takes"]}
    record.without(named - _there(festival_id))
    for key in record.wishes.erased - wishes.keys():
        record.wishes.drop(key)
    for key in record.takes.erased - takes.keys():
        record.takes.drop(key)
    for key, row in wishes.items():
        said = record.wishes.rows.get(key)
        if said is not None and not row["note"]:
            said["note"] = UNKNOWN if said["note"] else ""  # a reason goes when its family asks for that
    yield from compare(record.wishes, wishes.items(), counts)
    yield from compare(record.takes, takes.items(), counts)


def _there(festival_id: int | None) -> set[str]:
    own = select(Contest.id).where(Contest.festival_id == festival_id)
    queries = (
        select(Entry.code).where(Entry.contest_id.in_(own)),
        select(Family.code).where(Family.festival_id == festival_id),
        select(Delegation.code).where(Delegation.festival_id == festival_id),
        select(Contest.code).where(Contest.festival_id == festival_id),
    )
    return {code for query in queries for code in db.session.scalars(query)}


def _wishes(festival_id: int | None) -> Rows:
    other = aliased(Entry)
    wanted = (
        select(
            Wish,
            Entry.code.label("entry"),
            other.code.label("other"),
            Family.code.label("family"),
            Delegation.code.label("delegation"),
            Contest.code.label("contest"),
            Stage.code.label("stage"),
        )
        .outerjoin(Entry, Entry.id == Wish.entry_id)
        .outerjoin(other, other.id == Wish.other_id)
        .outerjoin(Family, Family.id == Wish.family_id)
        .outerjoin(Delegation, Delegation.id == Wish.delegation_id)
        .outerjoin(Contest, Contest.id == Wish.contest_id)
        .outerjoin(Stage, Stage.id == Wish.stage_id)
        .where(Wish.festival_id == festival_id)
    )
    return {
        (row.Wish.id,): {
            "kind": row.Wish.kind.value,
            "entry": row.entry,
            "other": row.other,
            "family": row.family,
            "delegation": row.delegation,
            "judge": row.Wish.user_id,
            "contest": row.contest,
            "stage": row.stage,
            "starts_at": row.Wish.starts_at and local(row.Wish.starts_at).isoformat(),
            "ends_at": row.Wish.ends_at and local(row.Wish.ends_at).isoformat(),
            "minutes": row.Wish.minutes,
            "note": row.Wish.note,
            "stands": row.Wish.taken_back_at is None,
        }
        for row in db.session.execute(wanted)
    }


def _takes(festival_id: int | None) -> Rows:
    found: dict[str, list[str]] = defaultdict(list)
    for row in db.session.execute(
        select(Stage.code.label("stage"), Contest.code.label("contest"))
        .join(StageTakes, StageTakes.stage_id == Stage.id)
        .join(Contest, Contest.id == StageTakes.contest_id)
        .where(Stage.festival_id == festival_id)
        .order_by(Stage.code, Contest.code)
    ):
        found[row.stage].append(row.contest)
    return {(stage,): {"takes": sorted(takes)} for stage, takes in found.items()}
