"""Pages and papers of who has arrived; a roll call for an evacuation only where every exit is scanned."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.checkin.merge import day_window
from festival.checkin.purposes.known import gates_of
from festival.checkin.rollcall import listed
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, requires
from festival.core.web.errors import Conflict
from festival.core.web.i18n import moment
from festival.documents import paper
from festival.editions.queries import the_festival

bp = Blueprint("rollcall", __name__)

TEMPLATE = "checkin/roll_call.typ"


@bp.get("/office/arrived")
@requires(Permission.CHECKIN)
def arrived() -> ResponseReturnValue:
    """How many have arrived, delegation by delegation, and the lists to print."""
    festival_id = the_festival().id
    at = now()
    lines = listed.came(festival_id, day_window(at))
    return render_template(
        "checkin/arrived.html",
        lines=lines,
        came=sum(line.came for line in lines),
        inside=sum(line.inside for line in lines),
        exits=gates_of(festival_id).exits,
        at=at,
    )


@bp.get("/office/arrived.pdf")
@requires(Permission.CHECKIN)
def arrived_pdf() -> ResponseReturnValue:
    """Who has arrived, by name: it says on every sheet that this is not who is inside."""
    return _paper(inside=False)


@bp.get("/office/arrived/roll-call.pdf")
@requires(Permission.CHECKIN)
def roll_call_pdf() -> ResponseReturnValue:
    """Who is inside now, with a box for each to tick; only where every exit is scanned."""
    if not gates_of(the_festival().id).exits:
        raise Conflict(
            _(
                "Chưa có danh sách người đang ở trong: lối ra không được quét hết. In danh sách người đã đến thay cho nó."
            )
        )
    return _paper(inside=True)


def _paper(*, inside: bool) -> ResponseReturnValue:
    festival, at = the_festival(), now()
    asked = request.args.get("delegation")
    groups = listed.names(festival.id, day_window(at), inside=inside, delegation=asked)
    looked(SecurityKind.READ_CHILDREN, what="inside" if inside else "arrived", delegation=asked or "")
    with force_locale("vi"):  # carried by whoever stands at the assembly point
        made = paper.pdf(TEMPLATE, _values(groups, festival.name, moment(at), inside=inside), tagged=len(groups) < 200)
    name = "dang-o-trong" if inside else "da-den"
    head = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=head)


def _values(groups: list[listed.CameFamily], festival: str, at: str, *, inside: bool) -> dict[str, Any]:
    return {
        "title": _("ĐANG Ở TRONG, mọi lối ra được quét") if inside else _("ĐÃ ĐẾN, không phải đang ở trong"),
        "festival": festival,
        "at": _("Lúc %(at)s", at=at),
        "how": _("Đánh dấu từng người thấy mặt. Ai không thấy: báo ngay trưởng cổng.")
        if inside
        else _("Ai đã ra về vẫn có tên ở đây, vì lối ra không được quét. Không dùng để kết luận còn ai ở trong."),
        "count": _("%(n)s người", n=sum(len(group.people) for group in groups)),
        "delegations": [
            {
                "name": whose or _("Không thuộc đoàn nào"),
                "families": [
                    {"name": group.name or _("Đi cùng đoàn, khách"), "people": list(group.people)} for group in several
                ],
            }
            for whose, several in groupby(groups, lambda group: group.delegation)
        ],
    }
