"""The organiser prints lists to sign: meals handed out, rooms, arrivals."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, requires
from festival.core.web.errors import NotFound
from festival.documents import paper
from festival.editions.queries import the_festival
from festival.logistics import lists, queries
from festival.logistics.blueprint import bp
from festival.logistics.sleeping import room_queries


def _pdf(data: dict[str, Any], name: str) -> Response:
    made = paper.pdf(lists.LIST, data)
    head = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=head)


@bp.get("/office/logistics/meals/<int(max=9007199254740991):meal_id>/list.pdf")
@requires(Permission.OFFICE)
def meal_pdf(meal_id: int) -> ResponseReturnValue:
    """Portions handed out to each delegation."""
    festival = the_festival()
    meal = next((each for each in queries.meal_totals(festival.id) if each.id == meal_id), None)
    if meal is None:
        raise NotFound()
    with force_locale("vi"):  # it is signed: an official paper, whoever prints it
        data = lists.meal_list(festival, meal, queries.delegation_lines(festival.id))
    return _pdf(data, f"suat-an-{meal.day.isoformat()}-{meal.kind.value}")


@bp.get("/office/logistics/arrivals.pdf")
@requires(Permission.OFFICE)
def arrival_pdf() -> ResponseReturnValue:
    """When each delegation is awaited."""
    festival = the_festival()
    looked(SecurityKind.EXPORT, what="list", festival=festival.code)
    with force_locale("vi"):
        data = lists.arrival_list(festival, queries.delegation_lines(festival.id))
    return _pdf(data, "don-doan")


@bp.get("/office/logistics/rooms.pdf")
@requires(Permission.OFFICE)
def rooms_pdf() -> ResponseReturnValue:
    """Who sleeps where."""
    festival = the_festival()
    looked(SecurityKind.EXPORT, what="list", festival=festival.code)
    rooms, people = room_queries.room_lines(festival.id), room_queries.room_people(festival.id)
    with force_locale("vi"):
        data = lists.room_list(festival, rooms, people)
    return _pdf(data, "phong-o")
