"""Why is a file not taken as the music of an act, and what can whoever sent it do? What a file is by its first bytes. Pure."""

from __future__ import annotations

from enum import StrEnum

from festival.core.sentence import N_, Sentence

LONGEST_S = 30 * 60
LARGEST_BYTES = 100 * 1024 * 1024
HEAD_BYTES = 1 << 16
PAGE_BYTES = 4096
TAIL_BYTES = 70_000


class MediaFormat(StrEnum):
    """What is taken."""

    MP3 = "mp3"
    M4A = "m4a"
    WAV = "wav"
    MP4 = "mp4"


MIME = {
    MediaFormat.MP3: "audio/mpeg",
    MediaFormat.M4A: "audio/mp4",
    MediaFormat.WAV: "audio/wav",
    MediaFormat.MP4: "video/mp4",
}
# Ends of names that are the same to a person.
_ENDS = {"mp3": "mp3", "wav": "wav", "wave": "wav", "m4a": "mp4", "mp4": "mp4", "m4v": "mp4"}
_OTHERS = (
    (b"\xff\xd8\xff", N_("ảnh", "media_is_picture")),
    (b"\x89PNG", N_("ảnh", "media_is_picture")),
    (b"%PDF", N_("tài liệu PDF", "media_is_pdf")),
    (b"PK\x03\x04", N_("tệp nén ZIP hoặc tài liệu Office", "media_is_zip")),
    (b"Rar!", N_("tệp nén RAR", "media_is_rar")),
    (b"OggS", N_("nhạc OGG", "media_is_ogg")),
    (b"fLaC", N_("nhạc FLAC", "media_is_flac")),
    (b"\x30\x26\xb2\x75", N_("nhạc WMA", "media_is_wma")),
    (b"#!AMR", N_("bản ghi âm AMR", "media_is_amr")),
    (b"MZ", N_("chương trình Windows", "media_is_program")),
)

EMPTY = N_("Tệp rỗng. Chọn lại tệp nhạc rồi gửi.", "media_empty")
LARGE = N_("Tệp lớn quá %(most)s MB. Xuất lại thành MP3 (192 kbps là đủ) rồi gửi.", "media_large", most=100)
UNKNOWN_KIND = N_(
    "Tệp này không phải nhạc MP3, M4A, WAV hay video MP4. Mở bằng ứng dụng nhạc, xuất thành MP3 rồi gửi lại.",
    "media_unknown",
)
IS_OTHER = N_(
    "Tệp này là %(what)s, không phải nhạc MP3, M4A, WAV hay video MP4. Chọn đúng tệp nhạc, hoặc xuất thành MP3 rồi gửi lại.",
    "media_other",
)
WRONG_END = N_(
    "Tên tệp kết thúc bằng .%(end)s nhưng bên trong là %(is)s. Đổi đuôi tên tệp thành .%(is)s, nghe thử, rồi gửi lại.",
    "media_wrong_end",
)
TWO_IN_ONE = N_(
    "Trong tệp nhạc này còn ghép thêm một tệp khác nên không nhận. Mở bằng ứng dụng nhạc, xuất lại thành MP3 rồi gửi.",
    "media_polyglot",
)
BROKEN = N_(
    "Tệp nhạc bị hỏng, không phát được. Nghe thử trên máy; nếu được thì xuất lại thành MP3 rồi gửi.", "media_broken"
)
NO_SOUND = N_("Trong tệp không có âm thanh nào. Nghe thử trên máy rồi chọn lại tệp.", "media_no_sound")
CUT_OFF = N_(
    "Đầu tệp ghi dài %(said)s nhưng chỉ phát được %(real)s: tệp bị cắt hoặc ghi sai. Tải lại bản gốc, hoặc xuất lại thành MP3 rồi gửi.",
    "media_cut",
)
TOO_LONG = N_(
    "Nhạc dài hơn %(most)s phút. Cắt lấy đoạn dùng trong tiết mục rồi gửi lại.", "media_long", most=LONGEST_S // 60
)
TOO_HEAVY = N_(
    "Đọc tệp này quá lâu hoặc quá tốn bộ nhớ nên đã dừng. Xuất lại thành MP3 (nhạc) hoặc MP4 cỡ 1920 × 1080 rồi gửi.",
    "media_heavy",
)
BUSY = N_(
    "Máy chủ đang kiểm tra tệp nhạc của người khác. Chờ một phút rồi gửi lại; các phần đã gửi vẫn còn.", "media_busy"
)


def family_of_head(head: bytes) -> str | Sentence:
    """What a file is ("mp3", "wav", "mp4") by what stands in the file, or why it is not taken."""
    if not head:
        return EMPTY
    for mark, what in _OTHERS:
        if head.startswith(mark):
            return IS_OTHER.filled(what=what)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "mp3"
    return UNKNOWN_KIND


def family_of(name: str, head: bytes, tail: bytes) -> str | Sentence:
    """The same, held against the end of the file's name; and one file only, not another one hidden in it."""
    family = family_of_head(head)
    if isinstance(family, Sentence):
        return family
    end = name.rpartition(".")[2].lower() if "." in name else ""
    if end and _ENDS.get(end) != family:
        return WRONG_END.filled(end=end[:8], **{"is": "m4a" if family == "mp4" and b"M4A" in head[8:12] else family})
    lowered = head[:PAGE_BYTES].lower()
    page = any(mark in lowered for mark in (b"<html", b"<script", b"<!doctype", b"<svg", b"%pdf-"))
    return TWO_IN_ONE if page or b"PK\x05\x06" in tail[-TAIL_BYTES:] else family


def clock(ms: int) -> str:
    """9:05:00, 3:07."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def fault_of_length(said_ms: int, real_ms: int, *, exact: bool) -> Sentence | None:
    """Whether what the head of the file says can be true. `exact`: it says it, it is not estimated by the decoder."""
    if real_ms <= 0:
        return NO_SOUND
    missing = said_ms - real_ms
    far = missing > 2_000 if exact else missing > 60_000 and said_ms > 2 * real_ms
    return CUT_OFF.filled(said=clock(said_ms), real=clock(real_ms)) if far else None
