"""Which list is meant, may this account keep it, and how is a list made, renamed, taken away and given back?

The organiser keeps all lists; an officer the list of the own delegation, and finds no other. A delegation's list has the
delegation's code and becomes a row with its first person.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from festival.badges.models import BadgeHolder, BadgeKind, BadgeList
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold, nfc
from festival.core.secrets import new_typed_code
from festival.core.statements import insert_or_pass
from festival.core.web.access import Actor, Permission
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.editions import retention
from festival.editions.models import Festival
from festival.roster.models import BadgeClass, Delegation, DelegationOfficer
from festival.roster.steps import stream

LONGEST_LIST_NAME = 80
ALL_CLASSES = tuple(each for each in BadgeClass if each is not BadgeClass.FAMILY)
# Of a delegation's own: guests, press, jury and committee are the organiser's to name.
OF_DELEGATION = (BadgeClass.OFFICER, BadgeClass.CREW)


@dataclass(frozen=True, slots=True)
class BadgeDesk:
    """A list as this account works on it. `row` None: a delegation's list on which nobody stood yet."""

    festival: Festival
    code: str
    name: str
    delegation: Delegation | None
    row: BadgeList | None
    organiser: bool
    kinds: tuple[BadgeKind, ...]

    @property
    def list_id(self) -> int:
        """0 before the first person: no row has it."""
        return self.row.id if self.row is not None else 0

    @property
    def classes(self) -> tuple[BadgeClass, ...]:
        """The classes this account gives on this list."""
        return ALL_CLASSES if self.organiser else OF_DELEGATION

    def chosen(self, value: str) -> tuple[str | None, str]:
        """A class of all editions or an own one, as a field sends it: (class, code of the own one); None when neither."""
        if value in {each.value for each in self.classes}:
            return value, ""
        kind = next((each for each in self.kinds if each.code == value), None)
        return (kind.base.value, kind.code) if kind is not None else (None, "")

    def kind_id(self, code: str) -> int | None:
        """The row of an own class."""
        return next((each.id for each in self.kinds if each.code == code), None) if code else None


def desk_of(actor: Actor, code: str) -> BadgeDesk:
    """The list of this code. NotFound for whoever does not keep it."""
    row = db.session.scalar(
        select(BadgeList)
        .where(BadgeList.code == code)
        .options(joinedload(BadgeList.festival), joinedload(BadgeList.delegation))
    )
    delegation = row.delegation if row is not None else None
    if row is None:
        delegation = db.session.scalar(
            select(Delegation).where(Delegation.code == code).options(joinedload(Delegation.festival))
        )
        if delegation is None:
            raise NotFound()
    organiser = actor.may(Permission.OFFICE)
    if not organiser and not (delegation is not None and _registers(actor, delegation)):
        raise NotFound()
    festival = row.festival if row is not None else delegation.festival  # type: ignore[union-attr]
    kinds = tuple(kinds_of(festival.id)) if organiser else ()
    name = delegation.name if delegation is not None else row.name  # type: ignore[union-attr]
    return BadgeDesk(festival, code, name, delegation, row, organiser, kinds)


def _registers(actor: Actor, delegation: Delegation) -> bool:
    own = exists().where(DelegationOfficer.delegation_id == delegation.id, DelegationOfficer.user_id == actor.user_id)
    return actor.may(Permission.DELEGATION) and bool(db.session.scalar(select(own)))


def kinds_of(festival_id: int) -> list[BadgeKind]:
    """The classes an edition has of its own."""
    return list(
        db.session.scalars(select(BadgeKind).where(BadgeKind.festival_id == festival_id).order_by(BadgeKind.id))
    )


