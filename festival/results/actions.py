"""What can happen to a result: locked by two people, decided where it is open, signed, awarded, released, published.

Every step takes the contest's row exclusively first (`_hold`), so a mark on its way either committed before and is in the
standings, or finds the contest locked and is refused. No step can be taken twice or out of order, and each goes into the
ledger of the contest's results in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from festival.contests.models import Contest, ContestState, JurySeat
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.errors import BadInput, Conflict, NotFound
from festival.judging.queries import judging_stream, tally
from festival.registration.models import Entry
from festival.results.models import Award, DecisionKind, JuryDecision, StateChange
from festival.results.models import Standing as StandingRow
from festival.results.queries import (
    Problem,
    agenda_of,
    decisions_of,
    lock_problems,
    may_lock_as,
    prize_names,
    results_stream,
    standings_hash,
    standings_json,
    table_of,
    tally_of,
)
from festival.results.standings import EntryState
from festival.results.tables import ContestTable, contest_table

REASON_LENGTH = 500


def _hold(contest_id: int, wanted: ContestState, said: str) -> Contest:
    """The contest, held exclusively, in the state the step starts from; Conflict with `said` when it is elsewhere."""
    contest = db.session.scalars(
        select(Contest).where(Contest.id == contest_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if contest is None:
        raise NotFound()
    if contest.state is not wanted:
        raise Conflict(said)
    return contest


def _reason(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise BadInput(_("Ghi rõ lý do."))
    if len(clean) > REASON_LENGTH:
        raise BadInput(_("Lý do dài quá %(n)s ký tự.", n=REASON_LENGTH))
    return clean


def _names(names: Iterable[str]) -> tuple[str, ...]:
    clean = tuple(" ".join(name.split()) for name in names if name.strip())
    if not clean:
        raise BadInput(_("Ghi họ tên những người quyết định."))
    return clean


def _step(
    contest: Contest,
    state: ContestState,
    by: int | None,
    payload: Mapping[str, object],
    *,
    with_user: int | None = None,
    number: str = "",
    note: str = "",
) -> None:
    head = ledger.head(judging_stream(contest))
    contest.state = state
    db.session.add(
        StateChange(
            contest_id=contest.id,
            state=state,
            at=now(),
            by_user=by,
            with_user=with_user,
            number=number,
            note=note,
            ledger_size=head.size,
            ledger_hash=head.hash,
        )
    )
    db.session.flush()
    ledger.append(
        results_stream(contest),
        f"contest.{state.value}",
        {"contest": contest.code, "judging_size": head.size, "judging_head": head.hash},
        {"by": by, "with": with_user, "number": number, "note": note, **payload},
    )


# ---------------------------------------------------------------------------------------------------------- the lock


@dataclass(frozen=True, slots=True)
class Locked:
    """The marks are closed; the standings are stored."""

    standings_hash: str
    problems: tuple[Problem, ...]  # overridden


@dataclass(frozen=True, slots=True)
class NotReady:
    """Something is missing, and nobody gave a reason to lock all the same."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class WrongPeople:
    """The two people are not the chair and the secretary of this contest."""

    said: str


def lock(
    contest_id: int, chair_id: int | None, secretary_id: int | None, override: str = ""
) -> Locked | NotReady | WrongPeople:
    """Close the marks of a contest. The credentials of both people were checked before, outside of the transaction.

    Without people (the command line's `--override REASON`) a reason is needed and goes into the ledger.
    """
    contest = _hold(contest_id, ContestState.OPEN, _("Phần thi này đã khóa điểm rồi."))
    override = " ".join(override.split())
    if chair_id is None or secretary_id is None:
        override = _reason(override)
    else:
        if chair_id == secretary_id:
            return WrongPeople(_("Khóa điểm cần hai người khác nhau."))
        if not may_lock_as(chair_id, contest, JurySeat.CHAIR):
            return WrongPeople(_("Người thứ nhất không phải trưởng ban giám khảo của phần thi này."))
        if not may_lock_as(secretary_id, contest, JurySeat.SECRETARY):
            return WrongPeople(_("Người thứ hai không phải thư ký của phần thi này."))
    tallied = tally(contest)
    problems = tuple(lock_problems(tallied))
    if problems and not override:
        return NotReady(problems)
    table = contest_table(tallied, settled=True)
    _store(contest, table)
    digest = standings_hash(table)
    _step(
        contest,
        ContestState.LOCKED,
        chair_id,
        {
            "standings": standings_json(table),
            "standings_hash": digest,
            "problems": [f"{each.what}: {each.who} {each.entry}".strip() for each in problems],
        },
        with_user=secretary_id,
        note=override,
    )
    return Locked(digest, problems)


