"""What stands on the receipt of a petition and on the letter that answers it, as papers?"""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from festival.core.web.i18n import moment, say
from festival.documents import paper
from festival.results.petition_desk.shown import PetitionShown
from festival.results.petitions.kinds import PetitionTitle
from festival.results.petitions.words import DESK_WORDS, ROAD_WORDS


def receipt(one: PetitionShown) -> Response:
    """Number, moment, who took it."""
    row = one.row
    lines = [
        (_("Đoàn"), row.delegation.name),
        (_("Người nộp"), row.lodged_by),
        (_("Về việc"), one.about),
        (_("Nhận lúc"), moment(row.lodged_at)),
        (_("Cách nộp"), say(ROAD_WORDS[row.road])),
        (_("Người nhận"), one.taken_by or _("trang của đoàn, tự ghi nhận")),
        (_("Nơi giải quyết"), say(DESK_WORDS[row.desk])),
        (_("Nội dung"), row.words),
    ]
    notes = [law_note(one)] if law_note(one) else []
    title = _("Giấy biên nhận đơn khiếu nại") if _is_complaint(one) else _("Giấy biên nhận kiến nghị")
    return _paper(one, title, lines, notes, [_("Người nộp"), _("Người nhận")], "bien-nhan-kien-nghi")


def letter(one: PetitionShown) -> Response:
    """The answer that counts, with the earlier ones it corrects, and the amendment it led to."""
    row = one.row
    lines = [
        (_("Kính gửi"), f"{row.lodged_by}, {row.delegation.name}"),
        (_("Về việc"), one.about),
        (_("Đoàn kiến nghị"), row.words),
        (_("Nhận lúc"), moment(row.lodged_at)),
    ]
    for each in one.steps:
        if each.paper is not None:
            said = _("Ngày %(at)s, biên bản số %(number)s", at=moment(each.at), number=each.paper[1])
            lines.append((_("Đã đính chính"), said))
        elif each.answers:
            corrected = each is not one.answer
            heading = _("Trả lời trước, đã được thay") if corrected else _("Trả lời")
            lines.append((heading, f"{say(each.what)}. {each.words} ({moment(each.at)})"))
    signers = [_("Ban Tổ chức")] if row.desk == "office" else [_("Thư ký"), _("Trưởng Ban giám khảo")]
    return _paper(one, _("Trả lời kiến nghị"), lines, [], signers, "tra-loi-kien-nghi")


def law_note(one: PetitionShown) -> str:
    """What is said beside the one that came late, and the one titled a complaint; "" beside the others."""
    if _is_complaint(one):
        return str(_("Đơn khiếu nại được nhận, đánh số và chuyển Ban Tổ chức xử lý theo pháp luật về khiếu nại."))
    if one.row.late:
        return str(
            _(
                "Đã quá hạn xem xét của ban giám khảo. Kiến nghị vẫn được nhận và chuyển Ban Tổ chức; quyền khiếu nại theo pháp luật không mất."
            )
        )
    return ""


def _is_complaint(one: PetitionShown) -> bool:
    return one.row.title is PetitionTitle.COMPLAINT


def _paper(
    one: PetitionShown, title: str, lines: list[tuple[str, str]], notes: list[str], signers: list[str], name: str
) -> Response:
    festival = one.row.delegation.festival
    values = {
        "title": title,
        "organ": festival.organiser or _("Ban Tổ chức ngày hội"),
        "number": _("Số: %(number)s", number=one.row.number),
        "place_and_day": "",
        "under": festival.name,
        "head": [_("Nội dung"), ""],
        "widths": [1, 3],
        "rows": [[words, value] for words, value in lines if value],
        "notes": notes,
        "signers": [{"role": role, "note": _("(ký, ghi rõ họ tên)")} for role in signers],
    }
    made = paper.pdf("components/list_to_sign.typ", values)
    headers = {"Content-Disposition": f'inline; filename="{name}-{one.row.number}.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=headers)
