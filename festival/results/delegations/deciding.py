"""How is the result of the whole delegations decided and signed?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from festival.contests.models import ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, Forbidden, NotFound
from festival.editions.models import Festival
from festival.editions.retention import kept
from festival.papers import keeping
from festival.papers.keeping import PaperSubject
from festival.papers.models import SignedPaper, WholeMinutes
from festival.results.decide import TieOrder, content_of, decided_now, record_once
from festival.results.decisions import decisions_of_whole
from festival.results.delegations.facts import whole_rule
from festival.results.delegations.table import WholeTable, whole_delegation, whole_json
from festival.results.ladder.papers_there import hold_whole
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.ladder.states import whole_stream
from festival.results.ladder.steps import going_on, paper_number
from festival.results.models import Award, PanelDecision
from festival.results.petitions.reading import unsettled_of_whole
from festival.results.proof.results import publish_whole
from festival.results.rungs import OF_WHOLE
from festival.results.settling.awarding import PrizeSaying
from festival.results.settling.recording import RungSaying, rung_content
from festival.results.settling.waiting import refuse_while_waiting
from festival.roster.models import Delegation

WholeSaying = TieOrder | PrizeSaying | RungSaying
AWARD_KEPT = ("delegation_id", "prize", "position", "name", "delegation")


def unlike_words(names: Iterable[str]) -> str:
    """Why no delegation has a place, and what to do."""
    return str(
        _(
            "Thể lệ cộng các con số khác loại của phần thi: %(names)s. Chưa xếp hạng toàn đoàn được. Sửa tệp thể lệ "
            "(place_points, points_per_answer hoặc points_scale, xem docs/ruleset.md) rồi nhập lại.",
            names=", ".join(names),
        )
    )


def decidable(festival: Festival) -> WholeTable:
    """The table, while the panel may still decide about it. NotFound, Conflict."""
    return refuse_undecidable(whole_delegation(festival))


def refuse_undecidable(table: WholeTable | None) -> WholeTable:
    """The same of a table that was read."""
    if table is None:
        raise NotFound(_("Thể lệ không có giải toàn đoàn."))
    if table.minutes is not None:
        raise Conflict(_("Biên bản toàn đoàn đã ký, các giải không đổi nữa."))
    if table.unlike:
        raise Conflict(unlike_words(table.unlike))
    if table.provisional:
        waiting = ", ".join(contest.name for contest in table.not_yet(ContestState.LOCKED))
        raise Conflict(
            _("Chỉ quyết định giải toàn đoàn khi mọi phần thi tính điểm đã khóa. Chưa khóa: %(names)s.", names=waiting)
        )
    return table


def proposed_whole(
    festival: Festival, saying: WholeSaying, reason: str, names: Iterable[str], noted_by: int | None
) -> PanelDecision:
    """A decision on the delegations that could be stored, checked and not stored: what is read back to the panel."""
    table, rule = decidable(festival), whole_rule(festival)
    if isinstance(saying, RungSaying):
        kind, content = rung_content(table.agenda, saying, OF_WHOLE)
    else:
        kind, content = content_of(table.agenda, [each.name for each in rule.prizes] if rule else [], saying)
    row = decided_now(kind, content, reason, names, noted_by)
    row.festival_id = festival.id
    return row


def decide_whole(
    festival_id: int,
    saying: WholeSaying,
    reason: str,
    names: Iterable[str],
    noted_by: int | None,
    *,
    seen: int | None = None,
) -> None:
    """Record what the panel decided about delegations that are equal, as `decide` does for entries."""
    festival = hold_whole(festival_id)
    row = proposed_whole(festival, saying, reason, names, noted_by)
    if record_once(row, decisions_of_whole(festival.id), seen):
        ledger.append(
            whole_stream(festival),
            f"jury.{row.kind.value}",
            {"festival": festival.code, "decision": row.id},
            {"content": row.content, "reason": row.reason, "names": row.names, "noted_by": noted_by},
        )


def releases_at_once(table: WholeTable | None) -> bool:
    """Whether signing lets the MC, perhaps everybody, read the prizes: then it is a release, by two people."""
    return table is not None and bool(table.contests) and not table.not_yet(ContestState.RELEASED)


def print_whole(festival_id: int, number: str, by: int | None) -> int:
    """Keep the minutes as they are to be signed; answers which paper it is."""
    festival = hold_whole(festival_id)
    decidable(festival)
    return keeping.print_paper(PaperSubject(festival.id), paper_number(number) if number.strip() else "", by).id


def is_signed(festival_id: int) -> bool:
    """Whether the minutes of the whole delegation are signed."""
    found = db.session.scalar(select(WholeMinutes.id).where(WholeMinutes.festival_id == festival_id))
    return found is not None


def keep_whole_paper(festival_id: int) -> SignedPaper:
    """The paper in force; one that an earlier release let sign without keeping it is drawn and kept now, and says so."""
    festival = hold_whole(festival_id)
    paper = keeping.in_force(PaperSubject(festival.id))
    if paper is not None:
        return paper
    signed = db.session.scalars(select(WholeMinutes).where(WholeMinutes.festival_id == festival.id)).one_or_none()
    if signed is None or kept(festival).papers_erased:
        raise NotFound(_("Giấy tờ của ngày hội này đã được xóa theo hạn lưu."))
    paper = keeping.store_later(PaperSubject(festival.id), signed.signed_at, signed.number, signed.by_user)
    ledger.append(
        whole_stream(festival),
        "paper.kept",
        {"festival": festival.code, **keeping.paper_facts(paper)},
        {"number": paper.number},
    )
    return paper


def sign_whole(
    festival_id: int,
    number: str,
    by: int | None,
    *,
    may_release: bool = True,
    with_user: int | None = None,
    note: str = "",
    printed_first: bool = False,
    papers_reason: str = "",
    petitions_reason: str = "",
) -> Signed | StillOpen:
    """The minutes of the whole delegation are signed on paper; from now on its awards stand, whoever withdraws later.

    Signing again with the same number changes nothing. When the MC reads all contests already, it reads these prizes
    at once: then it takes somebody who `may_release`, and doors ask for two people (`releases_at_once`).
    """
    festival, number = hold_whole(festival_id), paper_number(number)
    signed = db.session.scalars(select(WholeMinutes).where(WholeMinutes.festival_id == festival.id)).one_or_none()
    if signed is not None and signed.number == number:
        return Signed(sum(line["prize"] is not None for line in signed.standings))
    table = _signable(festival)
    if table.waiting:
        return StillOpen(len(table.open_questions), 0)
    if not may_release and not table.not_yet(ContestState.RELEASED):
        raise Forbidden(_("MC đã được đọc mọi phần thi: việc này do Ban Tổ chức làm."))
    waiting = going_on(unsettled_of_whole(festival.id), petitions_reason or note)
    paper = keeping.sign_paper(PaperSubject(festival.id), number, by, printed_first=printed_first)
    rows = _store_awards(festival, table)
    standings = whole_json(table.lines)
    said = {"by": by, "with": with_user, "note": note, "papers_reason": papers_reason, "number": number}
    said |= {"petitions_reason": waiting} if waiting else {}
    db.session.add(
        WholeMinutes(
            festival_id=festival.id,
            number=number,
            contests=[contest.code for contest in table.contests],
            standings=standings,
            signed_at=now(),
            by_user=by,
            papers_reason=papers_reason,
            petitions_reason=waiting,
        )
    )
    db.session.flush()
    ledger.append(
        whole_stream(festival),
        "delegations.signed",
        {"festival": festival.code, **keeping.paper_facts(paper)},
        {
            **said,
            "standings": standings,
            "contests": [contest.code for contest in table.contests],
            "awards": [{name: row[name] for name in AWARD_KEPT} for row in rows],
            "decisions": [row.id for row in table.agenda.decided.rows],
        },
    )
    publish_whole(festival, whole_stream(festival), by)
    return Signed(len(rows))


def _signable(festival: Festival) -> WholeTable:
    """The table, where every contest that brings points is signed and no draw is waited for."""
    table = decidable(festival)
    if unsigned := table.not_yet(ContestState.SIGNED):
        waiting = ", ".join(contest.name for contest in unsigned)
        raise Conflict(_("Ký biên bản các phần thi tính điểm trước. Chưa ký: %(names)s.", names=waiting))
    refuse_while_waiting(table.waiting_rungs, table.names)
    return table


def _store_awards(festival: Festival, table: WholeTable) -> list[dict[str, Any]]:
    """Each delegation's prize; answers the rows that are stored."""
    rule = whole_rule(festival)
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
            "name": line.name,
            "delegation": line.name,
        }
        for line in table.lines
        if line.prize
    ]
    if rows:
        db.session.execute(insert(Award), rows)
    return rows
