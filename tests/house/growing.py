"""A festival in two sizes: everything a page might ask one by one is there a few times, or many times.

The demo gives families, officers, panels and devices' codes; on top of it every approved family enters every contest, and
contests, stages, panels, delegations of an officer and devices are multiplied. Every rung of the ladder is taken.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from config import Config
from festival.accounts.actions import create_user
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.contests.models import Contest, ContestState, Criterion, Judge, ResultKind
from festival.contests.panel import SheetState
from festival.core import ledger
from festival.core.clock import from_local, now
from festival.core.database import db
from festival.core.secrets import new_token
from festival.core.transaction import reading, transaction
from festival.demo import build
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.factory import create_app
from festival.judging.contest_rules import judging_stream
from festival.judging.models import Mark, Measure, MeasureState, RefusedSheet, ScoreSheet
from festival.logistics import meals, supporting
from festival.logistics.meals import PortionsTyped
from festival.logistics.models import DelegationStay, MealKind
from festival.logistics.portions import Portions
from festival.logistics.sleeping import lodging
from festival.results import decide
from festival.results.current import current_table, tally_for_result
from festival.results.delegations import deciding
from festival.results.delegations.table import whole_delegation
from festival.results.ladder import lock, sign
from festival.results.settling.awarding import PrizesGiven
from festival.roster.models import (
    Delegation,
    DelegationOfficer,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Person,
)
from festival.schedule.models import Act, Plan, Session, Stage
from festival.schedule.queries import snapshot
from tests.devices.kit import Phone

# How far each of the demo's contests (and each of its copies) comes.
RUNGS = {
    "tai-nang": ContestState.OPEN,
    "trang-phuc": ContestState.LOCKED,
    "nau-an": ContestState.PUBLISHED,
    "bong-ro": ContestState.OPEN,
    "bong-da": ContestState.RELEASED,
    "cau-long": ContestState.PUBLISHED,
}
STAFF = {
    Role.ORGANISER: "bantochuc",
    Role.OFFICER: "canbo1",
    Role.SECRETARY: "thuky",
    Role.CHAIR: "giamkhao1",
    Role.GATE_LEAD: "congtruong",
    Role.STAGE_MANAGER: "sankhau",
    Role.CARE: "bepanyte",
    Role.MC: "dandat",
}


def grow(app: Flask, families: int, times: int) -> None:
    """A festival of so many families, and `times` of everything else."""
    with app.app_context():
        build.build(families, 3, "")
        with transaction():
            festival = the_festival()
            _delegations(festival, times)
            contests = _contests(festival, times)
            for contest in contests:
                _enter(contest)
            db.session.add(
                Plan(festival_id=festival.id, version=2, content=snapshot(festival), note="", published_at=now())
            )
            _stays(festival, times)
            rungs = {contest.id: RUNGS[contest.code.partition("_")[0]] for contest in contests}
            for contest in contests:
                _mark(contest, last_too=rungs[contest.id] is not ContestState.OPEN)
        for contest_id, state in rungs.items():
            _climb(contest_id, state)
    _devices(app, times)


def grown(config: Config) -> None:
    """The small one, for `begins_with(build=grown)`."""
    app = create_app(config)
    grow(app, families=3, times=1)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def finished(config: Config) -> None:
    """What `finish` makes of it, for `begins_with(build=finished, after=grown)`."""
    app = create_app(config)
    finish(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def finish(app: Flask) -> None:
    """The last contest is published and the whole delegation signed."""
    with app.app_context():
        with reading():
            ids = list(db.session.scalars(select(Contest.id)))
            festival_id = the_festival().id
        with transaction():
            for contest in db.session.scalars(select(Contest).where(Contest.state == ContestState.OPEN)):
                _mark(contest, last_too=True)
            db.session.execute(update(Contest).values(published="marks"))  # the most that a public page shows
        for contest_id in ids:
            _climb(contest_id, ContestState.PUBLISHED)
        with transaction():
            table = whole_delegation(the_festival())
            for question in table.open_questions if table else ():
                given = PrizesGiven(dict.fromkeys(question.entries))
                deciding.decide_whole(festival_id, given, "Thử", ["Nguyễn Thị Chủ"], None)
            assert isinstance(deciding.sign_whole(festival_id, "9", None), sign.Signed)


def _climb(contest_id: int, wanted: ContestState) -> None:
    steps = {
        ContestState.OPEN: lambda: lock.lock(contest_id, None, None, "Thử"),
        ContestState.LOCKED: lambda: _sign(contest_id),
        ContestState.SIGNED: lambda: sign.record_award_decision(contest_id, "2", None),
        ContestState.DECIDED: lambda: sign.release(contest_id, None),
        ContestState.RELEASED: lambda: sign.publish(contest_id, None),
    }
    while True:
        with transaction():
            state = db.session.get_one(Contest, contest_id).state
            if state is wanted:
                return
            steps[state]()


def _sign(contest_id: int) -> None:
    """Sheets that lie too far apart leave an entry without points: the panel takes it out."""
    for each in current_table(tally_for_result(db.session.get_one(Contest, contest_id))).unsettled:
        decide.decide(contest_id, decide.TakenOut(each.entry, "dns"), "Thử", ["Nguyễn Thị Chủ"], None)
    assert isinstance(sign.sign(contest_id, "1", None), sign.Signed)


def _stays(festival: Festival, times: int) -> None:
    """A kitchen, meals with everybody's numbers, arrivals, rooms given by the rule, an allergy and a need in every delegation."""
    create_user(STAFF[Role.CARE], "Bếp ăn và y tế", "", [Role.CARE])
    delegations = db.session.scalars(select(Delegation).where(Delegation.festival_id == festival.id)).all()
    closes_at = from_local(datetime.combine(festival.starts_on, time(0)))
    kinds = list(MealKind)[: 1 + times]
    named = [meals.name_meal(festival, festival.starts_on, kind, closes_at, None) for kind in kinds]
    nights = {"nights_from": festival.starts_on, "nights_until": festival.starts_on + timedelta(days=1)}
    for delegation in delegations:
        db.session.add(DelegationStay(delegation_id=delegation.id, **nights))
        typed = [PortionsTyped(meal.id, "", Portions(20, 2, 1)) for meal in named]
        meals.save_portions(delegation, typed, None, reason="báo")
    lodging.add_rooms(festival, "Nhà khách", [f"{number}" for number in range(20 * times)], 6, None)
    lodging.propose_for(festival, [delegation.id for delegation in delegations], None)
    coming = select(Person).join(Family).where(Family.state == FamilyState.APPROVED, Person.representative)
    for person in db.session.scalars(coming).all():
        by = supporting.AgreedBy(person.name, "self", "paper")
        supporting.agree_support(festival, person, "Xe lăn", person.needs, by)
        supporting.agree_allergy(festival, person, "tôm", by)


