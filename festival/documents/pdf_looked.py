"""May a PDF be taken that somebody sends, and is it signed digitally? Pure; nothing of it is drawn or run here.

What could run or open something is looked for in the file's own objects and in packed ones (object streams), names in
whatever spelling (`/J#61vaScript`). A scan is drawn as pictures afterwards and loses everything else; a signed file is kept
as it is, so it must have nothing of the kind. Whether the signature is good is not asked here.
"""

from __future__ import annotations

import re
import zlib
from enum import StrEnum

from festival.core.sentence import N_, Sentence

LARGEST_UNPACKED = 48 * 1024 * 1024
_END = b"%%EOF"
_BLANK = b"\x00\t\n\x0c\r "
_STREAM = re.compile(rb"stream\r?\n")
_LONGEST_HEAD = 2000  # of the description before a stream
_MOST_STREAMS = 20_000
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_RUNS = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToR|GoToE|XFA|Rendition|Movie)(?![A-Za-z0-9_.-])"
)
# Too long to stand in the bytes of a picture by chance: looked for everywhere.
_ANYWHERE = re.compile(rb"/(JavaScript|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)(?![A-Za-z0-9_.-])")
_SIGNED = re.compile(rb"/ByteRange\s*\[")
_SIGNATURE = re.compile(rb"/SubFilter\s*/(?:adbe|ETSI)\.")

NOT_A_PDF = N_("Tệp này không phải là PDF đọc được. Quét lại rồi gửi, hoặc chụp từng trang.", "pdf_broken")
CUT = N_("Tệp PDF bị thiếu phần cuối, hoặc có phần lạ nối thêm. Gửi lại tệp gốc.", "pdf_cut")
LOCKED = N_("Tệp PDF có mật khẩu. Lưu lại bản không có mật khẩu rồi gửi.", "pdf_locked")
RUNS = N_(
    "Tệp PDF có mã lệnh, biểu mẫu gửi đi hoặc tệp đính kèm nên không nhận. Xuất lại PDF chỉ có nội dung rồi ký.",
    "pdf_runs",
)


class PdfKind(StrEnum):
    """What is done with it."""

    SCAN = "scan"  # drawn as pictures
    SIGNED = "signed"  # kept as it is


def looked_into(content: bytes) -> PdfKind | Sentence:
    """What it is, or why it is not taken."""
    if not content.startswith(b"%PDF-"):
        return NOT_A_PDF
    if not content.rstrip(_BLANK).endswith(_END):
        return CUT
    objects = _objects(content)
    if objects is None:
        return NOT_A_PDF
    outside = _plain(objects)
    if re.search(rb"/Encrypt(?![A-Za-z])", outside):
        return LOCKED
    if _RUNS.search(outside) or _ANYWHERE.search(content):
        return RUNS
    return PdfKind.SIGNED if _SIGNED.search(outside) and _SIGNATURE.search(outside) else PdfKind.SCAN


def _plain(objects: bytes) -> bytes:
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), objects)


def _objects(content: bytes) -> bytes | None:
    """The file without the contents of its streams, and what stands in object streams; None when that cannot be read."""
    parts: list[bytes] = []
    at, left = 0, LARGEST_UNPACKED
    for _each in range(_MOST_STREAMS):
        begun = _STREAM.search(content, at)
        end = content.find(b"endstream", begun.end()) if begun else -1
        if begun is None or end < 0:
            return b"\n".join([*parts, content[at:]])
        parts.append(content[at : begun.start()])
        head = content[max(at, begun.start() - _LONGEST_HEAD) : begun.start()]
        head = _plain(head[head.rfind(b"obj") + 3 :])
        if b"/ObjStm" in head:
            packed = content[begun.end() : end]
            unpacked = _inflated(packed, left) if b"Filter" in head else packed
            if unpacked is None:
                return None
            left -= len(unpacked)
            parts.append(unpacked)
        at = end + len(b"endstream")
    return None


def _inflated(packed: bytes, most: int) -> bytes | None:
    inflating = zlib.decompressobj()
    try:
        found = inflating.decompress(packed, most) if most > 0 else b""
    except zlib.error:
        return None
    return found if len(found) < most else None
