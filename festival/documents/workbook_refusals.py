"""Why is a file not read as a workbook, and what can whoever sent it do?"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass

from festival.core.sentence import N_, Sentence

LARGEST_FILE_BYTES = 5 * 1024 * 1024

MOST_ROWS = 5_000

_EXCEL_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """The file as a whole cannot be taken."""

    reasons: tuple[Sentence, ...]


BROKEN = N_("Tệp Excel này bị hỏng hoặc không phải tệp .xlsx. Hãy mở bằng Excel, lưu lại rồi tải lên.", "file_broken")

NOT_EXCEL = N_("Đây không phải tệp Excel (.xlsx). Hãy tải tệp mẫu, điền vào rồi tải lên.", "file_not_excel")

TOO_LARGE = N_("Tệp bung ra quá lớn nên không đọc. Hãy chép danh sách sang tệp mẫu mới rồi tải lên lại.", "file_bomb")

MERGED_OVER = N_(
    "Trang tính có các ô gộp chồng lên nhau hoặc gộp quá rộng. Hãy bỏ gộp ô (Unmerge Cells), điền từng dòng rồi tải lên lại.",
    "file_merged",
)

BUSY = N_("Máy chủ đang đọc tệp của người khác. Chờ một phút rồi tải lên lại; chưa có gì được ghi.", "file_busy")


def too_slow(seconds: int) -> Sentence:
    """The processor's time is used up."""
    return N_(
        "Đọc tệp này quá %(seconds)s giây chưa xong nên đã dừng: định dạng quá phức tạp. "
        "Hãy sao chép danh sách, dán chỉ giá trị (Paste Values) sang tệp mẫu mới rồi tải lên lại.",
        "file_too_slow",
        seconds=seconds,
    )


def too_many(what: Sentence, found: int, most: int) -> Sentence:
    """More of something than any list of people needs."""
    return N_(
        "Tệp có %(found)s %(what)s, nhiều hơn mức %(most)s. "
        "Hãy sao chép danh sách, dán chỉ giá trị (Paste Values) sang tệp mẫu mới rồi tải lên lại.",
        "file_too_many",
        found=found,
        what=what,
        most=most,
    )


def too_many_rows() -> Sentence:
    """Rows of people, or empty ones far below."""
    return N_(
        "Trang tính có hơn %(most)s dòng. Hãy chia thành nhiều tệp, hoặc chép danh sách sang tệp mẫu mới để bỏ dòng trống.",
        "file_too_many_rows",
        most=MOST_ROWS,
    )


def kind_of_head(content: bytes) -> Sentence | None:
    """What the first bytes already say against a file."""
    if not content:
        return N_("Tệp trống. Hãy chọn tệp Excel (.xlsx) đã điền.", "file_empty")
    if len(content) > LARGEST_FILE_BYTES:
        return N_(
            "Tệp lớn hơn %(mb)s MB. Hãy chép danh sách sang tệp mẫu mới, bỏ hình ảnh rồi tải lên lại.",
            "file_too_big",
            mb=LARGEST_FILE_BYTES // 1024**2,
        )
    if content.startswith(_OLD_EXCEL):
        if _ENCRYPTED in content:
            return N_(
                "Tệp có đặt mật khẩu nên không đọc được. Hãy mở bằng Excel, bỏ mật khẩu (File > Info > Protect Workbook) rồi lưu lại.",
                "file_password",
            )
        return _other(N_("Excel kiểu cũ (.xls)"), "file_old_excel")
    return None if content.startswith(_EXCEL_ZIP) else NOT_EXCEL


def kind_of_parts(parts: zipfile.ZipFile) -> Sentence | None:
    """What the names inside say against it."""
    names = set(parts.namelist())
    if "xl/workbook.bin" in names:
        return _other(N_("Excel nhị phân (.xlsb)"), "file_binary")
    if "mimetype" in names and b"opendocument" in parts.read("mimetype")[:200]:
        return _other(N_("OpenDocument (.ods)"), "file_open_document")
    if "xl/vbaProject.bin" in names:
        return _other(N_("Excel có macro (.xlsm)"), "file_macro")
    return None if {"[Content_Types].xml", "xl/workbook.xml"} <= names else NOT_EXCEL


def _other(kind: Sentence, code: str) -> Sentence:
    said = N_(
        "Tệp này là %(kind)s. Hãy mở ra, chọn “Lưu thành” loại Excel Workbook (.xlsx) rồi tải lên lại.", "", kind=kind
    )
    return Sentence(said.template, said.values, code)
