"""In which words does the organiser read phases and the ladder of a contest's states?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.contests.models import ContestState
from festival.core.seal.checks import CheckCause
from festival.editions.models import PhaseKind

PHASE_WORDS: dict[PhaseKind, LazyString] = {
    PhaseKind.REGISTRATION: _l("Nhận đăng ký"),
    PhaseKind.PROGRAMME: _l("Công bố chương trình"),
    PhaseKind.JUDGING: _l("Chấm điểm"),
    PhaseKind.RESULTS: _l("Công bố kết quả"),
}
PHASE_STATES: dict[str, tuple[LazyString, str, str]] = {
    "never": (_l("Chưa định giờ"), "quiet", "minus"),
    "soon": (_l("Sắp mở"), "note", "clock"),
    "open": (_l("Đang mở"), "good", "check"),
    "closed": (_l("Đã đóng"), "quiet", "lock"),
}
LADDER: dict[ContestState, tuple[LazyString, str, str]] = {
    ContestState.OPEN: (_l("Đang chấm"), "note", "edit"),
    ContestState.LOCKED: (_l("Khóa điểm"), "warn", "lock"),
    ContestState.SIGNED: (_l("Biên bản đã ký"), "warn", "file"),
    ContestState.DECIDED: (_l("Đã có quyết định"), "warn", "file"),
    ContestState.RELEASED: (_l("MC được đọc"), "accent", "stage"),
    ContestState.PUBLISHED: (_l("Đã công bố"), "good", "check"),
}
CAUSES: dict[CheckCause, LazyString] = {
    CheckCause.NIGHTLY: _l("hằng đêm"),
    CheckCause.RESTORE: _l("sau khi khôi phục"),
    CheckCause.ASKED: _l("theo yêu cầu"),
}
EDITION_STATES: dict[str, tuple[LazyString, str, str]] = {
    "current": (_l("Hiện hành"), "good", "check"),
    "archived": (_l("Lưu trữ"), "quiet", "file"),
    "hidden": (_l("Đang chuẩn bị, công chúng chưa thấy"), "note", "lock"),
    "put_away": (_l("Đã cất"), "warn", "lock"),
}
