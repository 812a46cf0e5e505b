"""In which words does the organiser read phases, checks of the ledger, editions and the steps of a festival?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.core.seal.checks import CheckCause
from festival.editions.models import PhaseKind
from festival.office.checklist import StepState

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
STEP_STATES: dict[StepState, tuple[LazyString, str, str]] = {
    StepState.DONE: (_l("Xong"), "good", "check"),
    StepState.NEXT: (_l("Làm được ngay"), "accent", "next"),
    StepState.WAITING: (_l("Chờ người khác"), "note", "hourglass"),
    StepState.LATER: (_l("Để sau"), "quiet", "clock"),
    StepState.LATE: (_l("Trễ hạn"), "bad", "alert"),
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
