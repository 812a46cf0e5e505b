"""What follows when rules of contests change: what is registered, planned, seated, printed or locked by the old ones?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from festival.contests.models import Contest, ContestState, Judge
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.kinds import SecrecyRule
from festival.editions.rules.ruleset import Ruleset
from festival.papers.models import PaperState, SignedPaper
from festival.roster.models import Entry, EntryState
from festival.schedule.models import Act
from festival.schedule.models import Session as Block

NAMED = N_(
    "«%(contest)s» đã có điểm: tên mới hiện ngay ở máy chấm và trang công khai, phiếu giấy đã in giữ tên cũ; việc đổi tên được ghi lại."
)
PRINTED = N_("Biên bản «%(contest)s» đã in để ký: in lại rồi ký tờ mới.")
LOCKED_PRIZES = N_(
    "«%(contest)s» đã khóa điểm: giải được tính lại, quyết định của ban giám khảo nhắc giải cũ phải ghi lại."
)
OTHER_KIND = N_("«%(contest)s»: %(n)s tiết mục đã đăng ký theo thể lệ cũ, xem lại từng tiết mục.")
TIMES = N_("«%(contest)s»: %(n)s lượt đã xếp giữ số phút cũ, xếp lại lịch nếu cần.")
HEATS = N_("«%(contest)s»: số đường đổi nên các đợt thi chia lại, %(n)s lượt đã xếp không còn đúng đợt: xếp lại lịch.")
SEATS = N_("«%(contest)s»: đã mời %(n)s giám khảo chấm, thể lệ mới là %(size)s: rút bớt trước khi chấm.")
OPEN_NOW = N_("«%(contest)s»: điểm sẽ hiện công khai ngay khi ghi.")


@dataclass(frozen=True, slots=True)
class _Held:
    """What there is of a contest."""

    name: str
    fixed: bool
    locked: bool
    entries: int
    acts: int
    judges: int
    printed: bool


def of_contests(festival: Festival, before: Ruleset, after: Ruleset) -> Iterator[Sentence]:
    """One sentence for each thing that was made by the rules of before; one statement for all contests."""
    old = {each.code: each for each in before.contests}
    changed = [(old[each.code], each) for each in after.contests if each.code in old and old[each.code] != each]
    if not changed:
        return
    held = _held(festival)
    for was, now in changed:
        if was.code in held:
            yield from _of(held[was.code], was, now)


def _of(held: _Held, was: ContestRule, now: ContestRule) -> Iterator[Sentence]:
    name = held.name
    if held.fixed and _named(was) != _named(now):
        yield NAMED.filled(contest=name)
    if held.printed:
        yield PRINTED.filled(contest=name)
    if held.locked and was.prizes != now.prizes:
        yield LOCKED_PRIZES.filled(contest=name)
    if held.entries and (was.kind, was.entry) != (now.kind, now.entry):
        yield OTHER_KIND.filled(contest=name, n=held.entries)
    minutes = [(each.duration_min, each.changeover_min, each.together_min) for each in (was, now)]
    if held.acts and minutes[0] != minutes[1]:
        yield TIMES.filled(contest=name, n=held.acts)
    if held.acts and was.lanes != now.lanes:
        yield HEATS.filled(contest=name, n=held.acts)
    if was.judges != now.judges and held.judges > now.judges:
        yield SEATS.filled(contest=name, n=held.judges, size=now.judges)
    if was.secrecy is SecrecyRule.SEALED and now.secrecy is SecrecyRule.AT_ONCE:
        yield OPEN_NOW.filled(contest=name)


def _named(rule: ContestRule) -> tuple[object, ...]:
    return rule.name, rule.part, rule.unit_label, [each.name for each in rule.criteria]


def _held(festival: Festival) -> dict[str, _Held]:
    entries = select(func.count(Entry.id)).where(Entry.contest_id == Contest.id, Entry.state != EntryState.WITHDRAWN)
    acts = select(func.count(Act.id)).join(Block, Block.id == Act.session_id).where(Block.contest_id == Contest.id)
    judges = select(func.count(Judge.id)).where(Judge.contest_id == Contest.id, Judge.marks)
    printed = exists().where(SignedPaper.contest_id == Contest.id, SignedPaper.state == PaperState.PRINTED)
    rows = db.session.execute(
        select(
            Contest.code,
            Contest.name,
            Contest.rules_fixed_at,
            Contest.state,
            entries.scalar_subquery().label("entries"),
            acts.scalar_subquery().label("acts"),
            judges.scalar_subquery().label("judges"),
            printed.label("printed"),
        ).where(Contest.festival_id == festival.id)
    )
    return {
        row.code: _Held(
            row.name,
            row.rules_fixed_at is not None,
            row.state is ContestState.LOCKED,
            row.entries,
            row.acts,
            row.judges,
            row.printed,
        )
        for row in rows
    }
