"""Every reading of the gates with the names it let in, and the lead's undoing of one, however late."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.checkin.lead.scan_lines import scan_lines
from festival.checkin.lead.taking_back import give_back, take_back
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.searching import SEALED, asked_search, posted_search
from festival.editions.queries import the_festival
from festival.office.gates.blueprint import bp
from festival.office.gates.words import purpose_names


@bp.get("/scans")
@requires(Permission.CHECKIN)
def scans() -> str:
    """The latest first; `?s=` what was searched for."""
    festival = the_festival()
    looked(SecurityKind.READ_CHILDREN, festival=festival.code, what="scans")
    search = asked_search()
    lines, part = scan_lines(festival.id, search)
    purposes = purpose_names(festival.id)
    seal = request.args.get(SEALED) or None
    return render_template(
        "office/gates/scans.html", lines=lines, part=part, search=search, seal=seal, purposes=purposes
    )


@bp.post("/scans/search")
@requires(Permission.CHECKIN)
def search_scans() -> ResponseReturnValue:
    """The words stay out of the address."""
    return redirect(url_for("gates.scans", s=posted_search()))


@bp.post("/scans/<mid>/undo")
@requires(Permission.CHECKIN)
def undo_scan(mid: str) -> ResponseReturnValue:
    """Take one back, with a reason."""
    with transaction():
        take_back(the_festival(), mid, request.form.get("reason", ""), acting_user())
    flash(_("Đã hoàn tác lượt này. Ai chỉ vào theo lượt ấy thì không còn được tính là đã vào."), "good")
    return redirect(url_for("gates.scans"))


@bp.post("/scans/<mid>/again")
@requires(Permission.CHECKIN)
def scan_again(mid: str) -> ResponseReturnValue:
    """It was taken back by mistake: let it count again, with a reason."""
    with transaction():
        give_back(the_festival(), mid, request.form.get("reason", ""), acting_user())
    flash(_("Lượt này lại được tính, đúng giờ đã quét."), "good")
    return redirect(url_for("gates.scans"))
