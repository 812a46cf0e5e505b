"""The organiser, or the gate lead on the day, names what passes are shown for, and when."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.badges.words import BADGE_WORDS
from festival.checkin.merge import day_window, window_of_ms
from festival.checkin.purposes import naming
from festival.checkin.purposes.inside import count_inside
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.models import PurposeEvery, PurposeKind
from festival.checkin.purposes.naming import HoursTyped, PurposeTyped
from festival.checkin.purposes.purpose_words import EVERY_WORDS, KIND_WORDS, called
from festival.core.clock import from_local, local, now
from festival.core.text import cut, line
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.core.web.forms import form_choice, form_number
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.editions.queries import the_festival

bp = Blueprint("purposes", __name__)

CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s*(?:[:hg.]|giờ)\s*(?P<minute>[0-5]\d)?")
PURPOSE = "/office/purposes/<purpose>"
HOURS = f"{PURPOSE}/hours/<window>"


@bp.get("/office/purposes")
@requires(Permission.CHECKIN)
def purposes() -> str:
    """Every purpose with its hours, and what was put away."""
    festival = the_festival()
    gates = gates_of(festival.id)
    return render_template(
        "checkin/purposes.html",
        gates=gates,
        used=[each for each in gates.purposes if each.removed_ms is None],
        away=[each for each in gates.purposes if each.removed_ms is not None],
        kinds=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        kind_words={kind.value: words for kind, words in KIND_WORDS.items()},
        everies=[(every.value, words) for every, words in EVERY_WORDS.items()],
        every_words={every.value: words for every, words in EVERY_WORDS.items()},
        classes=[(badge.value, say(words)) for badge, words in BADGE_WORDS.items()],
        class_words={badge.value: say(words) for badge, words in BADGE_WORDS.items()},
        days=[(day.isoformat(), f"{day.day}/{day.month}/{day.year}") for day in _days(festival)],
        today=day_window(now()),
        day_of=window_of_ms,
        counted=count_inside(festival.id),
        now_ms=int(now().timestamp() * 1000),
        moment_of=moment_of,
        called=called,
        always=naming.ALWAYS,
    )


def moment_of(at_ms: int) -> datetime:
    """A moment of hours as the festival's clock shows it."""
    return local(datetime.fromtimestamp(at_ms / 1000, tz=now().tzinfo))


@bp.post("/office/purposes")
@requires(Permission.CHECKIN)
def name_purpose() -> ResponseReturnValue:
    """A new purpose."""
    kind, every = form_choice("kind", PurposeKind), form_choice("every", PurposeEvery)
    with transaction():
        code = naming.name_purpose(the_festival(), _purpose(), kind, every, acting_user())
    return _back(_("Đã thêm mục đích. Cổng thấy trong lần đồng bộ tới."), code)


@bp.post(PURPOSE)
@requires(Permission.CHECKIN)
def change_purpose(purpose: str) -> ResponseReturnValue:
    """Other words, other classes, coming back or not."""
    with transaction():
        naming.change_purpose(the_festival(), purpose, _version(), _purpose(), acting_user())
    return _back(_("Đã ghi."), purpose)


@bp.post(f"{PURPOSE}/away")
@requires(Permission.CHECKIN)
def put_away(purpose: str) -> ResponseReturnValue:
    """Gates offer it no more."""
    with transaction():
        naming.put_away(the_festival(), purpose, _version(), acting_user())
    return _back(_("Đã cất. Các lượt đã ghi vẫn còn; lấy lại được ở cuối trang."), "away")


@bp.post(f"{PURPOSE}/back")
@requires(Permission.CHECKIN)
def take_up(purpose: str) -> ResponseReturnValue:
    """Gates offer it again."""
    with transaction():
        naming.take_up(the_festival(), purpose, _version(), acting_user())
    return _back(_("Đã lấy lại."), purpose)


@bp.post(f"{PURPOSE}/hours")
@requires(Permission.CHECKIN)
def add_hours(purpose: str) -> ResponseReturnValue:
    """New named hours."""
    with transaction():
        festival = the_festival()
        naming.add_hours(festival, purpose, _hours(festival), acting_user())
    return _back(_("Đã thêm khung giờ."), purpose)


@bp.post(HOURS)
@requires(Permission.CHECKIN)
def change_hours(purpose: str, window: str) -> ResponseReturnValue:
    """Other hours, or another name."""
    with transaction():
        festival = the_festival()
        naming.change_hours(festival, purpose, window, _version(), _hours(festival), acting_user())
    return _back(_("Đã đổi khung giờ. Lượt đã ghi trong giờ cũ vẫn giữ nguyên."), purpose)


@bp.post(f"{HOURS}/away")
@requires(Permission.CHECKIN)
def close_hours(purpose: str, window: str) -> ResponseReturnValue:
    """Gates offer these hours no more."""
    with transaction():
        naming.close_hours(the_festival(), purpose, window, _version(), acting_user())
    return _back(_("Đã cất khung giờ. Các lượt đã ghi vẫn còn."), purpose)


@bp.post(f"{HOURS}/back")
@requires(Permission.CHECKIN)
def reopen_hours(purpose: str, window: str) -> ResponseReturnValue:
    """Gates offer these hours again."""
    with transaction():
        naming.reopen_hours(the_festival(), purpose, window, _version(), acting_user())
    return _back(_("Đã lấy lại khung giờ."), purpose)


def _back(words: str, anchor: str) -> ResponseReturnValue:
    flash(words, "good")
    return redirect(url_for("purposes.purposes", _anchor=anchor))


def _version() -> int:
    return form_number("version")


def _purpose() -> PurposeTyped:
    return PurposeTyped(request.form.get("name", ""), request.form.get("again") == "y", request.form.getlist("classes"))


def _hours(festival: Festival) -> HoursTyped:
    """The hours of a festival day, which ends at three in the morning: what is earlier is of the night after."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError as wrong:
        raise BadInput(_("Chọn ngày của khung giờ."), field="day") from wrong
    if day not in _days(festival):
        raise BadInput(_("Chọn ngày trong những ngày của ngày hội."), field="day")
    opens, closes = _clock("opens", day), _clock("closes", day)
    if closes <= opens:
        words = _(
            "Giờ đóng phải sau giờ mở. Quá nửa đêm thì muộn nhất trước 3 giờ sáng, lúc một ngày của ngày hội kết thúc."
        )
        raise BadInput(words, field="closes")
    return HoursTyped(request.form.get("name", ""), *(int(each.timestamp() * 1000) for each in (opens, closes)))


def _clock(name: str, day: date) -> datetime:
    typed = request.form.get(name, "").strip()
    found = CLOCK.fullmatch(typed)
    if found is None:
        shown = cut(line(typed), 20)
        raise BadInput(_("Giờ viết như 10:30 hoặc 10 giờ 30. Xem lại giờ «%(typed)s».", typed=shown), field=name)
    at = from_local(datetime.combine(day, time(int(found["hour"]), int(found["minute"] or 0))))
    return at if day_window(at) == day.isoformat() else at + timedelta(days=1)


def _days(festival: Festival) -> list[date]:
    return [festival.starts_on + timedelta(days=n) for n in range((festival.ends_on - festival.starts_on).days + 1)]
