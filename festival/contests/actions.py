"""What can happen to a contest before its first mark: its rules set, its panel seated.

From the first mark on the rules stand: `fix_rules` is called by whoever writes it, and a change of rules is a
conditional UPDATE that finds no row any more.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from festival.accounts.models import User
from festival.contests.models import (
    Contest,
    ContestState,
    Criterion,
    EntrantKind,
    Judge,
    PanelSeat,
    ResultKind,
    Secrecy,
    Unavailability,
)
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.compare import digest
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.editions import ruleset as rules
from festival.editions.models import Festival, Unit

KINDS = {
    rules.ResultKindRule.RUBRIC: ResultKind.RUBRIC,
    rules.ResultKindRule.COUNT: ResultKind.COUNT,
    rules.ResultKindRule.TIME: ResultKind.TIME,
    rules.ResultKindRule.MATCH: ResultKind.MATCH,
    rules.ResultKindRule.QUIZ: ResultKind.ANSWERS,
}
SECRECIES = {rules.SecrecyRule.SEALED: Secrecy.SECRET, rules.SecrecyRule.AT_ONCE: Secrecy.AT_ONCE}
ENTRANTS = {rules.EntryKind.FAMILY: EntrantKind.FAMILY, rules.EntryKind.TEAM: EntrantKind.TEAM}
# `repeated` passes end by themselves: each drops somebody or is the last
REPEATED_PASSES = 99


def save_contests(festival: Festival, ruleset: rules.Ruleset) -> list[Contest]:
    """The contests of a rule set: made, or brought up to date while nobody has marked.

    Raises Conflict, naming the contest, when its rules are fixed and the file says something else, or when a contest
    that has entries is no longer in the file.
    """
    held = {each.code: each for each in db.session.scalars(select(Contest).where(Contest.festival_id == festival.id))}
    saved = []
    for position, rule in enumerate(ruleset.contests, start=1):
        special = [prize.name for prize in ruleset.special_prizes if prize.contest == rule.code]
        columns = _columns(rule) | {"position": position, "special_prizes": special}
        contest = held.pop(rule.code, None)
        if contest is None:
            contest = Contest(
                festival_id=festival.id, code=rule.code, ledger_name=_ledger_name(festival, rule.code), **columns
            )
            db.session.add(contest)
            db.session.flush()
            _save_criteria(contest, rule)
        elif _adds_place_points(contest, columns, rule):
            contest.place_points = columns["place_points"]
        elif _differs(contest, columns, rule):
            changed = db.session.execute(
                update(Contest).where(Contest.id == contest.id, Contest.rules_fixed_at.is_(None)).values(**columns)
            )
            if changed.rowcount == 0:  # type: ignore[attr-defined]
                raise Conflict(_("Phần thi «%(name)s» đã có điểm, không đổi được thể lệ nữa.", name=contest.name))
            db.session.execute(delete(Criterion).where(Criterion.contest_id == contest.id))
            db.session.expire(contest)
            _save_criteria(contest, rule)
        saved.append(contest)
    for gone in held.values():
        try:
            with db.session.begin_nested():
                db.session.execute(delete(Criterion).where(Criterion.contest_id == gone.id))
                db.session.execute(delete(Contest).where(Contest.id == gone.id))
        except IntegrityError as error:
            raise Conflict(
                _("Tệp không còn phần thi «%(name)s» nhưng phần thi này đã có người đăng ký.", name=gone.name)
            ) from error
    db.session.flush()
    ledger.append(
        f"decisions:{festival.code}",
        "contests_saved",
        {"festival": festival.code},
        {
            "ruleset": digest(festival.ruleset),
            "contests": {each.code: rules_written(each, each.criteria) for each in saved},
        },
    )
    return saved


def _ledger_name(festival: Festival, code: str) -> str:
    """Two editions with one code of a contest keep their marks and results apart; the earlier one keeps its streams.

    Should both be imported at the same moment, they share them, and each line says whose it is.
    """
    taken = db.session.scalar(select(Contest.id).where(Contest.ledger_name == code).limit(1))
    return code if taken is None else f"{festival.code}/contest/{code}"


def rules_written(contest: Contest, criteria: Iterable[Criterion]) -> dict[str, Any]:
    """By which rules a contest is judged, as the ledger keeps them: all columns of its row that a rule set fills."""
    return {column: getattr(contest, column) for column in RULE_COLUMNS} | {
        "criteria": [{column: getattr(each, column) for column in CRITERION_COLUMNS} for each in criteria]
    }


RULE_COLUMNS = (
    "name", "part_code", "part_name", "position", "result_kind", "entrant", "secrecy", "entries_per_delegation",
    "performers_min", "performers_max", "duration_min", "changeover_min", "together_min", "grace_s",
    "overtime_penalty_milli", "overtime_limit_milli", "panel_size", "aggregate", "delta_milli", "drop_strict",
    "drop_passes", "smallest_panel", "drop_below", "all_dropped", "round_milli", "attempts", "lower_wins", "unit_label",
    "points_per_answer_milli", "points_scale", "best_possible", "shared_from", "entries_min", "tie_ladder", "place_points", "prizes", "special_prizes",
)  # fmt: skip
CRITERION_COLUMNS = ("position", "code", "name", "min_milli", "max_milli", "step_milli")


def _columns(rule: rules.ContestRule) -> dict[str, Any]:
    scoring = rule.scoring
    return {
        "name": rule.name,
        "part_code": rule.part.code if rule.part else "",
        "part_name": rule.part.name if rule.part else "",
        "result_kind": KINDS[rule.kind],
        "entrant": ENTRANTS[rule.entry],
        "secrecy": SECRECIES[rule.secrecy],
        "entries_per_delegation": max(rule.entries_per_delegation.max, 1) if rule.entries_per_delegation else 100,
        "entries_min": rule.entries_per_delegation.min if rule.entries_per_delegation else None,
        "performers_min": rule.performers.min if rule.performers else 1,
        "performers_max": rule.performers.max if rule.performers else None,
        "duration_min": rule.duration_min,
        "changeover_min": rule.changeover_min,
        "together_min": rule.together_min,
        "grace_s": rule.overtime.grace_s if rule.overtime else 0,
        "overtime_penalty_milli": rule.overtime.minus_milli if rule.overtime else 0,
        "overtime_limit_milli": rule.overtime.limit_milli if rule.overtime else None,
        "panel_size": rule.judges,
        "aggregate": scoring.kind.value if scoring else rules.ScoringKind.MEAN.value,
        "delta_milli": scoring.delta_milli if scoring else 0,
        "drop_strict": scoring.strict if scoring else True,
        "drop_passes": REPEATED_PASSES if scoring and scoring.passes is rules.Passes.REPEATED else 1,
        "smallest_panel": scoring.smallest_panel if scoring else 1,
        "drop_below": scoring.below.value if scoring else rules.Shortfall.KEEP_ALL.value,
        "all_dropped": scoring.all_dropped.value if scoring else rules.Shortfall.KEEP_ALL.value,
        "round_milli": scoring.round_milli if scoring else 1,
        "attempts": rule.attempts,
        "lower_wins": rule.kind is rules.ResultKindRule.TIME and rule.better is rules.Better.LESS,
        "unit_label": rule.unit_label or "",
        "best_possible": rule.best_possible,
        "points_scale": [{"reach": step.reach_milli, "points": step.points_milli} for step in rule.points_scale]
        or None,
        "shared_from": rule.shared_from,
        "points_per_answer_milli": rule.points_per_answer_milli or 1000,
        "tie_ladder": [
            {
                key: value
                for key, value in (("by", tie.by.value), ("criterion", tie.criterion), ("contest", tie.contest))
                if value
            }
            for tie in rule.ties
        ],
        "place_points": list(rule.place_points_milli),
        "prizes": [{"name": prize.name, "count": prize.count} for prize in rule.prizes],
    }


def _criteria(rule: rules.ContestRule) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "code": criterion.code,
            "name": criterion.name,
            "descriptor": "\n".join(f"{rules.plain(each.from_milli)}: {each.text}" for each in criterion.descriptors),
            "min_milli": criterion.min_milli,
            "max_milli": criterion.max_milli,
            "step_milli": criterion.step_milli,
        }
        for position, criterion in enumerate(rule.criteria, start=1)
    ]


def _adds_place_points(contest: Contest, columns: dict[str, Any], rule: rules.ContestRule) -> bool:
    """Whether the file only says what places bring where nothing said it: the way out for a sum that did not add up."""
    if contest.place_points or not columns["place_points"]:
        return False
    return not _differs(contest, {name: value for name, value in columns.items() if name != "place_points"}, rule)


def _differs(contest: Contest, columns: dict[str, Any], rule: rules.ContestRule) -> bool:
    if contest.state is not ContestState.OPEN:
        # locked before the smallest panel had its present default: it stays as it was locked
        columns = {name: value for name, value in columns.items() if name != "smallest_panel"}
    if any(getattr(contest, column) != value for column, value in columns.items()):
        return True
    wanted = _criteria(rule)
    return [{key: getattr(held, key) for key in new} for held, new in zip(contest.criteria, wanted, strict=False)] != (
        wanted
    ) or len(contest.criteria) != len(wanted)


def _save_criteria(contest: Contest, rule: rules.ContestRule) -> None:
    db.session.add_all(Criterion(contest_id=contest.id, **values) for values in _criteria(rule))
    db.session.flush()


def fix_rules(contest_id: int) -> None:
    """Called with the first mark, count or time, in its transaction; every later call changes nothing."""
    db.session.execute(
        update(Contest).where(Contest.id == contest_id, Contest.rules_fixed_at.is_(None)).values(rules_fixed_at=now())
    )


def held_contest(contest_id: int) -> Contest:
    """The contest as it is now, held until the transaction ends. NotFound."""
    contest = db.session.scalars(
        select(Contest).where(Contest.id == contest_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if contest is None:
        raise NotFound()
    return contest


def open_to_change(contest_id: int) -> Contest:
    """The contest, held against its lock: who counts is part of what was locked, so the panel stands from then on."""
    contest = held_contest(contest_id)
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không đổi ban giám khảo được nữa."))
    return contest


class SeatRefused(Conflict):
    """409: the seat cannot be given; who holds it is said, and what to do."""

    code = "seat_refused"
    title = _l("Chưa xếp được ghế này")


@dataclass(frozen=True, slots=True)
class Seated:
    """A new seat in the panel; `letter` is how the judge appears in public (None: does not mark)."""

    judge_id: int
    letter: str | None


def seat(
    contest_id: int, user_id: int, in_seat: PanelSeat, unit_id: int | None = None, letter: str | None = None
) -> Seated:
    """Give somebody a seat in the panel of a contest, with this letter or the next that is free.

    SeatRefused when the person has a seat, when chair, secretary or letter is taken, when the panel is complete.
    Conflict after the lock.
    """
    contest = open_to_change(contest_id)
    if in_seat is not PanelSeat.SECRETARY and contest.result_kind is not ResultKind.RUBRIC:
        raise BadInput(_("Phần thi này không chấm theo tiêu chí, chỉ cần thư ký."))
    held = list(db.session.scalars(select(Judge).where(Judge.contest_id == contest_id).order_by(Judge.letter)))
    if any(judge.user_id == user_id for judge in held):
        raise SeatRefused(_("Người này đã có trong ban giám khảo của phần thi."))
    if in_seat is not PanelSeat.MEMBER and (sits := [judge for judge in held if judge.seat is in_seat]):
        chair = _("Trưởng ban giám khảo đang là %(who)s. Rút tên người đó trước, hoặc đổi ghế.", who=_names(sits))
        secretary = _("Thư ký đang là %(who)s. Rút tên người đó trước.", who=_names(sits))
        raise SeatRefused(chair if in_seat is PanelSeat.CHAIR else secretary)
    marks = in_seat is not PanelSeat.SECRETARY
    marking = [judge for judge in held if judge.marks]
    if marks and contest.panel_size and len(marking) >= contest.panel_size:
        names = _names(marking)
        raise SeatRefused(
            _(
                "Ban giám khảo đã đủ %(size)s người theo thể lệ: %(who)s. Muốn thêm người này thì rút tên một người trước, hoặc sửa số"
                " giám khảo trong thể lệ.",
                size=contest.panel_size,
                who=names,
            )
        )
    taken = {judge.letter: judge for judge in held}
    if marks and letter in taken:
        raise SeatRefused(
            _(
                "Chữ %(letter)s đã là của %(who)s. Chọn chữ khác, hoặc đổi ghế.",
                letter=letter,
                who=_names([taken[letter]]),
            )
        )
    free = next((each for each in string.ascii_uppercase if each not in taken), None)
    letter = (letter or free) if marks else None
    judge = Judge(contest_id=contest_id, user_id=user_id, seat=in_seat, letter=letter, marks=marks, unit_id=unit_id)
    db.session.add(judge)
    db.session.flush()
    record_seat(
        contest,
        "judge_seated",
        judge.id,
        {"seat": in_seat.value, "letter": letter, "user": user_id, "marks": marks, "unit": unit_id},
    )
    return Seated(judge.id, letter)


def _names(judges: Iterable[Judge]) -> str:
    """Who sits there: "A Trần Mai, B Lê Hoa"."""
    those = list(judges)
    wanted = select(User.id, User.name).where(User.id.in_([judge.user_id for judge in those]))
    names = {row.id: row.name for row in db.session.execute(wanted)}
    return ", ".join(f"{judge.letter or ''} {names[judge.user_id]}".strip() for judge in those)


def unseat(judge_id: int) -> None:
    """Take somebody out of a panel; Conflict once the person has marked (the sheets keep the seat), after the lock."""
    judge = db.session.get(Judge, judge_id)
    if judge is None:
        raise NotFound()
    contest = open_to_change(judge.contest_id)
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Unavailability).where(Unavailability.judge_id == judge_id))
            db.session.execute(delete(Judge).where(Judge.id == judge_id))
    except IntegrityError as error:
        raise Conflict(_("Giám khảo này đã chấm điểm, không rút tên được nữa.")) from error
    record_seat(contest, "judge_unseated", judge_id, {})


def note_unavailable(judge_id: int, unit_id: int, reason: str) -> None:
    """A judge who is tied to a unit does not mark its entries; saying it again changes nothing. Conflict after the lock."""
    judge = db.session.get(Judge, judge_id)
    if judge is None or db.session.get(Unit, unit_id) is None:
        raise NotFound()
    contest = open_to_change(judge.contest_id)
    if not reason.strip():
        raise BadInput(_("Ghi rõ lý do không chấm."))
    try:
        with db.session.begin_nested():
            db.session.add(
                Unavailability(judge_id=judge_id, unit_id=unit_id, reason=" ".join(reason.split()), noted_at=now())
            )
            db.session.flush()
    except IntegrityError:
        return
    record_seat(contest, "judge_unavailable", judge_id, {"unit": unit_id, "reason": " ".join(reason.split())})


def drop_unavailable(unavailability_id: int) -> None:
    """The tie was noted by mistake. Conflict after the lock."""
    row = db.session.get(Unavailability, unavailability_id)
    if row is None:
        raise NotFound()
    judge = db.session.get_one(Judge, row.judge_id)
    record_seat(open_to_change(judge.contest_id), "judge_available_again", judge.id, {"unit": row.unit_id})
    db.session.delete(row)
    db.session.flush()


def record_seat(contest: Contest, kind: str, judge_id: int, payload: dict[str, object]) -> None:
    """One line of the ledger about a seat."""
    ledger.append(f"decisions:{contest.festival.code}", kind, {"contest": contest.code, "judge": judge_id}, payload)
