"""How do two entries change numbers, how does one approved after the draw get its number, and how is that undone?

A swap is agreed by two heads and possible until one of the two has begun; a number typed wrongly is put right before the
first mark. Their places in the draft change with the numbers, as a step of the draft; what is published stays until the next publication. The
festival's timetable and the contest are held, so of two people at once the second changes what the first left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import name_fault, nfc
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.roster.models import Entry, EntryState
from festival.schedule import queries
from festival.schedule.draw import Drawn, Undrawn, hand_order, seeded_order
from festival.schedule.drawing import SEED, number_entries, standing_draw
from festival.schedule.drawn.changed import DrawChangeKind, exchanged
from festival.schedule.drawn.models import DrawChange
from festival.schedule.history.locks import note_lock
from festival.schedule.history.steps import a_step
from festival.schedule.history.words import TURNED_BACK
from festival.schedule.models import Act, ActState, Draw
from festival.schedule.sessions import locked

REASON_LENGTH = 300
BEGUN = (ActState.ON_STAGE, ActState.DONE)


def swap(contest_id: int, pair: tuple[str, str], heads: tuple[str, str], reason: str, by: int | None) -> DrawChange:
    """Two heads agreed: these entries change numbers, and places in the draft. `pair`: codes of the entries."""
    clean = _reason(reason, _("Ghi lý do hai đoàn đổi số cho nhau."))
    names = [_head(head, field) for head, field in zip(heads, ("one_head", "other_head"), strict=True)]
    contest, draw = _held(contest_id)
    return _exchange(contest, draw, DrawChangeKind.SWAPPED, pair, names, clean, by)


def correct_number(contest_id: int, entry: str, number: int, reason: str, by: int | None) -> DrawChange:
    """A number was typed wrongly: this entry drew `number`, and who was given it has the other one. Before the first mark."""
    clean = _reason(reason, _("Ghi lý do sửa số, ví dụ: gõ nhầm 13 thành 31."))
    contest, draw = _held(contest_id)
    _refuse_marked(contest)
    if not 1 <= number <= len(draw.order):
        raise BadInput(_("Số đúng phải từ 1 đến %(most)s.", most=len(draw.order)), field="number")
    other = db.session.scalar(select(Entry.code).where(Entry.contest_id == contest_id, Entry.number == number))
    if other is None:
        raise BadInput(
            _("Số %(number)s không còn tiết mục nào giữ, không đổi sang được.", number=number), field="number"
        )
    return _exchange(contest, draw, DrawChangeKind.CORRECTED, (entry, other), [], clean, by)


def add_late(contest_id: int, numbers: Mapping[str, str], seed: str, by: int | None) -> DrawChange | Undrawn:
    """Who was approved after the draw gets the numbers behind the last: as drawn among themselves, or by a seed."""
    contest, draw = _held(contest_id)
    late = without_number(contest_id)
    if not late:
        raise Overtaken(_("Mọi tiết mục đều đã có số. Có thể người khác vừa ghi; mở lại trang để xem."))
    if seed and not SEED.fullmatch(seed):
        raise BadInput(_("Số gieo gồm 1 đến 64 ký tự, chỉ dùng chữ, số và các dấu . : / + -"), field="seed")
    answer = (
        Drawn(tuple(seeded_order(seed, contest.code, list(late))))
        if seed
        else hand_order({code: numbers.get(code, "") for code in late}, len(draw.order) + 1)
    )
    if isinstance(answer, Undrawn):
        return answer
    return _added(contest, draw, [late[code] for code in answer.order], seed, by)


def _added(contest: Contest, draw: Draw, late: Sequence[Entry], seed: str, by: int | None) -> DrawChange:
    ids, codes = [each.id for each in late], [each.code for each in late]
    draw.order, draw.late = [*draw.order, *ids], draw.late + len(ids)
    change = _change(draw, DrawChangeKind.ADDED, ids, [], "", by, seed)
    with a_step(contest.festival, "numbers_added", by, always=True, entry=ids[0], change=change.id):
        number_entries(contest.id, draw.order)
    _note(contest, "numbers_added", draw, change, by, {"added": codes, "places": []})
    return change


def undo(contest_id: int, change_id: int, reason: str, by: int | None) -> DrawChange:
    """The newest change that stands is taken back: the two change again, the added have no number any more."""
    clean = _reason(reason, _("Ghi lý do hoàn tác."))
    contest, draw = _held(contest_id)
    standing = standing_changes(draw)
    if not standing or standing[-1].id != change_id:
        raise Overtaken(_("Đã có thay đổi sau đó, hoặc thay đổi này đã hoàn tác. Hoàn tác lần sau cùng trước."))
    change = standing[-1]
    if change.kind is DrawChangeKind.CORRECTED:
        _refuse_marked(contest)
    _not_begun(change.entries)
    places: list[list[int]] = []
    with a_step(contest.festival, "numbers_back", by, always=True, entry=change.entries[0], change=change.id):
        if change.kind is DrawChangeKind.ADDED:
            many = len(change.entries)
            draw.order, draw.late = draw.order[:-many], draw.late - many
        else:
            draw.order = exchanged(draw.order, *change.entries)
            places = _places_follow(contest, change.entries, by)
    change.undone_at, change.undone_by, change.undone_why = now(), by, clean
    db.session.flush()
    number_entries(contest.id, draw.order)
    _note(contest, "draw_change_undone", draw, change, by, {"places": places})
    return change


def take_back(change_id: int, by: int | None) -> None:
    """By the step of the draft: what this change did is taken back. Overtaken when something else was changed since."""
    change, draw = _of_a_step(change_id)
    standing = standing_changes(draw)
    if not standing or set(standing[-1].entries) != set(change.entries):
        raise Overtaken(_("Đã có thay đổi sau đó, hoặc thay đổi này đã hoàn tác. Hoàn tác lần sau cùng trước."))
    undo(draw.contest_id, standing[-1].id, str(TURNED_BACK), by)


def take_again(change_id: int, by: int | None) -> None:
    """By the step of the draft: the same once more, with the heads who agreed and their reason."""
    change, draw = _of_a_step(change_id)
    contest, draw = _held(draw.contest_id)
    if change.kind is DrawChangeKind.CORRECTED:
        _refuse_marked(contest)
    found = {row.id: row for row in db.session.scalars(select(Entry).where(Entry.id.in_(change.entries)))}
    if change.kind is DrawChangeKind.ADDED:
        late = [found[each] for each in change.entries if each in found and found[each].number is None]
        if len(late) < len(change.entries):
            raise Overtaken(_("Tiết mục này đã có số. Có thể người khác vừa ghi; mở trang bốc thăm để xem."))
        _added(contest, draw, late, change.seed, by)
        return
    one, other = (found[each].code if each in found else "" for each in change.entries)
    _exchange(contest, draw, change.kind, (one, other), list(change.heads), change.reason, by)


def standing_changes(draw: Draw) -> list[DrawChange]:
    """What was changed in a draw and not undone, oldest first."""
    wanted = select(DrawChange).where(DrawChange.draw_id == draw.id, DrawChange.undone_at.is_(None))
    return list(db.session.scalars(wanted.order_by(DrawChange.id)))


def without_number(contest_id: int) -> dict[str, Entry]:
    """Who takes part in a drawn contest and has no number, by code, in the order of delegations."""
    return {entry.code: entry for entry in queries.enrolled(contest_id) if entry.number is None}


def _held(contest_id: int) -> tuple[Contest, Draw]:
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise NotFound()
    locked(contest.festival_id)
    contest = held_contest(contest_id)
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, số báo danh không đổi được nữa."))
    return contest, standing_draw(contest_id)


def _of_a_step(change_id: int) -> tuple[DrawChange, Draw]:
    change = db.session.get_one(DrawChange, change_id)
    draw = db.session.get_one(Draw, change.draw_id)
    if draw.voided_at is not None:
        raise Conflict(_("Kết quả bốc thăm ấy đã hủy. Lấy lại kết quả ở trang bốc thăm, rồi hoàn tác bước này."))
    return change, draw


def _refuse_marked(contest: Contest) -> None:
    if contest.rules_fixed_at is not None:
        raise Conflict(_("Phần thi đã bắt đầu chấm, không sửa số được nữa. Hai trưởng đoàn đồng ý thì ghi là đổi số."))


def _exchange(
    contest: Contest,
    draw: Draw,
    kind: DrawChangeKind,
    pair: tuple[str, str],
    heads: list[str],
    reason: str,
    by: int | None,
) -> DrawChange:
    found = {
        row.code: row
        for row in db.session.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.code.in_(pair)))
    }
    if pair[0] == pair[1]:
        raise BadInput(_("Chọn hai tiết mục khác nhau."), field="other")
    for code, field in zip(pair, ("entry", "other"), strict=True):
        if code not in found or found[code].id not in draw.order:
            raise BadInput(_("Chọn tiết mục đã có số."), field=field)
        if kind is DrawChangeKind.SWAPPED and found[code].state is not EntryState.ENROLLED:
            raise BadInput(_("«%(name)s» đã rút, không đổi số được.", name=found[code].name), field=field)
    ids = [found[code].id for code in pair]
    _not_begun(ids)
    draw.order = exchanged(draw.order, *ids)
    change = _change(draw, kind, ids, heads, reason, by)
    number_entries(contest.id, draw.order)
    with a_step(contest.festival, "numbers_exchanged", by, always=True, entry=ids[0], change=change.id):
        places = _places_follow(contest, ids, by)
    _note(contest, "numbers_exchanged", draw, change, by, {"places": places})
    return change


def _change(
    draw: Draw, kind: DrawChangeKind, entries: list[int], heads: list[str], reason: str, by: int | None, seed: str = ""
) -> DrawChange:
    change = DrawChange(
        draw_id=draw.id, kind=kind, entries=entries, heads=heads, seed=seed, reason=reason, made_at=now(), made_by=by
    )
    db.session.add(change)
    db.session.flush()
    return change


def _not_begun(entry_ids: Sequence[int]) -> None:
    begun = db.session.scalar(
        select(Entry.name)
        .join(Act, Act.entry_id == Entry.id)
        .where(Entry.id.in_(entry_ids), Act.state.in_(BEGUN))
        .limit(1)
    )
    if begun is not None:
        raise Conflict(_("«%(name)s» đã lên sân khấu, không đổi số được nữa.", name=begun))


def _places_follow(contest: Contest, pair: Sequence[int], by: int | None) -> list[list[int]]:
    """The two change places in the draft; where only one has a place, it goes to whoever has that number now.

    A lock of an act goes with it to its other place; of a place that one alone has, and of a heat, it stays on the place.
    """
    (one, other), festival = pair, contest.festival
    acts = {act.entry_id: act for act in db.session.scalars(select(Act).where(Act.entry_id.in_(pair)))}
    if len(acts) == 1:
        (act,) = acts.values()
        left, act.entry_id = act.entry_id, other if act.entry_id == one else one
        act.state = ActState.WAITING
        if act.locked:
            note_lock(festival, by, False, entry_id=left)
            note_lock(festival, by, True, entry_id=act.entry_id)
    elif acts:
        first, second = acts[one], acts[other]
        here, there = ((act.session_id, act.position, act.starts_at) for act in (first, second))
        first.position = -1  # a position is unique in its session at every moment
        db.session.flush()
        second.session_id, second.position, second.starts_at = here
        db.session.flush()
        first.session_id, first.position, first.starts_at = there
        if contest.lanes > 1 and first.locked is not second.locked:
            for act in (first, second):
                act.locked = not act.locked
                note_lock(festival, by, act.locked, entry_id=act.entry_id)
    db.session.flush()
    places = [[act.entry_id, act.session_id, act.position] for act in acts.values()]
    db.session.expire_all()
    return places


def _note(contest: Contest, kind: str, draw: Draw, change: DrawChange, by: int | None, more: Mapping[str, Any]) -> None:
    """One line with the whole order as it then is, and who has which place in the draft."""
    codes = {
        row.id: row.code for row in db.session.execute(select(Entry.id, Entry.code).where(Entry.id.in_(draw.order)))
    }
    ledger.append(
        f"decisions:{contest.festival.code}",
        kind,
        {"contest": contest.code, "draw": draw.id, "change": change.id, "kind": change.kind.value, "by": by},
        {
            "order": [codes.get(each, f"#{each}") for each in draw.order],
            "entries": change.entries,
            "heads": change.heads,
            "seed": change.seed,
            "reason": change.undone_why or change.reason,
            **more,
        },
    )


def _reason(typed: str, asked: str) -> str:
    clean = line(typed)
    if not clean:
        raise BadInput(asked, field="reason")
    if len(clean) > REASON_LENGTH:
        raise BadInput(_("Lý do dài quá %(n)s ký tự.", n=REASON_LENGTH), field="reason")
    return clean


def _head(typed: str, field: str) -> str:
    clean = line(typed)
    fault = name_fault(clean)
    if fault is not None:
        raise BadInput(say(fault), field=field)
    return nfc(clean)
