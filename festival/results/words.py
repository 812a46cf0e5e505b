"""In which words do the pages speak of the ladder of states? The same words everywhere (product.md, fact 16)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from festival.contests.models import ContestState, PanelSeat
from festival.results.models import TakeBackReason, UnlockReason
from festival.results.prizes import LeftEmpty
from festival.results.standings import OnFewSheets

LADDER_WORDS = (
    _l("đang chấm"),
    _l("khóa điểm"),
    _l("họp ban giám khảo"),
    _l("biên bản đã ký"),
    _l("quyết định trao giải"),
    _l("MC được đọc"),
    _l("công bố"),
)

# How many steps of the ladder are behind a contest in this state; the next one is under way.
STEPS_DONE = {
    ContestState.OPEN: 0,
    ContestState.LOCKED: 2,
    ContestState.SIGNED: 4,
    ContestState.DECIDED: 5,
    ContestState.RELEASED: 6,
    ContestState.PUBLISHED: 7,
}

STATE_WORDS = {
    ContestState.OPEN: _l("đang chấm"),
    ContestState.LOCKED: _l("đã khóa điểm"),
    ContestState.SIGNED: _l("biên bản đã ký"),
    ContestState.DECIDED: _l("có quyết định trao giải"),
    ContestState.RELEASED: _l("MC được đọc"),
    ContestState.PUBLISHED: _l("đã công bố"),
}

WHOLE_WORDS = {
    "open": _l("chờ khóa điểm"),
    "asked": _l("chờ quyết định"),
    "unsigned": _l("chờ ký biên bản"),
    "amended": _l("chờ đính chính: có phần thi đã sửa thứ hạng"),
    "signed": _l("biên bản đã ký"),
    "released": _l("MC được đọc"),
    "published": _l("đã công bố"),
}

SEAT_WORDS = {
    PanelSeat.CHAIR: _l("Trưởng Ban giám khảo"),
    PanelSeat.MEMBER: _l("Giám khảo"),
    PanelSeat.SECRETARY: _l("Thư ký"),
    PanelSeat.REPLACED: _l("Giám khảo đã thay"),
}

# why a contest cannot be locked whatever reason is given, and what to do
UNSIGNABLE_WORDS = {
    "no_judge": _l("Chưa có giám khảo nào. Ban Tổ chức xếp giám khảo ở trang phần thi, giám khảo chấm, rồi khóa điểm."),
    "no_chair": _l(
        "Chưa có trưởng ban giám khảo để ký biên bản. Ban Tổ chức xếp trưởng ban ở trang phần thi, rồi khóa điểm."
    ),
    "no_secretary": _l("Chưa có thư ký để ký biên bản. Ban Tổ chức xếp thư ký ở trang phần thi, rồi khóa điểm."),
}

FEW_WORDS = {
    OnFewSheets.ACCEPT.value: _l("nhận kết quả theo các phiếu đã có"),
    OnFewSheets.NONE.value: _l("không có kết quả"),
    OnFewSheets.WAIT.value: _l("chờ, chưa quyết định"),
}

UNLOCK_WORDS = {
    UnlockReason.PANEL.value: _l("phần thi chưa có đủ người ký biên bản"),
    UnlockReason.SHEETS.value: _l("còn phiếu sẽ gửi đến"),
    UnlockReason.WRONG_MARK.value: _l("ghi sai điểm hoặc kết quả"),
    UnlockReason.OTHER.value: _l("lý do khác"),
}

TAKE_BACK_WORDS = {
    TakeBackReason.EARLY: _l("công bố quá sớm, kết quả không sai: MC vẫn đọc"),
    TakeBackReason.WRONG: _l("kết quả sai hoặc phải xem lại: MC cũng không đọc nữa"),
}

PROBLEM_WORDS = {
    "missing": _l("chưa chấm"),
    "conflict": _l("có hai bản, chờ giám khảo chọn"),
    "held": _l("phiếu giấy mới gõ một lần, chờ người thứ hai"),
    "differs": _l("phiếu giấy gõ không giống nhau, chờ quyết định"),
    "unmeasured": _l("chưa có kết quả"),
    "no_plate": _l("chưa có mã mâm"),
    "ground_apart": _l("có hai kết quả ở sân, chưa chọn"),
    "ground_counts": _l("hai người đếm chưa khớp"),
    "ground_dispute": _l("đội không đồng ý kết quả"),
    "gap": _l("máy còn thiếu tin chưa gửi đến"),
    "petition": _l("kiến nghị mang số này chưa giải quyết xong"),
    "unheard": _l("chưa nghe máy này từ khi tiết mục cuối diễn xong, có thể còn phiếu chưa gửi"),
}

EMPTY_WORDS = {
    LeftEmpty.NEXT: _l("nhận giải liền dưới, các hạng khác giữ nguyên"),
    LeftEmpty.NONE: _l("không nhận giải, các hạng khác giữ nguyên"),
    LeftEmpty.HAND_DOWN: _l("các giải dưới trao lại từ hạng ấy, đúng số giải của thể lệ"),
}
