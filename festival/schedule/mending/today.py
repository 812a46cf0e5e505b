"""On the day: what can be named that stops or is late, when does that begin, and how is the answer taken?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from festival.core.clock import local
from festival.core.sentence import Sentence, to_json
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.core.web.i18n import clock, say
from festival.schedule.mending.change import CAP_MIN, MendKind, PlanChange
from festival.schedule.mending.of_day import acts_of_day, next_of_session
from festival.schedule.mending.taking import ActMove, mend_the_day
from festival.schedule.mending.typed import cap_typed, day_stamp, hour_of, minutes_typed
from festival.schedule.models import ActState
from festival.schedule.moving.lying import lying
from festival.schedule.published.unpublished import unpublished
from festival.schedule.queries import session_title
from festival.schedule.stage_day.reading import festival_day

OPEN = (ActState.WAITING, ActState.READY, ActState.ABSENT)


@dataclass(frozen=True, slots=True)
class MendChoice:
    """What can be named: each as (value, words)."""

    stages: list[tuple[str, str]]
    contests: list[tuple[str, str]]
    sessions: list[tuple[str, str]]
    acts: list[tuple[str, str]]

    def of(self, kind: MendKind) -> list[tuple[str, str]]:
        return {
            MendKind.STAGE: self.stages,
            MendKind.PANEL: self.contests,
            MendKind.SESSION: self.sessions,
            MendKind.FAMILY: self.acts,
        }[kind]

    def named(self, kind: MendKind, of: str) -> str:
        """What it is called; BadInput for what has nothing to come today."""
        what = dict(self.of(kind)).get(of)
        if what is None:
            raise BadInput(_("Chọn trong danh sách của hôm nay."))
        return what


def choice_of_day(festival_id: int, at: datetime) -> MendChoice:
    """What is still to come today."""
    by_stage = acts_of_day(festival_id, at)
    open_acts = [act for acts in by_stage.values() for act in acts if act.state in OPEN]
    return MendChoice(
        [(name, name) for name, acts in by_stage.items() if any(act.state in OPEN for act in acts)],
        list({act.session.contest.code: act.session.contest.name for act in open_acts}.items()),
        list(
            {
                str(act.session_id): f"{session_title(act.session)}, {act.session.stage.name}" for act in open_acts
            }.items()
        ),
        [(str(act.entry.code), f"{act.entry.name}, {clock(act.starts_at)}") for act in open_acts],
    )


def day_change(festival_id: int, kind: MendKind, of: str, at: datetime, typed: Mapping[str, str]) -> PlanChange:
    """What has happened, of what was typed (`begins`, `minutes`, `until`, `cap`, `over`, `called`); BadInput that says how it is typed."""
    day = festival_day(at)
    begins = _begins(festival_id, kind, of, at, typed.get("begins", ""))
    if kind is MendKind.FAMILY:
        if not typed.get("until", "").strip():
            raise BadInput(
                _("Gõ giờ gia đình có mặt. Không đến nữa thì bấm «Vắng mặt» ở trang điều hành sân khấu: không gia đình nào khác phải đổi giờ.")
            )  # fmt: skip
        begins, ends = begins - timedelta(days=1), hour_of(day, typed.get("until", ""))
        if ends <= at:
            raise BadInput(_("Giờ có mặt phải sau lúc này."))
    else:
        wrong = _("Số phút ngừng hoặc muộn là số từ 1 đến 240.")
        ends = begins + timedelta(minutes=minutes_typed(typed.get("minutes", ""), None, wrong))
    over = minutes_typed(typed.get("over", ""), 0, _("Số phút buổi thi được kéo dài là số từ 0 đến 240."), least=0)
    cap = cap_typed(typed.get("cap", ""), CAP_MIN)
    return PlanChange(kind, of, begins, ends, cap=cap, over=over, called="called" in typed)


def _begins(festival_id: int, kind: MendKind, of: str, at: datetime, typed: str) -> datetime:
    if kind is MendKind.SESSION:
        first = next_of_session(festival_id, int(of), at)
        if first is None:
            raise BadInput(_("Buổi này không còn tiết mục nào chưa thi."))
        return local(first)
    return hour_of(festival_day(at), typed) if typed.strip() else at.replace(second=0, microsecond=0)


def refuse_unpublished(festival_id: int) -> None:
    """What nobody has seen yet would be published along with it."""
    if unpublished(festival_id):
        raise Conflict(
            _("Lịch đang xếp còn thay đổi chưa công bố. Công bố, hoặc về bản đã công bố, rồi mở lại trang này.")
        )


def refuse_other_draft(festival_id: int, seen: str) -> None:
    """Overtaken when the draft is not what it was when the answer was shown."""
    if day_stamp(lying(festival_id)) != seen:
        raise Overtaken(_("Lịch vừa được đổi trong lúc xem. Chưa ghi gì: xem thay đổi tính lại rồi chọn."))


def take_mend(festival_id: int, moves: tuple[ActMove, ...], seen: str, why: Sentence, by: int | None) -> int | None:
    """Draft and what is published, in one step; answers the version."""
    refuse_other_draft(festival_id, seen)
    refuse_unpublished(festival_id)
    return mend_the_day(festival_id, moves, by, say(why), count=len(moves), why=to_json(why))
