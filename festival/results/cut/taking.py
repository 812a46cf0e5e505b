"""How do the first of a round get into the next one, who follows whom, and how is it taken back?

The round before is locked and its minutes are signed; then the first of it get entries of their own in the final, which
follow their families as all entries do. Until the final's first mark the list may be brought up to date (somebody
withdrew, an amendment moved places) or given back whole. Both contests are held, so of two people at the same moment one
takes and the other is told. Everybody else hears of it only when it is announced (`announcing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.web.errors import Conflict, Overtaken
from festival.results.current import current_table, tally_for_result
from festival.results.ladder.at_cut import names_of, wanted
from festival.results.ladder.states import reached, results_stream
from festival.results.ladder.steps import stated_reason
from festival.results.rounds.choosing import EqualAtCut, GoingOn
from festival.results.table import ContestTable
from festival.roster.deriving.derived import derive_entries, performers_of_origin, remove_derived
from festival.roster.models import Entry, EntryPerson, EntryState, Person


@dataclass(frozen=True, slots=True)
class Cut:
    """Who would go on now, who did, and what brings the list up to date; entries by their codes in the round before."""

    before: Contest
    final: Contest
    table: ContestTable  # of the round before
    wanted: GoingOn | EqualAtCut
    taken: tuple[str, ...] | None  # None: nobody was taken yet
    coming: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    moved: bool = False  # the same entries, with other places or points

    @property
    def changes(self) -> bool:
        """Whether the list is not up to date."""
        return bool(self.coming or self.leaving or self.moved)


def cut_of(before: Contest, final: Contest) -> Cut:
    """The cut as it is now; the round before is locked."""
    table = current_table(tally_for_result(before))
    found = wanted(table, final, away_of(before))
    if final.cut is None:
        return Cut(before, final, table, found, None)
    lines: list[dict[str, Any]] = final.cut["lines"]
    taken = tuple(each["from"] for each in lines)
    if isinstance(found, EqualAtCut):
        return Cut(before, final, table, found, taken)
    now = {each.entry: (each.place, each.value) for each in found.lines}
    kept = {each["from"]: (each["place"], each["value"]) for each in lines}
    return Cut(
        before,
        final,
        table,
        found,
        taken,
        tuple(each for each in now if each not in kept),
        tuple(each for each in kept if each not in now),
        any(now[each] != kept[each] for each in now.keys() & kept.keys()),
    )


def away_of(before: Contest) -> frozenset[str]:
    """Entries of the round before that take no part any more: withdrawn, or nobody of them is left."""
    somebody = (
        exists()
        .where(EntryPerson.entry_id == Entry.id, EntryPerson.person_id == Person.id, ~Person.out)
        .correlate(Entry)
    )
    anybody = exists().where(EntryPerson.entry_id == Entry.id).correlate(Entry)
    gone = (Entry.state != EntryState.ENROLLED) | (anybody & ~somebody)
    return frozenset(db.session.scalars(select(Entry.code).where(Entry.contest_id == before.id, gone)))


def take(final_id: int, by: int | None) -> int:
    """The first of the round before go on; answers how many. Overtaken when somebody took them at the same moment."""
    before, final = _held(final_id)
    if final.cut is not None:
        raise Overtaken(_("Danh sách vào «%(final)s» đã được lấy rồi. Mở lại trang để xem.", final=final.name))
    _refuse_after_first_mark(final)
    cut = cut_of(before, final)
    lines = _undoubted(cut)
    _enter(before, final, [each.entry for each in lines])
    _keep(final, cut, "cut.taken", {"by": by})
    return len(lines)


def renew(final_id: int, by: int | None) -> Cut:
    """Bring the list up to date: who is next follows who withdrew, and an amended place counts. Answers what changed."""
    before, final = _held(final_id)
    if final.cut is None:
        raise Conflict(_("Chưa lấy ai vào «%(final)s».", final=final.name))
    _refuse_after_first_mark(final)
    cut = cut_of(before, final)
    _undoubted(cut)
    if not cut.changes:
        raise Conflict(_("Danh sách vào «%(final)s» đã đúng với kết quả bây giờ.", final=final.name))
    gone = {each["entry"] for each in final.cut["lines"] if each["from"] in cut.leaving}
    _leave(final, gone)
    _enter(before, final, cut.coming)
    _keep(final, cut, "cut.renewed", {"by": by, "coming": list(cut.coming), "leaving": list(cut.leaving)})
    return cut


def take_back(final_id: int, reason: str, by: int | None) -> None:
    """Nobody has gone on: the entries of the final are no more. Not while a draw or a time stands on them."""
    _before, final = _held(final_id)
    if final.cut is None:
        raise Overtaken(_("Danh sách vào «%(final)s» đã được trả lại rồi.", final=final.name))
    _refuse_after_first_mark(final)
    if final.cut_announced_at is not None:
        raise Conflict(_("Đã báo ai vào «%(final)s». Rút lời báo trước, rồi trả lại danh sách.", final=final.name))
    reason = stated_reason(reason)
    own = db.session.execute(select(Entry.id, Entry.number).where(Entry.contest_id == final.id)).all()
    if any(row.number is not None for row in own):
        raise Conflict(
            _("«%(final)s» đã bốc thăm. Hủy kết quả bốc thăm trước, rồi trả lại danh sách.", final=final.name)
        )
    try:
        with db.session.begin_nested():
            remove_derived([row.id for row in own])
            db.session.execute(delete(Entry).where(Entry.contest_id == final.id))
    except IntegrityError as error:
        raise Conflict(
            _(
                "«%(final)s» đã có lượt trong lịch thi. Bỏ các lượt đó khỏi lịch trước, rồi trả lại danh sách.",
                final=final.name,
            )
        ) from error
    db.session.execute(update(Contest).where(Contest.id == final.id).values(cut=None))
    db.session.expire_all()
    said(final, "cut.taken_back", {"by": by, "reason": reason})


def _held(final_id: int) -> tuple[Contest, Contest]:
    """The round before and the final, both held until the transaction ends; the round before is signed.

    In the order in which a sum holds its components, so that two never wait for each other crosswise.
    """
    origin = db.session.scalar(select(Contest.entries_from_id).where(Contest.id == final_id))
    before = None if origin is None else held_contest(origin)
    final = held_contest(final_id)
    if before is None or final.after is None or final.entries_from_id != before.id:
        raise Conflict(_("Phần thi «%(name)s» không có vòng trước.", name=final.name))
    if not reached(before, ContestState.SIGNED):
        raise Conflict(
            _(
                "«%(before)s» chưa ký biên bản: khóa điểm và ký biên bản trước, rồi lấy vào vòng sau.",
                before=before.name,
            )
        )
    return before, final


def _refuse_after_first_mark(final: Contest) -> None:
    if final.rules_fixed_at is not None or final.state is not ContestState.OPEN:
        raise Conflict(_("«%(final)s» đã có điểm, nên danh sách vào vòng này không đổi nữa.", final=final.name))


def _undoubted(cut: Cut) -> Sequence[Any]:
    if isinstance(cut.wanted, EqualAtCut):
        raise Conflict(
            _(
                "Đồng hạng %(place)s ở ranh giới vào «%(final)s»: %(names)s. Ban giám khảo quyết định bằng biên bản đính chính "
                "ghi hạng của các tiết mục này, rồi lấy lại.",
                place=cut.wanted.place,
                final=cut.final.name,
                names=names_of(cut.table, cut.wanted.entries),
            )
        )
    if not cut.wanted.lines:
        raise Conflict(_("Không có tiết mục nào xếp hạng ở «%(before)s».", before=cut.before.name))
    return cut.wanted.lines


def _enter(before: Contest, final: Contest, codes: Iterable[str]) -> None:
    """Entries in the final; one that was in it before and left stands in it again."""
    wanted_codes = list(codes)
    own = select(Entry).where(Entry.contest_id == before.id, Entry.code.in_(wanted_codes))
    bases = {each.code: each for each in db.session.scalars(own)}
    left = {
        (each.family_id, each.delegation_id): each
        for each in db.session.scalars(select(Entry).where(Entry.contest_id == final.id, Entry.from_id.is_(None)))
    }
    fresh = []
    for base in (bases[code] for code in wanted_codes):
        again = left.get((base.family_id, base.delegation_id))
        if again is None:
            fresh.append(base.id)
            continue
        again.from_id, again.state, again.name, again.title = base.id, EntryState.ENROLLED, base.name, base.title
        db.session.flush()
        performers_of_origin(again)
    derive_entries(final, fresh)


def _leave(final: Contest, codes: Iterable[str]) -> None:
    """Another goes on in their place: they stay out also when their family comes back."""
    gone = list(db.session.scalars(select(Entry.id).where(Entry.contest_id == final.id, Entry.code.in_(list(codes)))))
    for statement in (
        delete(EntryPerson).where(EntryPerson.entry_id.in_(gone)),
        update(Entry).where(Entry.id.in_(gone)).values(state=EntryState.WITHDRAWN, from_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()


def _keep(final: Contest, cut: Cut, kind: str, payload: Mapping[str, Any]) -> None:
    """What the cut keeps, best first: the entry, where it comes from, its place and points there."""
    assert isinstance(cut.wanted, GoingOn)
    origin = aliased(Entry)
    pairs = select(origin.code, Entry.code).join(origin, origin.id == Entry.from_id)
    came = {row[0]: row[1] for row in db.session.execute(pairs.where(Entry.contest_id == final.id))}
    lines = [
        {"entry": came[each.entry], "from": each.entry, "place": each.place, "value": each.value}
        for each in cut.wanted.lines
    ]
    db.session.execute(update(Contest).where(Contest.id == final.id).values(cut={"lines": lines}))
    db.session.expire_all()
    said(final, kind, {**payload, "lines": lines})


def said(final: Contest, kind: str, payload: Mapping[str, Any]) -> None:
    """A line of the final's results."""
    ledger.append(results_stream(final), kind, {"contest": final.code, "contest_id": final.id}, dict(payload))
