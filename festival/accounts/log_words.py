"""In which words does the organiser read the security log?

One for each kind, and one for each thing a line may be about (a test looks for every key that is noted).
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from festival.accounts.roles import Role
from festival.accounts.words import ROLE_WORDS
from festival.core.security_log import SecurityKind

KIND_WORDS: dict[SecurityKind, LazyString] = {
    SecurityKind.SIGNED_IN: _l("Đăng nhập"),
    SecurityKind.SIGN_IN_FAILED: _l("Mật khẩu hoặc mã gõ sai"),
    SecurityKind.SIGNED_OUT: _l("Đăng xuất"),
    SecurityKind.SESSIONS_ENDED: _l("Kết thúc đăng nhập ở nơi khác"),
    SecurityKind.PASSWORD_SET: _l("Đặt mật khẩu mới"),
    SecurityKind.PIN_SET: _l("Đặt hoặc bỏ mã PIN"),
    SecurityKind.PIN_FAILED: _l("Mã PIN gõ sai"),
    SecurityKind.SECOND_FACTOR: _l("Mã điện thoại: bật, tắt, mã dự phòng"),
    SecurityKind.CODE_MADE: _l("Tạo mã đăng nhập một lần"),
    SecurityKind.CODE_USED: _l("Dùng mã đăng nhập một lần"),
    SecurityKind.ACCOUNT: _l("Tạo, khóa, mở tài khoản"),
    SecurityKind.ROLE: _l("Giao hoặc bỏ vai trò"),
    SecurityKind.ENROLMENT_CODE: _l("Tạo mã gắn thiết bị"),
    SecurityKind.ENROLLED: _l("Gắn thiết bị"),
    SecurityKind.ACTIVATED: _l("Giám khảo mở máy bằng mã PIN"),
    SecurityKind.REVOKED: _l("Thu hồi thiết bị"),
    SecurityKind.HANDED_OVER: _l("Ghi, bỏ hoặc dùng lại một lượt giao máy"),
    SecurityKind.SEALED_CARD: _l("In thẻ kín của giám khảo"),
    SecurityKind.LINK_CLOSED: _l("Liên kết của gia đình hoặc của đoàn bị đóng"),
    SecurityKind.LINK_OPENED: _l("Liên kết gia đình được mở lại"),
    SecurityKind.LINK_REPLACED: _l("Thay liên kết của gia đình hoặc của đoàn"),
    SecurityKind.EXPORT: _l("Xuất dữ liệu cá nhân"),
    SecurityKind.BACKUP: _l("Sao lưu"),
    SecurityKind.RESTORE: _l("Khôi phục từ bản sao"),
    SecurityKind.REHEARSAL: _l("Bản tổng duyệt"),
    SecurityKind.KEYS: _l("Khóa của thẻ"),
    SecurityKind.ERASURE: _l("Xóa dữ liệu"),
    SecurityKind.TWO_PERSONS: _l("Việc cần hai người"),
    SecurityKind.OVERRIDE: _l("Bỏ qua quy định, có lý do"),
    SecurityKind.READ_MARKS: _l("Xem điểm còn kín"),
    SecurityKind.READ_CHILDREN: _l("Xem dữ liệu có trẻ em"),
    SecurityKind.READ_HEALTH: _l("Xem điều dị ứng"),
    SecurityKind.LOOKED_UP: _l("Tra cứu"),
}
ABOUT: dict[str, LazyString] = {
    "account": _l("tài khoản"),
    "with": _l("cùng với"),
    "by": _l("bằng"),
    "step": _l("ở bước"),
    "contest": _l("phần thi"),
    "entry": _l("tiết mục"),
    "stage": _l("sân khấu"),
    "family": _l("gia đình"),
    "delegation": _l("đoàn"),
    "list": _l("danh sách"),
    "device": _l("thiết bị số"),
    "shift": _l("lượt giao máy số"),
    "what": _l("nội dung"),
    "given": _l("giao vai trò"),
    "taken": _l("bỏ vai trò"),
    "roles": _l("vai trò"),
    "active": _l("đang dùng"),
    "made": _l("tạo mới"),
    "removed": _l("gỡ khi chưa ai dùng"),
    "on": _l("bật"),
    "taken_away": _l("Ban Tổ chức bỏ giúp"),
    "recovery_codes": _l("mã dự phòng"),
    "ended": _l("số nơi"),
    "code": _l("mã số"),
    "cancelled": _l("đã hủy"),
    "device_role": _l("việc của máy"),
    "for": _l("cho"),
    "card": _l("thẻ kín"),
    "others": _l("máy khác của cùng người"),
    "found": _l("thẻ tìm thấy"),
    "sealed": _l("mã hóa cả khóa"),
    "fingerprint": _l("dấu khóa"),
    "lost": _l("khóa cũ đã mất"),
    "festival": _l("ngày hội"),
    "command": _l("lệnh"),
    "photo": _l("ảnh số"),
    "slip": _l("tờ phiếu"),
    "child": _l("trẻ lạc, mã"),
    "when": _l("xem lúc"),
    "to": _l("gửi tới"),
    "without_digest": _l("không đối chiếu dấu kiểm"),
    "without_files": _l("không có tệp nhạc và ảnh"),
}
VALUES: dict[str, LazyString] = {
    "archive": _l("hồ sơ lưu"),
    "rehearsal_made": _l("làm bản tổng duyệt"),
    "rehearsal_dropped": _l("bỏ bản tổng duyệt"),
    "gate_list": _l("Danh sách điểm danh trên giấy"),
    "paper_day": _l("Bộ giấy cả ngày"),
    "ceremony_sheet": _l("Bản in chương trình buổi lễ"),
    "mc_script": _l("Lời công bố của MC"),
    "reveal_pictures": _l("Ảnh cho màn hình LED"),
    "checkin_log": _l("Nhật ký điểm danh"),
    "paper_sheet": _l("nhập từ giấy"),
    "pay_list": _l("Danh sách ký nhận"),
    "report": _l("Báo cáo kết quả"),
    "draw_lists": _l("Danh sách sau bốc thăm"),
    "draw_minutes": _l("Biên bản bốc thăm"),
    "password": _l("mật khẩu"),
    "code": _l("mã một lần"),
    "first_link": _l("liên kết của lần chạy đầu"),
    "second_factor": _l("mã điện thoại"),
    "sign_in": _l("đăng nhập"),
    "second_step": _l("mã điện thoại"),
    "lock": _l("khóa điểm"),
    "release": _l("cho MC đọc"),
    "publish": _l("công bố"),
    "take_back": _l("thu lại kết quả"),
    "amend": _l("đính chính biên bản"),
    "paper": _l("biên bản"),
    "tally": _l("bảng tổng hợp điểm"),
    "whole": _l("toàn đoàn"),
    "new": _l("mới"),
    "families.xlsx": _l("danh sách gia đình, Excel"),
    "families": _l("danh sách gia đình"),
    "list": _l("danh sách để ký"),
    "missing": _l("người chưa đến"),
    "incidents": _l("lượt trùng và lượt giữ riêng"),
    "scans": _l("lượt đã ghi, có tên"),
    "refused": _l("lượt không nhận ở cổng"),
    "links": _l("liên kết của các gia đình"),
    "passes": _l("thẻ"),
    "checkin": _l("lượt quét và lượt vào"),
    "unlock": _l("mở lại phần thi"),
    "replace": _l("thay giám khảo"),
    "begun": _l("bắt đầu đổi khóa"),
    "finished": _l("đổi khóa xong"),
    "data": _l("dữ liệu cá nhân"),
    "papers": _l("giấy tờ đã ký"),
    "gate": _l("máy ở cổng"),
    "desk": _l("máy ở bàn tiếp đón"),
    "lead": _l("máy của trưởng cổng"),
    "stage": _l("máy ở sân khấu"),
    "ground": _l("máy ở sân thi"),
    "name": _l("tên"),
    "phone": _l("số điện thoại"),
    "chosen": _l("mở thẻ đã chọn"),
    "child_pass": _l("thẻ của trẻ"),
    "child_name": _l("tên, để tìm người lớn của trẻ"),
    "child_child": _l("trang của trẻ"),
    "lost": _l("trẻ lạc"),
    "arrived": _l("danh sách người đã đến"),
    "inside": _l("danh sách người đang ở trong"),
} | {role.value: words for role, words in ROLE_WORDS.items()}
ACTORS: dict[str, LazyString] = {
    "command": _l("lệnh trên máy chủ"),
    "anonymous": _l("người chưa đăng nhập"),
    "family": _l("gia đình, bằng liên kết"),
    "device": _l("thiết bị"),
    "user": _l("tài khoản đã xóa"),
}
PEOPLE = frozenset({"account", "with", "for"})


def about(subject: Mapping[str, object], names: Mapping[int, str]) -> list[str]:
    """What a line is about, part by part; accounts by their present names."""
    return [
        f"{ABOUT.get(key, key)}: {_said(key, value, names)}"
        for key, value in subject.items()
        if value not in ("", []) and not (value is None and key != "account")
    ]


def _said(key: str, value: object, names: Mapping[int, str]) -> str:
    if key in PEOPLE:
        return names.get(value, f"#{value}") if isinstance(value, int) else str(_("không có tài khoản này"))
    if isinstance(value, list):
        return ", ".join(_said("", each, names) for each in value)
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    return str(VALUES.get(str(value), value))


assert set(KIND_WORDS) == set(SecurityKind), "a kind without words"
assert set(VALUES) >= set(Role), "a role without words"
