"""Blank passes: made and printed by the organiser, claimed at the desk or by the lead, taken back by either."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.paging import asked_number, asked_part
from festival.core.web.searching import asked_search, posted_search
from festival.editions.queries import the_festival
from festival.passes import blank
from festival.passes.back import back_of
from festival.passes.blueprint import bp
from festival.passes.printing import pdf
from festival.passes.receivers import receiver_id, receivers

LINES_A_PAGE = 50
LATEST = 10


@bp.get("/office/passes/blank")
@requires(Permission.REVIEW)
def blanks() -> ResponseReturnValue:
    """All blank passes with what became of them."""
    festival = the_festival()
    lines = blank.blank_lines(festival.id)
    part = asked_part(len(lines), LINES_A_PAGE)
    free = sum(not each.holder for each in lines)
    files = -(-free // blank.AT_ONCE)
    return render_template(
        "passes/blanks.html", lines=part.of(lines), part=part, free=free, files=files, most=blank.AT_ONCE
    )


@bp.post("/office/passes/blank")
@requires(Permission.REVIEW)
def make_blanks() -> ResponseReturnValue:
    """So many more."""
    with transaction():
        count = typed_number(request.form.get("count", "")) or 0
        first, last = blank.make_blanks(the_festival(), count, acting_user())
    flash(
        _("Đã làm thẻ trắng từ số %(first)s đến số %(last)s. In và cất ở bàn tiếp đón.", first=first, last=last), "good"
    )
    return redirect(url_for("passes.blanks"), 303)


@bp.get("/office/passes/blank/pdf")
@requires(Permission.REVIEW)
def blanks_pdf() -> ResponseReturnValue:
    """Those that nobody has claimed, to print."""
    festival = the_festival()
    free = blank.free_blanks(festival.id)
    if not free:
        raise NotFound(_("Chưa có thẻ trắng nào để in."))
    part = asked_part(len(free), blank.AT_ONCE)
    answer = Response(
        pdf(festival.name, blank.blank_cards(list(part.of(free))), back_of(festival)), mimetype="application/pdf"
    )
    answer.headers["Content-Disposition"] = f'inline; filename="the-trang-{festival.code}.pdf"'
    return answer


@bp.get("/office/checkin/blank")
@requires(Permission.CHECKIN)
def claim() -> ResponseReturnValue:
    """The number on the card, and whose it becomes."""
    festival = the_festival()
    search, number = asked_search(), asked_number("number")
    return render_template(
        "passes/claim.html",
        number=number or "",
        search=search,
        found=receivers(festival.id, search) if number else [],
        latest=blank.blank_lines(festival.id, claimed=True, most=LATEST),
    )


@bp.post("/office/checkin/blank/search")
@requires(Permission.CHECKIN)
def claim_search() -> ResponseReturnValue:
    """What was typed does not stand in the address."""
    number, search = typed_number(request.form.get("number", "")), posted_search()
    if not number:
        raise BadInput(_("Số in ở góc trên thẻ trắng là số ngắn như 7 hay 25, không phải dãy mười số dưới mã."))
    if search is None:
        raise BadInput(_("Ghi tên, đoàn hoặc số cuối điện thoại của người nhận thẻ."))
    return redirect(url_for("passes.claim", number=number, s=search), 303)


@bp.post("/office/checkin/blank")
@requires(Permission.CHECKIN)
def claim_post() -> ResponseReturnValue:
    """It is theirs from now on."""
    number = typed_number(request.form.get("number", "")) or 0
    with reading():
        chosen = receiver_id(the_festival().id, request.form.get("owner", ""), request.form.get("code", ""))
    if chosen is None:
        raise BadInput(_("Hãy chọn gia đình, đoàn hoặc người nhận thẻ trong danh sách."))
    with transaction():
        blank.claim(the_festival(), number, *chosen, acting_user())
    flash(
        _("Thẻ trắng số %(number)s đã có chủ. Ghi tên lên thẻ; cổng nhận thẻ này ngay khi có mạng.", number=number),
        "good",
    )
    return redirect(url_for("passes.claim"), 303)


@bp.post("/office/checkin/blank/undo")
@requires(Permission.CHECKIN)
def unclaim_post() -> ResponseReturnValue:
    """It was the wrong family's: the card they had before is good again."""
    number = typed_number(request.form.get("number", "")) or 0
    with transaction():
        free = blank.unclaim(the_festival(), number, acting_user())
    if free:
        flash(
            _(
                "Đã bỏ nhận thẻ trắng số %(number)s. Thẻ cũ dùng lại được; thẻ trắng này nhận cho người khác được.",
                number=number,
            ),
            "good",
        )
    else:
        flash(
            _(
                "Đã bỏ nhận thẻ trắng số %(number)s. Thẻ cũ dùng lại được; thẻ trắng này đã qua cổng nên lấy thẻ khác.",
                number=number,
            ),
            "good",
        )
    return redirect(url_for("passes.claim"), 303)
