"""What do the organiser's pages read of contests and panels?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, and_, inspect, not_, or_, select
from sqlalchemy.orm import selectinload, undefer

from festival.accounts.models import User
from festival.contests import rule_words
from festival.contests.composing.composed import composing_words
from festival.contests.models import (
    PRESENT_SEATS,
    Contest,
    ContestState,
    Criterion,
    Judge,
    PanelSeat,
    ResultKind,
    Unavailability,
)
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.transaction import once
from festival.core.web.errors import NotFound
from festival.editions.models import Festival, Unit
from festival.editions.queries import rules, units_by_codes
from festival.editions.rules.scoring import Rounding, ScoringKind
from festival.editions.rules.whole import WholeSum


def contests(festival_id: int) -> list[Contest]:
    """All contests with their criteria, in the order of the rule set; read once a transaction."""
    those = select(Contest).where(Contest.festival_id == festival_id).order_by(Contest.position)
    with_criteria = those.options(selectinload(Contest.criteria))
    return once(("contests", festival_id), lambda: list(db.session.scalars(with_criteria)))


def criteria_of(those: Iterable[Contest]) -> dict[int, tuple[Criterion, ...]]:
    """By contest, in their order; what was read with the contests is not read again."""
    read: list[Contest] = []
    unread: list[Contest] = []
    for contest in those:
        (unread if "criteria" in inspect(contest).unloaded else read).append(contest)
    found = {contest.id: tuple(contest.criteria) for contest in read}
    if unread:
        ids = [contest.id for contest in unread]
        rows = db.session.scalars(
            select(Criterion).where(Criterion.contest_id.in_(ids)).order_by(Criterion.contest_id, Criterion.position)
        )
        found |= {contest_id: tuple(own) for contest_id, own in groupby(rows, lambda row: row.contest_id)}
    return found


def entries_told() -> ColumnElement[bool]:
    """Families and the public may know who is in the contest, as `Contest.entries_told` says it of one."""
    told = and_(Contest.plates_of == "", or_(Contest.after.is_(None), Contest.cut_announced_at.is_not(None)))
    return or_(told, Contest.state == ContestState.PUBLISHED)


def entries_hidden() -> ColumnElement[bool]:
    """Of a final that is not announced, of plates judged blind, of a sum that is not public: no family is to know of them yet."""
    unpublished_sum = and_(Contest.result_kind == ResultKind.SUM, Contest.state != ContestState.PUBLISHED)
    return or_(not_(entries_told()), unpublished_sum)


def contest_by_code(festival: Festival, code: str) -> Contest:
    """NotFound when the edition has no such contest."""
    found = db.session.scalars(
        select(Contest)
        .where(Contest.festival_id == festival.id, Contest.code == code)
        .options(undefer(Contest.final_code))
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found


def contest_of_edition(edition: str, code: str) -> Contest | None:
    """A contest by the code of its edition and its own."""
    return db.session.scalars(
        select(Contest).join(Festival).where(Festival.code == edition, Contest.code == code)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Tied:
    """A unit whose entries the judge does not mark."""

    id: int
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class PanelMember:
    """Somebody in the panel."""

    judge_id: int
    user_id: int
    name: str
    login: str
    seat: PanelSeat
    letter: str | None
    tied: tuple[Tied, ...]


def panel_of(contest_ids: Sequence[int]) -> dict[int, list[PanelMember]]:
    """The panels as they sit now: chair first, then by letter, the secretary, who is in reserve."""
    ties: dict[int, list[Tied]] = defaultdict(list)
    judges = db.session.execute(
        select(Judge, User)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id.in_(contest_ids), Judge.seat.in_(PRESENT_SEATS))
    ).all()
    for row, unit in db.session.execute(
        select(Unavailability, Unit)
        .join(Unit, Unit.id == Unavailability.unit_id)
        .join(Judge, Judge.id == Unavailability.judge_id)
        .where(Judge.contest_id.in_(contest_ids))
        .order_by(Unit.folded)
    ):
        ties[row.judge_id].append(Tied(row.id, unit.full_name, row.reason))
    found: dict[int, list[PanelMember]] = defaultdict(list)
    for judge, user in sorted(
        judges, key=lambda row: (PRESENT_SEATS.index(row[0].seat), row[0].letter or "", row[0].id)
    ):
        found[judge.contest_id].append(
            PanelMember(judge.id, user.id, user.name, user.login, judge.seat, judge.letter, tuple(ties[judge.id]))
        )
    return dict(found)


def candidates(contest_id: int) -> list[User]:
    """Accounts in use that have no seat in this panel yet."""
    seated = select(Judge.user_id).where(Judge.contest_id == contest_id, Judge.seat != PanelSeat.STOOD_DOWN)
    return list(db.session.scalars(select(User).where(User.active, User.id.not_in(seated)).order_by(User.name)))


def expected_units(festival: Festival) -> list[Unit]:
    """The units of the delegations the rule set expects."""
    expected = rules(festival).delegations
    official = units_by_codes([each.unit_code for each in expected if each.unit_code], festival.starts_on)
    own = [f"{festival.code}-{each.code}" for each in expected if each.unit_code is None]
    made = list(db.session.scalars(select(Unit).where(Unit.key.in_(own)).order_by(Unit.id))) if own else []
    return [*official, *made]


def scoring_words(contest: Contest) -> list[Sentence]:
    """Who goes on into a final, the scoring rule of a rubric contest, and what a sum adds up, in sentences."""
    if contest.result_kind is ResultKind.SUM:
        names, of = _names(contest), contest.sum_of or ()
        return rule_words.summing(
            [(names.get(each["contest"], each["contest"]), each["weight"]) for each in of],
            by_places=contest.sum_by == WholeSum.PLACE_POINTS,
        )
    rounds = [*composing_words(contest.composition or ()), *_after_words(contest)]
    if contest.result_kind is not ResultKind.RUBRIC:
        return rounds
    said = rule_words.scoring(
        rule_words.ScoringWords(
            judges=contest.panel_size,
            criteria=len(contest.criteria),
            total_milli=sum(each.highest_milli for each in contest.criteria),
            kind=ScoringKind(contest.aggregate),
            delta_milli=contest.delta_milli,
            strict=contest.drop_strict,
            repeated=contest.drop_passes > 1,
            smallest_panel=contest.smallest_panel,
            below_valid=contest.drop_below == "keep_all",
            round_milli=contest.round_milli,
            truncate=contest.rounding == Rounding.TRUNCATE,
            drop_high=contest.drop_high,
            drop_low=contest.drop_low,
            by_panel=contest.drop_by_panel or (),
        )
    )
    return [*rounds, *said, rule_words.by_both(contest.marked_by_both)]


def _after_words(contest: Contest) -> list[Sentence]:
    if contest.after is None:
        return []
    before = contest.entries_from_id and db.session.get(Contest, contest.entries_from_id)
    name = before.name if before else contest.after["contest"]
    return [rule_words.after(name, contest.after["take"], contest.after["weight"])]


def tie_words(contest: Contest) -> list[Sentence]:
    """The tie ladder of a contest in sentences."""
    return rule_words.ties(contest.tie_ladder, _names(contest))


def _names(contest: Contest) -> dict[str, str]:
    """What the codes in the rules of a contest are called: its criteria, or the contests it adds up."""
    named = contests(contest.festival_id) if contest.result_kind is ResultKind.SUM else contest.criteria
    return {each.code: each.name for each in named}
