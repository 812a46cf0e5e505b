"""The script on paper: numbered when it is printed, and handed out only as long as it says what is in force."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.ceremony.reveal.blueprint import bp, leading
from festival.ceremony.reveal.in_hand import in_hand
from festival.ceremony.reveal.models import ScriptPrint
from festival.ceremony.reveal.script import drawn, drawn_values, print_script, prints_of, script_of
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import Conflict, NotFound
from festival.editions.queries import the_festival


@bp.get("/mc/script")
@signed_in
def scripts() -> ResponseReturnValue:
    """What was printed, and whether the newest still says what is in force."""
    leading()
    festival = the_festival()
    prints, script = prints_of(festival.id), script_of(festival)
    return render_template(
        "ceremony/reveal/script.html",
        prints=prints,
        script=script,
        paper=in_hand(prints, script.digest, script.labelled),
        festival=festival,
    )


@bp.post("/mc/script")
@signed_in
def new_print() -> ResponseReturnValue:
    """Number it and show the paper."""
    leading()
    with transaction():
        number = print_script(the_festival(), acting_user())
    return redirect(url_for("reveal.script", number=number), 303)


@bp.get("/mc/script/<int:number>.pdf")
@signed_in
def script(number: int) -> ResponseReturnValue:
    """The paper of this number. Conflict once the awards are others: what is not in force is not printed again."""
    leading()
    festival = the_festival()
    own = ScriptPrint.festival_id == festival.id, ScriptPrint.number == number
    row = db.session.scalars(select(ScriptPrint).where(*own)).first()
    if row is None:
        raise NotFound()
    told = script_of(festival)
    if told.digest != row.digest:
        raise Conflict(
            _("Bản %(n)s không còn đúng: kết quả đã thay đổi từ lúc in. In bản mới và thu lại bản cũ.", n=number)
        )
    values = drawn_values(festival, row, told)
    looked(SecurityKind.EXPORT, what="mc_script", festival=festival.code)
    db.session.close()  # drawn outside of any transaction
    answer = make_response(drawn(values, row))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="loi-cong-bo-ban-{number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
