"""How is a wish made, changed, taken back and had again, and how is it said which contests a stage takes?

Of two organisers at the same moment one waits for the other (`sessions.locked`), so that two wishes that make a circle, or
two of which one stands already, are not both taken. Whoever changes an older state than there is, is told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import day as day_words
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule import queries
from festival.schedule.models import Act, ActState, Stage
from festival.schedule.rules.foreseen import in_a_circle
from festival.schedule.rules.ordering import circle
from festival.schedule.rules.planned import evening_of
from festival.schedule.sessions import locked
from festival.schedule.wishes.given import NAMED, standing
from festival.schedule.wishes.models import StageTakes, Wish, WishKind

MOST_MINUTES = 240
TO_COME = (ActState.WAITING, ActState.READY, ActState.ABSENT)


@dataclass(frozen=True, slots=True)
class WishValues:
    """All that can be said of a wish; what its kind does not ask stays empty."""

    kind: WishKind
    entry_id: int | None = None
    other_id: int | None = None
    family_id: int | None = None
    delegation_id: int | None = None
    user_id: int | None = None
    contest_id: int | None = None
    stage_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    minutes: int | None = None
    note: str = ""


def add_wish(festival_id: int, values: WishValues, by: int | None) -> Wish:
    """A new one. BadInput for what cannot be meant, Conflict when one like it stands."""
    festival = locked(festival_id)
    _refuse(festival, values)
    wish = Wish(festival_id=festival_id, **asdict(values))
    _write(lambda: db.session.add(wish))
    return _decided(festival, wish.id, "wish_added", by)


def change_wish(festival_id: int, wish_id: int, values: WishValues, version: int, by: int | None) -> Wish:
    """What stands becomes what `values` says; its kind stays."""
    festival = locked(festival_id)
    was = own_wish(festival_id, wish_id)
    values, entry_before = replace(values, kind=was.kind), was.entry_id
    _refuse(festival, values)
    _at_version(wish_id, version, standing=True, **asdict(values))
    if values.kind is WishKind.MINUTES and entry_before != values.entry_id:
        _minutes_follow(festival_id, entry_before)
    return _decided(festival, wish_id, "wish_changed", by)


def take_back_wish(festival_id: int, wish_id: int, version: int, by: int | None) -> Wish:
    """It binds nothing any more, and can be had again."""
    festival = locked(festival_id)
    own_wish(festival_id, wish_id)
    _at_version(wish_id, version, standing=True, taken_back_at=now())
    return _decided(festival, wish_id, "wish_taken_back", by)


def bring_back_wish(festival_id: int, wish_id: int, version: int, by: int | None) -> Wish:
    """It binds again, when nothing that stands now is like it."""
    festival = locked(festival_id)
    own_wish(festival_id, wish_id)
    _at_version(wish_id, version, standing=False, taken_back_at=None)
    return _decided(festival, wish_id, "wish_brought_back", by)


def own_wish(festival_id: int, wish_id: int) -> Wish:
    """A wish of this festival; NotFound otherwise."""
    query = select(Wish).where(Wish.id == wish_id, Wish.festival_id == festival_id).options(*NAMED)
    wish = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if wish is None:
        raise NotFound(_("Điều này không còn trong danh sách. Mở lại trang để xem các điều đang có."))
    return wish


def _at_version(wish_id: int, version: int, *, standing: bool, **values: object) -> None:
    stands = Wish.taken_back_at.is_(None) if standing else Wish.taken_back_at.is_not(None)
    own = update(Wish).where(Wish.id == wish_id, Wish.version == version, stands)
    gone = own.values(version=Wish.version + 1, **values).execution_options(synchronize_session=False)

    def write() -> None:
        if db.session.execute(gone).rowcount != 1:  # type: ignore[attr-defined]
            raise Overtaken(_("Có người vừa sửa hoặc rút điều này. Chưa ghi gì: xem bản mới nhất rồi làm lại."))

    _write(write)
    db.session.expire_all()


def _write(write: object) -> None:
    assert callable(write)
    try:
        with db.session.begin_nested():
            write()
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(
            _("Đã có một điều như vậy đang giữ. Sửa điều ấy trong danh sách, hoặc rút nó trước. Chưa ghi gì.")
        ) from error


def _decided(festival: Festival, wish_id: int, kind: str, by: int | None) -> Wish:
    db.session.expire_all()
    wish = own_wish(festival.id, wish_id)
    if wish.kind is WishKind.BEFORE:
        _refuse_circle(festival.id)
    if wish.kind is WishKind.MINUTES:
        _minutes_follow(festival.id, wish.entry_id)
    subject: dict[str, object] = {"wish": wish.id, "by": by}
    if wish.family is not None:
        subject["family"] = wish.family.code
    ledger.append(f"decisions:{festival.code}", kind, subject, recorded(wish))
    return wish


def recorded(wish: Wish) -> dict[str, object]:
    """All that the row holds, by codes."""
    return {
        "kind": wish.kind.value,
        "entry": wish.entry and wish.entry.code,
        "other": wish.other and wish.other.code,
        "family": wish.family and wish.family.code,
        "delegation": wish.delegation and wish.delegation.code,
        "judge": wish.user_id,
        "contest": wish.contest and wish.contest.code,
        "stage": wish.stage and wish.stage.code,
        "starts_at": wish.starts_at and local(wish.starts_at).isoformat(),
        "ends_at": wish.ends_at and local(wish.ends_at).isoformat(),
        "minutes": wish.minutes,
        "note": wish.note,
        "stands": wish.taken_back_at is None,
    }


def _refuse(festival: Festival, values: WishValues) -> None:
    """BadInput for what cannot be meant, in words."""
    for moment in (values.starts_at, values.ends_at):
        if moment is None:
            continue
        if local(moment).date() < festival.starts_on or evening_of(local(moment)) > festival.ends_on:
            first, last = day_words(festival.starts_on), day_words(festival.ends_on)
            raise BadInput(
                _("Giờ này nằm ngoài ngày hội. Chọn trong các ngày từ %(first)s đến %(last)s.", first=first, last=last)
            )
    if values.starts_at is not None and values.ends_at is not None and values.ends_at <= values.starts_at:
        raise BadInput(_("Giờ sau phải muộn hơn giờ trước. Xem lại hai giờ đã nhập."))
    least = 1 if values.kind is WishKind.MINUTES else 0
    if values.minutes is not None and not least <= values.minutes <= MOST_MINUTES:
        raise BadInput(_("Số phút là số từ %(least)s đến %(most)s.", least=least, most=MOST_MINUTES))
    if values.kind is WishKind.PAUSE and not values.note:
        raise BadInput(_("Ghi tên giờ nghỉ, ví dụ: Nghỉ trưa."))
    if values.kind is WishKind.WINDOW and values.starts_at is None and values.ends_at is None:
        raise BadInput(_("Ghi ít nhất một giờ: không trước, hoặc xong trước."))
    if values.entry_id is not None and values.entry_id == values.other_id:
        raise BadInput(_("Hai ô đang là cùng một tiết mục. Chọn hai tiết mục khác nhau."))
    if values.kind is WishKind.WINDOW and values.starts_at is not None and values.ends_at is not None:
        _refuse_too_short(festival.id, values)


def _refuse_too_short(festival_id: int, values: WishValues) -> None:
    """BadInput for hours between which the act cannot be."""
    entry = db.session.get_one(Entry, values.entry_id)
    own = (
        each.minutes for each in standing(festival_id) if each.kind is WishKind.MINUTES and each.entry_id == entry.id
    )
    minutes = next(own, None) or entry.contest.duration_min
    assert values.starts_at is not None
    assert values.ends_at is not None
    if values.ends_at - values.starts_at < timedelta(minutes=minutes):
        raise BadInput(
            _(
                "«%(act)s» cần %(minutes)s phút, dài hơn khoảng giờ vừa nhập. Nới khoảng giờ, hoặc ghi số phút riêng trước.",
                act=entry.name,
                minutes=minutes,
            )
        )


def _refuse_circle(festival_id: int) -> None:
    given = queries.material(festival_id)
    act_of = {entry_id: act for act in given.acts for entry_id in given.entries_of[act.code]}
    names: dict[str, str] = {act.code: act.title for act in given.acts}

    def act(entry: Entry) -> str:
        known = act_of.get(entry.id)
        names.setdefault(entry.code, entry.name)
        return entry.code if known is None else known.code

    pairs = [
        (act(wish.entry), act(wish.other))
        for wish in standing(festival_id)
        if wish.kind is WishKind.BEFORE and wish.entry is not None and wish.other is not None
    ]
    around = circle(pairs)
    if around:
        raise BadInput(say(in_a_circle(" → ".join(f"«{names[code]}»" for code in around))))


def _minutes_follow(festival_id: int, entry_id: int | None) -> None:
    """An act that has its time and is still to come is as long as is said now; who stands on the stage with it as well."""
    given = queries.material(festival_id)
    for act in given.acts:
        if entry_id in given.entries_of[act.code]:
            own = Act.entry_id.in_(given.entries_of[act.code]), Act.state.in_(TO_COME)
            db.session.execute(update(Act).where(*own).values(duration_min=act.duration_min))
    db.session.expire_all()


def stage_contests(festival_id: int) -> list[Contest]:
    """Those that have sessions."""
    query = select(Contest).where(Contest.festival_id == festival_id).order_by(Contest.position, Contest.id)
    return [row for row in db.session.scalars(query) if row.has_order]


def taken_by(stage: Stage) -> list[str]:
    """The contests this stage takes, by code; none: all."""
    query = select(Contest.code).join(StageTakes).where(StageTakes.stage_id == stage.id).order_by(Contest.code)
    return list(db.session.scalars(query))


def set_takes(
    festival_id: int, code: str, contests: Collection[str], by: int | None, *, seen: Collection[str] | None = None
) -> list[str]:
    """The stage takes just these contests; none, or every one there is: all. Overtaken when it took others than were `seen`."""
    festival = locked(festival_id)
    stage = db.session.scalars(select(Stage).where(Stage.festival_id == festival_id, Stage.code == code)).one_or_none()
    if stage is None:
        raise NotFound(_("Sân khấu này không còn trong lịch. Về trang lịch thi để xem các sân khấu đang có."))
    there = {row.code: row.id for row in stage_contests(festival_id)}
    if not set(contests) <= set(there):
        raise BadInput(_("Chọn phần thi có trong ngày hội."))
    before = taken_by(stage)
    if seen is not None and sorted(seen) != before:
        raise Overtaken(
            _("Có người vừa đổi các phần thi của sân khấu này. Chưa ghi gì: xem bản mới nhất rồi chọn lại.")
        )
    takes = [] if set(contests) == set(there) else sorted(set(contests))
    if takes != before:
        db.session.execute(delete(StageTakes).where(StageTakes.stage_id == stage.id))
        db.session.add_all(StageTakes(stage_id=stage.id, contest_id=there[each]) for each in takes)
        db.session.flush()
        ledger.append(f"decisions:{festival.code}", "stage_takes_set", {"stage": code, "by": by}, {"takes": takes})
    return takes
