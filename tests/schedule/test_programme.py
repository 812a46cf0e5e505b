"""Draw, plan, move, publish and the live day on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import from_local, local, now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.i18n import say
from festival.editions.models import Festival, PhaseKind, Unit
from festival.editions.queries import phase_open
from festival.office.festival_import import import_festival, read_file
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Origin, Person
from festival.schedule import drawing, planning, queries
from festival.schedule import sessions as schedule_sessions
from festival.schedule.changes import changes
from festival.schedule.conflicts import Clash
from festival.schedule.draw import Undrawn
from festival.schedule.drawing import DrawRecorded
from festival.schedule.models import Act, ActState, Plan, Session, Stage
from festival.schedule.moving.acts import move_act
from festival.schedule.planning import NotPublished, Published
from festival.schedule.stage_day.taking import take_step
from festival.schedule.timetable import on_and_next

RULES = Path(__file__).parents[2] / "festival/editions/data/rulesets/hon-quan-2024.json"


@dataclass(frozen=True)
class Ids:
    festival: int
    talent: int
    relay: int
    stages: tuple[int, int]


def plans(festival_id: int) -> list[Plan]:
    """All published versions, the latest first."""
    return list(db.session.scalars(select(Plan).where(Plan.festival_id == festival_id).order_by(Plan.version.desc())))


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def ids(inside: None) -> Ids:
    """Seven communes; each family sings, and the same family runs in the sack relay."""
    with transaction():
        festival = import_festival(read_file(RULES.read_bytes())).festival
        contests = {each.code: each for each in db.session.scalars(select(Contest))}
        for number in range(1, 8):
            unit = Unit(key=f"u{number}", level="commune", kind="Xã", name=f"Xã {number}", folded=f"xa {number}")
            db.session.add(unit)
            db.session.flush()
            delegation = Delegation(festival_id=festival.id, unit_id=unit.id, code=f"d{number}", name=f"Đoàn {number}",
                                    position=number, families_min=1, families_max=2)  # fmt: skip
            db.session.add(delegation)
            db.session.flush()
            family = Family(festival_id=festival.id, delegation_id=delegation.id, code=f"f{number}",
                            name=f"Gia đình {number}", folded=f"gia dinh {number}", state=FamilyState.APPROVED,
                            origin=Origin.OFFICER, identity=f"{number}", created_at=now())  # fmt: skip
            db.session.add(family)
            db.session.flush()
            person = Person(festival_id=festival.id, family_id=family.id, code=f"p{number}", name=f"Người {number}",
                            folded=f"nguoi {number}")  # fmt: skip
            db.session.add(person)
            db.session.flush()
            for code in ("tai-nang", "bao-bo"):
                entry = Entry(contest_id=contests[code].id, delegation_id=delegation.id, family_id=family.id,
                              code=f"{code}-{number}", name=family.name, state=EntryState.ENROLLED)  # fmt: skip
                db.session.add(entry)
                db.session.flush()
                db.session.add(EntryPerson(entry_id=entry.id, person_id=person.id))
        hall = schedule_sessions.add_stage(festival.id, "hoi-truong", "Hội trường")
        ground = schedule_sessions.add_stage(festival.id, "san", "Sân vận động")
        return Ids(festival.id, contests["tai-nang"].id, contests["bao-bo"].id, (hall.id, ground.id))


def at(hour: int, minute: int = 0) -> datetime:
    return from_local(datetime.combine(date(2024, 6, 28), time(hour, minute)))


@pytest.fixture
def sessions(ids: Ids) -> Ids:
    with transaction():
        schedule_sessions.add_session(ids.stages[0], ids.talent, at(7, 30), at(10), "buổi sáng")
        schedule_sessions.add_session(ids.stages[1], ids.relay, at(7, 30), at(10), "buổi sáng")
    return ids


def test_a_session_outside_the_days_is_refused(ids: Ids) -> None:
    with pytest.raises(BadInput, match="28/6/2024"), transaction():
        schedule_sessions.add_session(ids.stages[0], ids.talent, at(7) + timedelta(days=1), at(9) + timedelta(days=1))
    with pytest.raises(Conflict, match="Đã có sân khấu"), transaction():
        schedule_sessions.add_stage(ids.festival, "san", "Sân khác")


def test_a_hand_draw_numbers_the_entries_once_and_stands_in_the_ledger(ids: Ids) -> None:
    order = [3, 1, 7, 2, 6, 4, 5]
    numbers = {f"tai-nang-{family}": str(place) for place, family in enumerate(order, start=1)}
    with transaction():
        missing = drawing.draw_by_hand(ids.talent, numbers | {"tai-nang-3": ""}, None)
        assert isinstance(missing, Undrawn)
        assert str(missing.faults["tai-nang-3"]) == "chưa có số bốc thăm"
    with transaction():
        drawn = drawing.draw_by_hand(ids.talent, numbers, None)
        assert isinstance(drawn, DrawRecorded)
        assert drawn.order == tuple(f"tai-nang-{family}" for family in order)
    with reading():
        assert [entry.code for entry in queries.enrolled(ids.talent)] == list(drawn.order)
        assert ledger.verify("decisions:hon-quan-2024") == []
        before = ledger.head("decisions:hon-quan-2024").size
    with pytest.raises(Conflict, match="đã bốc thăm rồi"), transaction():
        drawing.draw_by_seed(ids.talent, "14062024", None)
    with transaction():
        drawing.cancel_draw(ids.talent, "Bốc thiếu một lá thăm", None)
        again = drawing.draw_by_seed(ids.talent, "14062024", None)
    assert again.seed == "14062024"
    with reading():
        assert ledger.head("decisions:hon-quan-2024").size == before + 2


def test_a_plan_lets_no_family_be_in_two_places_and_is_published_with_its_changes(sessions: Ids) -> None:
    ids = sessions
    with transaction():
        drawing.draw_by_seed(ids.talent, "1", None)
        planned = planning.make_plan(ids.festival)
    assert (planned.placed, planned.conflicts) == (14, ())
    with transaction():
        assert planning.publish(ids.festival, None) == Published(1)
    with reading():
        festival = db.session.get_one(Festival, ids.festival)
        assert phase_open(festival, PhaseKind.PROGRAMME, now())
        plan = queries.published_plan(ids.festival)
        assert plan is not None
        assert plan.version == 1
        programme = plan.content
        assert len(programme["acts"]) == 14
        _first, second = [act for act in programme["acts"] if act["contest"] == "tai-nang"][:2]
        moved = db.session.scalars(select(Act).join(Entry).where(Entry.code == second["entry"])).one().id
    with transaction():
        move_act(moved, earlier=True, user_id=None)
        answer = planning.publish(ids.festival, None, "đổi lượt theo đề nghị của hai đoàn")
    # the swap broke the drawn order or a gap, which is shown, but puts nobody in two places: or it is refused
    with reading():
        if isinstance(answer, Published):
            latest = queries.published_plan(ids.festival)
            assert latest is not None
            assert (latest.version, latest.content["acts"][0]["entry"]) == (2, latest.content["acts"][0]["entry"])
            said = [str(each) for each in changes(programme, latest.content)]
            assert len(said) == 2
            assert said[0].startswith(f"«{second['name']}» (Biểu diễn nghệ thuật «Gia đình tài năng») sớm hơn 13 phút")
            assert {each.kind for each in queries.plan_conflicts(ids.festival)} >= {Clash.ORDER}
        old = plans(ids.festival)[-1]
        assert old.content["acts"] == programme["acts"]


def test_changes_of_the_programme_are_worded_for_the_reader(sessions: Ids) -> None:
    ids = sessions
    with transaction():
        planning.make_plan(ids.festival)
    for language in ("en", "vi"):
        with force_locale(language), transaction():
            assert isinstance(planning.publish(ids.festival, None), Published)
    with reading():
        first, second = (plan.content for plan in plans(ids.festival))
        assert changes(first, second) == []
        assert first["acts"] == second["acts"]
        act = first["acts"][0]
    moved = first | {"acts": [act | {"starts_at": "2024-06-28T14:05:00+07:00"}]}
    (said,) = changes(first | {"acts": [act]}, moved)
    words = {}
    for language in ("vi", "en"):
        with force_locale(language):
            words[language] = say(said)
    assert words == {
        "vi": f"«{act['name']}» ({act['contest_name']}) muộn hơn 395 phút: 14 giờ 05 ngày 28/6, trước là 7 giờ 30 ngày 28/6.",
        "en": f"“{act['name']}” ({act['contest_name']}) is 395 minutes later: 14:05 on 28/6 instead of 7:30 on 28/6.",
    }


def test_a_family_in_two_places_stops_the_publication_in_words(sessions: Ids) -> None:
    ids = sessions
    with transaction():
        planning.make_plan(ids.festival)
        both = {
            act.entry.contest_id: act for act in db.session.scalars(select(Act).join(Entry).where(Entry.family_id == 1))
        }
        both[ids.relay].starts_at = both[ids.talent].starts_at
        db.session.flush()
        answer = planning.publish(ids.festival, None)
    assert isinstance(answer, NotPublished)
    assert any("Một gia đình phải ở hai nơi cùng lúc: «Gia đình 1»" in str(each) for each in answer.conflicts)
    with reading():
        assert queries.published_plan(ids.festival) is None


def test_too_little_time_is_said_with_the_sum(ids: Ids) -> None:
    with transaction():
        schedule_sessions.add_session(ids.stages[0], ids.talent, at(8), at(9))
        planned = planning.make_plan(ids.festival)
    assert planned.placed == 0
    assert "7 tiết mục cần ít nhất 70 phút" in str(planned.conflicts[0])


def test_the_stage_manager_leads_an_act_through_its_states(sessions: Ids) -> None:
    ids = sessions
    with transaction():
        planning.make_plan(ids.festival)
    with reading():
        first, second = [act.id for act in queries.stage_acts(ids.stages[0])[0].acts[:2]]
    with transaction():
        take_step(first, ActState.WAITING, ActState.READY)
        act = take_step(first, ActState.READY, ActState.ON_STAGE)
        assert act.began_at is not None
    with pytest.raises(Conflict, match="còn đang thi trên sân khấu"), transaction():
        take_step(second, ActState.WAITING, ActState.ON_STAGE)
    with pytest.raises(Conflict, match="vừa được máy khác đổi"), transaction():
        take_step(first, ActState.READY, ActState.ABSENT)
    with transaction():
        act = take_step(first, ActState.ON_STAGE, ActState.DONE)
        assert act.ended_at is not None
        take_step(second, ActState.WAITING, ActState.ABSENT)
    with pytest.raises(BadInput), transaction():
        take_step(second, ActState.ABSENT, ActState.DONE)
    with pytest.raises(Conflict, match="Đã có tiết mục lên sân khấu"), transaction():
        planning.make_plan(ids.festival)
    with pytest.raises(Conflict, match="đã thi, không đổi lượt"), transaction():
        move_act(second, earlier=True, user_id=None)


def test_the_stage_says_who_is_on_and_who_follows(sessions: Ids) -> None:
    ids = sessions
    with transaction():
        planning.make_plan(ids.festival)
    with reading():
        acts = [act.id for act in queries.stage_acts(ids.stages[0])[0].acts]

    def seen() -> tuple[list[int], list[int]]:
        with reading():
            on, following = on_and_next(queries.stage_acts(ids.stages[0]))
            return [act.id for act in on], [act.id for act in following]

    assert seen() == ([], acts[:2])
    with transaction():
        take_step(acts[1], ActState.WAITING, ActState.ON_STAGE)
        take_step(acts[2], ActState.WAITING, ActState.ABSENT)
        db.session.get_one(Act, acts[3]).entry.state = EntryState.WITHDRAWN
        db.session.get_one(Act, acts[6]).state = ActState.DONE
    # the first was passed over, the third is absent, the fourth withdrew, the seventh sang before its turn
    assert seen() == ([acts[1]], acts[4:6])
    with transaction():
        for each in acts[4:6]:
            take_step(each, ActState.WAITING, ActState.ABSENT)
    assert seen() == ([acts[1]], acts[:1])


def test_two_that_draw_or_publish_at_once_make_one_draw_and_two_versions(app: Flask, sessions: Ids) -> None:
    ids = sessions
    with transaction():
        planning.make_plan(ids.festival)
    answers: list[str] = []
    together = Barrier(6)

    def work(number: int) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    if number % 2:
                        drawing.draw_by_seed(ids.talent, str(number), None)
                        answers.append("drawn")
                    else:
                        published = planning.publish(ids.festival, None)
                        assert isinstance(published, Published)
                        answers.append(f"version {published.version}")
            except Conflict:
                answers.append("refused")
            finally:
                db.session.remove()

    threads = [Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["drawn", "refused", "refused", "version 1", "version 2", "version 3"]


def test_commands_draw_plan_and_publish(app: Flask, sessions: Ids) -> None:
    run = app.test_cli_runner()
    drawn = run.invoke(args=["schedule", "draw", "hon-quan-2024", "tai-nang", "--seed", "14062024"])
    assert drawn.exit_code == 0, drawn.output
    assert drawn.output.count("Gia đình") >= 7
    planned = run.invoke(args=["schedule", "plan", "hon-quan-2024"])
    assert planned.exit_code == 0, planned.output
    published = run.invoke(args=["schedule", "publish", "hon-quan-2024"])
    assert "phiên bản 1" in published.output
    assert local(at(7, 30)).hour == 7
    with reading():
        assert db.session.scalars(select(Stage.code).order_by(Stage.position)).all() == ["hoi-truong", "san"]


def test_commands_move_an_act_tell_of_it_and_take_a_session_out(app: Flask, sessions: Ids) -> None:
    def run(*words: str, code: int = 0) -> str:
        done = app.test_cli_runner().invoke(args=["schedule", words[0], "hon-quan-2024", *words[1:]])
        assert done.exit_code == code, done.output
        return done.output

    def order() -> list[str]:
        with app.app_context(), reading():
            first = select(Act.session_id).join(Entry).join(Contest).where(Contest.code == "tai-nang").limit(1)
            query = select(Entry.code).join(Act).where(Act.session_id.in_(first)).order_by(Act.position)
            return list(db.session.scalars(query))

    run("draw", "tai-nang", "--seed", "14062024")
    run("plan")
    before = order()
    assert len(before) > 2
    run("move", before[0], "--later")
    assert order() == [before[1], before[0], *before[2:]]
    run("move", before[0], "--earlier")
    assert order() == before
    assert "đầu hoặc cuối" in run("move", before[0], "--earlier", code=1)
    assert "--earlier hoặc --later" in run("move", before[0], code=1)
    assert "chưa có trong lịch" in run("move", "NOBODY", "--later", code=1)
    for state in ("ready", "on_stage", "done", "on_stage", "done"):
        run("act", before[0], state)
    assert "Không chuyển trạng thái như vậy được" in run("act", before[0], "ready", code=1)
    assert "đã thi" in run("move", before[0], "--later", code=1)
    with app.app_context(), transaction():
        session = db.session.scalars(select(Session).join(Act).join(Entry).where(Entry.code == before[0])).one()
        placed = (session.contest.code, session.stage.code, f"{local(session.starts_at):%Y-%m-%dT%H:%M}")
    assert "đã có tiết mục" in run("remove-session", *placed, code=1)
    run("session", "tai-nang", placed[1], "2024-06-28T20:00", "2024-06-28T21:00")
    run("remove-session", "tai-nang", placed[1], "2024-06-28T20:00")
    assert "Không có buổi thi như vậy" in run("remove-session", "tai-nang", placed[1], "2024-06-28T20:00", code=1)
