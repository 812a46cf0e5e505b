"""What becomes of the final order of a match contest that a secretary types and has read back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import update

from festival.contests.counting.final_order import fault_of
from festival.contests.models import Contest, ContestState, ResultKind
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.contest_rules import judging_stream
from festival.judging.corrections import keep_revision
from festival.judging.matches.reading import draw_in_force
from festival.judging.models import FinalOrder
from festival.judging.sheets.knowledge import hold_contests
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


def held_for_matches(contest_id: int) -> Contest:
    """A match contest that is open, held against its lock."""
    contest = hold_contests([contest_id]).get(contest_id)
    if contest is None:
        raise NotFound()
    if contest.result_kind is not ResultKind.MATCH:
        raise BadInput(_("Chỉ phần thi đấu loại nhận thứ hạng chung cuộc."))
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    return contest


def _by_hand(contest: Contest) -> None:
    if draw_in_force(contest.id) is not None:
        raise Conflict(_("Phần thi này có bảng đấu: thứ hạng tính từ các trận. Sửa kết quả trận ở trang bảng đấu."))


def note_order(
    contest_id: int, order: Sequence[Sequence[str]], base_version: int, typed_by: int | None
) -> OrderTaken | OrderRefused:
    """Keep who is first, second, … (codes of entries, several in a group share the place).

    Conflict when somebody else has changed it since `base_version` (0: nothing was there). The same again changes nothing.
    """
    contest = held_for_matches(contest_id)
    _by_hand(contest)
    tallied = read_tally(contest)
    fault = fault_of(order, to_be_placed(tallied), contest.shared_from)
    if fault is not None:
        return OrderRefused(fault)
    ids = {each.code: each.id for each in tallied.appearances}
    places = [sorted(ids[code] for code in group) for group in order]
    if tallied.order is not None and [list(group) for group in tallied.order] == places:
        return OrderTaken(tallied.order_version)
    _store(contest, _standing(tallied), places, base_version, typed_by)
    return OrderTaken(base_version + 1)


def drop_order(contest_id: int, base_version: int, typed_by: int | None) -> None:
    """The order was typed by mistake, before the matches were over."""
    contest = held_for_matches(contest_id)
    _by_hand(contest)
    tallied = read_tally(contest)
    if tallied.order is None:
        return
    _store(contest, _standing(tallied), [], base_version, typed_by)


def follow_bracket(contest: Contest, places: list[list[int]] | None, typed_by: int | None) -> None:
    """The order that a bracket gives (ids of entries), None while it is not played to its end. Its draw is held."""
    row = db.session.get(FinalOrder, contest.id, populate_existing=True)
    before = row.places if row is not None and row.places else None
    if (places or None) != before:
        _store(contest, before, places or [], row.version if row else 0, typed_by)


def _standing(tallied: Tally) -> list[list[int]] | None:
    return None if tallied.order is None else [list(group) for group in tallied.order]


def _store(
    contest: Contest, before: list[list[int]] | None, places: list[list[int]], base: int, by: int | None
) -> None:
    """Of two that change the same version one finds its row. Without places it is taken back."""
    first = {"contest_id": contest.id, "places": [], "version": 0, "typed_by": by, "updated_at": now()}
    db.session.execute(insert_or_pass(FinalOrder).values(**first).on_conflict_do_nothing())
    changed = db.session.execute(
        update(FinalOrder)
        .where(FinalOrder.contest_id == contest.id, FinalOrder.version == base)
        .values(places=places, version=base + 1, typed_by=by, updated_at=now())
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    if before is not None:
        keep_revision(contest, {"places": before, "version": base}, by)
    said = {"before": before, "version": base + 1, "typed_by": by}
    ledger.append(
        judging_stream(contest),
        "order.noted" if places else "order.dropped",
        {"contest": contest.code, "contest_id": contest.id},
        {"places": places, **said} if places else said,
    )
