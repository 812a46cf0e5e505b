"""Which columns has the officers' Excel file, and what do their headings and cells advise?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.roster.people import RELATION_WORDS, SEX_WORDS

SHEET_NAME = "Danh sách"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the code, its heading, other headings people use, and the advice shown in the cell."""

    key: str
    heading: str
    also: tuple[str, ...] = ()
    required: bool = False
    width: int = 14
    advice: str = ""
    choices: tuple[str, ...] = ()
    of_family: bool = False  # one value for all rows of the family; a merged cell down the rows is welcome here


COLUMNS: tuple[Column, ...] = (
    Column("family", "Gia đình số", ("gia dinh", "stt gia dinh", "ho so", "ma gia dinh"), True, 12,
           "Các thành viên của một gia đình ghi cùng một số: 1, 2, 3…", of_family=True),
    Column("name", "Họ và tên", ("ho ten", "ho va ten thanh vien", "ten"), True, 28, "Họ, chữ đệm và tên, có dấu."),
    Column("relation", "Quan hệ với người đại diện", ("quan he", "vai tro"), True, 24,
           "Mỗi gia đình có đúng một “Người đại diện”.", tuple(map(str, RELATION_WORDS.values()))),
    Column("sex", "Giới tính", ("gioi", "nam/nu", "nam nu", "phai"), True, 10, "Nam hoặc Nữ.", tuple(map(str, SEX_WORDS.values()))),
    Column("birth", "Ngày sinh", ("nam sinh", "ngay sinh hoac nam sinh", "ngay thang nam sinh", "sinh ngay"), True, 14,
           "Như 14/6/1984. Người lớn tuổi có thể chỉ ghi năm sinh."),
    Column("phone", "Số điện thoại", ("sdt", "dien thoai", "so dt", "dt"), True, 16,
           "Số di động 10 chữ số của gia đình, ghi ở dòng người đại diện.", of_family=True),
    Column("address", "Địa chỉ", ("noi o", "cho o", "dia chi thuong tru"), False, 30, "Ấp, khu phố, xã, phường.", of_family=True),
    Column("email", "Thư điện tử", ("email", "e-mail", "thu dien tu (email)"), False, 22, "Không bắt buộc.", of_family=True),
    Column("guardian", "Cha, mẹ hoặc người giám hộ đồng ý", ("nguoi giam ho", "nguoi dong y cho tre", "cha me dong y"), False, 28,
           "Chỉ cho trẻ dưới 16 tuổi: họ tên cha, mẹ hoặc người giám hộ đã ký phiếu đồng ý."),
    Column("signed", "Đã ký phiếu đồng ý", ("da ky", "dong y", "phieu dong y"), False, 14,
           "Ghi x khi đã có phiếu đồng ý bằng giấy, có chữ ký. Để trống: gia đình sẽ tự xác nhận qua liên kết.", ("x",)),
    Column("own", "Trẻ từ 7 tuổi đồng ý", ("tre dong y", "chau dong y"), False, 14,
           "Ghi x khi chính bạn nhỏ từ 7 tuổi đã đồng ý tham gia.", ("x",)),
    Column("needs", "Nhu cầu hỗ trợ", ("nhu cau ho tro dac biet", "ghi chu", "ho tro"), False, 24, "Xe lăn, phiên dịch… Không bắt buộc."),
)  # fmt: skip

BY_KEY = {column.key: column for column in COLUMNS}

# Columns of our own export that say something to people and are not read back.
INFORMATION = {"trang thai", "con thieu", "stt", "so thu tu", "ma dang ky"}

CONTEST_PREFIX = "Thi: "
