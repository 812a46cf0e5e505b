"""The turns of a family or a delegation for a calendar: a file to take, and an address that follows each version."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from festival.core.database import db
from festival.core.web.access import Permission, current_actor, family_link, head_link, public, requires
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.portal import queries
from festival.portal.blueprint import bp
from festival.portal.calendar_addresses import delegation_of_calendar, family_of_calendar
from festival.programme.calendars import turns_calendar
from festival.programme.snapshot import snapshot
from festival.roster.delegations import delegation_by_id, delegation_of
from festival.roster.families import family_by_id
from festival.roster.models import Delegation, Entry, Family
from festival.roster.shown.public_names import names_held


@bp.get("/family/turns.ics")
@family_link
def turns_file() -> ResponseReturnValue:
    """Own turns for the phone's calendar."""
    return _of_family(family_by_id(current_actor().family_id or 0))


@bp.get("/delegation/<code>/turns.ics")
@requires(Permission.DELEGATION)
def delegation_turns_file(code: str) -> ResponseReturnValue:
    """The turns of one's own delegation."""
    return _of_delegation(delegation_of(current_actor(), code))


@bp.get("/head/turns.ics")
@head_link
def head_turns_file() -> ResponseReturnValue:
    """The same by the head's own link."""
    return _of_delegation(delegation_by_id(current_actor().delegation_id or 0))


@bp.get("/calendars/families/<code>/<token>.ics")
@public
def family_calendar(code: str, token: str) -> ResponseReturnValue:
    """For a calendar program that asks again by itself."""
    return _of_family(family_of_calendar(code, token))


@bp.get("/calendars/delegations/<code>/<token>.ics")
@public
def delegation_calendar(code: str, token: str) -> ResponseReturnValue:
    """The same for a delegation."""
    return _of_delegation(delegation_of_calendar(code, token))


def _of_family(family: Family) -> Response:
    festival = family.delegation.festival
    name = names_held(festival.id).family(family.id, family.name)
    return _answer(festival, name, queries.entry_codes(family.id, gone_too=True))


def _of_delegation(delegation: Delegation) -> Response:
    codes = db.session.scalars(select(Entry.code).where(Entry.delegation_id == delegation.id))
    return _answer(delegation.festival, delegation.name, frozenset(codes))


def _answer(festival: Festival, name: str, codes: frozenset[str]) -> Response:
    view = snapshot().view()
    if view is None or festival.id != the_festival().id:
        raise NotFound()
    made = turns_calendar(view, festival.id, f"{view.facts.short_name}: {name}", lambda entry, _stage: entry in codes)
    head = {"Content-Disposition": 'attachment; filename="luot-thi.ics"', "Cache-Control": "private, no-cache"}
    return Response(made, mimetype="text/calendar", headers=head)
