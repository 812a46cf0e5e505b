"""What happens on the made-up days: draw, timetable, marks, acts on stage?"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select, update

from festival.acts.asking import asking_of, set_asking
from festival.acts.facts import ActAsk
from festival.contests.models import Contest, EntrantKind, Judge, ResultKind
from festival.core.database import db
from festival.core.transaction import transaction
from festival.demo import invention
from festival.demo.days import OVER, DemoDays
from festival.demo.festival import REAL_SIZE, TIED, contests_by_code
from festival.demo.invention import Invention
from festival.judging.measuring import MeasureTaken, note_measure, note_overtime
from festival.judging.models import MeasureState
from festival.judging.sheet_messages import SheetMessage, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.roster.models import Entry
from festival.schedule.drawing import DrawRecorded, draw_by_hand
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.planning import Published, make_plan, publish
from festival.schedule.queries import enrolled
from festival.schedule.sessions import add_session, add_stage
from festival.schedule.stage_day.taking import take_step

SHEETS_A_TRANSACTION = 300

# What families are asked about, so that their page shows it.
ASKED_CONTEST = "tai-nang"
ASKED = (ActAsk.TITLE, ActAsk.GENRE, ActAsk.MICROPHONES, ActAsk.WORDS)
STAGES = (
    ("san-khau-chinh", "Sân khấu chính"),
    ("khu-nau-an", "Khu vực thi nấu ăn"),
    ("san-bong-ro", "Sân bóng rổ"),
    ("san-bong-da", "Sân bóng đá"),
    ("nha-thi-dau", "Nhà thi đấu"),
)


def make_programme(festival_id: int, made_up: Invention, organiser: int, days: DemoDays) -> int:
    big = sum(len(each.families) for each in made_up.delegations) > REAL_SIZE
    with transaction():
        contests = contests_by_code(festival_id)
        db.session.execute(
            update(Entry)
            .where(Entry.contest_id == contests[invention.TEAM_CONTEST].id)
            .values(title="Đôi nam nữ phối hợp")
        )
        stages = {code: add_stage(festival_id, code, name).id for code, name in STAGES}
        acts = {code: (len(enrolled(row.id)), row.duration_min + row.changeover_min) for code, row in contests.items()}
        for each in days.sessions(acts, long=big):
            add_session(stages[each.stage], contests[each.contest].id, each.begins, each.ends, each.label)
        for code, contest_row in contests.items():
            _draw(contest_row, Random(f"{made_up.seed}|{code}|draw"), organiser)
        planned = make_plan(festival_id)
        if planned.conflicts:
            raise RuntimeError("; ".join(str(each) for each in planned.conflicts[:5]))
        answer = publish(festival_id, organiser, "Theo kết quả bốc thăm tại cuộc họp các trưởng đoàn")
        if not isinstance(answer, Published):
            raise TypeError(str(answer))
        stage = contests[ASKED_CONTEST]
        set_asking(stage.festival, stage, ASKED, None, asking_of(stage.id).version, organiser)
        return planned.placed


def _draw(contest: Contest, chance: Random, organiser: int) -> None:
    """As at the meeting: a hand in the box. The order follows the seed, not the entries' unguessable codes."""
    codes = [entry.code for entry in sorted(enrolled(contest.id), key=lambda entry: entry.id)]
    if not codes:
        return
    numbers = list(range(1, len(codes) + 1))
    chance.shuffle(numbers)
    answer = draw_by_hand(contest.id, {code: str(n) for code, n in zip(codes, numbers, strict=True)}, organiser)
    if not isinstance(answer, DrawRecorded):
        raise TypeError("the made-up draw is not complete")


def mark_contests(festival_id: int, made_up: Invention, secretary: int, days: DemoDays) -> int:
    """Sheets and results of the acts that are over; the act that is on is marked by some."""
    messages: list[SheetMessage] = []
    halves: dict[Contest, int] = {}
    with transaction():
        for code, contest in contests_by_code(festival_id).items():
            entries = enrolled(contest.id)
            chance = Random(f"{made_up.seed}|{code}|marks")
            quality = invention.qualities(made_up.seed, code, len(entries))
            half = days.done(code, len(entries))
            if contest.result_kind is ResultKind.RUBRIC:
                messages += _sheets(made_up, contest, entries, quality, half, chance, days)
            elif contest.entrant is EntrantKind.FAMILY:
                _measures(contest, entries[:half], quality, chance, secretary, days)
            halves[contest] = half
            _over(contest, half)
            if contest.overtime_penalty_milli and half > 2:
                note_overtime(contest.id, entries[2].id, 95, secretary)
        for contest, half in halves.items():
            _on_stage(contest, half, days)
    taken = 0
    for start in range(0, len(messages), SHEETS_A_TRANSACTION):
        with transaction():
            outcomes = take_sheets(messages[start : start + SHEETS_A_TRANSACTION])
        taken += sum(isinstance(outcome, SheetTaken) for outcome in outcomes)
    if taken != len(messages):
        raise RuntimeError(f"{len(messages) - taken} made-up sheets were refused")
    return taken


