"""How is a drawn order recorded, voided, and set in force again?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.actions import held_contest
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import run, table
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.roster.models import Entry
from festival.schedule import queries
from festival.schedule.draw import Drawn, Undrawn, hand_order, seeded_order
from festival.schedule.models import Draw, DrawMethod

SEED = re.compile(r"[\w.:/+-]{1,64}")


@dataclass(frozen=True, slots=True)
class DrawRecorded:
    """The order as it stands now: entry codes, number 1 first."""

    order: tuple[str, ...]
    method: DrawMethod
    seed: str


def _to_draw(contest_id: int) -> Contest:
    contest = held_contest(contest_id)
    if not contest.on_stage:
        raise Conflict(_("Phần thi cộng không có thứ tự ra sân khấu nên không bốc thăm."))
    if not contest.has_order:
        raise Conflict(_("Phần thi chấm kín theo mâm thì bốc mã mâm, không bốc thăm thứ tự."))
    return contest


def draw_by_hand(contest_id: int, numbers: Mapping[str, str], user_id: int | None) -> DrawRecorded | Undrawn:
    """The numbers as drawn and typed at the meeting: entry code -> number, one for every enrolled entry.

    Conflict when the contest has been drawn already; cancel that draw first, with a reason.
    """
    contest = _to_draw(contest_id)
    entries = {entry.code: entry for entry in queries.enrolled(contest_id)}
    answer = hand_order({code: numbers.get(code, "") for code in entries})
    match answer:
        case Undrawn():
            return answer
        case Drawn(order):
            return _record_draw(contest, entries, order, DrawMethod.HAND, "", user_id)


def draw_in_blocks(
    contest_id: int, order: Sequence[str], blocks: Sequence[Sequence[int]], user_id: int | None
) -> DrawRecorded:
    """An order in which each entry drew its session first, then its number in it."""
    contest = _to_draw(contest_id)
    entries = {entry.code: entry for entry in queries.enrolled(contest_id)}
    if set(order) != set(entries):
        raise Overtaken(_("Danh sách tiết mục vừa đổi. Mở lại trang rồi bốc cho đủ các tiết mục."))
    return _record_draw(contest, entries, order, DrawMethod.HAND, "", user_id, blocks)


def draw_by_seed(contest_id: int, seed: str, user_id: int | None) -> DrawRecorded:
    """The order that follows from the seed (see `draw.lot`); the seed is shown, so that anybody can repeat it."""
    contest = _to_draw(contest_id)
    if not SEED.fullmatch(seed):
        raise BadInput(_("Số gieo gồm 1 đến 64 ký tự, chỉ dùng chữ, số và các dấu . : / + -"))
    entries = {entry.code: entry for entry in queries.enrolled(contest_id)}
    if not entries:
        raise Conflict(_("Phần thi chưa có tiết mục nào để bốc thăm."))
    order = tuple(seeded_order(seed, contest.code, list(entries)))
    return _record_draw(contest, entries, order, DrawMethod.SEEDED, seed, user_id)


def _record_draw(
    contest: Contest,
    entries: Mapping[str, Entry],
    order: Sequence[str],
    method: DrawMethod,
    seed: str,
    user_id: int | None,
    blocks: Sequence[Sequence[int]] = (),
) -> DrawRecorded:
    drawn = Draw(
        contest_id=contest.id,
        method=method,
        seed=seed,
        order=[entries[code].id for code in order],
        blocks=[list(each) for each in blocks],
        drawn_at=now(),
        drawn_by=user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(drawn)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Phần thi «%(name)s» đã bốc thăm rồi.", name=contest.name)) from error
    number_entries(contest.id, drawn.order)
    ledger.append(
        f"decisions:{contest.festival.code}",
        "order_drawn",
        {"contest": contest.code, "by": user_id, "draw": drawn.id},
        {"method": method.value, "seed": seed, "order": list(order), "blocks": drawn.blocks},
    )
    return DrawRecorded(tuple(order), method, seed)


def number_entries(contest_id: int, entry_ids: Sequence[int]) -> None:
    """The place of each in the order is its number; all others of the contest have none."""
    # two steps, because each number is unique in its contest at every moment
    db.session.execute(update(Entry).where(Entry.contest_id == contest_id).values(number=None))
    by_id = update(table(Entry)).where(table(Entry).c.id == bindparam("of_entry"))
    run(
        by_id.values(number=bindparam("drawn")),
        [{"of_entry": entry_id, "drawn": number} for number, entry_id in enumerate(entry_ids, start=1)],
    )
    db.session.expire_all()


def cancel_draw(contest_id: int, reason: str, user_id: int | None) -> None:
    """The draw is void and can be done again, or set in force again; not after the first mark of the contest."""
    contest = held_contest(contest_id)
    if not reason.strip():
        raise BadInput(_("Ghi rõ lý do hủy kết quả bốc thăm."), field="reason")
    _not_marked(contest)
    draw = standing_draw(contest_id)
    draw.voided_at = now()
    db.session.flush()
    db.session.execute(update(Entry).where(Entry.contest_id == contest_id).values(number=None))
    db.session.expire_all()
    ledger.append(
        f"decisions:{contest.festival.code}",
        "draw_cancelled",
        {"contest": contest.code, "by": user_id, "draw": draw.id},
        {"reason": " ".join(reason.split())},
    )


def restore_draw(contest_id: int, user_id: int | None) -> None:
    """The draw that was voided last stands again, with all that had been changed in it."""
    contest = held_contest(contest_id)
    _not_marked(contest)
    draw = last_voided(contest_id)
    if draw is None:
        raise Overtaken(_("Không còn kết quả nào đã hủy để lấy lại, hoặc phần thi đã bốc lại."))
    draw.voided_at = None
    db.session.flush()
    number_entries(contest_id, draw.order)
    about = {"contest": contest.code, "by": user_id, "draw": draw.id}
    ledger.append(f"decisions:{contest.festival.code}", "draw_restored", about, {})


def standing_draw(contest_id: int) -> Draw:
    """The draw of a contest that stands. Conflict for none."""
    draw = db.session.scalars(select(Draw).where(Draw.contest_id == contest_id, Draw.voided_at.is_(None))).one_or_none()
    if draw is None:
        raise Conflict(_("Phần thi chưa bốc thăm."))
    return draw


def last_voided(contest_id: int) -> Draw | None:
    """The draw that can be set in force again: none while another one stands."""
    newest = (
        select(Draw).where(Draw.contest_id == contest_id).order_by(Draw.voided_at.is_not(None), Draw.voided_at.desc())
    )
    draw = db.session.scalars(newest.limit(1)).first()
    return None if draw is None or draw.voided_at is None else draw


def _not_marked(contest: Contest) -> None:
    if contest.rules_fixed_at is not None:
        raise Conflict(_("Phần thi đã bắt đầu chấm, không bốc thăm lại được."))
