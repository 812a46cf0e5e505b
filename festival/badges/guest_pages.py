"""Who signs where they sit, and what is printed for a list? For who keeps it."""

from __future__ import annotations

from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.badges import queries
from festival.badges.blueprint import bp
from festival.badges.list_pages import BADGES_A_FILE
from festival.badges.lists import desk_of
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import current_actor, signed_in
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_part
from festival.documents import paper
from festival.passes import printing
from festival.passes.holders import holders


@bp.get("/badges/<code>/sign.pdf")
@signed_in
def list_to_sign(code: str) -> ResponseReturnValue:
    """Everybody on the list with class, title and seat, and a place to sign."""
    desk = desk_of(current_actor(), code)
    with force_locale("vi"):
        lines = queries.on_list(desk.list_id)
        values = {
            "title": _("Danh sách ký nhận"),
            "under": f"{desk.name}, {desk.festival.name}",
            "organ": desk.festival.organiser,
            "head": [_("STT"), _("Họ và tên"), _("Lớp thẻ"), _("Chức danh, việc làm"), _("Chỗ ngồi"), _("Ký nhận")],
            "widths": [0, 2, 0, 3, 0, 2],
            "rows": [
                [
                    str(number),
                    f"{line.who.honorific} {line.name}".strip(),
                    line.look.word,
                    line.who.title,
                    line.who.seat,
                    "",
                ]
                for number, line in enumerate(lines, start=1)
            ],
            "signers": [{"role": _("Người lập danh sách"), "note": _("(ký, ghi rõ họ tên)")}],
            "wide": True,
        }
    looked(SecurityKind.EXPORT, what="sign.pdf", list=code)
    return _pdf("components/list_to_sign.typ", values, f"ky-nhan-{desk.code}")


@bp.get("/badges/<code>/badges.pdf")
@signed_in
def badges_paper(code: str) -> ResponseReturnValue:
    """The badges of a list, four to a page, `?page=` of them; of one person by `?person=`."""
    desk = desk_of(current_actor(), code)
    lines = queries.on_list(desk.list_id)
    one = request.args.get("person", "")
    if one:
        wanted = [line for line in lines if line.code == one]
    else:
        wanted = list(asked_part(len(lines), BADGES_A_FILE).of(lines))
    found = holders(desk.festival, desk.delegation)
    order = {line.person_id: place for place, line in enumerate(wanted)}
    rows = [row for row in found.passes if row.person_id in order]
    rows.sort(key=lambda row: order[row.person_id or 0])
    if not rows:
        raise NotFound(_("Chưa có thẻ nào để in. Thẻ của người đã rút không in nữa."))
    looked(SecurityKind.EXPORT, what="badges.pdf", list=code)
    made = printing.pdf(desk.festival.name, list(found.cards(rows)), printing.standard_back(desk.festival))
    return _sent(made, f"the-{desk.code}")


def _pdf(template: str, values: dict[str, Any], name: str) -> ResponseReturnValue:
    return _sent(paper.pdf(template, values), name)


def _sent(made: bytes, name: str) -> ResponseReturnValue:
    answer = make_response(made)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
