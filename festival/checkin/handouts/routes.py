"""The office's pages of the desk: what each delegation was handed, its receipt printed, signed with a photo, annulled."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.checkin.handouts import receipts
from festival.checkin.handouts.queries import handouts_of
from festival.checkin.handouts.showing import shown_receipt
from festival.checkin.handouts.standing import HandoutItem, handed
from festival.checkin.handouts.words import ITEM_WORDS, RECEIPT_WORDS
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.core.web.paging import asked_part
from festival.documents.sent_photos import sent_photo
from festival.editions.queries import the_festival
from festival.papers.models import PaperState
from festival.roster import delegations as roster_delegations

bp = Blueprint("receipts", __name__)

LINES_A_PAGE = 50
LARGEST = 12 * 1024 * 1024  # bytes as the phone sends them


@bp.get("/office/desk")
@requires(Permission.CHECKIN)
def index() -> str:
    """All delegations and what each was handed."""
    festival = the_festival()
    every = roster_delegations.delegations(festival.id)
    part = asked_part(len(every), LINES_A_PAGE)
    held = handouts_of(festival.id)
    sums = {each.id: handed(held.get(each.id, ())) for each in every}
    return render_template(
        "checkin/handed.html",
        lines=part.of(every),
        part=part,
        sums=sums,
        items=[(item.value, say(ITEM_WORDS[item])) for item in HandoutItem],
        total={item.value: sum(each[item.value] for each in sums.values()) for item in HandoutItem},
        served=sum(any(each.values()) for each in sums.values()),
        delegations=len(every),
    )


@bp.get("/office/desk/<code>")
@requires(Permission.CHECKIN)
def delegation(code: str) -> str:
    """One delegation: each handing-over, its receipts and the next step."""
    of = roster_delegations.delegation_by_code(code)
    every = handouts_of(of.festival_id, [of.id]).get(of.id, [])
    held = [each for each in every if each.holds]
    listed = receipts.receipts_of(of.id)
    now_says = receipts.said_by(held)
    return render_template(
        "checkin/receipts.html",
        delegation=of,
        handings=every,
        when=receipts.when,
        items=[(item.value, say(ITEM_WORDS[item])) for item in HandoutItem],
        sums=handed(held),
        receipts=listed,
        waits=next((each for each in listed if each.state is PaperState.PRINTED), None),
        in_force=next((each for each in listed if each.state is PaperState.SIGNED), None),
        now_says=now_says,
        holds=bool(held),
        words=lambda each: say(RECEIPT_WORDS[each.state]),
    )


@bp.post("/office/desk/<code>/print")
@requires(Permission.CHECKIN)
def print_receipt(code: str) -> ResponseReturnValue:
    """Keep the receipt as it is to be signed; drawing it is work that no transaction should wait for."""
    with reading():
        of = roster_delegations.delegation_by_code(code)
        delegation_id, drawn = of.id, receipts.draw_receipt(of)
    with transaction():
        number = receipts.print_receipt(delegation_id, drawn, acting_user()).number
    flash(_("Biên bản số %(number)s đã sẵn sàng. Mở tờ PDF để in, đưa trưởng đoàn ký.", number=number), "good")
    return redirect(url_for("receipts.delegation", code=code), 303)


@bp.get("/office/desk/<code>/receipts/<int:paper_id>")
@requires(Permission.CHECKIN)
def receipt(code: str, paper_id: int) -> Response:
    """A kept receipt, byte for byte."""
    return shown_receipt(roster_delegations.delegation_by_code(code), paper_id)


@bp.get("/office/desk/<code>/receipts/<int:paper_id>/photo")
@requires(Permission.CHECKIN)
def photo(code: str, paper_id: int) -> Response:
    """The signed page, as it was photographed."""
    found = receipts.receipt_in(roster_delegations.delegation_by_code(code), paper_id)
    if not found.photo:
        raise NotFound()
    looked(SecurityKind.EXPORT, what="receipt", delegation=code)
    answer = Response(found.photo, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/office/desk/<code>/sign")
@requires(Permission.CHECKIN)
def sign(code: str) -> ResponseReturnValue:
    """The head has signed the printed receipt."""
    paper_id, picture = _paper(), _photo()
    with transaction():
        of = roster_delegations.delegation_by_code(code)
        receipts.sign_receipt(of.id, paper_id, request.form.get("signer", ""), picture, acting_user())
    flash(_("Đã ghi biên bản đã ký."), "good")
    return redirect(url_for("receipts.delegation", code=code), 303)


@bp.post("/office/desk/<code>/photo")
@requires(Permission.CHECKIN)
def picture(code: str) -> ResponseReturnValue:
    """A photo of the signed page comes later, or in place of a bad one."""
    paper_id, taken = _paper(), _photo()
    if taken is None:
        raise BadInput(_("Chưa chọn ảnh. Chụp tờ đã ký rồi gửi lại."), field="photo")
    with transaction():
        receipts.picture_receipt(roster_delegations.delegation_by_code(code).id, paper_id, taken, acting_user())
    flash(_("Đã giữ ảnh của tờ đã ký."), "good")
    return redirect(url_for("receipts.delegation", code=code), 303)


@bp.post("/office/desk/<code>/annul")
@requires(Permission.CHECKIN)
def annul(code: str) -> ResponseReturnValue:
    """It was marked as signed by mistake."""
    paper_id = _paper()
    with transaction():
        of = roster_delegations.delegation_by_code(code)
        receipts.annul_receipt(of.id, paper_id, request.form.get("reason", ""), acting_user())
    flash(_("Đã bỏ biên bản đã ký. Tờ ký trước đó, nếu có, có hiệu lực trở lại."), "good")
    return redirect(url_for("receipts.delegation", code=code), 303)


def _paper() -> int:
    number = typed_number(request.form.get("paper", ""))
    if number is None:
        raise BadInput()
    return number


def _photo() -> bytes | None:
    """The picture as it is kept, made outside of any transaction; None when none was sent."""
    content = request.files["photo"].read() if "photo" in request.files else b""
    if not content:
        return None
    return sent_photo(content, LARGEST, "photo")
