"""How does somebody come onto a list, change, go and come back? Each with the pass that follows, and its line in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from festival.badges.lists import BadgeDesk, refuse_erased, writable
from festival.badges.models import BadgeHolder
from festival.badges.people import Outsider, told
from festival.badges.queries import BadgeLine
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.statements import insert_or_pass, run, table
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.models import Festival
from festival.passes.issue import issue_pass, retire_passes
from festival.passes.making import NewPass, make_passes
from festival.roster.models import Departure, Person
from festival.roster.steps import stream

_PEOPLE = table(Person)
_INSERT_PEOPLE = insert(_PEOPLE).returning(_PEOPLE.c.id, _PEOPLE.c.code)


def add(desk: BadgeDesk, who: Outsider, by: int | None) -> str:
    """Somebody new on a list, with a pass; answers the code. Conflict when the same person stands there already."""
    added = add_many(desk, [who], by)
    if not added:
        raise Conflict(same_person(desk.name, who))
    return added[0]


def add_many(desk: BadgeDesk, people: Sequence[Outsider], by: int | None, import_id: int | None = None) -> list[str]:
    """Many by a few statements; answers the codes of those who were not there yet. The constraint says who was."""
    row = writable(desk)
    if not people:
        return []
    placed = db.session.scalar(select(func.count()).where(BadgeHolder.list_id == row.id)) or 0
    codes = [new_typed_code() for _each in people]
    rows = [
        {
            "festival_id": row.festival_id,
            "delegation_id": row.delegation_id,
            "family_id": None,
            "code": code,
            "position": placed + place,
            "relation": "",
            "representative": False,
            "sex": None,
            "needs": "",
            **_of_person(each),
        }
        for place, (code, each) in enumerate(zip(codes, people, strict=True), start=1)
    ]
    ids = {made.code: made.id for made in run(_INSERT_PEOPLE, rows)}
    holders = [
        {
            "person_id": ids[code],
            "list_id": row.id,
            "kind_id": desk.kind_id(each.kind),
            "identity": each.identity,
            "version": 1,
            "import_id": import_id,
            **_of_holder(each),
        }
        for code, each in zip(codes, people, strict=True)
    ]
    there = table(BadgeHolder).c.person_id
    keep = insert_or_pass(BadgeHolder).on_conflict_do_nothing().returning(there)
    kept = set(run(keep, holders).scalars())
    # Who lost the place on the list to the same person never came in.
    lost = [person_id for person_id in ids.values() if person_id not in kept]
    if lost:
        db.session.execute(delete(Person).where(Person.id.in_(lost)).execution_options(synchronize_session=False))
    new = [(code, each) for code, each in zip(codes, people, strict=True) if ids[code] in kept]
    make_passes([NewPass(row.festival_id, "person", ids[code], 1) for code, _each in new])
    lines = [("badge.added", {"badge": code}, {**told(each), "list": row.code, "by": by}) for code, each in new]
    ledger.append_many(stream(desk.festival), lines)
    return [code for code, _each in new]


def change(desk: BadgeDesk, line: BadgeLine, version: int, who: Outsider, into: BadgeDesk, by: int | None) -> None:
    """Name, class, title, order, seat, list: whatever differs. Overtaken when somebody changed the person since."""
    if line.out:
        raise Overtaken()
    row = writable(into)
    try:
        with db.session.begin_nested():
            _step(
                line, version, list_id=row.id, kind_id=into.kind_id(who.kind), identity=who.identity, **_of_holder(who)
            )
    except IntegrityError as taken:
        raise Conflict(same_person(into.name, who)) from taken
    db.session.execute(
        update(Person)
        .where(Person.id == line.person_id)
        .values(delegation_id=row.delegation_id, **_of_person(who))
        .execution_options(synchronize_session=False)
    )
    _note(desk.festival, "badge.changed", line.code, {**told(who), "list": row.code, "by": by})


def remove(festival: Festival, line: BadgeLine, version: int, reason: str, by: int | None) -> None:
    """Taken off the list: the pass opens nothing from the next list of the gates on. The row stays, to come back."""
    refuse_erased(festival)
    if not reason.strip():
        raise BadInput(_("Ghi lý do rút, ví dụ: không đến được, ghi nhầm."), field="reason")
    if line.out:
        raise Overtaken()
    _step(line, version, identity="")
    at = now()
    db.session.add(Departure(person_id=line.person_id, entries=[], left_at=at, back_at=None, seen_at=at, seen_by=by))
    retire_passes("person", line.person_id)
    _note(festival, "badge.removed", line.code, {"name": line.name, "reason": reason.strip(), "by": by})


def restore(desk: BadgeDesk, line: BadgeLine, version: int, by: int | None) -> None:
    """Back on the list with a new pass; the old card stays a tombstone. Conflict when the same person stands there now."""
    writable(desk)
    if not line.out:
        raise Overtaken()
    try:
        with db.session.begin_nested():
            _step(line, version, identity=line.who.identity)
    except IntegrityError as taken:
        raise Conflict(same_person(desk.name, line.who)) from taken
    db.session.execute(
        update(Departure)
        .where(Departure.person_id == line.person_id, Departure.back_at.is_(None))
        .values(back_at=now())
        .execution_options(synchronize_session=False)
    )
    issue_pass("person", line.person_id, desk.festival.id)
    _note(desk.festival, "badge.restored", line.code, {"name": line.name, "by": by})


def same_person(place: str, who: Outsider) -> str:
    """Why somebody is not written a second time."""
    return str(
        _(
            "%(name)s đã có trong danh sách “%(list)s” (cùng tên, điện thoại và chức danh). Nếu là hai người khác nhau, ghi thêm "
            "điện thoại hoặc chức danh để phân biệt.",
            name=who.name,
            list=place,
        )
    )


def _of_person(who: Outsider) -> dict[str, Any]:
    return {
        "badge": who.badge,
        "name": who.name,
        "folded": who.folded,
        "phone": who.phone,
        "birth_year": who.birth.year if who.birth else None,
        "born_on": who.birth.date if who.birth else None,
    }


def _of_holder(who: Outsider) -> dict[str, Any]:
    return {"honorific": who.honorific, "title": who.title, "rank": who.rank, "seat": who.seat}


def _step(line: BadgeLine, version: int, **values: Any) -> None:
    """The next version, when it is still the one that was seen."""
    done = db.session.scalar(
        update(BadgeHolder)
        .where(BadgeHolder.person_id == line.person_id, BadgeHolder.version == version)
        .values(version=BadgeHolder.version + 1, **values)
        .returning(BadgeHolder.version)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()


def _note(festival: Festival, kind: str, code: str, payload: dict[str, object]) -> None:
    ledger.append(stream(festival), kind, {"badge": code}, payload)
