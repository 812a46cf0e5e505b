"""Which acts does a published plan tell everybody, and who goes on into a final that was announced?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.contests.queries import entries_told
from festival.core.database import db
from festival.core.transaction import once
from festival.programme.live import Call, Line
from festival.roster.models import Delegation, Entry, EntryState
from festival.roster.shown.public_names import NamesHeld, names_held
from festival.schedule.heats.rule import lane_in
from festival.schedule.later.naming import later_of_code
from festival.schedule.later.reading import ToldMatch, later_matches, told_matches
from festival.schedule.models import Act, Plan


@dataclass(frozen=True, slots=True)
class Finalist:
    """Who goes on: the entry and its unit, in the order of the numbers of the round before; no place, no points."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class GoesOn:
    """What was announced of a round: into which contest who goes on."""

    code: str
    contest: str
    finalists: tuple[Finalist, ...]


def entry_rows(festival_id: int) -> Sequence[Any]:
    """Every entry of an edition with what was called of it; `told`: whether anybody may know of it. Read once a transaction."""
    rows = (
        select(
            Entry.id,
            Entry.code,
            Entry.name,
            Entry.title,
            Entry.number,
            Entry.family_id,
            Entry.from_id,
            Entry.state,
            Entry.contest_id,
            Act.state.label("act"),
            Act.began_at,
            Act.ended_at,
            Act.turn,
            Contest.changeover_min,
            Contest.name.label("contest"),
            Delegation.name.label("unit"),
            entries_told().label("told"),
        )
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Act, Act.entry_id == Entry.id)
        .where(Contest.festival_id == festival_id)
    )

    def read() -> Sequence[Any]:
        return db.session.execute(rows).all()

    return once(("entry_rows", festival_id), read)


def announced(contests: Sequence[Contest]) -> Mapping[int, GoesOn]:
    """Who goes on, by the round before and by the final itself; of finals that are announced. No statement without one."""
    finals = [each for each in contests if each.cut is not None and each.cut_announced_at is not None]
    found: dict[int, GoesOn] = {}
    for final in finals:
        held, rows = names_held(final.festival_id), entry_rows(final.festival_id)
        numbers = {row.id: row.number for row in rows}
        own = [row for row in rows if row.contest_id == final.id and row.state is EntryState.ENROLLED and row.from_id]
        listed = [Finalist(held.family(each.family_id, each.name), each.unit) for each in sorted(own, key=_by(numbers))]
        found[final.id] = GoesOn(final.code, final.name, tuple(listed))
        if final.entries_from_id is not None:
            found[final.entries_from_id] = found[final.id]
    return found


def _by(numbers: Mapping[int, int | None]) -> Any:
    """By the number that was drawn for the round before, else by code: nothing of places shows in the order."""
    return lambda row: (numbers.get(row.from_id) or 1_000_000, row.code)


def programme_lines(plan: Plan | None) -> tuple[list[Line], dict[str, Call]]:
    """The acts of a published plan in order of time and what was called of them; entries that take no part are left out, and
    those of a final before it was announced who goes on.

    Read by entry: making the plan anew makes new acts, while the published version goes on speaking of the old ones.
    """
    if plan is None:
        return [], {}
    held = names_held(plan.festival_id)
    calls: dict[str, Call] = {}
    gone: set[str] = set()
    families: dict[str, int | None] = {}
    called: dict[str, dict[str, object]] = {}
    codes: dict[int, str] = {}
    of_contest: dict[int, list[str]] = defaultdict(list)
    sides: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for row in entry_rows(plan.festival_id):
        families[row.code] = row.family_id
        called[row.code] = {"name": row.name, "title": row.title, "contest_name": row.contest}
        called[row.code]["changeover_min"] = row.changeover_min
        if row.act is not None:
            calls[row.code] = Call(row.act.value, row.began_at, row.ended_at, row.turn)
        if row.state is not EntryState.ENROLLED or not row.told:
            gone.add(row.code)
        else:
            codes[row.id] = row.code
            of_contest[row.contest_id].append(row.code)
    for told in _matches(plan):
        code = told.match.code
        called[code] = {"name": str(told.words), "title": "", "contest_name": told.match.contest.name}
        called[code]["position"] = 0  # it has no number
        sides[code] = _sides(told, codes, of_contest[told.match.contest_id])
        called[code]["changeover_min"] = told.match.contest.changeover_min
        calls[code] = Call(told.match.state.value, told.match.began_at, told.match.ended_at)
        if told.off or not told.match.contest.entries_told:
            gone.add(code)
    lines = [
        # a contest that was renamed, a name that was corrected, are called as they are now
        _as_agreed(line_of(row | called.get(row["entry"], {})), families.get(row["entry"]), held)
        for row in plan.content.get("acts", ())
        if row["entry"] not in gone and (row["entry"] in called or not later_of_code(row["entry"]))
    ]
    with_sides = [
        replace(line, sides=found[0], may=found[1]) if (found := sides.get(line.entry)) else line for line in lines
    ]
    return sorted(_at_work(with_sides, plan), key=by_time), calls


def _at_work(lines: Sequence[Line], plan: Plan) -> list[Line]:
    """With the hour from which a family is bound where all of a session work at once (cooking)."""
    begins = {
        each["session"]: datetime.fromisoformat(each["starts_at"])
        for each in plan.content.get("sessions", ())
        if each.get("together_min")
    }
    return [replace(line, works_from=begins.get(line.session)) for line in lines] if begins else list(lines)


def _sides(
    told: ToldMatch, codes: Mapping[int, str], of_contest: Collection[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Who plays a match, and who can still come to it; of a bracket that is not told, or not drawn, that is everybody."""
    if not told.told:
        return frozenset(), frozenset(of_contest)
    known = frozenset(codes[each] for each in told.sides.known if each in codes)
    return known, frozenset(codes[each] for each in told.sides.may if each in codes) - known


def _matches(plan: Plan) -> list[ToldMatch]:
    """The matches of later rounds that the plan has; nothing is read where it has none."""
    if not any(later_of_code(row["entry"]) for row in plan.content.get("acts", ())):
        return []
    held = names_held(plan.festival_id)
    return told_matches(later_matches(plan.festival_id), held.entry, public=True)


def _as_agreed(line: Line, family_id: int | None, held: NamesHeld) -> Line:
    """What is shown of a name follows the agreements of this hour."""
    return replace(line, name=held.family(family_id, line.name), title=held.text(family_id, line.title))


def line_of(row: Mapping[str, object]) -> Line:
    """One act as the plan's content holds it."""
    return Line(
        act=int(str(row["act"])),
        entry=str(row["entry"]),
        number=int(str(row.get("number") or row["position"])),
        name=str(row["name"]),
        title=str(row.get("title", "")),
        unit=str(row["unit"]),
        contest=str(row["contest"]),
        contest_name=str(row["contest_name"]),
        stage=str(row["stage"]),
        stage_name=str(row["stage_name"]),
        session=int(str(row["session"])),
        session_label=str(row.get("session_label", "")),
        starts_at=datetime.fromisoformat(str(row["starts_at"])),
        duration_min=int(str(row["duration_min"])),
        changeover_min=int(str(row.get("changeover_min", 0))),
        at=lane_in(row),
    )


def by_time(line: Line) -> tuple[datetime, str, int]:
    return line.starts_at, line.stage, line.number
