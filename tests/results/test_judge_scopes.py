"""Who can judge what, on which day, is said on a page or by a command, taken back by one step, and obeyed by the proposal."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.assigning.models import JudgeScope
from festival.contests.assigning.proposal import NotEnough, propose
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.editions.models import Festival
from festival.judging.panel.scopes import ScopeSaid, say_scope, scope_of
from festival.results.assigning import planning
from festival.schedule.models import Session, Stage
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import PASSWORD_HASH, Panel, cast
from tests.results.test_pages_of_the_panel import Desk, people

LIST, PLAN = "/office/scopes", "/office/panels"
DAY, OTHER = "2024-06-14", "2024-06-15"


def held(panel: Panel) -> None:
    """The contest is judged on the first day of the festival; one more judge may sit there."""
    with transaction():
        create_user("moi", "Giám Khảo Mới", PASSWORD_HASH, [Role.JUDGE])
        stage = Stage(festival_id=panel.festival_id, code="s", name="Sân khấu", position=1)
        db.session.add(stage)
        db.session.flush()
        starts = db.session.get_one(Festival, panel.festival_id).created_at.replace(
            year=2024, month=6, day=14, hour=1, minute=0, second=0, microsecond=0
        )
        db.session.add(
            Session(
                stage_id=stage.id, contest_id=panel.contest_id, label="Sáng", starts_at=starts,
                ends_at=starts + timedelta(hours=2),
            )
        )  # fmt: skip


def proposed(panel: Panel) -> set[str] | None:
    """The logins the proposal seats; None where there are not enough."""
    with reading():
        found = planning.ground(db.session.get_one(Festival, panel.festival_id))
        answer = propose(found.people, found.panels)
        if isinstance(answer, NotEnough):
            return None
        return {found.logins[who] for each in answer.panels for who in (each.chair, *each.members)}


def test_it_is_said_obeyed_refused_and_taken_back_on_the_page(app: Flask) -> None:
    with app.app_context():
        panel = cast(panel_size=3)
        held(panel)
        assert proposed(panel) == {"chair", "hung", "khac"}, "Lan is tied"
    organiser, secretary = people(app, panel, "organiser", "secretary")
    page = f"{LIST}/{panel.users['hung']}"
    assert organiser.get(LIST).count("mọi phần thi<") == 5 and 'value="tai-nang"' in organiser.get(page)
    organiser.post(page, 303, version="0", days="some", **{"days-some": OTHER}, contests="all")
    with app.app_context():
        assert proposed(panel) == {"chair", "khac", "moi"}, "away on that day: somebody else is proposed"
    assert "15/06" in organiser.get(LIST)
    seats = {"seat-tai-nang-0": "chair", "seat-tai-nang-1": "hung", "seat-tai-nang-2": "moi"}
    assert "vắng vào ngày thi" in organiser.post(PLAN, 200, do="check", **seats)
    stale = organiser.post(page, 409, version="0", contests="some")
    ticked = re.findall(r'<input[^>]*id="contests-some"[^>]*>', stale)
    assert "Vừa có người khác" in stale and "checked" in ticked[0], "what was ticked stays"
    assert "Không có phần thi" in organiser.post(page, 400, version="1", contests="some", **{"contests-some": "la"})
    organiser.post(page, version="1", contests="some", days="all")
    both = organiser.post(page, 400, version="2", contests="all", **{"contests-some": "tai-nang"})
    assert "Giữ một trong hai" in both and "checked" in re.findall(r'<input[^>]*id="contest-tai-nang"[^>]*>', both)[0]
    with app.app_context():
        with reading():
            assert scope_of(panel.festival_id, panel.users["hung"]).contests == frozenset()
        assert proposed(panel) == {"chair", "khac", "moi"}
    assert "không chấm được phần thi này" in organiser.post(PLAN, 200, do="check", **seats)
    organiser.post(page, do="undo", version="2")
    assert "15/06" in organiser.get(LIST), "one step back"
    organiser.post(page, 409, do="undo", version="2")
    organiser.post(page, version="3", contests="all", days="all")
    with app.app_context():
        assert proposed(panel) == {"chair", "hung", "khac"}
        with checks.snapshot():
            found = checks.inspect(["decisions:thu"]).named()
            assert [each for _name, each in found if each.table == "judge_scope"] == []
        with transaction():
            db.session.scalars(select(JudgeScope)).one().says = {"contests": [], "days": None}
        with checks.snapshot():
            found = checks.inspect(["decisions:thu"]).named()
            assert [each.column for _name, each in found if each.table == "judge_scope"] == ["says"]
    organiser.get(f"{LIST}/{panel.users['mc']}", 404)
    secretary.get(LIST, 403)
    secretary.post(page, 403, version="4", contests="all")
    Desk(app, None).get(LIST, 302)


def test_the_command_says_lists_and_takes_back(app: Flask) -> None:
    with app.app_context():
        cast(panel_size=3)

    def ran(*words: str, ok: bool = True) -> str:
        done = app.test_cli_runner().invoke(args=["judging", "scope", *words])
        assert (done.exit_code == 0) is ok, done.output
        return done.output

    assert ran("hung", "--contest", "tai-nang", "--day", DAY) == "hung\tGia đình tài năng\t14/06\n"
    assert ran("hung", "--undo") == "hung\tmọi phần thi\tmọi ngày\n"
    assert ran("hung", "--undo") == "hung\tGia đình tài năng\t14/06\n"
    assert ran("hung", "--any") == "hung\tmọi phần thi\tmọi ngày\n"
    assert len(ran().splitlines()) == 4
    for wrong in (
        ["hung"],
        ["hung", "--any", "--day", DAY],
        ["hung", "--day", "2030-01-01"],
        ["mc", "--any"],
        ["lan", "--undo"],
    ):
        ran(*wrong, ok=False)


def test_of_two_at_the_same_moment_one_is_told(app: Flask) -> None:
    """The naive control asks which version there is only when it writes, and overwrites what nobody has read."""
    with app.app_context():
        panel = cast()
    start, in_turn, found = threading.Barrier(2), threading.Lock(), list[object]()
    whole = frozenset({DAY, OTHER})

    def write(days: frozenset[str], seen: int) -> None:
        said = ScopeSaid(None, days, seen)
        found.append(say_scope(panel.festival_id, panel.users["hung"], said, ScopeSaid(frozenset(), whole), None))

    def honest(days: frozenset[str]) -> None:
        with reading():
            seen = scope_of(panel.festival_id, panel.users["hung"]).version
        start.wait(PATIENCE_S)
        with transaction():
            write(days, seen)

    def naive(days: frozenset[str]) -> None:
        start.wait(PATIENCE_S)
        with in_turn, transaction():
            write(days, scope_of(panel.festival_id, panel.users["hung"]).version)

    def one(how: Callable[[frozenset[str]], None], days: frozenset[str]) -> None:
        with app.app_context():
            try:
                how(days)
            except Overtaken as late:
                found.append(type(late))

    def both(how: Callable[[frozenset[str]], None], *said: frozenset[str]) -> list[object]:
        found.clear()
        threads = [threading.Thread(target=one, args=(how, days)) for days in said]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        return sorted(found, key=str)

    for version, days in ((1, [{DAY}, {OTHER}]), (2, [set[str](), whole])):  # the first word of it, and a later one
        assert both(honest, *map(frozenset, days)) == sorted([True, Overtaken], key=str)
        with app.app_context(), reading():
            assert db.session.scalars(select(JudgeScope.version)).one() == version
            assert now() >= db.session.scalars(select(JudgeScope.said_at)).one()
    assert both(naive, frozenset({DAY}), frozenset({OTHER})) == [True, True]
