"""Which signed papers are not there yet when the MC is to read?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import once
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.editions.queries import rules
from festival.papers.keeping import PaperSubject
from festival.papers.models import PaperState, SignedPaper, WholeMinutes
from festival.papers.scans.models import SignedScanUse
from festival.papers.scans.needed import PaperLack, ScanKind, lacks
from festival.results.models import DelegationPoints, StandingAmendment
from festival.results.petitions.reading import unsettled_of, unsettled_of_whole


def hold_whole(festival_id: int) -> Festival:
    """The festival, held against other steps of its whole delegation; a gate goes on scanning meanwhile.

    Whoever holds a contest too holds that first.
    """
    held = select(Festival).where(Festival.id == festival_id).with_for_update(key_share=True)
    festival = db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if festival is None:
        raise NotFound()
    return festival


def lacks_of(subject: PaperSubject) -> tuple[PaperLack, ...]:
    """What is missing of one contest, or of the whole delegation; in one statement, and one more where the rules ask for the
    documents of points.
    """
    uses = SignedScanUse.shown & SignedScanUse.points_id.is_(None) & _own(SignedScanUse, subject)
    in_force = select(func.max(SignedPaper.id)).where(
        subject.own(), SignedPaper.state.in_((PaperState.PRINTED, PaperState.SIGNED))
    )
    amended = select(func.max(StandingAmendment.paper_id)).where(_own(StandingAmendment, subject))
    wanted = select(
        SignedScanUse.kind,
        SignedScanUse.paper_id,
        in_force.scalar_subquery().label("in_force"),
        amended.scalar_subquery().label("amended"),
    ).where(uses)
    rows = db.session.execute(wanted).all()
    last = rows[0] if rows else None
    found = lacks(
        {row.kind: row.paper_id for row in rows},
        (last.in_force or 0) if last else 0,
        (last.amended or 0) if last else 0,
        whole=subject.contest_id is None,
    )
    if subject.contest_id is not None:
        return found
    return (*found, *documents_lacking(db.session.get_one(Festival, subject.festival_id)))


def lacks_at_release(contest: Contest) -> tuple[PaperLack, ...]:
    """What is missing of a contest that is to be read; with the last of them also the whole delegation is."""
    found = lacks_of(PaperSubject(contest.festival_id, contest.id))
    return (*found, *lacks_of(PaperSubject(contest.festival_id))) if lets_read_whole(contest) else found


def waiting_at_release(contest: Contest) -> list[int]:
    """Numbers of the petitions that wait when a contest is to be read; with the last of them also those about the whole."""
    of_whole = unsettled_of_whole(contest.festival_id) if lets_read_whole(contest) else []
    return sorted({*unsettled_of(contest), *of_whole})


def lets_read_whole(contest: Contest) -> bool:
    """Whether the MC reads the prizes of the whole delegation as soon as it may read this contest; several parts of a page ask."""
    return once(("lets read whole", contest.id), lambda: _lets_read_whole(contest))


def _lets_read_whole(contest: Contest) -> bool:
    counted = db.session.scalar(select(WholeMinutes.contests).where(WholeMinutes.festival_id == contest.festival_id))
    if counted is None or contest.code not in counted:
        return False
    states = select(Contest.code).where(
        Contest.festival_id == contest.festival_id,
        Contest.code.in_(counted),
        Contest.id != contest.id,
        Contest.state.not_in((ContestState.RELEASED, ContestState.PUBLISHED)),
    )
    return db.session.scalar(states.limit(1)) is None


def _own(table: type[SignedScanUse | StandingAmendment], subject: PaperSubject) -> ColumnElement[bool]:
    if subject.contest_id is not None:
        return table.contest_id == subject.contest_id
    return (table.festival_id == subject.festival_id) & table.contest_id.is_(None)


def documents_lacking(festival: Festival) -> tuple[PaperLack, ...]:
    """Where the rules ask for them: whether points of a delegation stand without their document."""
    whole = rules(festival).whole_delegation if festival.ruleset else None
    if whole is None or not whole.points_need_scan:
        return ()
    there = select(SignedScanUse.points_id).where(SignedScanUse.shown, SignedScanUse.points_id.is_not(None))
    bare = select(DelegationPoints.id).where(
        DelegationPoints.festival_id == festival.id,
        DelegationPoints.taken_back_at.is_(None),
        DelegationPoints.id.not_in(there),
    )
    return () if db.session.scalar(bare.limit(1)) is None else (PaperLack(ScanKind.POINTS, whole=True),)
