"""Which words do screens use for the kinds and states of a contest?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.contests.models import ContestState, PanelSeat, ResultKind, Secrecy

KIND_WORDS: dict[ResultKind, LazyString] = {
    ResultKind.RUBRIC: _l("Ban giám khảo chấm theo tiêu chí"),
    ResultKind.COUNT: _l("Đếm số lần đạt"),
    ResultKind.TIME: _l("Tính thời gian"),
    ResultKind.MATCH: _l("Đấu loại trực tiếp"),
    ResultKind.ANSWERS: _l("Đếm câu trả lời đúng"),
}
SECRECY_WORDS: dict[Secrecy, LazyString] = {
    Secrecy.SECRET: _l("Kín đến khi công bố"),
    Secrecy.AT_ONCE: _l("Công bố ngay"),
}
STATE_WORDS: dict[ContestState, LazyString] = {
    ContestState.OPEN: _l("Đang chấm"),
    ContestState.LOCKED: _l("Đã khóa điểm"),
    ContestState.SIGNED: _l("Biên bản đã ký"),
    ContestState.DECIDED: _l("Đã có quyết định trao giải"),
    ContestState.RELEASED: _l("MC được đọc"),
    ContestState.PUBLISHED: _l("Đã công bố"),
}
SEAT_WORDS: dict[PanelSeat, LazyString] = {
    PanelSeat.CHAIR: _l("Trưởng Ban giám khảo"),
    PanelSeat.MEMBER: _l("Giám khảo"),
    PanelSeat.SECRETARY: _l("Thư ký"),
}
