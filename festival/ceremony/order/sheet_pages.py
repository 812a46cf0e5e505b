"""The sheets of MC, reception and sound on paper: numbered when printed, handed out only while they say what stands."""

from __future__ import annotations

from flask import make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from festival.ceremony.order.blueprint import bp
from festival.ceremony.order.models import CeremonySheet
from festival.ceremony.order.sheets import drawn, print_sheet, values_of
from festival.ceremony.reveal.blueprint import leading
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival


def _sheet(name: str) -> CeremonySheet:
    if name not in set(CeremonySheet):
        raise NotFound()
    return CeremonySheet(name)


@bp.post("/mc/sheets/<sheet>")
@signed_in
def print_one(sheet: str) -> ResponseReturnValue:
    """Number it and show the paper."""
    leading()
    wanted = _sheet(sheet)
    with transaction():
        number = print_sheet(the_festival(), wanted, acting_user())
    return redirect(url_for("ceremony_order.sheet", sheet=sheet, number=number), 303)


@bp.get("/mc/sheets/<sheet>/<int(max=9007199254740991):number>.pdf")
@signed_in
def sheet(sheet: str, number: int) -> ResponseReturnValue:
    """The paper of this number. Conflict once anything on it is another: what is not in force is not printed again."""
    leading()
    festival, wanted = the_festival(), _sheet(sheet)
    values, row = values_of(festival, wanted, number)
    looked(SecurityKind.EXPORT, what="ceremony_sheet", festival=festival.code)
    db.session.close()  # drawn outside of any transaction
    answer = make_response(drawn(values, row))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{sheet}-ban-{number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
