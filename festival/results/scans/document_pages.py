"""The document behind points of a delegation: sent, shown again, taken back. `/whole-delegation/points/<number>/document/<step>`

Its pages are opened by whoever sees the whole delegation, at the address of its other papers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival
from festival.papers.scans.models import SignedScanUse
from festival.results.blueprint import bp
from festival.results.models import DelegationPoints
from festival.results.scans import keeping
from festival.results.scans.sendings import Sending, by_points, sendings, typed_pages, typed_whole


@bp.app_context_processor
def _documents() -> dict[str, Any]:
    return {"documents_of_points": documents_of_points}


def documents_of_points(festival_id: int) -> Mapping[int, list[Sending]]:
    """What was sent of each, newest first, by the number of the points."""
    own = (SignedScanUse.festival_id == festival_id) & SignedScanUse.points_id.is_not(None)
    return by_points(sendings(own))


@bp.post("/whole-delegation/points/<int(max=9007199254740991):number>/document/<step>")
@requires(Permission.RELEASE)
def points_document(number: int, step: str) -> ResponseReturnValue:
    """One step, by its name in the address."""
    with reading():
        festival_id = the_festival().id
    match step:
        case "send":
            sent = typed_pages()
            with transaction():
                keeping.send_document(festival_id, number, sent, acting_user())
            said = _("Đã nhận văn bản.")
        case "show":
            use, was = _own(festival_id, number), typed_whole("was")
            with transaction():
                keeping.show_again(festival_id, use, was, acting_user())
            said = _("Đã dùng lại văn bản gửi trước.")
        case "take-back":
            use = _own(festival_id, number)
            with transaction():
                keeping.take_back(festival_id, use, request.form.get("reason", ""), acting_user())
            said = _("Đã bỏ văn bản. Bỏ nhầm thì bấm «Dùng lại» ở bảng bên dưới.")
        case _:
            raise NotFound()
    flash(said, "good")
    return redirect(url_for("results.whole_points", _anchor=f"points-{number}"), 303)


def _own(festival_id: int, number: int) -> int:
    """Which sending is meant; NotFound for one of something else."""
    wanted = (
        select(SignedScanUse.id)
        .join(DelegationPoints, DelegationPoints.id == SignedScanUse.points_id)
        .where(
            SignedScanUse.id == typed_whole("use"),
            DelegationPoints.festival_id == festival_id,
            DelegationPoints.number == number,
        )
    )
    with reading():
        found = db.session.scalar(wanted)
    if found is None:
        raise NotFound()
    return found
