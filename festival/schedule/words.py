"""Which words and tones does the stage manager's page use for the states of an act?"""

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
