"""How is a purpose named, changed, put away and taken up again, and how are its hours?

Nothing is deleted: whatever somebody was let in for keeps its name. Each change is written against the version its form
showed, bumps the version of the gates' settings (so that every process reads anew), and is a line of the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, func, insert, select, update

from festival.checkin.merge import window_of_ms
from festival.checkin.models import Admission
from festival.checkin.purposes.known import window_values
from festival.checkin.purposes.models import GatePurpose, GateSetting, GateWindow, PurposeEvery, PurposeKind
from festival.checkin.purposes.windows import STANDARD, overlapping
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.statements import insert_or_pass
from festival.core.text import cut, line
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.roster.models import BadgeClass

COUNTDOWNS = (0, 4, 8)  # seconds; 0: nothing writes by itself
NAME_MOST = 60
ALWAYS = "entry"  # who is here follows from it, on every page


@dataclass(frozen=True, slots=True)
class PurposeTyped:
    """A purpose as it shall be; `classes` empty = every class."""

    name: str
    again: bool
    classes: Sequence[str] = ()

    def values(self) -> dict[str, Any]:
        name = cut(line(self.name), NAME_MOST)
        if not name:
            raise BadInput(_("Ghi tên của mục đích, ví dụ: Cơm trưa."), field="name")
        classes = [each.value for each in BadgeClass if each.value in self.classes]
        every = len(classes) in (0, len(BadgeClass))
        return {"name": name, "again": self.again, "classes": None if every else classes}


@dataclass(frozen=True, slots=True)
class HoursTyped:
    """Named hours as they shall be."""

    name: str
    opens_ms: int
    closes_ms: int


def name_purpose(
    festival: Festival, typed: PurposeTyped, kind: PurposeKind, every: PurposeEvery, by: int | None
) -> str:
    """A new one; answers its code. The three of every festival are written down with the first."""
    values = typed.values()
    begin(festival, by)
    known = _named_once(festival, values["name"])
    wanted = fold(values["name"]).replace(" ", "-")[:36].strip("-") or kind.value
    codes = {each.code for each in known}
    code = next(each for each in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if each not in codes)
    row = {"code": code, "kind": kind, "every": every, "position": max(each.position for each in known) + 1, **values}
    made = db.session.scalars(
        insert(GatePurpose).values(festival_id=festival.id, version=1, **row).returning(GatePurpose.id)
    ).one()
    _changed(festival, made, by)
    return code


def _named_once(festival: Festival, name: str, but: int | None = None) -> Sequence[Any]:
    """All purposes of the festival, also what is put away; none that gates offer (`but` one) is called so.

    The line of settings is held until the transaction ends, so of two who name at once the second sees the first's.
    """
    db.session.scalars(select(GateSetting.id).where(GateSetting.festival_id == festival.id).with_for_update()).one()
    known = db.session.execute(
        select(GatePurpose.id, GatePurpose.code, GatePurpose.name, GatePurpose.position, GatePurpose.removed_ms).where(
            GatePurpose.festival_id == festival.id
        )
    ).all()
    if any(fold(each.name) == fold(name) and each.id != but and each.removed_ms is None for each in known):
        raise Conflict(_("Cổng đang có một mục đích tên này. Đặt tên khác, hoặc đổi tên mục đích kia trước."))
    return known


def change_purpose(festival: Festival, code: str, version: int, typed: PurposeTyped, by: int | None) -> None:
    """Its words, whether one may come back, which classes may. What it is and how often stays: that decides what counted."""
    values = typed.values()
    begin(festival, by)
    purpose = held(festival, code)
    _named_once(festival, values["name"], purpose.id)
    _write(festival, purpose, version, by, **values)


def put_away(festival: Festival, code: str, version: int, by: int | None) -> None:
    """Gates offer it no more; whoever was let in for it stays in."""
    if code == ALWAYS:
        raise Conflict(_("Mục đích vào cổng luôn có: mọi trang xem ai đã đến đều dựa vào đó."))
    begin(festival, by)
    _write(festival, held(festival, code), version, by, removed_ms=_now_ms())


def take_up(festival: Festival, code: str, version: int, by: int | None) -> None:
    """One that was put away is offered again, with the hours it had."""
    purpose = held(festival, code)
    _named_once(festival, purpose.name, purpose.id)
    _write(festival, purpose, version, by, removed_ms=None)


def add_hours(festival: Festival, code: str, typed: HoursTyped, by: int | None) -> str:
    """New named hours of a purpose; answers their code."""
    begin(festival, by)
    purpose = held(festival, code)
    if purpose.every is not PurposeEvery.HOURS:
        raise Conflict(_("Mục đích này không có khung giờ."))
    known = db.session.scalar(select(func.count()).where(GateWindow.purpose_id == purpose.id)) or 0
    window = f"{code[:30]}-{known + 1}"
    values = _hours(typed)
    db.session.execute(insert(GateWindow), {"purpose_id": purpose.id, "code": window, "version": 1, **values})
    _apart(purpose)
    _changed(festival, purpose.id, by, window)
    return window


def change_hours(festival: Festival, code: str, window: str, version: int, typed: HoursTyped, by: int | None) -> None:
    """Other hours or another name; what was let in there stays there, so hours that counted stay on their day."""
    purpose = held(festival, code)
    stood_ms = db.session.scalar(
        select(GateWindow.opens_ms).where(GateWindow.purpose_id == purpose.id, GateWindow.code == window)
    )
    other_day = stood_ms is not None and window_of_ms(stood_ms) != window_of_ms(typed.opens_ms)
    if other_day and _counted(festival, code, window):
        raise Conflict(
            _(
                "Khung giờ này đã có người được ghi nên không dời sang ngày khác được: những người ấy sẽ không được ghi ở ngày mới. "
                "Thêm một khung giờ mới cho ngày kia, rồi cất khung giờ này."
            )
        )
    _write_hours(festival, code, window, version, by, **_hours(typed))


def _counted(festival: Festival, code: str, window: str) -> bool:
    own = Admission.purpose == code, Admission.day_window == window, ~Admission.annulled
    return bool(db.session.scalar(select(exists().where(Admission.festival_id == festival.id, *own))))


def close_hours(festival: Festival, code: str, window: str, version: int, by: int | None) -> None:
    """These hours are offered no more."""
    _write_hours(festival, code, window, version, by, removed_ms=_now_ms())


def reopen_hours(festival: Festival, code: str, window: str, version: int, by: int | None) -> None:
    """Hours that were put away are offered again."""
    _write_hours(festival, code, window, version, by, removed_ms=None)


def set_gates(festival: Festival, countdown_s: int, *, exits: bool, version: int, by: int | None) -> None:
    """How the gates work; `version`: of the settings the form showed, 0 when nobody has said anything."""
    if countdown_s not in COUNTDOWNS:
        raise BadInput(_("Chọn không đếm, 4 hoặc 8 giây."), field="countdown_s")
    begin(festival, by)
    held_version = db.session.scalars(
        select(GateSetting.version).where(GateSetting.festival_id == festival.id).with_for_update()
    ).one()
    if version not in (held_version, 0 if held_version <= 1 else held_version):
        raise Overtaken(_("Cài đặt của cổng vừa được người khác đổi. Xem lại rồi ghi."))
    db.session.execute(
        update(GateSetting)
        .where(GateSetting.festival_id == festival.id)
        .values(countdown_s=countdown_s, exits=exits, version=GateSetting.version + 1)
    )
    payload: dict[str, object] = {"countdown_s": countdown_s, "exits": exits}
    ledger.append(f"checkin:{festival.code}", "gates_set", {"by": by}, payload)


def begin(festival: Festival, by: int | None) -> None:
    """The line of settings, and the three purposes of every festival: written once, by whoever is first."""
    made = db.session.scalar(
        insert_or_pass(GateSetting)
        .values(festival_id=festival.id, countdown_s=4, exits=False, version=1)
        .on_conflict_do_nothing()
        .returning(GateSetting.id)
    )
    if made is None:
        return
    for position, each in enumerate(STANDARD):
        purpose = db.session.scalar(
            insert_or_pass(GatePurpose)
            .values(
                festival_id=festival.id,
                code=each.code,
                name=each.name,
                kind=PurposeKind(each.kind),
                every=PurposeEvery(each.every),
                again=each.again,
                classes=None,
                position=position,
                version=1,
            )
            .on_conflict_do_nothing()
            .returning(GatePurpose.id)
        )
        if purpose is not None:
            _record(festival, purpose, by)
    ledger.append(f"checkin:{festival.code}", "gates_set", {"by": by}, {"countdown_s": 4, "exits": False})


def held(festival: Festival, code: str) -> GatePurpose:
    """The purpose, held until the transaction ends. NotFound."""
    found = db.session.scalars(
        select(GatePurpose)
        .where(GatePurpose.festival_id == festival.id, GatePurpose.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found


def _write(festival: Festival, purpose: GatePurpose, version: int, by: int | None, **values: Any) -> None:
    if purpose.version != version:
        raise Overtaken(_("Mục đích này vừa được người khác đổi. Xem lại rồi ghi."))
    db.session.execute(update(GatePurpose).where(GatePurpose.id == purpose.id).values(version=version + 1, **values))
    _changed(festival, purpose.id, by)


def _write_hours(festival: Festival, code: str, window: str, version: int, by: int | None, **values: Any) -> None:
    purpose = held(festival, code)
    found = db.session.scalars(
        select(GateWindow)
        .where(GateWindow.purpose_id == purpose.id, GateWindow.code == window)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound()
    if found.version != version:
        raise Overtaken(_("Khung giờ này vừa được người khác đổi. Xem lại rồi ghi."))
    db.session.execute(update(GateWindow).where(GateWindow.id == found.id).values(version=version + 1, **values))
    _apart(purpose)
    _changed(festival, purpose.id, by, window)


def _hours(typed: HoursTyped) -> dict[str, Any]:
    name = cut(line(typed.name), NAME_MOST)
    if not name:
        raise BadInput(_("Ghi tên của khung giờ, ví dụ: Cơm trưa 15/6."), field="name")
    if typed.opens_ms >= typed.closes_ms:
        raise BadInput(_("Giờ đóng phải sau giờ mở."), field="closes")
    return {"name": name, "opens_ms": typed.opens_ms, "closes_ms": typed.closes_ms}


def _apart(purpose: GatePurpose) -> None:
    """Hours of one purpose do not hold the same moment; its row is held, so nobody adds others meanwhile."""
    two = overlapping(window_values(purpose.id))
    if two is not None:
        raise BadInput(
            _(
                "«%(one)s» và «%(other)s» trùng giờ nhau. Một lượt quét chỉ tính vào một khung giờ.",
                one=two[0].name,
                other=two[1].name,
            ),
            field="opens",
        )


def _changed(festival: Festival, purpose_id: int, by: int | None, window: str = "") -> None:
    db.session.execute(
        update(GateSetting)
        .where(GateSetting.festival_id == festival.id)
        .values(version=GateSetting.version + 1)
        .execution_options(synchronize_session=False)
    )
    _record(festival, purpose_id, by, window)


def _record(festival: Festival, purpose_id: int, by: int | None, window: str = "") -> None:
    """The whole line as it is from now on: of the hours that changed, else of the purpose."""
    stream = f"checkin:{festival.code}"
    purpose = db.session.get_one(GatePurpose, purpose_id, populate_existing=True)
    if window:
        row = next(each for each in window_values(purpose_id) if each.code == window)
        subject: dict[str, object] = {"purpose": purpose.code, "window": window, "by": by}
        payload: dict[str, object] = {
            "name": row.name,
            "opens_ms": row.opens_ms,
            "closes_ms": row.closes_ms,
            "removed": row.removed_ms is not None,
        }
        ledger.append(stream, "hours_set", subject, payload)
        return
    ledger.append(
        stream,
        "purpose_set",
        {"purpose": purpose.code, "kind": purpose.kind.value, "every": purpose.every.value, "by": by},
        {
            "name": purpose.name,
            "again": purpose.again,
            "classes": purpose.classes,
            "removed": purpose.removed_ms is not None,
        },
    )


def _now_ms() -> int:
    return int(now().timestamp() * 1000)
