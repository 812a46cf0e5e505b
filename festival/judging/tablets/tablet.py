"""What does one judge's tablet show: the own panels' running orders, criteria and own sheets, nobody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Criterion, Judge, PanelSeat
from festival.core.database import db
from festival.editions.rules.kinds import ShownToHeads
from festival.judging.appearing import appearance_state
from festival.judging.comments.reading import own_comments
from festival.judging.correcting.acts import closed_at
from festival.judging.correcting.closing import NEXT_ACT
from festival.judging.correcting.shown import corrections_shown
from festival.judging.models import Measure, MeasureState, SheetRevision
from festival.judging.panel.before import given_before
from festival.judging.tally import Appearance, JudgeSheet, appearances_of, masked, sheets_of
from festival.judging.ties import tied_pairs
from festival.roster.models import Entry
from festival.roster.shown.public_names import NameReader, NamesHeld, names_held

# A reserve sees what a judge sees: nothing on the tablet says which of the two it is, but the letter.
OWN_SEATS = or_(Judge.marks, Judge.seat == PanelSeat.RESERVE)


def judge_state(user_id: int, festival_id: int) -> dict[str, Any]:
    """What one judge's tablet shows: the own panels' running orders, criteria and *own* sheets, nobody else's."""
    contests = db.session.scalars(
        select(Contest)
        .join(Judge, Judge.contest_id == Contest.id)
        .where(Judge.user_id == user_id, OWN_SEATS, Contest.festival_id == festival_id)
        .options(selectinload(Contest.criteria))
        .order_by(Contest.position)
    ).all()
    ids = [contest.id for contest in contests]
    own = {
        row.contest_id: row
        for row in db.session.execute(
            select(Judge.contest_id, Judge.id, Judge.letter).where(
                Judge.user_id == user_id, Judge.contest_id.in_(ids), OWN_SEATS
            )
        )
    }
    tied = tied_pairs(ids)
    appearances = _as_told(contests, own, tied)
    given = given_before(contests, [row.id for row in own.values()])
    sheets = sheets_of([row.id for row in own.values()])
    out = _out(ids)
    held = names_held(festival_id, NameReader.DEVICES)
    offers = _offers([sheet.id for sheet in sheets.values() if sheet.conflict])
    corrected = corrections_shown([sheet.id for sheet in sheets.values()])
    said = own_comments([own[contest.id].id for contest in contests if contest.comments])
    passed = closed_at([contest.id for contest in contests if contest.corrections == NEXT_ACT])
    judge = {"judge": db.session.scalar(select(User.name).where(User.id == user_id))} if contests else {}
    return judge | {
        "contests": [
            {
                "code": contest.code,
                "name": contest.name,
                "locked": contest.state is not ContestState.OPEN,
                "letter": own[contest.id].letter or "",
                "corrections": contest.corrections,
                **({"together": True} if contest.together_min else {}),
                "comments": contest.comments,
                **({"comments_to_head": True} if contest.shown_to_heads == ShownToHeads.COMMENTS else {}),
                "said": said.get(own[contest.id].id, []),
                "criteria": [_criterion_state(criterion) for criterion in contest.criteria],
                "entries": [
                    _appearance_state(appearance, own[contest.id].id, tied.get(contest.id, frozenset()), out, held)
                    | {"closed": appearance.id in passed}
                    | ({"given": True} if appearance.id in given else {})
                    for appearance in appearances.get(contest.id, ())
                ],
                "sheets": [
                    _sheet_state(sheet, appearance.code, offers.get(sheet.id, []))
                    | {"corrected": corrected.get(sheet.id)}
                    for appearance in appearances.get(contest.id, ())
                    if (sheet := sheets.get((own[contest.id].id, appearance.id))) is not None
                ],
            }
            for contest in contests
        ],
    }


def _as_told(
    contests: Sequence[Contest], own: Mapping[int, Any], tied: Mapping[int, frozenset[tuple[int, int]]]
) -> dict[int, tuple[Appearance, ...]]:
    """The running orders; blind to the end where plates are judged, and a plate that is not theirs to mark is simply not there."""
    found = appearances_of([contest.id for contest in contests])
    for contest in contests:
        if contest.plates_of:
            aside, judge_id = tied.get(contest.id, frozenset()), own[contest.id].id
            of_contest = found.get(contest.id, ())
            found[contest.id] = tuple(masked(each) for each in of_contest if (judge_id, each.id) not in aside)
    return found


def _out(contest_ids: Sequence[int]) -> set[int]:
    """The entries of these contests that take no place."""
    return set(
        db.session.scalars(
            select(Measure.entry_id)
            .join(Entry, Entry.id == Measure.entry_id)
            .where(Entry.contest_id.in_(contest_ids), Measure.state != MeasureState.VALID)
        )
    )


def _offers(sheet_ids: Sequence[int]) -> dict[int, list[SheetRevision]]:
    """By sheet in two versions: those the judge has to choose between."""
    found: dict[int, list[SheetRevision]] = defaultdict(list)
    for revision in db.session.scalars(
        select(SheetRevision)
        .where(SheetRevision.sheet_id.in_(sheet_ids), SheetRevision.open_conflict)
        .order_by(SheetRevision.id)
    ):
        found[revision.sheet_id].append(revision)
    return found


def _criterion_state(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "name": criterion.name,
        "descriptor": criterion.descriptor,
        "min": criterion.min_milli,
        "max": criterion.max_milli,
        "step": criterion.step_milli,
        "weight": criterion.weight_milli,
    } | ({"part": criterion.part} if criterion.part else {})


def _appearance_state(
    appearance: Appearance, judge_id: int, tied: frozenset[tuple[int, int]], out: set[int], held: NamesHeld
) -> dict[str, Any]:
    return appearance_state(appearance, held) | {
        "tied": (judge_id, appearance.id) in tied,
        "out": appearance.id in out,
    }


def _sheet_state(sheet: JudgeSheet, entry_code: str, offers: list[SheetRevision]) -> dict[str, Any]:
    return {
        "entry": entry_code,
        "round": sheet.round,
        "version": sheet.version,
        "state": sheet.state.value,
        "marks": dict(sheet.marks),
        "total": sheet.total_milli,
        "note": sheet.note,
        "on_paper": sheet.on_paper,
        "conflict": sheet.conflict,
        "offers": [{"mid": each.mid, **each.content} for each in offers],
    }
