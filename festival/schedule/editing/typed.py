"""What did an organiser type of a session, and what did the form show when it was opened?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from festival.core.births import Birth, birth
from festival.core.clock import from_local, local
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.text import cut, line
from festival.core.web.errors import BadInput
from festival.editions.models import Festival
from festival.schedule.editing.steps import SessionValues
from festival.schedule.rules.planned import NIGHT, evening_of

CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s*(?:[:hg.]|giờ)\s*(?P<minute>[0-5]\d)?")


def session_typed(form: Mapping[str, str], festival: Festival) -> SessionValues:
    """The fields of a session; BadInput that names the field."""
    contest_id, stage_id = typed_number(form.get("contest", "")), typed_number(form.get("stage", ""))
    if contest_id is None or stage_id is None:
        raise BadInput(_("Chọn phần thi và sân khấu có trong ngày hội."))
    day = day_typed(form.get("day", ""), festival)
    begins = moment_typed(day, form.get("from", ""))
    return SessionValues(
        contest_id,
        stage_id,
        begins,
        end_typed(day, form.get("until", ""), begins),
        cut(line(form.get("label", "")), 60),
    )


def day_typed(typed: str, festival: Festival) -> date:
    """A day as people write it, 14/6/2024."""
    read: Birth | Sentence = birth(typed, festival.ends_on)
    if isinstance(read, Birth) and read.date is not None:
        return read.date
    raise BadInput(_("Ngày viết như 14/6/2024, trong các ngày của ngày hội."))


def moment_typed(day: date, typed: str) -> datetime:
    """An hour of that day as people write it, 7:30 or 7 giờ 30."""
    found = CLOCK.fullmatch(typed.strip())
    if found is None:
        raise BadInput(_("Giờ viết như 7:30 hoặc 7 giờ 30."))
    return from_local(datetime.combine(day, time(int(found["hour"]), int(found["minute"] or 0))))


def end_typed(day: date, typed: str, begins: datetime) -> datetime:
    """The hour at which what begins then is over; until three it is of the night after that day: 0:30 ends its evening."""
    ends = moment_typed(day, typed)
    over_night = evening_of(local(ends)) < day == (local(begins) - NIGHT).date()
    return ends + timedelta(days=1) if ends <= begins and over_night else ends


def ends_at_night(values: SessionValues) -> bool:
    """Whether it goes on after midnight."""
    return local(values.ends_at).date() > local(values.starts_at).date()


def as_typed(values: SessionValues) -> dict[str, str]:
    """A session in the fields of its form."""
    begins, ends = local(values.starts_at), local(values.ends_at)
    return {
        "contest": str(values.contest_id),
        "stage": str(values.stage_id),
        "day": f"{begins.day}/{begins.month}/{begins.year}",
        "from": f"{begins.hour}:{begins.minute:02d}",
        "until": f"{ends.hour}:{ends.minute:02d}",
        "label": values.label,
    }


def seen_written(values: SessionValues) -> str:
    """What the form shows, for its hidden field."""
    return json.dumps(as_typed(values), ensure_ascii=False, sort_keys=True)


def seen_read(written: str, festival: Festival) -> SessionValues:
    """The same read back; BadInput for anything else."""
    try:
        fields = json.loads(written)
    except ValueError as error:
        raise BadInput() from error
    if not isinstance(fields, dict) or not all(isinstance(each, str) for each in fields.values()):
        raise BadInput()
    return session_typed(fields, festival)
