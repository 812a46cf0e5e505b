"""What does the panel decide where the rules leave a question open?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from flask_babel import gettext as _
from sqlalchemy import delete, select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.results.agenda import Agenda, agenda_of
from festival.results.current import (
    current_table,
    prize_names,
    special_names,
    standings_hash,
    standings_kept,
    tally_for_result,
)
from festival.results.decisions import Decisions, decisions_of
from festival.results.ladder.states import results_stream
from festival.results.ladder.steps import hold_contest, stated_names, stated_reason, store_standings
from festival.results.models import Award, DecisionKind, PanelDecision
from festival.results.settling.awarding import PrizeSaying, prize_content
from festival.results.settling.recording import RungSaying, rung_content, witnesses
from festival.results.standings import OnFewSheets, ResultState
from festival.roster.models import Entry


@dataclass(frozen=True, slots=True)
class TieOrder:
    """Entries the ladder could not part, best first; a group of several stays shared by the panel's will."""

    order: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """An entry without a valid result takes no place: it did not start, did not finish, is out."""

    entry: str
    state: str


@dataclass(frozen=True, slots=True)
class OfFewSheets:
    """What the panel says of an entry that fewer judges marked than the smallest panel: accept, none, wait."""

    entry: str
    say: str


Answer = TieOrder | TakenOut | OfFewSheets
Saying = Answer | PrizeSaying | RungSaying


def content_of(
    agenda: Agenda, known: Sequence[str], saying: Answer | PrizeSaying
) -> tuple[DecisionKind, dict[str, Any]]:
    """What is stored of a decision; BadInput when it is not about what waits for the panel. `known`: names of prizes."""
    if isinstance(saying, PrizeSaying):
        return prize_content(agenda, known, saying)
    match saying:
        case TieOrder(order):
            groups = [sorted(filter(None, group)) for group in order if any(group)]
            asked = {entry for group in groups for entry in group}
            equal = [{each.entry for each in tie} for tie in agenda.ties]
            if asked not in equal or sum(map(len, groups)) != len(asked):
                raise BadInput(_("Quyết định phải xếp đủ các tên đang bằng điểm, mỗi tên một lần."))
            return DecisionKind.TIE, {"order": groups}
        case TakenOut(entry, state):
            if state not in (ResultState.DNS, ResultState.DNF, ResultState.DSQ):
                raise BadInput(_("Chưa chọn trạng thái."))
            if entry not in {each.entry for each in agenda.unsettled}:
                raise BadInput(_("Tiết mục này không chờ quyết định."))
            return DecisionKind.OUT, {"entry": entry, "state": state}
        case OfFewSheets(entry, say):
            if say not in set(OnFewSheets):
                raise BadInput(_("Chọn nhận kết quả, không có kết quả, hay chờ."))
            if entry not in agenda.few:
                raise BadInput(_("Tiết mục này không chờ quyết định về số phiếu."))
            return DecisionKind.OUT, {"entry": entry, "state": say, "marked": agenda.few[entry]}
    assert_never(saying)


def proposed(
    contest: Contest, saying: Saying, reason: str, names: Iterable[str], noted_by: int | None
) -> PanelDecision:
    """A decision that could be stored, checked and not stored: what is read back to the panel."""
    if contest.state is not ContestState.LOCKED:
        raise Conflict(_("Ban giám khảo chỉ quyết định sau khi khóa điểm và trước khi ký biên bản."))
    tally = tally_for_result(contest)
    agenda = agenda_of(tally, decisions_of(contest.id))
    if isinstance(saying, RungSaying):
        kind, content = rung_content(agenda, saying, contest.code, tally)
    else:
        kind, content = content_of(agenda, prize_names(contest), saying)
    row = decided_now(kind, content, reason, names, noted_by)
    row.contest_id = contest.id
    return row


def decided_now(
    kind: DecisionKind, content: dict[str, Any], reason: str, names: Iterable[str], noted_by: int | None
) -> PanelDecision:
    """A decision with its reason and who took it; of which contest or festival is for the caller to say."""
    said, who = stated_reason(reason), stated_names(names)
    if kind is DecisionKind.DRAW and "order" in content:
        witnesses(who)
    return PanelDecision(
        kind=kind,
        content=content,
        reason=said,
        names=list(who),
        decided_at=now(),
        noted_by=noted_by,
    )


