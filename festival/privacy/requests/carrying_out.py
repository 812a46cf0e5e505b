"""What is done when the organiser says yes, and what follows from it, said beforehand?

Seeing and correcting are done by hand, on the pages of the family; the request is closed with the words of what was done. Taking
part is withdrawn here, by the same way as the family itself would; an erasure is granted, and carried out when no judging is open.
"""

from __future__ import annotations

from flask_babel import gettext as _

from festival.consent.models import ConsentPurpose
from festival.core.transaction import reading
from festival.core.web.errors import Conflict, Overtaken
from festival.privacy.models import AskedFor, PrivacyRequest, RequestState
from festival.privacy.people import erasing_one
from festival.privacy.requests import dealing, queries
from festival.registration import decisions, leaving
from festival.roster.asked import rules_of_family
from festival.roster.departing import Follows
from festival.roster.outcomes import Stale


def foreseen(row: PrivacyRequest) -> Follows | None:
    """What follows when this one person stops taking part; None when nothing of the kind is asked."""
    if row.kind not in (AskedFor.WITHDRAW, AskedFor.ERASE) or row.person is None or row.closed_at is not None:
        return None
    return None if row.person.out else leaving.foresee(rules_of_family(row.family), row.family, row.person)


def carry_out(row: PrivacyRequest, words: str, by: int | None) -> str:
    """Do what was asked; answers what to tell whoever pressed."""
    told: str
    match row.kind:
        case AskedFor.WITHDRAW:
            dealing.close(row, RequestState.DONE, words, by)
            withdraw(row)
            told = _("Đã rút. Người này, hoặc gia đình này, không còn trong danh sách tham gia.")
        case AskedFor.ERASE:
            dealing.grant_erasure(row, by)
            if not erasing_one.leave(row.family, row.person, row.how):
                raise Conflict(
                    _(
                        "Không còn người lớn nào đại diện gia đình. Gia đình phải yêu cầu xóa cả gia đình, hoặc đổi người đại diện."
                    )
                )
            told = _("Đã đồng ý xóa. Tên đã rời trang công khai và các máy.")
        case _:
            if not words:
                raise Conflict(_("Ghi đã làm gì, gia đình sẽ đọc."))
            dealing.close(row, RequestState.DONE, words, by)
            told = _("Đã ghi là làm xong.")
    return told


def finish_erasure(code: str) -> str:
    """After it was granted: carry it out now, or say what it waits for."""
    with reading():
        row = queries.by_code(code).row
        judging, held = erasing_one.held_back(row.family, row.person)
        family_id, person_code = row.family_id, row.person_code
    told: str
    if held:
        told = _("Ngày hội đang được giữ lại (%(why)s). Xóa khi bỏ giữ.", why=held)
    elif judging:
        told = _(
            "Còn đang chấm: %(contests)s. Tên đã rời trang công khai và các máy; máy chủ tự xóa hẳn khi công bố kết quả xong.",
            contests=", ".join(judging),
        )
    elif erasing_one.erase_now(family_id, person_code):
        told = _("Đã xóa, cả trong tệp của cơ sở dữ liệu.")
    else:
        told = _("Đã xóa trong bảng. Máy chủ viết lại tệp trong đêm, hoặc khi không còn ai đọc.")
    return told


def withdraw(row: PrivacyRequest) -> None:
    """The person, or the whole family, stops taking part."""
    rules, how = rules_of_family(row.family), row.how
    if row.person is None:
        if isinstance(decisions.withdraw_family(rules, row.family, None, how), Stale):
            raise Overtaken(_("Hồ sơ của gia đình đã kết thúc từ trước."))
    elif not leaving.take_back(rules, row.family, row.person, ConsentPurpose.TAKING_PART, how):
        raise Conflict(_("Không còn người lớn nào đại diện gia đình. Hãy rút đăng ký của cả gia đình."))
