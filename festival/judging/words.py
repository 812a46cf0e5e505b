"""In which words do the pages of the panel speak of states and refusals?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from festival.contests.panel import SheetState
from festival.judging.models import MeasureState

ABSTAIN_WORDS = {
    SheetState.RECUSED: _l("có liên quan, không chấm"),
    SheetState.LATE: _l("đến muộn, không chấm"),
    SheetState.ABSENT: _l("vắng mặt"),
}

MEASURE_WORDS = {
    MeasureState.DID_NOT_START: _l("không dự thi"),
    MeasureState.DID_NOT_FINISH: _l("không hoàn thành"),
    MeasureState.DISQUALIFIED: _l("bị loại"),
}

REFUSED_WORDS = {
    "locked": _l("Phần thi đã khóa điểm. Phiếu được giữ lại ngoài kết quả."),
    "next_act": _l("Giám khảo sửa phiếu sau khi tiết mục sau đã bắt đầu. Bản trước vẫn được tính."),
    "only_secretary": _l("Phiếu đã gửi thì chỉ thư ký sửa được. Bản trước vẫn được tính."),
    "tied": _l("Giám khảo này có liên quan đến đơn vị dự thi, không chấm tiết mục này."),
    "not_on_panel": _l("Người này không có trong ban giám khảo của phần thi."),
    "replaced": _l("Giám khảo này đã được thay. Phiếu gửi sau đó được giữ lại ngoài kết quả."),
    "unknown_entry": _l("Tiết mục này không còn trong danh sách."),
    "stale_choice": _l("Phiếu vừa có bản mới. Mở lại trang rồi chọn."),
}
