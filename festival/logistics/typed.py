"""What did somebody type of a day, an hour, an arrival or a meal?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from festival.core.births import Birth, birth
from festival.core.clock import from_local, local
from festival.core.phones import phone
from festival.core.sentence import Sentence
from festival.core.text import clean, cut, line
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.logistics.models import DelegationStay, Vehicle

CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s*(?:[:hg.]|giờ)\s*(?P<minute>[0-5]\d)?")
LONGEST = 300
LONGEST_TEXT = 1_000
AROUND = timedelta(days=30)  # who comes earlier or leaves later has typed another year


def read_day(typed: str, latest: date) -> date | None:
    """A day as people write it, 14/6/2024; None when nothing was typed."""
    if not typed.strip():
        return None
    read: Birth | Sentence = birth(typed, latest)
    if isinstance(read, Birth) and read.date is not None:
        return read.date
    raise BadInput(_("Ngày viết như 14/6/2024. Xem lại ngày «%(typed)s».", typed=cut(line(typed), 40)))


def read_moment(day: date, typed: str) -> datetime:
    found = CLOCK.fullmatch(typed.strip())
    if found is None:
        raise BadInput(_("Giờ viết như 7:30 hoặc 7 giờ 30. Xem lại giờ «%(typed)s».", typed=cut(line(typed), 40)))
    return from_local(datetime.combine(day, time(int(found["hour"]), int(found["minute"] or 0))))


def written_day(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day else ""


def written_clock(moment: datetime | None) -> str:
    return f"{local(moment).hour}:{local(moment).minute:02d}" if moment else ""


def paragraph(typed: str) -> str:
    """Several lines somebody wrote, without blanks at their ends."""
    return cut("\n".join(each.strip() for each in clean(typed).strip().splitlines()), LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class StayTyped:
    """A delegation's arrival and nights as they shall be."""

    arrives_at: datetime | None
    place: str
    vehicle: Vehicle | None
    plate: str
    driver_phone: str
    nights_from: date | None
    nights_until: date | None
    bring: str
    bus_home: str


def _day_near(typed: str, starts_on: date, ends_on: date) -> date | None:
    """A day of a stay: 1926 for 2026 would be a century of nights on the kitchen's and the lodging's page."""
    day, first, last = read_day(typed, date.max), starts_on - AROUND, ends_on + AROUND
    if day is not None and not first <= day <= last:
        raise BadInput(
            _(
                "Ngày «%(typed)s» xa ngày hội quá. Ghi ngày từ %(first)s đến %(last)s.",
                typed=written_day(day),
                first=written_day(first),
                last=written_day(last),
            )
        )
    return day


def stay_typed(form: Mapping[str, str], starts_on: date, ends_on: date) -> StayTyped:
    """Days are near those of the festival. BadInput that names the field in words."""
    day = _day_near(form.get("day", ""), starts_on, ends_on)
    if day is None and form.get("at", "").strip():
        raise BadInput(_("Đã ghi giờ đến mà chưa ghi ngày đến. Ghi cả hai, hoặc để trống cả hai."))
    if day is not None and not form.get("at", "").strip():
        raise BadInput(_("Đã ghi ngày đến mà chưa ghi giờ đến. Ghi cả hai, hoặc để trống cả hai."))
    first, last = (_day_near(form.get(name, ""), starts_on, ends_on) for name in ("nights_from", "nights_until"))
    if (first is None) != (last is None):
        raise BadInput(_("Ghi cả đêm đầu và sáng rời đi, hoặc để trống cả hai nếu đoàn không ở lại."))
    if first is not None and last is not None and not first < last:
        raise BadInput(_("Ngày rời đi phải sau đêm đầu."))
    number: str | Sentence = ""
    if form.get("driver_phone", "").strip():
        number = phone(form["driver_phone"])
        if isinstance(number, Sentence):
            raise BadInput(_("Điện thoại tài xế: %(why)s", why=say(number)))
    kind = form.get("vehicle", "")
    return StayTyped(
        read_moment(day, form.get("at", "")) if day else None,
        cut(line(form.get("place", "")), LONGEST),
        Vehicle(kind) if kind in set(Vehicle) else None,
        cut(line(form.get("plate", "")), 20).upper(),
        str(number),
        first,
        last,
        paragraph(form.get("bring", "")),
        paragraph(form.get("bus_home", "")),
    )


def stay_written(row: DelegationStay | None) -> dict[str, str]:
    """A stay in the fields of its form."""
    if row is None:
        return {"version": "0"}
    return {
        "day": written_day(local(row.arrives_at).date() if row.arrives_at else None),
        "at": written_clock(row.arrives_at),
        "place": row.place,
        "vehicle": row.vehicle.value if row.vehicle else "",
        "plate": row.plate,
        "driver_phone": row.driver_phone,
        "nights_from": written_day(row.nights_from),
        "nights_until": written_day(row.nights_until),
        "bring": row.bring,
        "bus_home": row.bus_home,
        "version": str(row.version),
    }
