"""How does a contest take a step of the ladder: held, checked, noted with the head of its ledger?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import to_json
from festival.core.web.errors import BadInput, Conflict
from festival.judging.contest_rules import judging_stream
from festival.results.current import standing_detail
from festival.results.ladder.states import results_stream
from festival.results.models import Standing as StandingRow
from festival.results.models import StateChange
from festival.results.table import ContestTable

REASON_LENGTH = 500


def hold_contest(contest_id: int, wanted: ContestState, said: str) -> Contest:
    """The contest, held exclusively, in the state the step starts from; Conflict with `said` when it is elsewhere."""
    contest = held_contest(contest_id)
    if contest.state is not wanted:
        raise Conflict(said)
    return contest


def stated_reason(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise BadInput(_("Ghi rõ lý do."))
    if len(clean) > REASON_LENGTH:
        raise BadInput(_("Lý do dài quá %(n)s ký tự.", n=REASON_LENGTH))
    return clean


def going_on(waiting: Sequence[int], reason: str) -> str:
    """Why the step is taken though petitions wait; "" where none does. BadInput without a reason: it is seen, and no wall."""
    if not waiting:
        return ""
    if not reason.strip():
        numbers = ", ".join(map(str, waiting))
        raise BadInput(
            _(
                "Còn kiến nghị chưa giải quyết xong, số %(numbers)s. Giải quyết trước, hoặc ghi lý do vẫn làm.",
                numbers=numbers,
            ),
            field="petitions_reason",
        )
    return stated_reason(reason)


def stated_names(names: Iterable[str]) -> tuple[str, ...]:
    clean = tuple(" ".join(name.split()) for name in names if name.strip())
    if not clean:
        raise BadInput(_("Ghi họ tên những người quyết định."))
    return clean


def take_step(
    contest: Contest,
    state: ContestState,
    by: int | None,
    payload: Mapping[str, object],
    *,
    with_user: int | None = None,
    number: str = "",
    note: str = "",
    papers_reason: str = "",
    paper_day: date | None = None,
    about: Mapping[str, object] | None = None,
) -> None:
    """`about`: what more the line says for ever, without a name."""
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
            papers_reason=papers_reason,
            paper_day=paper_day,
            ledger_size=head.size,
            ledger_hash=head.hash,
        )
    )
    db.session.flush()
    more = {"papers_reason": papers_reason} if papers_reason else {}
    if paper_day is not None:
        more["paper_day"] = paper_day.isoformat()
    ledger.append(
        results_stream(contest),
        f"contest.{state.value}",
        {
            "contest": contest.code,
            "contest_id": contest.id,
            "judging_size": head.size,
            "judging_head": head.hash,
            **(about or {}),
        },
        {"by": by, "with": with_user, "number": number, "note": note, **more, **payload},
    )


def store_standings(contest: Contest, table: ContestTable) -> None:
    db.session.execute(delete(StandingRow).where(StandingRow.contest_id == contest.id))
    rows = [
        {
            "contest_id": contest.id,
            "entry_id": table.appearances[each.entry].id,
            "state": each.state,
            "place": each.rank,
            "shared": each.shared,
            "score_milli": each.value,
            "reasons": [to_json(reason) for reason in each.reasons],
            "detail": standing_detail(table, each.entry),
        }
        for each in table.standings
    ]
    if rows:
        db.session.execute(insert(StandingRow), rows)


def paper_number(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise BadInput(_("Ghi số của văn bản."))
    return clean[:60]


def later_number(text: str) -> str:
    """The same of a paper whose number may follow: '' while it has none."""
    return " ".join(text.split())[:60]
