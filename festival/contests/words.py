"""Which words do screens use for the kinds of a contest and the seats of its panel?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.contests.models import PanelSeat, ResultKind, Secrecy

KIND_WORDS: dict[ResultKind, LazyString] = {
    ResultKind.RUBRIC: _l("Ban giám khảo chấm theo tiêu chí"),
    ResultKind.COUNT: _l("Đếm số lần đạt"),
    ResultKind.TIME: _l("Tính thời gian"),
    ResultKind.MATCH: _l("Đấu loại trực tiếp"),
    ResultKind.ANSWERS: _l("Đếm câu trả lời đúng"),
    ResultKind.SUM: _l("Cộng kết quả các phần thi khác"),
}
SECRECY_WORDS: dict[Secrecy, LazyString] = {
    Secrecy.SECRET: _l("Kín đến khi công bố"),
    Secrecy.AT_ONCE: _l("Công bố ngay"),
}
PUBLISHED_WORDS: dict[str, LazyString] = {
    "prizes": _l("giải"),
    "standings": _l("giải, hạng và điểm"),
    "marks": _l("giải, hạng và điểm từng giám khảo"),
}
HEADS_WORDS: dict[str, LazyString] = {
    "sums": _l("điểm chung"),
    "marks": _l("điểm từng giám khảo"),
    "comments": _l("điểm từng giám khảo và lời nhận xét"),
}
SEAT_WORDS: dict[PanelSeat, LazyString] = {
    PanelSeat.CHAIR: _l("Trưởng Ban giám khảo"),
    PanelSeat.MEMBER: _l("Giám khảo"),
    PanelSeat.SECRETARY: _l("Thư ký"),
    PanelSeat.RESERVE: _l("Giám khảo dự bị"),
    PanelSeat.REPLACED: _l("Giám khảo đã thay"),
    PanelSeat.STOOD_DOWN: _l("Thôi dự bị"),
}