def _store(contest: Contest, table: ContestTable) -> None:
    db.session.execute(delete(StandingRow).where(StandingRow.contest_id == contest.id))
    rows = [
        {
            "contest_id": contest.id,
            "entry_id": table.turns[each.entry].id,
            "state": each.state,
            "place": each.rank,
            "shared": each.shared,
            "score_milli": each.value,
            "reasons": [
                {"template": reason.template, "values": {k: str(v) for k, v in reason.values.items()}}
                for reason in each.reasons
            ],
            "detail": {
                "penalty": table.details[each.entry].penalty_milli,
                "members": table.turns[each.entry].members,
            },
        }
        for each in table.standings
    ]
    if rows:
        db.session.execute(insert(StandingRow), rows)


# ----------------------------------------------------------------------------------------------- what the jury decides


@dataclass(frozen=True, slots=True)
class TieOrder:
    """Entries the ladder could not part, best first; a group of several stays shared by the jury's will."""

    order: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PrizesGiven:
    """The prize (or none) of each entry on a shared place between two prizes."""

    prizes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """An entry without a valid result takes no place: it did not start, did not finish, is out."""

    entry: str
    state: str


Saying = TieOrder | PrizesGiven | TakenOut


def _content(contest: Contest, saying: Saying) -> tuple[DecisionKind, dict[str, Any]]:
    """What is stored of a decision; BadInput when it is not about what waits for the jury."""
    agenda = agenda_of(contest)
    match saying:
        case TieOrder(order):
            groups = [sorted(filter(None, group)) for group in order if any(group)]
            asked = {entry for group in groups for entry in group}
            equal = [{each.entry for each in tie} for tie in agenda.ties]
            if asked not in equal or sum(map(len, groups)) != len(asked):
                raise BadInput(_("Quyết định phải xếp đủ các tiết mục đang bằng điểm, mỗi tiết mục một lần."))
            return DecisionKind.TIE, {"order": groups}
        case PrizesGiven(prizes):
            if set(prizes) not in [set(question.entries) for question in agenda.questions]:
                raise BadInput(_("Quyết định phải nói về đúng những tiết mục đang chờ xét giải."))
            known = {None, *prize_names(contest)}
            if not known.issuperset(prizes.values()):
                raise BadInput(_("Tên giải không có trong thể lệ."))
            return DecisionKind.PRIZE, {"prizes": dict(prizes)}
        case TakenOut(entry, state):
            if state not in (EntryState.DNS, EntryState.DNF, EntryState.DSQ):
                raise BadInput(_("Chưa chọn trạng thái."))
            if entry not in {each.entry for each in agenda.unsettled}:
                raise BadInput(_("Tiết mục này không chờ quyết định."))
            return DecisionKind.OUT, {"entry": entry, "state": state}
    assert_never(saying)


