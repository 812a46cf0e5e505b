"""What can happen to a result: locked by two people, decided where it is open, signed, awarded, released, published.

Every step takes the contest's row exclusively first (`_hold`), so a mark on its way either committed before and is in the
standings, or finds the contest locked and is refused. No step can be taken twice or out of order, and each goes into the
ledger of the contest's results in the same transaction. The whole delegation is decided and signed in the same manner
under the festival's row.
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
from festival.core.errors import BadInput, Conflict, Forbidden, NotFound
from festival.core.sentence import to_json
from festival.editions.models import Festival
from festival.judging.queries import judging_stream, tally
from festival.registration.models import Delegation, Entry
from festival.results.models import Award, DecisionKind, JuryDecision, StateChange, WholeMinutes
from festival.results.models import Standing as StandingRow
from festival.results.queries import (
    Agenda,
    Decisions,
    Problem,
    agenda_of,
    decisions_of,
    decisions_of_whole,
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
from festival.results.whole import WholeTable, whole_delegation, whole_json, whole_rule, whole_stream

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
            "reasons": [to_json(reason) for reason in each.reasons],
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


def _content(agenda: Agenda, known: Iterable[str], saying: Saying) -> tuple[DecisionKind, dict[str, Any]]:
    """What is stored of a decision; BadInput when it is not about what waits for the jury. `known`: names of prizes."""
    match saying:
        case TieOrder(order):
            groups = [sorted(filter(None, group)) for group in order if any(group)]
            asked = {entry for group in groups for entry in group}
            equal = [{each.entry for each in tie} for tie in agenda.ties]
            if asked not in equal or sum(map(len, groups)) != len(asked):
                raise BadInput(_("Quyết định phải xếp đủ các tên đang bằng điểm, mỗi tên một lần."))
            return DecisionKind.TIE, {"order": groups}
        case PrizesGiven(prizes):
            if set(prizes) not in [set(question.entries) for question in agenda.questions]:
                raise BadInput(_("Quyết định phải nói về đúng những tên đang chờ xét giải."))
            if not {None, *known}.issuperset(prizes.values()):
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
    agenda = agenda_of(tally_of(contest), decisions_of(contest.id))
    kind, content = _content(agenda, prize_names(contest), saying)
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
    if not _recorded(row, decisions_of(contest.id), seen):
        return
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


def _recorded(row: JuryDecision, before: Decisions, seen: int | None) -> bool:
    """Store a decision; False when it is in force already. Conflict when another came after `seen`."""
    if any(
        (each.kind, each.content, each.reason, each.names) == (row.kind, row.content, row.reason, row.names)
        for each in before.rows
        if each.id not in before.replaced
    ):
        return False
    if seen is not None and seen != before.last_id:
        raise Conflict(_("Ban giám khảo vừa ghi một quyết định khác. Xem lại rồi quyết định lần nữa."))
    db.session.add(row)
    db.session.flush()
    return True


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


# ------------------------------------------------------------------------------------------------ the whole delegation


def _hold_whole(festival_id: int) -> Festival:
    """The festival, held against other decisions and signatures about its delegations.

    Not against rows that only refer to it: a gate goes on scanning meanwhile.
    """
    held = select(Festival).where(Festival.id == festival_id).with_for_update(key_share=True)
    festival = db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if festival is None:
        raise NotFound()
    return festival


def _decidable(festival: Festival) -> WholeTable:
    table = whole_delegation(festival)
    if table is None:
        raise NotFound(_("Thể lệ không có giải toàn đoàn."))
    if table.minutes is not None:
        raise Conflict(_("Biên bản toàn đoàn đã ký, các giải không đổi nữa."))
    if table.provisional:
        waiting = ", ".join(contest.name for contest in table.not_yet(ContestState.LOCKED))
        raise Conflict(
            _("Chỉ quyết định giải toàn đoàn khi mọi phần thi tính điểm đã khóa. Chưa khóa: %(names)s.", names=waiting)
        )
    return table


def proposed_whole(
    festival: Festival, saying: TieOrder | PrizesGiven, reason: str, names: Iterable[str], noted_by: int | None
) -> JuryDecision:
    """A decision on the delegations that could be stored, checked and not stored: what is read back to the jury."""
    table, rule = _decidable(festival), whole_rule(festival)
    kind, content = _content(table.agenda, [each.name for each in rule.prizes] if rule else [], saying)
    return JuryDecision(
        festival_id=festival.id,
        kind=kind,
        content=content,
        reason=_reason(reason),
        names=list(_names(names)),
        decided_at=now(),
        noted_by=noted_by,
    )


def decide_whole(
    festival_id: int,
    saying: TieOrder | PrizesGiven,
    reason: str,
    names: Iterable[str],
    noted_by: int | None,
    *,
    seen: int | None = None,
) -> None:
    """Record what the jury decided about delegations that are equal, as `decide` does for entries."""
    festival = _hold_whole(festival_id)
    row = proposed_whole(festival, saying, reason, names, noted_by)
    if _recorded(row, decisions_of_whole(festival.id), seen):
        ledger.append(
            whole_stream(festival),
            f"jury.{row.kind.value}",
            {"festival": festival.code, "decision": row.id},
            {"content": row.content, "reason": row.reason, "names": row.names, "noted_by": noted_by},
        )


def sign_whole(festival_id: int, number: str, by: int | None, *, may_release: bool = True) -> Signed | StillOpen:
    """The minutes of the whole delegation are signed on paper; from now on its awards stand, whoever withdraws later.

    Signing again with the same number changes nothing. When the MC reads all contests already, it reads these prizes
    at once: then it takes somebody who `may_release`.
    """
    festival, number = _hold_whole(festival_id), _number(number)
    signed = db.session.scalars(select(WholeMinutes).where(WholeMinutes.festival_id == festival.id)).one_or_none()
    if signed is not None and signed.number == number:
        return Signed(sum(line["prize"] is not None for line in signed.standings))
    table, rule = _decidable(festival), whole_rule(festival)
    if unsigned := table.not_yet(ContestState.SIGNED):
        waiting = ", ".join(contest.name for contest in unsigned)
        raise Conflict(_("Ký biên bản các phần thi tính điểm trước. Chưa ký: %(names)s.", names=waiting))
    if table.waiting:
        return StillOpen(len(table.open_questions), 0)
    if not may_release and not table.not_yet(ContestState.RELEASED):
        raise Forbidden(_("MC đã được đọc mọi phần thi: việc này do Ban Tổ chức làm."))
    prizes = [each.name for each in rule.prizes] if rule else []
    ids = dict(
        db.session.execute(select(Delegation.code, Delegation.id).where(Delegation.festival_id == festival.id)).all()
    )
    rows = [
        {
            "festival_id": festival.id,
            "delegation_id": ids[line.code],
            "prize": line.prize,
            "position": 1 + prizes.index(line.prize),
            "special": False,
        }
        for line in table.lines
        if line.prize
    ]
    if rows:
        db.session.execute(insert(Award), rows)
    standings = whole_json(table.lines)
    db.session.add(
        WholeMinutes(
            festival_id=festival.id,
            number=number,
            contests=[contest.code for contest in table.contests],
            standings=standings,
            signed_at=now(),
            by_user=by,
        )
    )
    db.session.flush()
    ledger.append(
        whole_stream(festival),
        "delegations.signed",
        {"festival": festival.code},
        {
            "by": by,
            "number": number,
            "standings": standings,
            "decisions": [row.id for row in table.agenda.decided.rows],
        },
    )
    return Signed(len(rows))