def decide(
    contest_id: int,
    saying: Saying,
    reason: str,
    names: Iterable[str],
    noted_by: int | None,
    *,
    seen: int | None = None,
) -> None:
    """Record what the panel decided; the last decision about the same entries is the one in force.

    `seen`: the latest decision that was known when this one was read back; Conflict when another came meanwhile. What
    is in force already is not recorded twice.
    """
    said = _("Ban giám khảo chỉ quyết định sau khi khóa điểm và trước khi ký biên bản.")
    contest = hold_contest(contest_id, ContestState.LOCKED, said)
    row = proposed(contest, saying, reason, names, noted_by)
    if not record_once(row, decisions_of(contest.id), seen):
        return
    table = current_table(tally_for_result(contest))
    store_standings(contest, table)
    ledger.append(
        results_stream(contest),
        f"jury.{row.kind.value}",
        {
            "contest": contest.code,
            "contest_id": contest.id,
            "decision": row.id,
            "standings_hash": standings_hash(table),
        },
        {
            "content": row.content,
            "reason": row.reason,
            "names": row.names,
            "noted_by": noted_by,
            **standings_kept(table),
        },
    )


def record_once(row: PanelDecision, before: Decisions, seen: int | None) -> bool:
    """Store a decision; False when it is in force already. Conflict when another came after `seen`."""
    if any(
        (each.kind, each.content, each.reason, each.names) == (row.kind, row.content, row.reason, row.names)
        for each in before.rows
        if each.id not in before.replaced
    ):
        return False
    if seen is not None and seen != before.last_id:
        raise Overtaken(_("Ban giám khảo vừa ghi một quyết định khác. Xem lại rồi quyết định lần nữa."))
    db.session.add(row)
    db.session.flush()
    return True


def give_special(contest_id: int, entry_code: str, prize: str, noted_by: int | None) -> None:
    """The panel gives a special prize of the rules, to one entry; an empty `entry_code` takes it back. One of the whole festival
    is given once, by whichever contest's panel comes first.
    """
    contest = hold_contest(
        contest_id, ContestState.LOCKED, _("Giải chuyên đề được ghi sau khi khóa điểm, trước khi ký biên bản.")
    )
    names = special_names(contest)
    if prize not in names:
        raise BadInput(_("Tên giải không có trong thể lệ."))
    entry_id = db.session.scalar(select(Entry.id).where(Entry.code == entry_code, Entry.contest_id == contest.id))
    if entry_id is None and entry_code:
        raise NotFound()
    if entry_code and _out_of(contest, entry_code):
        raise BadInput(_("Tiết mục này không dự thi, bỏ dở hoặc bị loại nên không nhận giải."))
    refuse_given_elsewhere(contest, prize)
    db.session.execute(delete(Award).where(Award.contest_id == contest.id, Award.prize == prize, Award.special))
    if entry_id is None:
        ledger.append(
            results_stream(contest),
            "jury.special_taken_back",
            {"contest": contest.code, "contest_id": contest.id},
            {"prize": prize, "noted_by": noted_by},
        )
        return
    position = 1 + names.index(prize)
    db.session.add(
        Award(
            contest_id=contest.id,
            festival_id=contest.festival_id,
            entry_id=entry_id,
            prize=prize,
            position=position,
            special=True,
        )
    )
    db.session.flush()
    ledger.append(
        results_stream(contest),
        "jury.special",
        {"contest": contest.code, "contest_id": contest.id, "entry": entry_id},
        {"prize": prize, "position": position, "noted_by": noted_by},
    )


def _out_of(contest: Contest, entry: str) -> bool:
    """Whether it did not start, did not finish, or is out."""
    out = (ResultState.DNS, ResultState.DNF, ResultState.DSQ)
    return any(each.entry == entry and each.state in out for each in current_table(tally_for_result(contest)).standings)


def refuse_given_elsewhere(contest: Contest, prize: str) -> None:
    """A prize of the whole festival is one: two panels that give it at the same moment wait for each other here."""
    if prize in contest.special_prizes:
        return
    db.session.execute(select(Festival.id).where(Festival.id == contest.festival_id).with_for_update(key_share=True))
    other = db.session.scalar(
        select(Contest.name)
        .join(Award, Award.contest_id == Contest.id)
        .where(
            Award.festival_id == contest.festival_id,
            Award.contest_id != contest.id,
            Award.special,
            Award.prize == prize,
        )
    )
    if other is not None:
        raise Conflict(
            _("Giải «%(prize)s» của cả ngày hội đã ghi ở phần thi «%(contest)s».", prize=prize, contest=other)
        )
