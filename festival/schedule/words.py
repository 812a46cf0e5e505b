"""Which words, tones and taps does the stage manager's page use for the states of an act?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.schedule.models import ActState

STATE_WORDS: dict[ActState, LazyString] = {
    ActState.WAITING: _l("chờ"),
    ActState.READY: _l("chuẩn bị"),
    ActState.ON_STAGE: _l("đang thi"),
    ActState.DONE: _l("đã thi"),
    ActState.ABSENT: _l("vắng mặt"),
}
STATE_TONES: dict[ActState, str] = {
    ActState.WAITING: "quiet",
    ActState.READY: "note",
    ActState.ON_STAGE: "accent",
    ActState.DONE: "good",
    ActState.ABSENT: "warn",
}
STATE_SYMBOLS: dict[ActState, str] = {
    ActState.WAITING: "hourglass",
    ActState.READY: "people",
    ActState.ON_STAGE: "stage",
    ActState.DONE: "check",
    ActState.ABSENT: "cross",
}
# the buttons of an act: where it goes, the word, the style; the likeliest first
TAPS: dict[ActState, tuple[tuple[ActState, LazyString, str], ...]] = {
    ActState.WAITING: (
        (ActState.READY, _l("Mời chuẩn bị"), ""),
        (ActState.ON_STAGE, _l("Lên sân khấu"), "second"),
        (ActState.ABSENT, _l("Vắng"), "plain"),
    ),
    ActState.READY: (
        (ActState.ON_STAGE, _l("Lên sân khấu"), ""),
        (ActState.WAITING, _l("Chờ lại"), "plain"),
        (ActState.ABSENT, _l("Vắng"), "plain"),
    ),
    ActState.ON_STAGE: ((ActState.DONE, _l("Thi xong"), ""), (ActState.READY, _l("Chưa bắt đầu"), "plain")),
    ActState.DONE: ((ActState.ON_STAGE, _l("Chưa xong"), "plain"),),
    ActState.ABSENT: ((ActState.READY, _l("Đã đến"), "second"), (ActState.WAITING, _l("Chờ lại"), "plain")),
}
