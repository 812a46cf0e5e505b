"""Does the solver fill the draft as an organiser asks: watched, stopped, looked at, taken as one step and taken back?"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, text, update

from config import ROOT
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.schedule import drawing, queries
from festival.schedule.filling.chosen import FillChoice, FillPart, FillState
from festival.schedule.filling.models import FillRun
from festival.schedule.filling.running import ask_fill
from festival.schedule.filling.working import look
from festival.schedule.models import Act, ActState
from festival.schedule.moving.locking import lock_act
from festival.schedule.stage_day.taking import take_step
from tests.harness.waiting import wait_until
from tests.schedule.test_board import token
from tests.schedule.test_draft_steps import act_of, put, sealed, stands, undo
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, session_of, times
from tests.schedule.test_timetable_pages import asked_form, hashed, organiser

pytestmark = pytest.mark.either_database

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures

FILL = "/office/schedule/fill"


def newest() -> FillRun:
    with reading():
        run = db.session.scalars(select(FillRun).order_by(FillRun.id.desc()).limit(1)).one()
        db.session.expunge(run)
        return run


def turned_until(*states: FillState) -> FillRun:
    """The worker's turns, until the search is so, or so."""

    def reached() -> bool:
        look()
        return newest().state in states

    wait_until(reached, f"a search that is {' or '.join(states)}")
    return newest()


def placed_all() -> None:
    """The worker's turns, until a plan has a place for every act; the search is still under way."""
    wait_until(lambda: (look(), newest().found.get("unplaced") == [])[1], "a plan with all acts")


def start(organiser: FlaskClient, **said: Any) -> None:
    sent = token(organiser.get(FILL).text) | {"part": "all", "limit": "10", "gap": "15", "longest": ""} | said
    answer = organiser.post(FILL, data=sent)
    assert answer.status_code == 302, answer.text


