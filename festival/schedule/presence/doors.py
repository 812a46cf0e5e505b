"""What do the open pages of a stage and of the timetable ask again and again: has anybody arrived since?"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, jsonify, request
from pydantic import BaseModel

from festival.core.clock import now
from festival.core.web import openapi
from festival.core.web.access import Permission, requires
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_number
from festival.editions.queries import the_festival
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.models import Act
from festival.schedule.presence.performers import awaited, performers_of
from festival.schedule.presence.words import PresenceSaid, as_json, said_of
from festival.schedule.published.following import followed
from festival.schedule.timetable import asked_choice, timetable


def presence(festival_id: int, acts: Iterable[Act]) -> dict[int, PresenceSaid]:
    """What a page says beside these acts; only those of today that are still to come have a line."""
    at = now()
    wanted = awaited(acts, at)
    return said_of(wanted, performers_of(festival_id, list(wanted.values()), at))


@bp.get("/api/v1/stage/<code>/here")
@requires(Permission.STAGE)
def stage_here(code: str) -> Response:
    """Who of the performers has arrived, for the manager of a stage."""
    festival_id = the_festival().id
    stage = next((row for row in queries.stages(festival_id) if row.code == code), None)
    if stage is None:
        raise NotFound()
    sessions = followed(festival_id, stage).sessions
    return _answer(presence(festival_id, (act for row in sessions for act in row.acts)))


@bp.get("/api/v1/schedule/here")
@requires(Permission.SCHEDULE)
def timetable_here() -> Response:
    """The same for the part of the timetable that is open: `?day=&stage=&page=` as the page has them."""
    festival_id = the_festival().id
    shown = timetable(festival_id, asked_choice(page=asked_number("page", 1)))
    return _answer(presence(festival_id, (act for each in shown.sessions for act in each.acts)))


def _answer(said: dict[int, PresenceSaid]) -> Response:
    answer = jsonify(here=as_json(said))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


class PresenceActOut(BaseModel):
    """A badge, and who of the act is not there."""

    tone: str
    words: str
    away: str


class PresenceOut(BaseModel):
    """By act, only where something is to be said."""

    here: dict[str, PresenceActOut]


openapi.describe("get", "/api/v1/stage/<code>/here", "Ai của sân khấu đã đến", None, PresenceOut)
openapi.describe(
    "get",
    "/api/v1/schedule/here",
    "Ai trong lịch đã đến",
    None,
    PresenceOut,
    codes=(400, 404),
    parameters=[
        {"name": each, "in": "query", "required": False, "schema": {"type": "string"}}
        for each in ("day", "stage", "page")
    ],
)
