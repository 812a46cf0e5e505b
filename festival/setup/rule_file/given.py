"""What did somebody give who gives a rule file, and where is it wrong?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import request

from festival.core.sentence import N_, Sentence
from festival.core.text import unstorable
from festival.editions.rules.document import BrokenRuleset, FileFault
from festival.office.festival_import import FestivalFile, read_file
from festival.setup.rule_file.lines import line_of, lines_of

LARGEST_FILE_BYTES = 300_000  # twenty times the largest edition; it must fit the form that asks back

VERSION = N_("Tệp thuộc phiên bản khác. Tải tệp thể lệ từ trang này để lấy mẫu đúng, rồi chép nội dung sang mẫu ấy.")
NO_JSON = N_(
    "Mở tệp bằng trình soạn thảo, xem dòng vừa nêu và dòng ngay trên: thường thiếu dấu phẩy, ngoặc hoặc dấu nháy."
)
MEND = N_("Sửa đúng chỗ vừa nêu rồi xem lại. Sửa ngay trong ô bên dưới cũng được.")
NOT_READ = N_("Chưa xem được tệp")
FAULTS = N_("Tệp chưa dùng được: %(n)s chỗ cần sửa. Chưa ghi gì.")
NOTHING = N_("Chọn một tệp, hoặc dán nội dung tệp vào ô.")
TOO_LARGE = N_("Tệp lớn hơn %(most)s KB. Tệp thể lệ chỉ có chữ và nhỏ hơn nhiều: xem lại có chọn nhầm tệp không.")
ODD = N_("Tệp có ký tự không lưu được (ký tự rỗng hoặc nửa ký tự). Xóa ký tự ấy rồi xem lại.")


@dataclass(frozen=True, slots=True)
class FaultAtLine:
    """A fault as a person finds it: path, line where known, what is wrong."""

    path: str
    line: int | None
    reason: Sentence


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why nothing can be done with it yet; `text` is kept in the box so that it can be mended there."""

    text: str
    said: Sentence
    faults: tuple[FaultAtLine, ...] = ()

    @property
    def heading(self) -> Sentence:
        """What stands above the faults."""
        return FAULTS.filled(n=len(self.faults)) if self.faults else NOT_READ


def given() -> FestivalFile | NotTaken:
    """The rule file of this request: an uploaded one, else what stands in the box."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        content = upload.stream.read(LARGEST_FILE_BYTES + 1)
    else:
        content = request.form.get("document", "").encode("utf-8", "surrogatepass")
    if not content.strip():
        return NotTaken("", NOTHING)
    if len(content) > LARGEST_FILE_BYTES:
        return NotTaken("", TOO_LARGE.filled(most=LARGEST_FILE_BYTES // 1000))
    return read_given(content)


def read_given(content: bytes) -> FestivalFile | NotTaken:
    """The same of bytes."""
    text = content.decode("utf-8-sig", "replace")
    try:
        file = read_file(content)
    except BrokenRuleset as error:
        return NotTaken(_storable(text), *_told(text, error.problems))
    if any(unstorable(each) for each in _texts(file.document)):
        return NotTaken(_storable(text), ODD)
    return file


def _storable(text: str) -> str:
    return "".join(each for each in text if not unstorable(each)) if unstorable(text) else text


def _texts(value: object) -> Iterator[str]:
    """Every text of a document: an escape may stand for what no database holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _told(text: str, problems: Sequence[FileFault]) -> tuple[Sentence, tuple[FaultAtLine, ...]]:
    lines = lines_of(text)
    told = tuple(FaultAtLine(each.path, line_of(each.path, lines), each.reason) for each in problems)
    if [each.path for each in problems] == ["$.schema"]:
        return VERSION, told
    return (MEND if lines else NO_JSON), told
