"""An officer prints the lists of the own delegation, sends what came back signed, and puts right what was sent."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from festival.core.web.access import Permission, requires
from festival.registration.blueprint import bp
from festival.registration.officer import signing_shown
from festival.registration.officer.desk import Desk
from festival.registration.officer.signing_shown import Load, SigningDoors
from festival.roster.models import Delegation
from festival.roster.rules import Rules


def _load(code: str) -> Load:
    def load() -> tuple[Delegation, Rules]:
        desk = Desk(code)
        return desk.delegation, desk.rules

    return load


def _doors(code: str) -> SigningDoors:
    return SigningDoors("signing", code, url_for("registration.delegation", code=code), "", organiser=False)


@bp.get("/delegation/<code>/signing")
@requires(Permission.DELEGATION)
def signing(code: str) -> ResponseReturnValue:
    """The communes of the delegation, or straight on to the one unit."""
    return signing_shown.index_page(_load(code), _doors(code))


@bp.post("/delegation/<code>/signing/families")
@requires(Permission.DELEGATION)
def signing_place(code: str) -> ResponseReturnValue:
    """Which commune each family belongs to."""
    return signing_shown.place(_load(code), _doors(code))


@bp.get("/delegation/<code>/signing/<unit>")
@requires(Permission.DELEGATION)
def signing_unit(code: str, unit: str) -> ResponseReturnValue:
    """One unit's list."""
    return signing_shown.unit_page(_load(code), _doors(code), unit)


@bp.post("/delegation/<code>/signing/<unit>/<step>")
@requires(Permission.DELEGATION)
def signing_act(code: str, unit: str, step: str) -> ResponseReturnValue:
    """Print, signed, put right, taken back, in force again."""
    return signing_shown.act(_load(code), _doors(code), unit, step)


@bp.get("/delegation/<code>/signing/lists/<int:list_id>/<file>")
@requires(Permission.DELEGATION)
def signing_file(code: str, list_id: int, file: str) -> Response:
    """A kept file."""
    return signing_shown.file(_load(code), list_id, file)
