"""Which columns has the officers' Excel file, and what do their headings and cells advise?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from festival.roster.people import RELATION_WORDS, SEX_WORDS

SHEET_NAME = "Danh sách"
EXAMPLE_NAME = "Ví dụ"


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

# Behind the contests: what belongs to the family, and the code by which an export finds its registrations again.
BEHIND: tuple[Column, ...] = (
    Column("introduction", "Giới thiệu gia đình", ("gioi thieu", "loi gioi thieu"), False, 40,
           "Hai câu cho người dẫn chương trình. Không bắt buộc.", of_family=True),
    Column("code", "Mã đăng ký", ("ma ho so",), False, 14,
           "Có sẵn trong tệp tải về, để nhận ra hồ sơ. Gia đình mới: để trống.", of_family=True),
)  # fmt: skip

READ = (*COLUMNS, *BEHIND)

BY_KEY = {column.key: column for column in READ}

# Columns of our own files that say something to people and are not read back: key, heading, width.
TOLD: dict[str, tuple[str, int]] = {
    "wrong": ("Cần sửa", 46),
    "delegation": ("Đoàn", 24),
    "state": ("Trạng thái", 16),
    "lacks": ("Còn thiếu", 40),
}

INFORMATION = {"trang thai", "con thieu", "can sua", "doan", "stt", "so thu tu"}

CONTEST_PREFIX = "Thi: "
ACT_PREFIX = "Tiết mục: "
CONTEST, ACT = "contest:", "act:"


@dataclass(frozen=True, slots=True)
class AskedColumns:
    """What the columns of an edition ask beside the people: contests, and those of them that show an act; code → name."""

    contests: Mapping[str, str]
    acts: Mapping[str, str] = field(default_factory=dict)

    def heading(self, key: str) -> str:
        """How the column of a key is headed."""
        if key in BY_KEY:
            return BY_KEY[key].heading
        code = key.partition(":")[2]
        return ACT_PREFIX + self.acts[code] if key.startswith(ACT) else CONTEST_PREFIX + self.contests[code]
