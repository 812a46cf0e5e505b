"""How is a part of the order written, put right and brought back?

Each saving is a row of its own and a line of the ledger. A form that changes what its sender has read carries the version it
was drawn with, so of two one is obeyed and the other is told. A mark on the evening (absent, handed over) says the state it
wants and is put on whatever stands: two who mark two people both succeed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from festival.ceremony.order import agenda, ranked, stage
from festival.ceremony.order.agenda import AgendaItem, CeremonyAgenda, read_agenda
from festival.ceremony.order.models import CeremonyOrder, CeremonyPart
from festival.ceremony.order.recorded import WRITTEN
from festival.ceremony.order.stage import AwardCall, AwardGiver, AwardPlan, plan_of
from festival.ceremony.order.usual import USUAL
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.old_fonts import written_fault
from festival.core.statements import alone_on
from festival.core.text import line
from festival.core.transaction import once
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.forms import not_offered
from festival.core.web.i18n import say
from festival.editions.models import Festival

Content = Mapping[str, Any]
EARLIER_SHOWN = 10
LONGEST_NAME = 160


def written(festival_id: int) -> dict[CeremonyPart, tuple[Content, int]]:
    """Every part as it stands with its version, for a page: read once a transaction, so no verb looks here. Unwritten: empty, 0."""
    return once(("ceremony order", festival_id), lambda: _written(festival_id))


def _written(festival_id: int) -> dict[CeremonyPart, tuple[Content, int]]:
    last = select(func.max(CeremonyOrder.id)).where(CeremonyOrder.festival_id == festival_id)
    rows = db.session.scalars(select(CeremonyOrder).where(CeremonyOrder.id.in_(last.group_by(CeremonyOrder.part))))
    nothing: dict[CeremonyPart, tuple[Content, int]] = {part: ({}, 0) for part in CeremonyPart}
    return nothing | {row.part: (row.content, row.version) for row in rows}


def agenda_of(festival_id: int, part: CeremonyPart) -> tuple[CeremonyAgenda, int]:
    """The items of an opening or a closing, and the version they stand in."""
    content, version = written(festival_id)[part]
    return read_agenda(content), version


def earlier(festival_id: int, *parts: CeremonyPart) -> list[CeremonyOrder]:
    """The latest savings of these parts, newest first."""
    own = select(CeremonyOrder).where(CeremonyOrder.festival_id == festival_id, CeremonyOrder.part.in_(parts))
    return list(db.session.scalars(own.order_by(CeremonyOrder.id.desc()).limit(EARLIER_SHOWN)))


def write(
    festival: Festival,
    part: CeremonyPart,
    change: Callable[[Content], Content | None],
    was: int | None,
    by: int | None,
) -> bool:
    """The part as `change` makes it of what stands; False: it is so already. BadInput where it cannot be made (None).

    `was`: the version that was read; None: it does not matter.
    """
    alone_on(CeremonyOrder)
    content, version = _written(festival.id)[part]
    overtaken = _("Người khác vừa sửa phần này. Xem lại bản mới bên dưới rồi làm lần nữa; chưa có gì bị ghi đè.")
    if was is not None and was != version:
        raise Overtaken(overtaken)
    wanted = change(content)
    if wanted is None:
        raise BadInput(_("Mục hoặc vị trí vừa chọn không có, hoặc không còn nữa. Xem lại danh sách rồi chọn lại."))
    if wanted == content:
        return False
    row = CeremonyOrder(
        festival_id=festival.id, part=part, version=version + 1, content=wanted, at=now(), by_user=by
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Overtaken(overtaken) from error
    subject = {"festival": festival.code, "part": part.value, "version": row.version}
    ledger.append(f"decisions:{festival.code}", WRITTEN, subject, {"content": wanted, "by": by})
    return True


def restore(festival: Festival, part: CeremonyPart, version: int, was: int, by: int | None) -> None:
    """An earlier saving stands again (0: as it was before anybody wrote), as a saving of its own."""
    own = CeremonyOrder.festival_id == festival.id, CeremonyOrder.part == part, CeremonyOrder.version == version
    stood = db.session.scalars(select(CeremonyOrder.content).where(*own)).one_or_none() if version else {}
    if stood is None:
        raise NotFound()
    write(festival, part, lambda _content: stood, was, by)


# ------------------------------------------------------------------------------------------- opening and closing


def _change(change: Callable[[CeremonyAgenda], CeremonyAgenda | None]) -> Callable[[Content], Content | None]:
    def changed(content: Content) -> Content | None:
        made = change(read_agenda(content))
        return made if made is None else made.kept()

    return changed


def take_usual(festival: Festival, part: CeremonyPart, was: int, by: int | None) -> None:
    """Begin with the usual items. Conflict where there are some already."""
    with force_locale("vi"):  # a paper is in Vietnamese, whoever makes it
        items = tuple(
            AgendaItem(
                say(each.what), each.minutes, say(each.who) if each.who else "", "",
                say(each.sound) if each.sound else "", each.microphones, each.holds, "", number,
            )
            for number, each in enumerate(USUAL[part.value], start=1)
        )  # fmt: skip

    def begun(stood: CeremonyAgenda) -> CeremonyAgenda:
        if stood.items:
            raise Conflict(_("Đã có các mục rồi nên không lấy mẫu nữa. Thêm, sửa từng mục bên dưới."))
        return replace(stood, items=items)

    write(festival, part, _change(begun), was, by)


def begin_at(festival: Festival, part: CeremonyPart, typed: str, was: int, by: int | None) -> None:
    """The hour of the first item. BadInput."""
    hour = agenda.read_hour(typed)
    if hour is None:
        raise BadInput(say(agenda.NO_HOUR), field="begins")
    write(festival, part, _change(lambda stood: replace(stood, begins=hour)), was, by)


def save_item(
    festival: Festival,
    part: CeremonyPart,
    number: int,
    typed: Mapping[str, str],
    acts: Collection[str],
    was: int,
    by: int | None,
) -> None:
    """An item as typed, or (0) a new one at the end; `acts`: the codes an item may name. BadInput."""
    item = agenda.read_item(typed)
    if not isinstance(item, AgendaItem):
        field, fault = item
        raise BadInput(say(fault), field=field)
    if item.holds != typed.get("holds", ""):
        raise not_offered("holds")

    def saved(stood: CeremonyAgenda) -> CeremonyAgenda | None:
        before = stood.item(number)
        if item.entry and item.entry not in acts and (before is None or before.entry != item.entry):
            raise not_offered("entry")
        return agenda.saved(stood, number, item)

    write(festival, part, _change(saved), was, by)


def move_item(festival: Festival, part: CeremonyPart, number: int, to: int, was: int, by: int | None) -> None:
    """To another place. BadInput where there is none."""
    write(festival, part, _change(lambda stood: agenda.moved(stood, number, to)), was, by)


def take_away(festival: Festival, part: CeremonyPart, number: int, away: bool, was: int, by: int | None) -> None:
    """Taken away, or put back."""
    write(festival, part, _change(lambda stood: agenda.taken_away(stood, number, away)), was, by)


# ------------------------------------------------------------------------------------------- guests and keepsakes


def put_in_order(
    festival: Festival, part: CeremonyPart, codes: Sequence[str], code: str, to: int, was: int, by: int | None
) -> None:
    """One of `codes`, as they stand, at another place; an empty `code`: in their own order again. BadInput."""
    if not code:
        write(festival, part, lambda stood: ranked.ordered(stood, ()), was, by)
        return
    wanted = ranked.placed(codes, code, to)
    if wanted is None:
        raise BadInput(
            _("Chọn người hoặc đoàn trong danh sách và một vị trí từ 1 đến %(n)s.", n=len(codes)), field="to"
        )
    write(festival, part, lambda stood: ranked.ordered(stood, wanted), was, by)


def mark(festival: Festival, part: CeremonyPart, codes: Sequence[str], code: str, said: str, by: int | None) -> bool:
    """Absent, late, given; '' takes the mark away. NotFound for who is not there."""
    if code not in codes:
        raise NotFound()
    known = ranked.GuestMark if part is CeremonyPart.GUESTS else ranked.KeepsakeMark
    if said and said not in {each.value for each in known}:
        raise BadInput()
    return write(festival, part, lambda stood: ranked.marked(stood, code, said), None, by)


def typed_person(typed: str, field: str) -> str:
    """A name, with a title or not, as somebody typed it; '' when nothing was. BadInput."""
    name = line(typed)
    if len(name) > LONGEST_NAME:
        raise BadInput(say(agenda.TOO_LONG.filled(n=len(name), most=LONGEST_NAME)), field=field)
    if name and (fault := written_fault(name)) is not None:
        raise BadInput(say(fault), field=field)
    return name


def name_receiver(festival: Festival, codes: Sequence[str], code: str, who: str, was: int, by: int | None) -> None:
    """Who receives for a delegation; '' is its head again."""
    if code not in codes:
        raise NotFound()
    write(festival, CeremonyPart.KEEPSAKES, lambda stood: ranked.named(stood, code, who), was, by)


# ------------------------------------------------------------------------------------------- awards


def change_plan(
    festival: Festival,
    call: AwardCall,
    paid: bool,
    change: Callable[[AwardPlan], AwardPlan | None],
    was: int | None,
    by: int | None,
) -> bool:
    """How an award is handed over, changed."""

    def changed(content: Content) -> Content | None:
        stands = plan_of(content, call.key, paid)
        made = change(stands)
        if made is None:
            return None
        return content if made == stands else {**content, call.key: made.kept()}

    return write(festival, CeremonyPart.AWARDS, changed, was, by)


def add_giver(
    festival: Festival, call: AwardCall, paid: bool, giver: AwardGiver, guests: Sequence[str], was: int, by: int | None
) -> None:
    """One more who gives. BadInput for who is no guest."""
    if giver.guest and giver.guest not in guests:
        raise BadInput(
            _("Người này không có trong danh sách khách mời. Chọn lại, hoặc ghi tên vào ô bên dưới."), field="guest"
        )
    if not (giver.guest or giver.name):
        raise BadInput(_("Chọn khách mời, hoặc ghi tên người trao."), field="guest")

    def given(plan: AwardPlan) -> AwardPlan:
        made = stage.gave(plan, giver)
        if made is None:
            raise Conflict(_("Mỗi giải nhiều nhất %(n)s người trao. Bớt một người rồi thêm.", n=stage.MOST_GIVERS))
        return made

    change_plan(festival, call, paid, given, was, by)


def note_missing(
    festival: Festival, call: AwardCall, paid: bool, ref: str, absent: bool, instead: str, by: int | None
) -> None:
    """A receiver does not come up, or does after all. BadInput for who does not receive it."""
    if ref not in {each.ref for each in call.receivers}:
        raise not_offered("receiver")
    change_plan(festival, call, paid, lambda plan: stage.missing(plan, ref, absent, instead), None, by)


def note_handed(festival: Festival, call: AwardCall, paid: bool, ref: str, done: bool, by: int | None) -> None:
    """Handed over afterwards, or not yet after all. BadInput where nothing waits."""
    change_plan(festival, call, paid, lambda plan: stage.handed(plan, ref, done), None, by)
