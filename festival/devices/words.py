"""How are roles, refusals and oddities of devices called on the screen?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.devices.handlers import DeviceRole

ROLE_WORDS: dict[DeviceRole, LazyString] = {
    DeviceRole.GATE: _l("Cổng"),
    DeviceRole.DESK: _l("Bàn tiếp đón"),
    DeviceRole.LEAD: _l("Trưởng cổng"),
    DeviceRole.JUDGE: _l("Giám khảo"),
    DeviceRole.STAGE: _l("Sân khấu"),
    DeviceRole.GROUND: _l("Sân thi đấu"),
}
ENROLLED_ROLES = tuple(ROLE_WORDS)  # in the order in which they are offered

REASON_WORDS: dict[str, LazyString] = {
    "revoked": _l("Gửi từ máy đã thu hồi"),
    "unknown_pass": _l("Thẻ chưa có trong danh sách, đã cho vào"),
    "turned_away": _l("Thẻ chưa có trong danh sách, không cho vào"),
    "not_approved": _l("Đăng ký chưa được duyệt hoặc đã rút"),
    "pass_replaced": _l("Thẻ cũ, đã cấp lại thẻ khác"),
    "closed": _l("Ngoài giờ của mục đích này"),
    "other_class": _l("Lớp thẻ này không vào được mục đích này"),
    "clock_wrong": _l("Đồng hồ của máy sai, không biết lượt này lúc nào"),
    "undo_unknown": _l("Hoàn tác một lượt quét chưa gửi đến"),
    "undo_late": _l("Hoàn tác sau 15 phút hoặc từ máy khác"),
    "nobody": _l("Không ai trong thẻ khớp danh sách"),
    "bad_signature": _l("Chữ ký của máy không đúng"),
    "unknown_kind": _l("Loại tin máy chủ chưa biết"),
    "wrong_role": _l("Máy không có vai trò này"),
    "too_long": _l("Tin quá dài"),
    "bad_text": _l("Tin có ký tự không đọc được"),
    "malformed": _l("Tin sai định dạng"),
    "unknown_act": _l("Tiết mục không còn trong lịch"),
    "other_stage": _l("Tiết mục đã chuyển sang sân khấu khác"),
    "withdrawn": _l("Gia đình đã rút"),
}


def reason_words(verdict: str, reason: str | None) -> str:
    """Why a message was set aside, as a sentence for the office."""
    if reason in REASON_WORDS:
        return str(REASON_WORDS[reason])
    return str(_l("Hai bản khác nhau, cần người chọn") if verdict == "conflict" else _l("Máy chủ không nhận"))