def writable(desk: BadgeDesk) -> BadgeList:
    """The list's row, held until the transaction ends, so that nobody takes the list away meanwhile. Conflict when it is."""
    refuse_erased(desk.festival)
    if desk.row is None:
        assert desk.delegation is not None
        made = {"festival_id": desk.festival.id, "delegation_id": desk.delegation.id, "code": desk.code}
        values = {**made, "name": "", "folded": "", "version": 1}
        db.session.execute(insert_or_pass(BadgeList).values(**values).on_conflict_do_nothing())
    row = db.session.scalars(
        select(BadgeList).where(BadgeList.code == desk.code).with_for_update().execution_options(populate_existing=True)
    ).one()
    if row.closed_at is not None:
        raise Conflict(_("Danh sách “%(name)s” đã bỏ. Lấy lại danh sách trước, rồi làm tiếp.", name=row.called))
    return row


def refuse_erased(festival: Festival) -> None:
    """Nobody is written into an edition whose data was erased. Conflict."""
    if retention.kept(festival).data_erased:
        raise Conflict(_("Dữ liệu của kỳ ngày hội này đã xóa, không ghi thêm người."))


# ------------------------------------------------------------------------------------------------ lists as such


def make_list(festival: Festival, name: str, by: int | None) -> BadgeList:
    """A new list of a sub-committee. Conflict when there is one of this name."""
    refuse_erased(festival)
    name = _list_name(name)
    row = BadgeList(festival_id=festival.id, code=new_typed_code(), name=name, folded=fold(name), closed_at=None)
    _keep_name(row, name)
    note_list(festival, "badge_list.made", row, {"name": name, "by": by})
    return row


def rename_list(festival: Festival, row: BadgeList, version: int, name: str, by: int | None) -> None:
    """The list is called otherwise. Overtaken when somebody changed it since it was seen."""
    name = _list_name(name)
    _step(row, version)
    _keep_name(row, name)
    note_list(festival, "badge_list.renamed", row, {"name": name, "by": by})


def close_list(festival: Festival, row: BadgeList, version: int, by: int | None) -> None:
    """Take a list away on which nobody stands. Conflict tells how many do."""
    held = db.session.scalars(select(BadgeList).where(BadgeList.id == row.id).with_for_update()).one()
    number = standing_on(held.id)
    if number:
        raise Conflict(
            _(
                "Còn %(n)s người trong danh sách “%(name)s” nên chưa bỏ được. Chuyển họ sang danh sách khác, hoặc rút họ, rồi bỏ.",
                n=number,
                name=held.name,
            )
        )
    _step(held, version)
    held.closed_at = now()
    note_list(festival, "badge_list.closed", held, {"by": by})


def open_list(festival: Festival, row: BadgeList, version: int, by: int | None) -> None:
    """A list that was taken away is there again. Conflict when another has its name now."""
    _step(row, version)
    row.closed_at = None
    _keep_name(row, row.name)
    note_list(festival, "badge_list.opened", row, {"by": by})


def standing_on(list_id: int) -> int:
    """How many stand on a list now."""
    on_it = select(func.count()).where(BadgeHolder.list_id == list_id, BadgeHolder.identity != "")
    return db.session.scalar(on_it) or 0


def note_list(festival: Festival, kind: str, row: BadgeList, payload: dict[str, object]) -> None:
    """One line about a list."""
    ledger.append(stream(festival), kind, {"badge_list": row.code}, payload)


def _list_name(text: str) -> str:
    name = nfc(text)
    if not name or len(name) > LONGEST_LIST_NAME:
        raise BadInput(_("Tên danh sách cần từ 1 đến %(most)s ký tự.", most=LONGEST_LIST_NAME), field="name")
    return name


def _keep_name(row: BadgeList, name: str) -> None:
    try:
        with db.session.begin_nested():
            row.name, row.folded = name, fold(name)
            db.session.add(row)
            db.session.flush()
    except IntegrityError as taken:
        raise Conflict(_("Đã có danh sách tên “%(name)s”. Đặt tên khác.", name=name)) from taken


def _step(row: BadgeList, version: int) -> None:
    """The next version of the row, when it is still the one that was seen."""
    done = db.session.scalar(
        update(BadgeList)
        .where(BadgeList.id == row.id, BadgeList.version == version)
        .values(version=BadgeList.version + 1)
        .returning(BadgeList.version)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()
    db.session.refresh(row)
