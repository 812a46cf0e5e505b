"""How does a locked result become signed, awarded, readable for the MC, public?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.text import cut, line
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.editions.retention import kept
from festival.judging.contest_rules import judging_stream
from festival.papers import keeping
from festival.papers.keeping import PaperSubject
from festival.papers.models import SignedPaper
from festival.papers.scans.award_sheets import AwardSheet
from festival.results.current import current_table, prize_names, standings_hash, standings_kept, tally_for_result
from festival.results.decisions import decisions_of
from festival.results.ladder.at_cut import refuse_before_the_round_before, refuse_equal_at_cut
from festival.results.ladder.checks import refuse_unless_checked
from festival.results.ladder.decision_sheet import decision_sheet
from festival.results.ladder.standing_on import hold_what_it_stands_on
from festival.results.ladder.states import reached, results_stream, whole_stream
from festival.results.ladder.steps import (
    REASON_LENGTH,
    going_on,
    hold_contest,
    later_number,
    paper_number,
    store_standings,
    take_step,
)
from festival.results.models import Award, StateChange
from festival.results.petitions.reading import unsettled_of
from festival.results.prizes import parted_silently
from festival.results.proof.results import publish_result, publish_whole
from festival.results.settling.waiting import refuse_while_waiting
from festival.results.sums.guards import hold_components, refuse_before_components, refuse_overtaken_sum
from festival.results.table import ContestTable
from festival.roster.models import Delegation, Entry


@dataclass(frozen=True, slots=True)
class Signed:
    """The minutes are signed and the awards stored."""

    awards: int


@dataclass(frozen=True, slots=True)
class StillOpen:
    """The panel must answer first: places at a border of prizes, entries without a valid result."""

    questions: int
    unsettled: int


def subject_of(contest: Contest) -> PaperSubject:
    """Whose papers these are."""
    return PaperSubject(contest.festival_id, contest.id)


def print_minutes(contest_id: int, number: str, by: int | None) -> int:
    """Keep the minutes as they are to be signed; answers which paper it is."""
    contest = hold_contest(contest_id, ContestState.LOCKED, _("Chỉ in biên bản để ký sau khi khóa điểm, trước khi ký."))
    return keeping.print_paper(subject_of(contest), paper_number(number) if number.strip() else "", by).id


def sign(
    contest_id: int,
    number: str,
    by: int | None,
    *,
    printed_first: bool = False,
    note: str = "",
    petitions_reason: str = "",
) -> Signed | StillOpen:
    """The panel's minutes are signed on paper; from now on the awards stand, with the names of that paper.

    The paper is the one that was printed, and nothing may have changed since. Without `printed_first` (a command) it is
    drawn and kept now when nobody has printed it. `note`: why the minutes do not say all that they should.
    """
    hold_components(contest_id)
    contest = hold_contest(contest_id, ContestState.LOCKED, _("Chỉ ký biên bản sau khi khóa điểm, và chỉ một lần."))
    tallied = tally_for_result(contest)
    refuse_overtaken_sum(tallied)
    table = current_table(tallied)
    refuse_while_waiting(table.waiting_rungs, {code: each.name for code, each in table.appearances.items()})
    if table.prizes.questions or table.unsettled:
        return StillOpen(len(table.prizes.questions), len(table.unsettled))
    _refuse_parted(table)
    refuse_unless_checked(tallied, table)
    refuse_equal_at_cut(contest, table)
    note = "; ".join(filter(None, (cut(line(note), REASON_LENGTH), going_on(unsettled_of(contest), petitions_reason))))
    number = paper_number(number)
    paper = keeping.sign_paper(subject_of(contest), number, by, printed_first=printed_first)
    rows = _award_rows(contest, table)
    specials = _name_specials(contest)
    if rows:
        db.session.execute(insert(Award), rows)
    store_standings(contest, table)
    take_step(
        contest,
        ContestState.SIGNED,
        by,
        {
            **standings_kept(table),
            "awards": [
                {name: row[name] for name in ("entry_id", "prize", "position", "name", "delegation")} for row in rows
            ],
            "specials": specials,
            "decisions": [row.id for row in decisions_of(contest.id).rows],
        },
        number=number,
        note=note,
        about=keeping.paper_facts(paper) | {"standings_hash": standings_hash(table)},
    )
    return Signed(len(rows))


def _award_rows(contest: Contest, table: ContestTable) -> list[dict[str, Any]]:
    """The awards as they are stored, with the names that stand on the paper."""
    names = list(prize_names(contest))
    return [
        {
            "contest_id": contest.id,
            "festival_id": contest.festival_id,
            "entry_id": table.appearances[each.entry].id,
            "prize": each.prize,
            "position": 1 + names.index(each.prize),
            "special": False,
            "name": table.appearances[each.entry].name,
            "delegation": table.appearances[each.entry].delegation,
        }
        for each in table.prizes.awards
    ]


def _refuse_parted(table: ContestTable) -> None:
    """Equal results in different prizes stand by a recorded decision alone."""
    if parted := parted_silently(table.standings, table.prizes):
        names_of = ", ".join(table.appearances[each].name for each in parted)
        raise Conflict(_("Cùng một hạng mà khác giải, không có quyết định: %(names)s.", names=names_of))


def _name_specials(contest: Contest) -> list[dict[str, object]]:
    """Special prizes were given before: now they too bear the names of the paper."""
    own = (Award.contest_id == contest.id) & Award.special
    for column, wanted in (
        ("name", select(Entry.name).where(Entry.id == Award.entry_id)),
        (
            "delegation",
            select(Delegation.name).join(Entry, Entry.delegation_id == Delegation.id).where(Entry.id == Award.entry_id),
        ),
    ):
        named = update(Award).where(own).values({column: wanted.scalar_subquery()})
        db.session.execute(named.execution_options(synchronize_session=False))
    rows = db.session.execute(
        select(Award.entry_id, Award.prize, Award.name, Award.delegation).where(own).order_by(Award.id)
    )
    return [dict(row._mapping) for row in rows]


def keep_paper(contest_id: int) -> SignedPaper:
    """The paper in force; one that an earlier release let sign without keeping it is drawn and kept now, and says so."""
    contest = held_contest(contest_id)
    if not reached(contest, ContestState.SIGNED):
        raise NotFound()
    paper = keeping.in_force(subject_of(contest))
    if paper is not None:
        return paper
    if kept(contest.festival).papers_erased:
        raise NotFound(_("Giấy tờ của ngày hội này đã được xóa theo hạn lưu."))
    signed = db.session.scalars(
        select(StateChange).where(StateChange.contest_id == contest.id, StateChange.state == ContestState.SIGNED)
    ).one()
    paper = keeping.store_later(subject_of(contest), signed.at, signed.number, signed.by_user)
    ledger.append(
        results_stream(contest),
        "paper.kept",
        {"contest": contest.code, "contest_id": contest.id, **keeping.paper_facts(paper)},
        {"number": paper.number},
    )
    return paper


def record_award_decision(contest_id: int, number: str, by: int | None, day: date | None = None) -> AwardSheet | None:
    """There is an award decision of the organiser; its number and day may follow (`number_decision`): ''.

    Answers which printed paper it is, where it was printed here.
    """
    contest = hold_contest(contest_id, ContestState.SIGNED, _("Quyết định trao giải được ghi sau khi biên bản đã ký."))
    sheet = decision_sheet(contest)
    about = {"sheet": sheet.number, "sheet_drawn": sheet.drawn} if sheet is not None else None
    take_step(contest, ContestState.DECIDED, by, {}, number=later_number(number), paper_day=day, about=about)
    return sheet


def number_decision(contest_id: int, number: str, day: date | None, was: str, by: int | None) -> None:
    """Number and day of the award decision, written later or put right; `was`: the number that was seen."""
    contest = held_contest(contest_id)
    clean = later_number(number)
    if not reached(contest, ContestState.DECIDED):
        raise Conflict(_("Chưa ghi quyết định trao giải của phần thi này."))
    done = db.session.scalar(
        update(StateChange)
        .where(
            StateChange.contest_id == contest.id, StateChange.state == ContestState.DECIDED, StateChange.number == was
        )
        .values(number=clean, paper_day=day)
        .returning(StateChange.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken(_("Người khác vừa sửa số quyết định. Xem số mới rồi sửa tiếp; chưa có gì bị ghi đè."))
    ledger.append(
        results_stream(contest),
        "decision.numbered",
        {"contest": contest.code, "contest_id": contest.id},
        {"by": by, "number": clean, "paper_day": day.isoformat() if day else None, "was": was},
    )


def release(
    contest_id: int,
    by: int | None,
    *,
    with_user: int | None = None,
    note: str = "",
    papers_reason: str = "",
    without: Sequence[str] = (),
) -> None:
    """From now on the MC may read the result. Doors come through `people`, which asks for two, and for the signed papers.

    `without`: which papers are not here; then `papers_reason` says why they are not waited for.
    """
    hold_what_it_stands_on(contest_id)
    contest = hold_contest(
        contest_id, ContestState.DECIDED, _("MC chỉ được đọc sau khi biên bản đã ký và có quyết định trao giải.")
    )
    refuse_before_components(contest, ContestState.RELEASED)
    about = {"without": list(without)} if without else None
    take_step(
        contest, ContestState.RELEASED, by, {}, with_user=with_user, note=note, papers_reason=papers_reason, about=about
    )


def publish(contest_id: int, by: int | None, *, note: str = "") -> None:
    """From now on the public sees the awards. Doors come through `people`."""
    hold_what_it_stands_on(contest_id)
    contest = hold_contest(contest_id, ContestState.RELEASED, _("Chỉ công bố sau khi đã cho MC đọc."))
    refuse_before_components(contest, ContestState.PUBLISHED)
    refuse_before_the_round_before(contest)
    contest.taken_back_at = None
    take_step(contest, ContestState.PUBLISHED, by, {}, note=note)
    publish_result(contest, (judging_stream(contest), results_stream(contest)), by)
    publish_whole(contest.festival, whole_stream(contest.festival), by)
