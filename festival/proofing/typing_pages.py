"""One page in the order of the paper: what was corrected by pen is typed in, box after box."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.paging import asked_part
from festival.proofing import correcting
from festival.proofing.blueprint import bp
from festival.proofing.correcting import TypedNames
from festival.proofing.present import names_now
from festival.roster import delegations as roster_delegations

NAMES_A_PAGE = 120


@bp.get("/office/names/<code>/corrections")
@requires(Permission.REVIEW)
def corrections(code: str) -> ResponseReturnValue:
    """Every name in its box, numbered as on the paper."""
    return _page(code, TypedNames())


@bp.post("/office/names/<code>/corrections")
@requires(Permission.REVIEW)
def correct(code: str) -> ResponseReturnValue:
    """Write the names that were typed otherwise; refused, the page keeps all that was typed and says what is wrong where."""
    with transaction():
        of = roster_delegations.delegation_by_code(code)
        typed = correcting.correct(of.id, request.form, acting_user())
        if typed.refused:
            return _page(code, typed), 422 if typed.faults else 409
    if typed.written:
        flash(_("Đã sửa %(n)s tên. Thẻ, danh sách, lịch thi và lời MC đã theo tên mới.", n=typed.written), "good")
    else:
        flash(_("Không có tên nào được gõ khác, nên chưa sửa gì."), "note")
    return redirect(url_for("proofing.delegation", code=code), 303)


def _page(code: str, typed: TypedNames) -> str:
    of = roster_delegations.delegation_by_code(code)
    names = list(enumerate(names_now([of])[of.id], start=1))
    part = asked_part(len(names), NAMES_A_PAGE)
    shown = list(part.of(names))
    looked(SecurityKind.READ_CHILDREN, delegation=code)
    return render_template(
        "proofing/corrections.html",
        delegation=of,
        names=shown,
        part=part,
        box=correcting.box,
        typed=typed,
        wrong=[(number, name) for number, name in shown if name.key in typed.faults or name.key in typed.overtaken],
    )
