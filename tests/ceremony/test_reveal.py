"""Does the hall see the step that is on, nothing of those that come, and nothing that nobody has looked at?"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from festival.ceremony.reveal import running
from festival.ceremony.reveal.models import Reveal, RevealOrder
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.ledger import LedgerPayload
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.results.models import Award
from tests.ceremony.reveal_cast import begun, evening_cast, sealed, slides_of, step_to, the_run
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return evening_cast()


def names_in(slide: dict[str, object]) -> list[str]:
    return [name for name, _unit in slide["names"]]  # type: ignore[attr-defined]


def words_in(slide: dict[str, object]) -> set[str]:
    return {word for line in slide["names"] for word in line if word}  # type: ignore[attr-defined]


def test_a_screen_gets_the_step_that_is_on_and_no_byte_of_another(app: Flask, panel: Panel) -> None:
    screen, leader, hall = begun(app, panel), Desk(app, panel.users["mc"]), Desk(app, None)
    slides = slides_of(leader)
    assert [each["title"] for each in slides][:2] == ["Công bố kết quả và trao giải", "Gia đình tài năng"]
    assert slides[-2]["title"] == "Giải Nhất" and slides[-2]["over"] == "Toàn đoàn"
    canaries = {word for each in slides for word in words_in(each)}
    assert len(canaries) == 6  # three families and their three delegations
    for at, slide in enumerate(slides):
        if at:
            step_to(leader, at, at)
        page, state = hall.get(screen), hall.get(f"{screen}/state")
        shown = words_in(slide)
        for text in (page, json.dumps(json.loads(state), ensure_ascii=False)):
            assert {each for each in canaries if each in text} == shown, at
        assert json.loads(state) == {"version": at + 1, "practice": False, "slide": slide}
        assert len(state.encode()) <= 1024
    answer = hall.client.get(f"{screen}/state")
    again = hall.client.get(f"{screen}/state", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    worker = hall.client.get("/family-worker.js").get_data(as_text=True)
    assert "/hall/reveal" not in worker and not any(each in worker for each in canaries)
    step_to(leader, 2, len(slides))  # back
    assert json.loads(hall.get(f"{screen}/state"))["slide"] == slides[2]
    hall.get("/hall/reveal/" + "0" * 12, 404)
    assert sealed(app) == []


def test_what_is_not_released_is_named_without_content_and_cannot_begin(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Contest).values(state=ContestState.DECIDED))
        names = list(db.session.scalars(select(Award.name).where(Award.name.is_not(None))))
    leader = Desk(app, panel.users["organiser"])
    assert "Chưa có kết quả nào được phép đọc" in leader.post("/mc/reveal/start", 409)
    for address in ("/mc", "/mc/reveal", "/mc/script", "/mc/pictures"):
        page = leader.get(address)
        assert names and not any(name in page for name in names), address
    assert "Gia đình tài năng" in leader.get("/mc") and "chưa được phép đọc" in leader.get("/mc")
    assert "chưa có gì để in" in leader.post("/mc/script", 409)
    assert "chưa có ảnh để làm" in leader.post("/mc/pictures", 409)
    with app.app_context(), transaction():  # a festival that has no rules yet
        db.session.execute(update(Festival).values(ruleset={}))
    for address in ("/mc", "/mc/reveal", "/mc/script", "/mc/pictures", "/office/ceremony", "/office/ceremony/awards"):
        leader.get(address)
    assert "Thể lệ chưa có giải nào để tập dượt" in leader.post("/mc/reveal/start", 409, practice="y")
    Desk(app, panel.users["officer"]).get("/mc/reveal", 404)
    Desk(app, panel.users["officer"]).get("/mc", 404)


def test_a_rehearsal_shows_made_up_names_and_no_byte_of_a_result(app: Flask, panel: Panel) -> None:
    with app.app_context(), reading():
        names = set(db.session.scalars(select(Award.name).where(Award.name.is_not(None))))
        assert len(names) >= 3
    screen, leader, hall = begun(app, panel, practice=True), Desk(app, panel.users["mc"]), Desk(app, None)
    slides = slides_of(leader)
    assert {name.rstrip("0123456789 ") for each in slides for name in names_in(each)} == {"Gia đình mẫu", "Đoàn mẫu"}
    seen = ""
    for at in range(1, len(slides)):
        step_to(leader, at, at)
        seen += hall.get(screen) + hall.get(f"{screen}/state")
    seen += leader.get("/mc/reveal")
    assert not any(name in seen for name in names) and "TẬP DƯỢT" in seen
    leader.post("/mc/reveal/end", was=str(len(slides)))
    # the MC's page, opened behind a rehearsal that is over, stays as it is: it is what its state says
    mark = re.search(r'data-mark="0-([^"]+)"', leader.get("/mc"))
    told = json.loads(leader.get("/mc/state"))
    assert mark is not None and (told["on"], f"{told['basis']}-{told['papers']}") == (False, mark[1])
    assert "kết thúc" in json.loads(hall.get(f"{screen}/state"))["slide"]["title"]
    leader.post("/mc/reveal/start")  # now the real one: its screens have another address
    hall.get(screen, 404)
    assert the_run(app).practice is False


def respell(app: Flask, panel: Panel, name: str) -> None:
    with app.app_context(), transaction():
        first = select(func.min(Award.id)).where(Award.contest_id == panel.contest_id, Award.prize == "Nhất")
        db.session.execute(update(Award).where(Award.id == first.scalar_subquery()).values(name=name))


def test_an_award_that_changed_is_shown_to_nobody_before_who_leads_has_looked(app: Flask, panel: Panel) -> None:
    screen, leader, hall = begun(app, panel), Desk(app, panel.users["mc"]), Desk(app, None)
    slides = slides_of(leader)
    first = next(at for at, each in enumerate(slides) if each["title"] == "Giải Nhất")
    step_to(leader, first - 1, 1)
    before = json.loads(hall.get(f"{screen}/state"))["slide"]
    respell(app, panel, "Gia đình ông Danh Mới")
    assert json.loads(hall.get(f"{screen}/state"))["slide"] == before, "the step that is on is the same as it was"
    assert "Kết quả vừa thay đổi" in step_to(leader, first, 2, 409)
    page = leader.get("/mc/reveal")
    assert "Đã xem, chạy tiếp" in page
    state = json.loads(leader.get("/mc/reveal/state"))
    assert state["changed"] is True and state["basis"] in page
    respell(app, panel, "Gia đình ông Danh Mới Hơn")
    assert "Kết quả lại vừa thay đổi" in leader.post("/mc/reveal/confirm", 409, seen=state["basis"], was="2")
    leader.post("/mc/reveal/confirm", seen=json.loads(leader.get("/mc/reveal/state"))["basis"], was="2")
    assert (the_run(app).step, the_run(app).version) == (first - 1, 3), "the step stays at its award"
    step_to(leader, first, 3)
    assert names_in(json.loads(hall.get(f"{screen}/state"))["slide"]) == ["Gia đình ông Danh Mới Hơn"]
    respell(app, panel, "Gia đình ông Danh Cuối")  # while it is on: held until somebody has looked
    slide = json.loads(hall.get(f"{screen}/state"))["slide"]
    assert (slide["kind"], slide["names"]) == ("wait", [])
    leader.post("/mc/reveal/confirm", seen=json.loads(leader.get("/mc/reveal/state"))["basis"], was="4")
    assert names_in(json.loads(hall.get(f"{screen}/state"))["slide"]) == ["Gia đình ông Danh Cuối"]
    with app.app_context(), transaction():  # no more released: nothing of it stays on a screen
        db.session.execute(update(Contest).where(Contest.id == panel.contest_id).values(state=ContestState.DECIDED))
    assert json.loads(hall.get(f"{screen}/state"))["slide"]["kind"] == "wait"
    assert sealed(app) == []


def test_two_who_lead_are_told_and_an_answer_that_was_lost_is_no_second_step(app: Flask, panel: Panel) -> None:
    begun(app, panel)
    one, other = Desk(app, panel.users["mc"]), Desk(app, panel.users["organiser"])
    step_to(one, 1, 1)
    step_to(one, 1, 1)
    assert the_run(app).version == 2
    assert "Máy khác vừa chuyển bước" in step_to(other, 1, 1, 409)
    assert "Buổi công bố đã được bắt đầu rồi" in other.post("/mc/reveal/start", 409)
    for wrong in ("99", "-1", "x", ""):
        assert other.post("/mc/reveal/move", 400, to=wrong, was="2")
    one.post("/mc/reveal/end", was="2")
    assert "Chưa có buổi công bố nào đang chạy" in step_to(one, 2, 3, 409)
    one.post("/mc/reveal/resume", was="3")
    step_to(one, 2, 4)
    run = the_run(app)
    assert (run.step, run.version, run.ended_at) == (2, 5, None)
    assert sealed(app) == []


def test_the_order_is_the_organisers_and_goes_back_to_that_of_the_rules(app: Flask, panel: Panel) -> None:
    leader = Desk(app, panel.users["organiser"])
    leader.post("/mc/reveal/order", contest="bong-ro", way="up", was="0")
    assert "Có người vừa thay đổi trước" in leader.post("/mc/reveal/order", 409, contest="bong-ro", way="down", was="0")
    leader.post("/mc/reveal/order", 400, contest="khac", way="up", was="1")
    begun(app, panel)
    assert slides_of(leader)[1]["title"] == "Ném bóng vào rổ"
    leader.post("/mc/reveal/end", was="1")
    leader.post("/mc/reveal/order", was="1")
    with app.app_context(), reading():
        kept = db.session.get(RevealOrder, panel.festival_id)
        assert kept is not None and (kept.codes, kept.version) == ([], 2)
    assert sealed(app) == []


Lead = Callable[[int, int, threading.Barrier], None]


def honest(to: int, by: int, together: threading.Barrier) -> None:
    together.wait(PATIENCE_S)
    with transaction():
        running.move(the_festival(), to, 1, by)


def naive(to: int, by: int, together: threading.Barrier) -> None:
    """Looks first, then writes: what must never be built."""
    with reading():
        free = running.running(the_festival().id).version == 1
    together.wait(PATIENCE_S)
    if not free:
        raise Conflict()
    with transaction():
        run = running.running(the_festival().id)
        run.step, run.version, run.moved_by = to, run.version + 1, by


def two_at_once(app: Flask, panel: Panel, lead: Lead) -> list[str]:
    together, got = threading.Barrier(2), []

    def one(to: int, by: int) -> None:
        with app.app_context():
            try:
                lead(to, by, together)
            except Conflict:
                got.append("told")
            else:
                got.append("obeyed")

    threads = [
        threading.Thread(target=one, args=each) for each in ((1, panel.users["mc"]), (2, panel.users["organiser"]))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    return sorted(got)


@pytest.mark.both_databases
@pytest.mark.parametrize(("lead", "outcome"), [(honest, ["obeyed", "told"]), (naive, ["obeyed", "obeyed"])])
def test_of_two_who_turn_at_once_one_is_obeyed(app: Flask, panel: Panel, lead: Lead, outcome: list[str]) -> None:
    begun(app, panel)
    assert two_at_once(app, panel, lead) == outcome


@pytest.mark.both_databases
def test_the_database_holds_one_run_at_a_time(app: Flask, panel: Panel) -> None:
    begun(app, panel)
    with pytest.raises(Conflict), app.app_context():
        begun(app, panel, practice=True)
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Reveal)) == 1
        assert (
            db.session.scalar(
                select(func.count()).select_from(LedgerPayload).where(LedgerPayload.stream == "reveal:thu")
            )
            == 1
        )
