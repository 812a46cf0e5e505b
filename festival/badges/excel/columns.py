"""Which columns has the file of people outside families, and what do their headings and cells advise?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.names import fold

SHEET_NAME = "Danh sách"


@dataclass(frozen=True, slots=True)
class BadgeColumn:
    """A column: the field it fills, its heading, other headings people use, the advice shown in the cell."""

    key: str
    heading: str
    also: tuple[str, ...]
    width: int
    advice: str


COLUMNS = (
    BadgeColumn("rank", "Thứ tự", ("thu tu gioi thieu", "thu tu uu tien"), 9, "Số nhỏ MC đọc trước. Chỉ cho người cần giới thiệu."),
    BadgeColumn("honorific", "Xưng hô", ("danh xung", "cach xung ho"), 12, "Ông, bà, đồng chí… như MC sẽ đọc."),
    BadgeColumn("name", "Họ và tên", ("ho ten", "ten", "ho ten dai bieu", "ho ten khach moi"), 28, "Họ, chữ đệm và tên, có dấu."),
    BadgeColumn("title", "Chức danh, việc làm", ("chuc vu", "chuc danh", "chuc vu, don vi", "chuc vu don vi", "cong viec", "nhiem vu", "don vi"),
                40, "Như “Phó Chủ tịch Ủy ban nhân dân tỉnh”, “Lái xe”."),
    BadgeColumn("badge", "Lớp thẻ", ("loai the", "lop", "doi tuong"), 18, "Chọn trong danh sách; để trống thì theo lớp thẻ chọn lúc tải lên."),
    BadgeColumn("seat", "Chỗ ngồi", ("ghe", "so ghe", "vi tri ngoi", "cho"), 12, "Như “Hàng A, ghế 3”."),
    BadgeColumn("phone", "Số điện thoại", ("sdt", "dien thoai", "so dt", "dt"), 16, "Không bắt buộc."),
    BadgeColumn("birth", "Ngày sinh hoặc năm sinh", ("ngay sinh", "nam sinh", "ngay thang nam sinh"), 14,
                "Cần cho người hỗ trợ đoàn và tình nguyện viên: trẻ dưới 16 tuổi phải ở trong một gia đình."),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
HEADINGS = {fold(each): column.key for column in COLUMNS for each in (column.heading, *column.also)}
# Columns of our own export and of anybody's lists that say something to people and are not read.
INFORMATION = frozenset({"stt", "so thu tu", "tt", "danh sach", "ghi chu", "ky nhan"})