def _delegations(festival: Festival, times: int) -> None:
    """The officer has several; one family of each kind waits in the list of the organiser."""
    officer = db.session.scalar(select(User.id).where(User.login == STAFF[Role.OFFICER]))
    rows = list(
        db.session.scalars(select(Delegation).where(Delegation.festival_id == festival.id).order_by(Delegation.id))
    )
    db.session.add_all(DelegationOfficer(delegation_id=row.id, user_id=officer) for row in rows[1 : 1 + times])
    waiting = db.session.scalars(select(Family).where(Family.delegation_id == rows[1].id).order_by(Family.id)).first()
    assert waiting is not None
    waiting.state = FamilyState.SUBMITTED
    db.session.flush()


def _contests(festival: Festival, times: int) -> list[Contest]:
    """The demo's contests and their copies, each with its panel."""
    made = list(
        db.session.scalars(select(Contest).where(Contest.festival_id == festival.id).order_by(Contest.position))
    )
    for copy in range(1, times):
        for contest in made[: len(RUNGS)]:
            new = _copied(contest, code=f"{contest.code}_{copy}", position=100 * copy + contest.position)
            made.append(new)
            for criterion in contest.criteria:
                _copied(criterion, contest_id=new.id)
            for judge in db.session.scalars(select(Judge).where(Judge.contest_id == contest.id)):
                _copied(judge, contest_id=new.id)
    return made


