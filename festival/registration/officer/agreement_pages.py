"""The officer's doors to the agreements of a family of the own delegation: what stands, links, the sheet, what somebody asked."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from festival.core.web.access import Permission, requires
from festival.registration.agreements import asking, staff
from festival.registration.agreements.staff import Load, StaffDoors
from festival.registration.blueprint import bp
from festival.registration.officer.desk import Desk
from festival.roster.models import Family
from festival.roster.rules import Rules


def _load(code: str, family: str) -> Load:
    def load() -> tuple[Rules, Family]:
        desk = Desk(code)
        return desk.rules, desk.family(family).family

    return load


def _doors(code: str, family: str) -> StaffDoors:
    values = {"code": code, "family": family}
    return StaffDoors("agreements", values, url_for("registration.family_edit", code=code, family=family))


@bp.post("/delegation/<code>/families/<family>/consent")
@requires(Permission.DELEGATION)
def family_asked(code: str, family: str) -> ResponseReturnValue:
    """Take an agreement back, or let it stand again."""
    return asking.answered(_load(code, family), url_for("registration.family_edit", code=code, family=family))


@bp.get("/delegation/<code>/families/<family>/agreements")
@requires(Permission.DELEGATION)
def agreements(code: str, family: str) -> ResponseReturnValue:
    """What stands for everybody of the family."""
    return staff.page(_load(code, family), _doors(code, family))


@bp.post("/delegation/<code>/families/<family>/agreements/parents")
@requires(Permission.DELEGATION)
def agreements_parent(code: str, family: str) -> ResponseReturnValue:
    """A link of the own for a father, mother or guardian."""
    return staff.parent_asked(_load(code, family), _doors(code, family))


@bp.post("/delegation/<code>/families/<family>/agreements/parents/<int:link_id>")
@requires(Permission.DELEGATION)
def agreements_parent_changed(code: str, family: str, link_id: int) -> ResponseReturnValue:
    """Another code for it, or none any more."""
    return staff.parent_changed(_load(code, family), _doors(code, family), link_id)


@bp.get("/delegation/<code>/families/<family>/agreements/sheet.pdf")
@requires(Permission.DELEGATION)
def agreements_pdf(code: str, family: str) -> Response:
    """The sheet to print and sign."""
    return staff.sheet_pdf(_load(code, family))


@bp.get("/delegation/<code>/families/<family>/agreements/photo")
@requires(Permission.DELEGATION)
def agreements_photo(code: str, family: str) -> Response:
    """The signed sheet."""
    return staff.sheet_photo(_load(code, family))


@bp.post("/delegation/<code>/families/<family>/agreements/sheet")
@requires(Permission.DELEGATION)
def agreements_kept(code: str, family: str) -> ResponseReturnValue:
    """Keep the photo with what was signed."""
    return staff.sheet_kept(_load(code, family), _doors(code, family))


@bp.post("/delegation/<code>/families/<family>/agreements/sheet/back")
@requires(Permission.DELEGATION)
def agreements_taken_back(code: str, family: str) -> ResponseReturnValue:
    """The photo was wrong."""
    return staff.sheet_taken_back(_load(code, family), _doors(code, family))
