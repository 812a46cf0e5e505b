"""Are two demo databases the same edition? One canonical JSON of what was made up, secrets and hashes left out.

Same seed and size, same bytes, on SQLite and PostgreSQL: rows are named by what they are (a family by its phone, an
entry by contest and number), never by ids, random codes or times of creation.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from festival.checkin.models import Admission
from festival.contests import queries as contest_queries
from festival.contests.models import Contest, Criterion, Judge
from festival.core.canonical import canonical_json
from festival.core.clock import local
from festival.core.database import db
from festival.editions.models import Festival
from festival.judging.models import Measure, ScoreSheet
from festival.roster.models import Delegation, Entry, EntryPerson, Family, Person
from festival.schedule.queries import sessions


def export(festival: Festival) -> bytes:
    """The edition in RFC 8785 JSON."""
    contests = {row.id: row for row in contest_queries.contests(festival.id)}
    entries = {row.id: row for row in db.session.scalars(select(Entry).where(Entry.contest_id.in_(list(contests))))}
    return canonical_json(
        {
            "festival": {"code": festival.code, "ruleset": _text(festival.ruleset), "demo": festival.demo},
            "delegations": _delegations(festival.id),
            "entries": _entries(contests, entries),
            "jury": _panels(contests),
            "programme": _programme(festival.id),
            "sheets": _sheets(contests, entries),
            "measures": _measures(contests, entries),
            "arrivals": _arrivals(festival.id),
        }
    )


def _text(ruleset: dict[str, Any]) -> str:
    """The rule set as sorted JSON text: steps of 0.25 are no canonical numbers."""
    return json.dumps(ruleset, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _delegations(festival_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Delegation).where(Delegation.festival_id == festival_id).order_by(Delegation.position)
    )
    families = list(
        db.session.scalars(
            select(Family)
            .where(Family.festival_id == festival_id)
            .options(selectinload(Family.members))
            .order_by(Family.phone)
        )
    )
    return [
        {
            "unit": row.unit.official_code,
            "name": row.name,
            "head": row.head_name,
            "families": [_family(family) for family in families if family.delegation_id == row.id],
        }
        for row in rows
    ]


def _family(family: Family) -> dict[str, Any]:
    return {
        "name": family.name,
        "phone": family.phone,
        "address": family.address,
        "introduction": family.introduction,
        "state": family.state.value,
        "return_reason": family.return_reason,
        "members": [
            {
                "name": person.name,
                "relation": person.relation,
                "sex": person.sex.value if person.sex else None,
                "birth_year": person.birth_year,
                "born_on": person.born_on.isoformat() if person.born_on else None,
                "needs": person.needs,
            }
            for person in family.members
        ],
    }


def _entries(contests: dict[int, Contest], entries: dict[int, Entry]) -> list[dict[str, Any]]:
    people: dict[int, list[str]] = {}
    for entry_id, name in db.session.execute(
        select(EntryPerson.entry_id, Person.name)
        .join(Person, Person.id == EntryPerson.person_id)
        .join(Entry, Entry.id == EntryPerson.entry_id)
        .where(Entry.contest_id.in_(list(contests)))
    ):
        people.setdefault(entry_id, []).append(name)
    listed = [
        {
            "contest": contests[row.contest_id].code,
            "number": row.number,
            "name": row.name,
            "title": row.title,
            "state": row.state.value,
            "people": sorted(people.get(row.id, [])),
        }
        for row in entries.values()
    ]
    return sorted(listed, key=lambda row: (row["contest"], row["number"] or 0, row["name"], row["people"]))


def _panels(contests: dict[int, Contest]) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Judge).where(Judge.contest_id.in_(list(contests))))
    listed = [{"contest": contests[row.contest_id].code, "seat": row.seat.value, "letter": row.letter} for row in rows]
    return sorted(listed, key=lambda row: (row["contest"], row["seat"], row["letter"] or ""))


def _programme(festival_id: int) -> list[dict[str, Any]]:
    return [
        {
            "stage": row.stage.code,
            "contest": row.contest.code,
            "starts_at": local(row.starts_at).isoformat(),
            "acts": [
                {
                    "number": act.entry.number,
                    "starts_at": local(act.starts_at).isoformat(),
                    "minutes": act.duration_min,
                    "state": act.state.value,
                }
                for act in row.acts
            ],
        }
        for row in sessions(festival_id)
    ]


def _sheets(contests: dict[int, Contest], entries: dict[int, Entry]) -> list[dict[str, Any]]:
    criteria = {
        row.id: row.code
        for row in db.session.scalars(select(Criterion).where(Criterion.contest_id.in_(list(contests))))
    }
    rows = db.session.scalars(
        select(ScoreSheet)
        .join(Entry, Entry.id == ScoreSheet.entry_id)
        .where(Entry.contest_id.in_(list(contests)))
        .options(selectinload(ScoreSheet.marks), selectinload(ScoreSheet.judge))
    )
    listed = [
        {
            "contest": contests[entries[row.entry_id].contest_id].code,
            "number": entries[row.entry_id].number,
            "judge": row.judge.letter,
            "state": row.state.value,
            "total_milli": row.total_milli,
            "marks": {criteria[mark.criterion_id]: mark.milli for mark in row.marks},
        }
        for row in rows
    ]
    return sorted(listed, key=lambda row: (row["contest"], row["number"], row["judge"]))


def _measures(contests: dict[int, Contest], entries: dict[int, Entry]) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Measure).join(Entry, Entry.id == Measure.entry_id).where(Entry.contest_id.in_(list(contests)))
    )
    listed = [
        {
            "contest": contests[entries[row.entry_id].contest_id].code,
            "number": entries[row.entry_id].number,
            "round": row.round,
            "value": row.value,
        }
        for row in rows
    ]
    return sorted(listed, key=lambda row: (row["contest"], row["number"], row["round"]))


def _arrivals(festival_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Family.phone, Person.name, Admission.purpose, Admission.at_ms)
        .join(Person, Person.id == Admission.person_id)
        .join(Family, Family.id == Person.family_id)
        .where(Admission.festival_id == festival_id, ~Admission.annulled)
        .order_by(Family.phone, Person.position, Admission.purpose, Admission.at_ms)
    )
    return [{"family": row.phone, "name": row.name, "purpose": row.purpose, "at_ms": row.at_ms} for row in rows]