def begin(planned: Ids) -> None:
    """A short one."""
    with transaction():
        ask_fill(planned.festival, FillChoice(FillPart.ALL), 1, None)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def step(organiser: FlaskClient, to: str) -> str:
    answer = organiser.post(
        f"{FILL}/step",
        data=token(organiser.get(FILL).text) | {"to": to, "run": str(newest().id)},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    return words(answer.text)


def take(organiser: FlaskClient) -> str:
    """Look at what it changes, then agree to just that."""
    sent = token(organiser.get(FILL).text) | {"run": str(newest().id)}
    asked = organiser.post(f"{FILL}/take", data=sent)
    assert asked.status_code == 200 and "Lấy lịch máy tìm được?" in asked.text, asked.text
    taken = organiser.post(f"{FILL}/take", data=asked_form(asked.text))
    assert taken.status_code == 302
    return words(asked.text)


def against_each_other(planned: Ids) -> None:
    """Two drawn orders of the same families that run against each other: nobody can wait as little as alone."""
    for contest, order in ((planned.talent, range(1, 8)), (planned.relay, range(7, 0, -1))):
        kind = "tai-nang" if contest == planned.talent else "bao-bo"
        with transaction():
            drawing.draw_by_hand(contest, {f"{kind}-{family}": str(at) for at, family in enumerate(order, 1)}, None)


def test_a_plan_is_found_looked_at_taken_as_one_step_and_taken_back(organiser: FlaskClient, planned: Ids) -> None:
    assert "Bắt đầu xếp" in organiser.get(FILL).text
    stood = stands(planned)
    start(organiser)
    page = organiser.get(FILL).text
    assert "Đang chờ máy nhận việc" in page and '<meta http-equiv="refresh"' in page
    run = turned_until(FillState.FOUND)
    assert stands(planned) == stood  # until it is taken
    assert (run.found["proven"], run.found["unplaced"], run.found["cut"]) == (True, [], False)
    shown = words(organiser.get(FILL).text)
    # seven families, both of their acts with 15 minutes between
    assert "các gia đình chờ 105 phút Ít nhất có thể 105 phút" in shown
    assert "Đã là mức tốt nhất: không lịch nào chờ ít hơn." in shown
    asked = take(organiser)
    assert "thay đổi giờ hoặc sân khấu trong lịch đang xếp" in asked and "vẫn thấy phiên bản 1 đã công bố" in asked
    taken = stands(planned)
    assert taken != stood and len(times(planned.talent)) == len(times(planned.relay)) == 7
    assert newest().state is FillState.TAKEN and sealed() == []
    with reading():
        assert queries.plan_conflicts(planned.festival) == []
    assert "Hoàn tác: lấy lịch máy tìm được" in organiser.get(FILL).text
    assert undo(planned) == "lấy lịch máy tìm được" and stands(planned) == stood and sealed() == []
    undo(planned, back=False)
    assert stands(planned) == taken


def test_a_search_is_stopped_and_kept_thrown_away_and_had_back(organiser: FlaskClient, planned: Ids) -> None:
    against_each_other(planned)
    stood = stands(planned)
    start(organiser, limit="60", order=["tai-nang", "bao-bo"])
    assert "Đang có một lần xếp" in unescape(
        organiser.post(FILL, data=token(organiser.get(FILL).text) | {"part": "all", "limit": "10", "gap": "15"}).text
    )
    turned_until(FillState.RUNNING)
    placed_all()
    page = words(organiser.get(FILL).text)
    assert "Máy đang xếp" in page and "trên 60 giây" in page
    said = organiser.get("/api/v1/schedule/fill").get_json()
    assert (said["state"], said["run"], said["late"]) == ("running", newest().id, False)
    assert re.fullmatch(r"Còn cách mức tốt nhất không quá \d+ phút\.", said["distance"])
    step(organiser, "stop")
    run = turned_until(FillState.FOUND)
    assert run.found["cut"] is False and run.found["prices"] == {}
    assert "«Nhảy bao bố tiếp sức»: chưa tính được, vì máy dừng sớm" in words(organiser.get(FILL).text)
    assert "Đã bỏ. Lịch đang xếp không đổi gì." in step(organiser, "drop")
    sent = token(organiser.get(FILL).text) | {"run": str(run.id), "agreed": ""}
    assert organiser.post(f"{FILL}/take", data=sent).status_code == 409
    assert "Xem thay đổi và lấy lịch này" in step(organiser, "back")
    assert stands(planned) == stood
    take(organiser)
    with reading():
        found = {each.kind for each in queries.plan_conflicts(planned.festival)}
    assert found == set() and sealed() == []


def solvers() -> list[int]:
    """The processes of this one that solve."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            if b"solver.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(int(pid))
    return found


def test_a_solver_that_is_killed_leaves_the_draft_as_it_was_and_the_page_says_so(
    organiser: FlaskClient, planned: Ids
) -> None:
    against_each_other(planned)
    stood = stands(planned)
    start(organiser, limit="60", order=["tai-nang", "bao-bo"])
    turned_until(FillState.RUNNING)
    wait_until(lambda: (look(), "plan" in newest().found)[1], "a first plan")
    (pid,) = solvers()
    os.kill(pid, signal.SIGKILL)
    run = turned_until(FillState.FOUND)
    assert run.found["cut"] is True and stands(planned) == stood
    page = words(organiser.get(FILL).text)
    assert "Máy dừng giữa chừng: bộ xếp lịch hoặc máy làm việc nền đã tắt." in page
    assert "Lịch đang xếp không đổi gì. Kết quả dưới đây là lịch tốt nhất đã có và đã kiểm lại." in page
    # killed before there is any plan; where one was quicker than the kill, once more
    for _again in range(20):
        start(organiser, limit="60")
        turned_until(FillState.RUNNING)
        wait_until(solvers, "the process that solves")
        for pid in solvers():
            os.kill(pid, signal.SIGKILL)
        if turned_until(FillState.FAILED, FillState.FOUND).state is FillState.FAILED:
            break
    assert "Lần xếp dừng giữa chừng, chưa có lịch nào" in words(organiser.get(FILL).text)
    assert stands(planned) == stood


def test_a_solver_too_slow_for_its_last_word_is_not_called_broken_off(organiser: FlaskClient, planned: Ids) -> None:
    against_each_other(planned)
    start(organiser, limit="10")
    turned_until(FillState.RUNNING)
    wait_until(lambda: (look(), "plan" in newest().found and solvers())[1], "a first plan, and the process that solves")
    (pid,) = solvers()
    os.kill(pid, signal.SIGSTOP)  # as on a machine that does not get to it: it is ended when its time is over
    run = turned_until(FillState.FOUND)
    assert run.found["cut"] is False
    assert "Máy dừng giữa chừng" not in words(organiser.get(FILL).text)


ASKS_AND_WAITS = """
import time
from festival.schedule.solver.answer import plans_of
from tests.schedule.festivals import crowded
plans = plans_of(crowded(1, families=24, stages=2, days=1, contests=4, load=0.9, each=3), 300)
next(plans)
print("a first plan", flush=True)
time.sleep(300)
"""


def test_a_solver_whose_asker_is_gone_ends_by_itself() -> None:
    asker = subprocess.Popen([sys.executable, "-c", ASKS_AND_WAITS], stdout=subprocess.PIPE, cwd=ROOT)
    assert asker.stdout is not None and asker.stdout.readline() == b"a first plan\n"
    (solver,) = Path(f"/proc/{asker.pid}/task/{asker.pid}/children").read_text().split()
    assert b"solver.worker" in Path(f"/proc/{solver}/cmdline").read_bytes()
    asker.kill()
    asker.wait()
    asker.stdout.close()
    # gone, or waiting for the one that inherited it to take note
    wait_until(lambda: not Path(f"/proc/{solver}/cmdline").exists() or not Path(f"/proc/{solver}/cmdline").read_bytes())


def made(planned: Ids, state: FillState, **also: Any) -> int:
    """A search as a row."""
    moment = now()
    begun = {"started_at": moment, "seen_at": moment} if state is not FillState.WAITING else {}
    ended = {} if state in (FillState.WAITING, FillState.RUNNING) else {"ended_at": moment}
    values = {
        "festival_id": planned.festival, "state": state, "choice": FillChoice(FillPart.ALL).to_json(), "limit_s": 60, "step": 0,
        "basis": "", "found": {}, "stopping": False, "asked_at": moment, **begun, **ended, **also,
    }  # fmt: skip
    with transaction():
        return db.session.execute(insert(FillRun).values(**values).returning(FillRun.id)).scalar_one()


def test_a_search_whose_process_is_gone_is_over(organiser: FlaskClient, planned: Ids) -> None:
    long_ago = now() - timedelta(minutes=5)
    made(planned, FillState.RUNNING, started_at=long_ago, seen_at=long_ago)
    page = words(organiser.get(FILL).text)
    assert "Lần xếp dừng giữa chừng, chưa có lịch nào" in page and "Máy dừng giữa chừng" in page
    start(organiser)  # and the next one may begin
    with reading():
        states = db.session.scalars(select(FillRun.state).order_by(FillRun.id)).all()
    assert states == [FillState.FAILED, FillState.WAITING]
    with transaction():
        db.session.execute(update(FillRun).where(FillRun.state == FillState.WAITING).values(asked_at=long_ago))
    assert "Chưa có máy nào nhận việc." in words(organiser.get(FILL).text)
    assert "Đã bỏ lần xếp này" in step(organiser, "stop")


def test_whoever_takes_a_plan_is_told_what_was_changed_meanwhile(organiser: FlaskClient, planned: Ids) -> None:
    start(organiser)
    turned_until(FillState.FOUND)
    put(planned, "tai-nang-7", session_of(planned.talent), "tai-nang-1")
    with transaction():
        lock_act(planned.festival, "tai-nang-2", True, None)
    kept = times(planned.talent)["tai-nang-2"]
    with transaction():
        for was, then in pairwise((ActState.WAITING, ActState.READY, ActState.ON_STAGE, ActState.DONE)):
            take_step(act_of("bao-bo-3").id, was, then)
    done = times(planned.relay)["bao-bo-3"]
    asked = take(organiser)
    assert "Từ lúc máy bắt đầu, lịch đang xếp đã đổi: dời «Gia đình 7» (lệnh)." in asked
    assert "2 tiết mục của lịch tìm được nay đã rút, đã khóa" in asked
    assert (times(planned.talent)["tai-nang-2"], times(planned.relay)["bao-bo-3"]) == (kept, done)
    assert sealed() == []
    # the plan lies: nothing more to take
    sent = token(organiser.get(FILL).text) | {"run": str(newest().id)}
    again = organiser.post(f"{FILL}/take", data=sent)
    assert again.status_code == 409 and "Lịch đang xếp đã đúng như lịch tìm được." in unescape(again.text)


def test_a_part_is_planned_and_the_rest_stays(organiser: FlaskClient, planned: Ids) -> None:
    talent, relay = times(planned.talent), times(planned.relay)
    start(organiser, part=f"session-{session_of(planned.relay)}")
    turned_until(FillState.FOUND)
    take(organiser)
    assert times(planned.talent) == talent and times(planned.relay) != relay
    with transaction():
        db.session.execute(update(Act).values(locked=True))
    refused = organiser.post(FILL, data=token(organiser.get(FILL).text) | {"part": "all", "limit": "10", "gap": "7"})
    assert refused.status_code == 409 and "Không có tiết mục nào để xếp" in unescape(refused.text)
    assert 'value="7"' in refused.text  # what was typed is still there
    bad = organiser.post(FILL, data=token(organiser.get(FILL).text) | {"part": "all", "limit": "10", "gap": "x"})
    assert bad.status_code == 400 and "Số phút nghỉ là số từ 0 đến 240." in unescape(bad.text)


@pytest.mark.both_databases
def test_of_two_who_start_at_once_one_is_told(app: Flask, planned: Ids) -> None:
    together, answers = Barrier(2), []

    def work() -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    ask_fill(planned.festival, FillChoice(FillPart.ALL), 10, None)
                answers.append("started")
            except Conflict as told:
                answers.append("told" if "Đang có một lần xếp" in str(told) else str(told))
            finally:
                db.session.remove()

    threads = [Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["started", "told"]
    # whoever looks first and writes then begins two, once the index is gone
    with transaction():
        db.session.execute(update(FillRun).values(state=FillState.DROPPED, ended_at=now()))
        db.session.execute(text("DROP INDEX uq_fill_run_under_way"))
    looked = Barrier(2)
    waiting = select(func.count(FillRun.id)).where(FillRun.state == FillState.WAITING)

    def naive() -> None:
        with app.app_context():
            with reading():
                seen = db.session.scalar(waiting)
            looked.wait()
            if not seen:
                made(planned, FillState.WAITING)
            db.session.remove()

    threads = [Thread(target=naive) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading():
        assert db.session.scalar(waiting) == 2


def test_the_command_searches_says_what_it_finds_and_takes_it_when_told_to(app: Flask, planned: Ids) -> None:
    against_each_other(planned)
    stood = stands(planned)
    run = app.test_cli_runner()

    def fill(*more: str) -> Result:
        return run.invoke(args=["schedule", "fill", "hon-quan-2024", *more])

    assert fill("--gap", "20").exit_code == 2 and fill("--seconds", "5", "--part", "week").exit_code == 2
    assert "Không có kết quả bốc thăm" in fill("--seconds", "5", "--free-order", "khac").output
    asked = fill("--seconds", "2", "--free-order", "bao-bo")
    assert asked.exit_code == 1 and stands(planned) == stood
    assert re.search(r"\d s: chờ \d+ phút\. ", asked.output) and "- đổi: " in asked.output, asked.output
    assert "- giá của thứ tự: " in asked.output and "Chưa ghi." in asked.output
    number = re.search(r"Lấy sau: flask schedule fill … --take (\d+)", asked.output)
    assert number is not None
    taken = fill("--take", number[1], "--yes")
    assert taken.exit_code == 0 and "Đã lấy lịch: " in taken.output
    assert stands(planned) != stood and sealed() == []
    assert fill().output == "Đã xếp thêm 0 tiết mục.\n"
    undo(planned)
    assert stands(planned) == stood
