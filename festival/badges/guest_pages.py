"""Whom does the MC greet, in which order, and who signs where they sit? For the MC and the organiser; a list to sign for who keeps it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.badges import queries
from festival.badges.blueprint import bp
from festival.badges.list_pages import BADGES_A_FILE
from festival.badges.lists import desk_of
from festival.badges.queries import BadgeLine
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, current_actor, signed_in
from festival.core.web.errors import NotFound
from festival.core.web.i18n import day
from festival.core.web.paging import asked_part
from festival.documents import paper
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.passes import printing
from festival.passes.holders import holders

GREETED_A_PAGE = 200  # more than anybody greets; a list of 3,000 still opens at once on a phone


@bp.get("/mc/guests")
@signed_in
def guests() -> str:
    """The guests in their order, as they are spoken to."""
    festival, lines = _greeted()
    ranks = Counter(line.who.rank for line in lines if line.who.rank)
    part = asked_part(len(lines), GREETED_A_PAGE)
    return render_template(
        "badges/guests.html",
        festival=festival,
        part=part,
        page_url=lambda page: url_for("badges.guests", page=page),
        lines=part.of(lines),
        shared={rank for rank, number in ranks.items() if number > 1},
        unranked=sum(line.who.rank is None for line in lines),
    )


@bp.get("/mc/guests.pdf")
@signed_in
def guests_paper() -> ResponseReturnValue:
    """The same on paper, in large letters."""
    festival, lines = _greeted()
    with force_locale("vi"):
        values = {
            "title": _("Giới thiệu đại biểu"),
            "under": f"{festival.name}, {day(festival.starts_on)}",
            "greeting": _("Kính thưa"),
            "empty": _("Chưa có khách mời nào."),
            "rows": [[str(line.who.rank or "–"), line.spoken, line.who.seat] for line in lines],
        }
    return _pdf("badges/guests.typ", values, "gioi-thieu-dai-bieu")


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


def _greeted() -> tuple[Festival, list[BadgeLine]]:
    actor = current_actor()
    if not (actor.may(Permission.MC) or actor.may(Permission.OFFICE)):
        raise NotFound()
    festival = the_festival()
    return festival, queries.guests_of(festival.id)


def _pdf(template: str, values: dict[str, Any], name: str) -> ResponseReturnValue:
    return _sent(paper.pdf(template, values), name)


def _sent(made: bytes, name: str) -> ResponseReturnValue:
    answer = make_response(made)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
