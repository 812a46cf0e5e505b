"""What did an organiser type of a wish, and what stands in the boxes of one that is changed?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.core.text import cut, line
from festival.core.web.errors import BadInput
from festival.core.web.forms import not_offered
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.editing.typed import day_typed, end_typed, moment_typed
from festival.schedule.models import Stage
from festival.schedule.wishes.models import OF_AN_ENTRY, Wish, WishKind
from festival.schedule.wishing.deciding import WishValues
from festival.schedule.wishing.finding import act_meant, somebody_meant
from festival.schedule.wishing.words import boxed, called

Form = Mapping[str, str]
LONGEST_NAME = 160
LONGEST_NOTE = 120


def wish_typed(kind: WishKind, form: Form, festival: Festival) -> WishValues:
    """The boxes of this kind read; BadInput that says what to write."""
    note = cut(line(form.get("note", "")), LONGEST_NOTE)
    match kind:
        case WishKind.AWAY:
            meant = somebody_meant(festival.id, _name(form, "who", _("Ghi ai vắng mặt.")))
            begins, ends = _from_until(form, festival)
            return WishValues(kind, starts_at=begins, ends_at=ends, note=note, **{meant.column: meant.id})
        case WishKind.PAUSE:
            begins, ends = _from_until(form, festival)
            return WishValues(kind, stage_id=_stage(form, festival), starts_at=begins, ends_at=ends, note=note)
        case WishKind.CHANGE:
            return WishValues(kind, contest_id=_contest(form, festival), minutes=_minutes(form))
        case _:
            pass
    entry = act_meant(festival.id, _name(form, "act", _("Ghi tiết mục nào.")))
    match kind:
        case WishKind.BEFORE:
            other = act_meant(festival.id, _name(form, "other", _("Ghi tiết mục thi sau.")))
            return WishValues(kind, entry, other)
        case WishKind.MINUTES:
            return WishValues(kind, entry, minutes=_minutes(form))
        case WishKind.WINDOW:
            day = day_typed(form.get("day", ""), festival)
            earliest = moment_typed(day, form["from"]) if form.get("from", "").strip() else None
            begins = earliest or moment_typed(day, "3:00")
            latest = end_typed(day, form["until"], begins) if form.get("until", "").strip() else None
            return WishValues(kind, entry, starts_at=earliest, ends_at=latest)
        case _:
            return WishValues(kind, entry)


def _name(form: Form, box: str, empty: str) -> str:
    typed = cut(line(form.get(box, "")), LONGEST_NAME)
    if not typed:
        raise BadInput(empty)
    return typed


def _minutes(form: Form) -> int:
    minutes = typed_number(form.get("minutes", ""))
    if minutes is None:
        raise BadInput(_("Số phút viết bằng chữ số, ví dụ: 10."))
    return minutes


def _from_until(form: Form, festival: Festival) -> tuple[datetime, datetime]:
    """The second day is typed where somebody is away overnight; an evening that goes on after midnight needs none."""
    day, until_day = day_typed(form.get("day", ""), festival), form.get("until_day", "").strip()
    begins = moment_typed(day, form.get("from", ""))
    if until_day:
        return begins, moment_typed(day_typed(until_day, festival), form.get("until", ""))
    return begins, end_typed(day, form.get("until", ""), begins)


def _stage(form: Form, festival: Festival) -> int | None:
    if not form.get("stage"):
        return None
    own = Stage.festival_id == festival.id, Stage.code == form["stage"]
    found = db.session.scalar(select(Stage.id).where(*own))
    if found is None:
        raise not_offered("stage")
    return found


def _contest(form: Form, festival: Festival) -> int | None:
    if not form.get("contest"):
        return None
    own = Contest.festival_id == festival.id, Contest.code == form["contest"]
    found = db.session.scalar(select(Contest.id).where(*own))
    if found is None:
        raise not_offered("contest")
    return found


def as_typed(wish: Wish) -> dict[str, str]:
    """A wish in the boxes of its form."""
    found = {"note": wish.note}
    if wish.kind in OF_AN_ENTRY:
        found |= {"act": _act(wish.entry), "other": _act(wish.other)}
    if wish.kind is WishKind.AWAY:
        found["who"] = _who(wish)
    elif wish.contest is not None:
        found["contest"] = wish.contest.code
    if wish.stage is not None:
        found["stage"] = wish.stage.code
    if wish.minutes is not None:
        found["minutes"] = str(wish.minutes)
    begins, ends = wish.starts_at and local(wish.starts_at), wish.ends_at and local(wish.ends_at)
    for name, moment in (("from", begins), ("until", ends)):
        if moment is not None:
            found[name] = f"{moment.hour}:{moment.minute:02d}"
            found.setdefault("day", _day(moment))
    if begins and ends and begins.date() != ends.date():
        found["until_day"] = _day(ends)
    return found


def _day(moment: datetime) -> str:
    return f"{moment.day}/{moment.month}/{moment.year}"


def _act(entry: Entry | None) -> str:
    return "" if entry is None else boxed(called(entry), entry.code)


def _who(wish: Wish) -> str:
    if wish.user is not None:
        return boxed(wish.user.name, wish.user.login)
    named = wish.family or wish.delegation or wish.contest
    return "" if named is None else boxed(named.name, named.code)