def proposed(contest: Contest, saying: Saying, reason: str, names: Iterable[str], noted_by: int | None) -> JuryDecision:
    """A decision that could be stored, checked and not stored: what is read back to the jury."""
    if contest.state is not ContestState.LOCKED:
        raise Conflict(_("Ban giám khảo chỉ quyết định sau khi khóa điểm và trước khi ký biên bản."))
    kind, content = _content(contest, saying)
    return JuryDecision(
        contest_id=contest.id,
        kind=kind,
        content=content,
        reason=_reason(reason),
        names=list(_names(names)),
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
    """Record what the jury decided; the last decision about the same entries is the one in force.

    `seen`: the latest decision that was known when this one was read back; Conflict when another came meanwhile. What
    is in force already is not recorded twice.
    """
    said = _("Ban giám khảo chỉ quyết định sau khi khóa điểm và trước khi ký biên bản.")
    contest = _hold(contest_id, ContestState.LOCKED, said)
    row = proposed(contest, saying, reason, names, noted_by)
    before = decisions_of(contest.id)
    if any(
        (each.kind, each.content, each.reason, each.names) == (row.kind, row.content, row.reason, row.names)
        for each in before.rows
        if each.id not in before.replaced
    ):
        return
    if seen is not None and seen != before.last_id:
        raise Conflict(_("Ban giám khảo vừa ghi một quyết định khác. Xem lại rồi quyết định lần nữa."))
    db.session.add(row)
    db.session.flush()
    table = table_of(tally_of(contest))
    _store(contest, table)
    ledger.append(
        results_stream(contest),
        f"jury.{row.kind.value}",
        {"contest": contest.code, "decision": row.id},
        {
            "content": row.content,
            "reason": row.reason,
            "names": row.names,
            "noted_by": noted_by,
            "standings_hash": standings_hash(table),
        },
    )


def give_special(contest_id: int, entry_code: str, prize: str, noted_by: int | None) -> None:
    """The jury gives a special prize of the rules; giving it to the same entry again changes nothing."""
    contest = _hold(
        contest_id, ContestState.LOCKED, _("Giải chuyên đề được ghi sau khi khóa điểm, trước khi ký biên bản.")
    )
    if prize not in contest.special_prizes:
        raise BadInput(_("Tên giải không có trong thể lệ."))
    entry_id = db.session.scalar(select(Entry.id).where(Entry.code == entry_code, Entry.contest_id == contest.id))
    if entry_id is None:
        raise NotFound()
    db.session.execute(delete(Award).where(Award.contest_id == contest.id, Award.prize == prize, Award.special))
    db.session.add(
        Award(
            contest_id=contest.id,
            festival_id=contest.festival_id,
            entry_id=entry_id,
            prize=prize,
            position=1 + contest.special_prizes.index(prize),
            special=True,
        )
    )
    db.session.flush()
    ledger.append(
        results_stream(contest),
        "jury.special",
        {"contest": contest.code, "entry": entry_id},
        {"prize": prize, "noted_by": noted_by},
    )


# ------------------------------------------------------------------------------------------------- the further steps


@dataclass(frozen=True, slots=True)
class Signed:
    """The minutes are signed and the awards stored."""

    awards: int


@dataclass(frozen=True, slots=True)
class StillOpen:
    """The jury must answer first: places at a border of prizes, entries without a valid result."""

    questions: int
    unsettled: int


def sign(contest_id: int, number: str, by: int | None) -> Signed | StillOpen:
    """The jury's minutes are signed on paper; from now on the awards stand."""
    contest = _hold(contest_id, ContestState.LOCKED, _("Chỉ ký biên bản sau khi khóa điểm, và chỉ một lần."))
    table = table_of(tally_of(contest))
    if table.prizes.questions or table.unsettled:
        return StillOpen(len(table.prizes.questions), len(table.unsettled))
    names = list(prize_names(contest))
    rows = [
        {
            "contest_id": contest.id,
            "festival_id": contest.festival_id,
            "entry_id": table.turns[each.entry].id,
            "prize": each.prize,
            "position": 1 + names.index(each.prize),
            "special": False,
        }
        for each in table.prizes.awards
    ]
    if rows:
        db.session.execute(insert(Award), rows)
    _store(contest, table)
    _step(
        contest,
        ContestState.SIGNED,
        by,
        {
            "standings": standings_json(table),
            "standings_hash": standings_hash(table),
            "decisions": [row.id for row in decisions_of(contest.id).rows],
        },
        number=_number(number),
    )
    return Signed(len(rows))


def _number(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise BadInput(_("Ghi số của văn bản."))
    return clean[:60]


def record_award_decision(contest_id: int, number: str, by: int | None) -> None:
    """The organiser's award decision has its number."""
    contest = _hold(contest_id, ContestState.SIGNED, _("Quyết định trao giải được ghi sau khi biên bản đã ký."))
    _step(contest, ContestState.DECIDED, by, {}, number=_number(number))


def release(contest_id: int, by: int | None) -> None:
    """From now on the MC may read the result."""
    contest = _hold(
        contest_id, ContestState.DECIDED, _("MC chỉ được đọc sau khi biên bản đã ký và có quyết định trao giải.")
    )
    _step(contest, ContestState.RELEASED, by, {})


def publish(contest_id: int, by: int | None) -> None:
    """From now on the public sees the awards."""
    contest = _hold(contest_id, ContestState.RELEASED, _("Chỉ công bố sau khi đã cho MC đọc."))
    _step(contest, ContestState.PUBLISHED, by, {})