def _sheets(
    made_up: Invention,
    contest: Contest,
    entries: Sequence[Entry],
    quality: Sequence[float],
    half: int,
    chance: Random,
    days: DemoDays,
) -> list[SheetMessage]:
    scales = [(each.min_milli, each.max_milli, each.step_milli) for each in contest.criteria]
    codes = [each.code for each in contest.criteria]
    judges = list(
        db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks).order_by(Judge.letter))
    )
    biases = {judge.id: chance.gauss(0, 0.015) for judge in judges}
    messages = []
    began = days.moment(1, (19, 0) if days.at is None else (7, 0))
    for at, entry in enumerate(entries[: half + 1] if half else ()):
        for place, judge in enumerate(judges):
            if at == half and place > 1:
                continue  # the act is still on: two have sent already
            given = invention.marks(chance, scales, quality[at], biases[judge.id])
            tied = (contest.code, place) == TIED[:2] and entry.delegation.rule_code == TIED[2]
            # one judge came too late for one act
            late = (at, place) == (1, 4)
            body: dict[str, Any] = {"marks": dict(zip(codes, given, strict=True))}
            if tied or late:
                body = {"state": "recused" if tied else "late", "note": ""}
            messages.append(
                SheetMessage(
                    mid=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{made_up.seed}|{contest.code}|{entry.number}|{place}")),
                    user_id=judge.user_id,
                    entry_code=entry.code,
                    round=1,
                    verb="abstain" if tied or late else "send",
                    body=body,
                    base_version=0,
                    received_at=began + timedelta(minutes=10 * at + place),
                )
            )
    return messages


def _measures(
    contest: Contest, entries: Sequence[Entry], quality: Sequence[float], chance: Random, by: int, days: DemoDays
) -> None:
    most = contest.best_possible or 24
    # a contest that is published has no equal places for its panel to settle
    unlike = chance.sample(range(4, most + 1), len(entries)) if days.at is not None and contest.code in OVER else None
    for at, entry in enumerate(entries):
        value = min(max(round(most * (quality[at] - 0.35 + chance.gauss(0, 0.1))), 0), most)
        taken = note_measure(contest.id, entry.id, 1, MeasureState.VALID, unlike[at] if unlike else value, 0, by)
        if not isinstance(taken, MeasureTaken):
            raise TypeError(taken.said)


def _acts(contest: Contest) -> Sequence[Act]:
    """Of a contest whose acts come one by one; in the order of the timetable."""
    if contest.result_kind is ResultKind.MATCH:
        return []
    own = select(Act).join(Session).join(Stage).where(Session.contest_id == contest.id)
    return db.session.scalars(own.order_by(Act.starts_at)).all()


def _over(contest: Contest, half: int) -> None:
    """What is over was on its stage at its time."""
    for act in _acts(contest)[:half]:
        take_step(act.id, ActState.WAITING, ActState.ON_STAGE, at=act.starts_at)
        take_step(act.id, ActState.ON_STAGE, ActState.DONE, at=act.starts_at + timedelta(minutes=act.duration_min))


def _on_stage(contest: Contest, half: int, days: DemoDays) -> None:
    """The next act is on its stage, the one after gets ready."""
    acts = _acts(contest) if half else []
    if len(acts) > half + 1:
        take_step(acts[half + 1].id, ActState.WAITING, ActState.READY)
    if half < len(acts) and not _occupied(acts[half]):
        began = acts[half].starts_at if days.at is not None else None
        take_step(acts[half].id, ActState.WAITING, ActState.ON_STAGE, at=began)


def _occupied(act: Act) -> bool:
    return bool(
        db.session.scalar(
            select(func.count(Act.id))
            .join(Session)
            .where(Session.stage_id == act.session.stage_id, Act.state == ActState.ON_STAGE)
        )
    )
