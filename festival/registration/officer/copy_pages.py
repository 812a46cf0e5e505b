"""An officer copies families from the last edition, those who agreed to be kept, and takes a copy back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.texts import ASKED_BY_WORDS
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.forms import not_offered
from festival.registration.blueprint import bp
from festival.registration.copying import from_last
from festival.registration.officer.desk import Desk


@bp.get("/delegation/<code>/last")
@requires(Permission.DELEGATION)
def copy_from_last(code: str) -> ResponseReturnValue:
    """Who was there last time and agreed to be kept; what became of each copy."""
    desk = Desk(code)
    last = from_last.last_delegations(desk.delegation)
    offered = from_last.offered(desk.rules, desk.delegation)
    if offered:
        looked(SecurityKind.READ_CHILDREN, what="last edition")
    return render_template(
        "registration/officer/last.html", delegation=desk.delegation, last=last, offered=offered, names=desk.rules.names
    )


@bp.post("/delegation/<code>/last")
@requires(Permission.DELEGATION)
def copy_chosen(code: str) -> ResponseReturnValue:
    """Drafts of the families that were ticked."""
    chosen = set(request.form.getlist("family"))
    with transaction():
        desk = Desk(code)
        if not chosen:
            raise BadInput(_("Chưa chọn gia đình nào. Hãy đánh dấu các gia đình cần chép."))
        made, there = from_last.copy(desk.rules, desk.delegation, chosen)
    if made:
        flash(
            _("Đã chép %(n)s gia đình thành hồ sơ nháp. Mỗi gia đình xem lại và đồng ý rồi mới gửi được.", n=made),
            "good",
        )
    if there:
        flash(_("Đã có trong ngày hội này nên không chép nữa: %(names)s.", names="; ".join(there)), "warn")
    return redirect(url_for("registration.copy_from_last", code=code), 303)


@bp.post("/delegation/<code>/last/<family>/forget")
@requires(Permission.DELEGATION)
def copy_forget(code: str, family: str) -> ResponseReturnValue:
    """The family does not want to be kept; how it said so is in the ledger."""
    how = request.form.get("how", "")
    with transaction():
        desk = Desk(code)
        if how not in ASKED_BY_WORDS:
            raise not_offered("how")
        name = from_last.forget(desk.delegation, family, how)
        if name is None:
            raise Conflict(_("Gia đình này không còn được giữ lại."))
    flash(_("Đã xóa phần giữ lại của %(name)s. Bản chép chưa ai xác nhận cũng bỏ.", name=name), "good")
    return redirect(url_for("registration.copy_from_last", code=code), 303)
