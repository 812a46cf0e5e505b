"""What becomes of the final order of a match contest that a secretary types and has read back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import update

from festival.contests.final_order import fault_of
from festival.contests.models import Contest, ContestState, ResultKind
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.contest_rules import judging_stream
from festival.judging.corrections import keep_revision
from festival.judging.models import FinalOrder
from festival.judging.taking_sheets import hold_contests
from festival.judging.tally import Tally, read_tally


@dataclass(frozen=True, slots=True)
class OrderTaken:
    """The order stands."""

    version: int


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """It is not a final order of this contest; `said` tells why."""

    said: Sentence


def to_be_placed(tallied: Tally) -> dict[str, str]:
    """Everybody who needs a place, code → name: who did not come or is out needs none."""
    return {each.code: each.name for each in tallied.appearances if not tallied.out(each.id)}


def _held(contest_id: int) -> Contest:
    contest = hold_contests([contest_id]).get(contest_id)
    if contest is None:
        raise NotFound()
    if contest.result_kind is not ResultKind.MATCH:
        raise BadInput(_("Chỉ phần thi đấu loại nhận thứ hạng chung cuộc."))
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    return contest


def note_order(
    contest_id: int, order: Sequence[Sequence[str]], base_version: int, typed_by: int | None
) -> OrderTaken | OrderRefused:
    """Keep who is first, second, … (codes of entries, several in a group share the place).

    Conflict when somebody else has changed it since `base_version` (0: nothing was there). The same again changes nothing.
    """
    contest = _held(contest_id)
    tallied = read_tally(contest)
    fault = fault_of(order, to_be_placed(tallied), contest.shared_from)
    if fault is not None:
        return OrderRefused(fault)
    ids = {each.code: each.id for each in tallied.appearances}
    places = [sorted(ids[code] for code in group) for group in order]
    if tallied.order is not None and [list(group) for group in tallied.order] == places:
        return OrderTaken(tallied.order_version)
    _store(contest, tallied, places, base_version, typed_by)
    before = None if tallied.order is None else [list(group) for group in tallied.order]
    ledger.append(
        judging_stream(contest),
        "order.noted",
        {"contest": contest.code, "contest_id": contest.id},
        {"places": places, "version": base_version + 1, "typed_by": typed_by, "before": before},
    )
    return OrderTaken(base_version + 1)


def drop_order(contest_id: int, base_version: int, typed_by: int | None) -> None:
    """The order was typed by mistake, before the matches were over."""
    contest = _held(contest_id)
    tallied = read_tally(contest)
    if tallied.order is None:
        return
    _store(contest, tallied, [], base_version, typed_by)
    ledger.append(
        judging_stream(contest),
        "order.dropped",
        {"contest": contest.code, "contest_id": contest.id},
        {"before": [list(group) for group in tallied.order], "version": base_version + 1, "typed_by": typed_by},
    )


def _store(contest: Contest, tallied: Tally, places: list[list[int]], base: int, by: int | None) -> None:
    """Of two that change the same version one finds its row."""
    first = {"contest_id": contest.id, "places": [], "version": 0, "typed_by": by, "updated_at": now()}
    db.session.execute(insert_or_pass(FinalOrder).values(**first).on_conflict_do_nothing())
    changed = db.session.execute(
        update(FinalOrder)
        .where(FinalOrder.contest_id == contest.id, FinalOrder.version == base)
        .values(places=places, version=base + 1, typed_by=by, updated_at=now())
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    if tallied.order is not None:
        keep_revision(contest, {"places": [list(group) for group in tallied.order], "version": base}, by)