def _copied(row: Any, **changes: object) -> Any:
    columns = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}
    new = type(row)(**{**columns, **changes})
    db.session.add(new)
    db.session.flush()
    return new


def _enter(contest: Contest) -> None:
    """Every approved family is in, and each contest has a stage with one session more."""
    stage = Stage(festival_id=contest.festival_id, code=f"s-{contest.code}", name=f"Sân {contest.id}")
    db.session.add(stage)
    db.session.flush()
    began = now() - timedelta(hours=1)
    session = Session(stage_id=stage.id, contest_id=contest.id, starts_at=began, ends_at=began + timedelta(hours=9))
    db.session.add(session)
    db.session.flush()
    inside = set(db.session.scalars(select(Entry.family_id).where(Entry.contest_id == contest.id)))
    families = db.session.scalars(select(Family).where(Family.state == FamilyState.APPROVED).order_by(Family.id))
    for family in families:
        if family.id in inside:
            continue
        entry = Entry(
            contest_id=contest.id, delegation_id=family.delegation_id, family_id=family.id, code=new_token()[:16],
            name=family.name, title="Tiết mục", number=1000 + family.id, state=EntryState.ENROLLED,
        )  # fmt: skip
        db.session.add(entry)
        db.session.flush()
        db.session.add_all(EntryPerson(entry_id=entry.id, person_id=person.id) for person in family.members[:2])
        db.session.add(
            Act(session_id=session.id, entry_id=entry.id, position=family.id, duration_min=5,
                starts_at=began + timedelta(minutes=5 * family.id))
        )  # fmt: skip
    db.session.flush()


def _mark(contest: Contest, *, last_too: bool) -> None:
    """Everybody has marked everything, and no two entries are equal; the last entry only if `last_too`."""
    entries = list(
        db.session.scalars(
            select(Entry).where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED).order_by(Entry.id)
        )
    )
    judges = list(db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks)))
    criteria = list(db.session.scalars(select(Criterion).where(Criterion.contest_id == contest.id)))
    marked = set(db.session.execute(select(ScoreSheet.judge_id, ScoreSheet.entry_id)).all())
    measured = set(db.session.scalars(select(Measure.entry_id)))
    if RUNGS[contest.code.partition("_")[0]] is ContestState.OPEN:
        entries = entries[:-1]
    ledger.append(judging_stream(contest), "sheet.taken", {"contest": contest.code}, {})
    contest.rules_fixed_at = contest.rules_fixed_at or now()  # as with every first mark
    for place, entry in enumerate(entries if last_too else entries[:-1]):
        if contest.result_kind is not ResultKind.RUBRIC:
            if entry.id not in measured:
                db.session.add(
                    Measure(entry_id=entry.id, value=100 + place, state=MeasureState.VALID, updated_at=now())
                )
            continue
        for judge in judges:
            if (judge.id, entry.id) in marked:
                continue
            given = {
                each.id: each.max_milli - each.step_milli * (place if n == 0 else 0) for n, each in enumerate(criteria)
            }
            sheet = ScoreSheet(
                judge_id=judge.id,
                entry_id=entry.id,
                state=SheetState.MARKED,
                total_milli=sum(given.values()),
                updated_at=now(),
            )
            db.session.add(sheet)
            db.session.flush()
            db.session.add_all(Mark(sheet_id=sheet.id, criterion_id=key, milli=value) for key, value in given.items())
            db.session.add(
                RefusedSheet(contest_id=contest.id, judge_id=judge.id, entry_id=entry.id, mid=new_token(), reason="locked",
                             content={"state": "marked", "marks": {}, "total": 0, "note": ""}, received_at=now())
            )  # fmt: skip
    db.session.flush()


def _devices(app: Flask, times: int) -> None:
    """Gates and tablets, each with a hole in what it sent."""
    client = app.test_client()
    for number in range(2 * times):
        with app.app_context(), transaction():
            made = make_enrolment_code(the_festival().id, DeviceRole.GATE, None, f"Cổng {number}")
        Phone(client, made.code)
    with app.app_context(), transaction():
        db.session.execute(update(Device).values(seq_max=3, seq_count=1))
