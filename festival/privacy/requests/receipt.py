"""What stands on the receipt of a request, as a paper?"""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from festival.core.web.i18n import day, moment, say
from festival.documents import paper
from festival.privacy.requests.queries import RequestShown


def receipt(one: RequestShown) -> Response:
    """The receipt as PDF, to keep or to hand over."""
    row = one.row
    festival = row.family.delegation.festival
    lines = [
        (_("Ngày hội"), festival.name),
        (_("Gia đình"), f"{row.family.name}, {row.family.delegation.name}"),
        (_("Về ai"), one.who or _("cả gia đình")),
        (_("Yêu cầu"), say(one.kind_words)),
        (_("Đã ghi"), row.said),
        (_("Nhận lúc"), moment(row.made_at)),
        (_("Trả lời chậm nhất"), day(one.dues.answer)),
        (_("Làm xong chậm nhất"), day(one.dues.done)),
        (_("Tình trạng"), say(one.state_words)),
        (_("Trả lời"), row.answer),
        (_("Kết quả"), row.outcome),
    ]
    values = {
        "title": _("Giấy biên nhận yêu cầu về dữ liệu cá nhân"),
        "organ": festival.organiser or _("Ban Tổ chức ngày hội"),
        "number": _("Số: %(number)s", number=one.number),
        "place_and_day": "",
        "under": _("Luật số 91/2025/QH15, Nghị định số 356/2025/NĐ-CP"),
        "head": [_("Nội dung"), ""],
        "widths": [1, 3],
        "rows": [[words, value] for words, value in lines if value],
        "notes": [_("Gia đình xem tình trạng ở trang «Dữ liệu của gia đình», mở bằng liên kết riêng.")],
        "signers": [{"role": _("Người nhận yêu cầu"), "note": _("(ký, ghi rõ họ tên)")}],
    }
    made_pdf = paper.pdf("components/list_to_sign.typ", values)
    headers = {"Content-Disposition": f'inline; filename="bien-nhan-{one.number}.pdf"', "Cache-Control": "no-store"}
    return Response(made_pdf, mimetype="application/pdf", headers=headers)
