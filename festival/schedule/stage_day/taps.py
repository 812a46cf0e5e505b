"""Which taps does an act offer on the day: the next one large, the way back beside it? (static/js/stage/taps.js says the same.)"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.schedule.models import ActState

# the three large ones, always in the same place; a tap that makes no sense just now is there and cannot be pressed
LARGE: tuple[tuple[ActState, LazyString], ...] = (
    (ActState.READY, _l("Mời chuẩn bị")),
    (ActState.ON_STAGE, _l("Bắt đầu")),
    (ActState.DONE, _l("Thi xong")),
)
OPEN: dict[ActState, frozenset[ActState]] = {
    ActState.WAITING: frozenset({ActState.READY, ActState.ON_STAGE}),
    ActState.READY: frozenset({ActState.ON_STAGE}),
    ActState.ON_STAGE: frozenset({ActState.DONE}),
    ActState.DONE: frozenset(),
    ActState.ABSENT: frozenset(),
}
# the way back, and absent
SMALL: dict[ActState, tuple[tuple[ActState, LazyString], ...]] = {
    ActState.WAITING: ((ActState.ABSENT, _l("Vắng mặt")),),
    ActState.READY: ((ActState.WAITING, _l("Thôi mời, chờ lại")), (ActState.ABSENT, _l("Vắng mặt"))),
    ActState.ON_STAGE: ((ActState.READY, _l("Bấm nhầm, chưa bắt đầu")),),
    ActState.DONE: ((ActState.ON_STAGE, _l("Bấm nhầm, chưa thi xong")),),
    ActState.ABSENT: ((ActState.READY, _l("Đã đến, chuẩn bị")), (ActState.WAITING, _l("Bấm nhầm, chờ lại"))),
}
# of those who follow: the likeliest tap and the ways back
FOLLOWING: dict[ActState, tuple[tuple[ActState, LazyString], ...]] = {
    ActState.WAITING: ((ActState.READY, _l("Mời chuẩn bị")), (ActState.ABSENT, _l("Vắng mặt"))),
    ActState.READY: (
        (ActState.ON_STAGE, _l("Bắt đầu")),
        (ActState.WAITING, _l("Thôi mời, chờ lại")),
        (ActState.ABSENT, _l("Vắng mặt")),
    ),
}
