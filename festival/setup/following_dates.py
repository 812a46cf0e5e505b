"""What follows when the days of an edition change: sessions and phases outside them, ages, the day its data goes?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import exists, func, select

from festival.core.clock import local, today
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.editions.actions import KEPT_DAYS
from festival.editions.models import Festival, PhaseKind
from festival.editions.queries import phases
from festival.editions.retention import day_was_set
from festival.editions.rules.edition import FestivalRule
from festival.roster.models import Family, FamilyState
from festival.schedule.models import Plan
from festival.schedule.outside import SessionOutside, sessions_outside
from festival.setup.listed import first

SESSION = N_("Buổi thi «%(session)s» ở %(stage)s, %(on)s, %(acts)s lượt: nằm ngoài những ngày mới, cần dời hoặc bỏ.")
PUBLISHED = N_("Chương trình đã công bố giữ giờ cũ: xếp lại các buổi rồi công bố bản mới.")
CLOSES_LATE = N_("Đợt đăng ký đóng lúc %(at)s, sau ngày khai mạc mới: đổi giờ đóng ở trang giai đoạn.")
CLOSES_AS_SET = N_("Đợt đăng ký đã đặt giờ đóng %(at)s và không tự đổi theo hạn mới: đổi ở trang giai đoạn.")
JUDGING_OUTSIDE = N_("Giai đoạn chấm điểm đã đặt giờ nằm ngoài những ngày mới: đổi ở trang giai đoạn.")
AGES = N_("%(n)s gia đình đã đăng ký: điều kiện tuổi tính theo ngày khai mạc mới.")
DATA_DAY = N_("Ngày cuối giữ dữ liệu cá nhân: %(old)s → %(new)s.")
DATA_GONE = N_("Ngày %(day)s đã qua: dữ liệu cá nhân sẽ bị xóa ngay, không lấy lại được.")
DATA_EARLY = N_(
    "Ngày xóa dữ liệu do ban tổ chức đặt (%(day)s) đến trước khi ngày hội kết thúc: dời ngày đó ở trang lưu giữ."
)
REGISTERED = (FamilyState.SUBMITTED, FamilyState.RETURNED, FamilyState.APPROVED)


def of_dates(festival: Festival, old: FestivalRule, new: FestivalRule) -> Iterator[Sentence]:
    """One sentence for each thing outside; nothing is asked of what has not changed."""
    moved = (old.starts_on, old.ends_on) != (new.starts_on, new.ends_on)
    if moved:
        yield from _sessions(festival, new)
    if moved or old.registration_closes_on != new.registration_closes_on:
        yield from _phases(festival, old, new)
    if old.starts_on != new.starts_on:
        own = select(func.count(Family.id)).where(Family.festival_id == festival.id, Family.state.in_(REGISTERED))
        if count := db.session.scalar(own):
            yield AGES.filled(n=count)
    if moved or old.data_kept_until != new.data_kept_until:
        yield from _data(festival, new)


def _sessions(festival: Festival, new: FestivalRule) -> Iterator[Sentence]:
    outside = sessions_outside(festival.id, new.starts_on, new.ends_on)
    yield from first([_session(each) for each in outside])
    if outside and db.session.scalar(select(exists().where(Plan.festival_id == festival.id))):
        yield PUBLISHED


def _session(each: SessionOutside) -> Sentence:
    name = f"{each.contest}, {each.label}" if each.label else each.contest
    on = f"{each.starts_at:%H:%M}–{each.ends_at:%H:%M} {_day(each.starts_at.date())}"
    return SESSION.filled(session=name, stage=each.stage, on=on, acts=each.acts)


def _phases(festival: Festival, old: FestivalRule, new: FestivalRule) -> Iterator[Sentence]:
    held = phases(festival.id)
    registration, judging = held.get(PhaseKind.REGISTRATION), held.get(PhaseKind.JUDGING)
    if registration is not None and registration.closes_at is not None:
        closes = local(registration.closes_at)
        at = f"{closes:%H:%M} {_day(closes.date())}"
        if closes.date() > new.starts_on:
            yield CLOSES_LATE.filled(at=at)
        elif old.registration_closes_on != new.registration_closes_on:
            yield CLOSES_AS_SET.filled(at=at)
    if judging is not None and (
        local(judging.opens_at).date() > new.ends_on
        or (judging.closes_at is not None and local(judging.closes_at).date() < new.starts_on)
    ):
        yield JUDGING_OUTSIDE


def _data(festival: Festival, new: FestivalRule) -> Iterator[Sentence]:
    before = festival.data_kept_until
    if day_was_set(festival):
        if before <= new.ends_on:
            yield DATA_EARLY.filled(day=_day(before))
        return
    after = new.data_kept_until or new.ends_on + timedelta(days=KEPT_DAYS)
    if after != before:
        yield DATA_DAY.filled(old=_day(before), new=_day(after))
        if after < today():
            yield DATA_GONE.filled(day=_day(after))


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
