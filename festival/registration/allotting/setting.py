"""How is a delegation given places or days of its own, and how are they taken back?

Never below what is taken: the statement that writes the number finds no row then, and a constraint stands behind it. What is
counted (people, performers) is counted while the delegation's row is locked, as an approval locks it. Two organisers are told
apart by the version they saw. Each step is a line of `decisions:<festival>`, with its reason; its way back is the same step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Conflict, Overtaken
from festival.editions.models import Festival
from festival.registration.allotting.wanted import AllottedPlaces
from festival.roster.models import ContestPlace, Delegation
from festival.roster.quotas.taken import people_approved, performers_enrolled, taken
from festival.roster.steps import stream

Contests = Mapping[str, Contest]


def allotted_of(delegation: Delegation) -> AllottedPlaces:
    """What is this delegation's own now."""
    own = taken(Delegation.id == delegation.id)[delegation.id].own
    families = (delegation.families_min, delegation.families_max) if delegation.families_own else None
    return AllottedPlaces(families, own.people_most, own.entries, own.performers)


def allot(
    festival: Festival, delegation: Delegation, contests: Contests, wanted: AllottedPlaces, reason: str, seen: int, by: int | None
) -> bool:  # fmt: skip
    """Give it these places; False when it has exactly these. Overtaken, or Conflict with the number that is taken."""
    # Held before the delegation, as an import does it: no new rules come in between.
    held = select(Festival).where(Festival.id == festival.id).with_for_update(read=True)
    festival = db.session.scalars(held.execution_options(populate_existing=True)).one()
    before = allotted_of(delegation)
    if before == wanted:
        return False
    least, most = wanted.families or (festival.families_min, festival.families_max)
    version = _write(
        delegation, seen, [Delegation.approved_count + Delegation.held_count <= most],
        families_min=least, families_max=most, families_own=wanted.families is not None, people_max=wanted.people,
    )  # fmt: skip
    if version is None:
        given = select(Delegation.approved_count + Delegation.held_count).where(Delegation.id == delegation.id)
        raise _below(_("Đoàn đã có %(n)s gia đình được duyệt hoặc đang được mời", n=db.session.scalar(given) or 0))
    if wanted.people is not None:
        people = db.session.scalar(select(people_approved()).where(Delegation.id == delegation.id)) or 0
        if people > wanted.people:
            raise _below(_("Đoàn đã có %(n)s người được duyệt", n=people))
    # in the order of contests, so that two never wait for each other crosswise
    for contest in sorted(contests.values(), key=lambda each: each.id):
        entries, performers = wanted.entries.get(contest.code), wanted.performers.get(contest.code)
        if (before.entries.get(contest.code), before.performers.get(contest.code)) != (entries, performers):
            _allot_contest(delegation, contest, entries, performers)
    payload = {"delegation": delegation.name, "reason": reason, "by": by, **as_written(wanted)}
    ledger.append(stream(festival), "places.allotted", {"delegation": delegation.code, "version": version}, payload)
    return True


def as_written(places: AllottedPlaces) -> dict[str, Any]:
    """As a line of the ledger says it."""
    own = {
        code: [places.entries.get(code), places.performers.get(code)]
        for code in sorted({*places.entries, *places.performers})
    }
    return {"families": list(places.families) if places.families else None, "people": places.people, "contests": own}


def _allot_contest(delegation: Delegation, contest: Contest, entries: int | None, performers: int | None) -> None:
    bound = db.session.scalar(
        select(Contest.entries_per_delegation).where(Contest.id == contest.id).with_for_update(read=True)
    )
    here = (ContestPlace.delegation_id == delegation.id, ContestPlace.contest_id == contest.id)
    first = {"delegation_id": delegation.id, "contest_id": contest.id, "taken": 0}
    db.session.execute(insert_or_pass(ContestPlace).values(first).on_conflict_do_nothing())
    done = db.session.scalar(
        update(ContestPlace)
        .where(*here, ContestPlace.taken <= (bound if entries is None else entries))
        .values(entries_most=entries, performers_most=performers)
        .returning(ContestPlace.contest_id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        count = db.session.scalar(select(ContestPlace.taken).where(*here)) or 0
        raise _below(_("Phần thi %(contest)s: đoàn đã có %(n)s đội được duyệt", contest=contest.name, n=count))
    count = db.session.scalar(select(performers_enrolled()).where(*here)) or 0
    if performers is not None and count > performers:
        raise _below(_("Phần thi %(contest)s: đoàn đã có %(n)s người dự thi được duyệt", contest=contest.name, n=count))


def _below(taken_already: str) -> Conflict:
    return Conflict(
        _(
            "%(taken)s nên không đặt thấp hơn số ấy. Chưa ghi gì: ghi số lớn hơn, hoặc rút bớt hồ sơ đã duyệt trước.",
            taken=taken_already,
        )
    )


def extend(
    festival: Festival, delegation: Delegation, until: datetime | None, why: str, seen: int, by: int | None
) -> None:
    """Let it register until then, or (None) as long as everybody else again. Overtaken."""
    version = _write(delegation, seen, [], extended_until=until, extended_why=why if until else "")
    payload = {
        "delegation": delegation.name,
        "until": until.isoformat() if until else None,
        "reason": why,
        "by": by,
    }
    ledger.append(stream(festival), "deadline.extended", {"delegation": delegation.code, "version": version}, payload)


def _write(delegation: Delegation, seen: int, still: list[ColumnElement[bool]], **values: Any) -> int | None:
    """Under the version that was seen; None when only what must `still` be so is not. Overtaken."""
    done = db.session.scalar(
        update(Delegation)
        .where(Delegation.id == delegation.id, Delegation.places_version == seen, *still)
        .values(places_version=Delegation.places_version + 1, **values)
        .returning(Delegation.places_version)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        now_is = db.session.scalar(select(Delegation.places_version).where(Delegation.id == delegation.id))
        if now_is != seen or not still:
            raise Overtaken()
    return done
