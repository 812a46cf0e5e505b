"""Do stage, sound, tablets and papers stand on the published version, and is what differs from it said, compared and taken back?"""

from __future__ import annotations

import html
import re
import zipfile
from io import BytesIO
from pathlib import Path
from subprocess import run

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.clock import local
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.tally import appearances_of
from festival.office.paper_day.contents import files_of
from festival.roster.models import Entry, EntryState
from festival.schedule import planning, queries
from festival.schedule.changes import changes
from festival.schedule.editing import draft, steps
from festival.schedule.models import Act, Stage
from festival.schedule.moving.acts import move_act
from festival.schedule.planning import LeftOut, Published
from festival.schedule.published.following import followed
from festival.schedule.published.unpublished import unpublished
from festival.schedule.versions.orders import OrderKind, orders_of, values_of
from tests.demo.test_demo import csrf
from tests.house.test_statements import statements
from tests.schedule.test_programme import Ids, at, ids, inside, plans, sessions
from tests.schedule.test_sessions_changed import planned
from tests.schedule.test_timetable_pages import asked_form, hashed, organiser

pytestmark = pytest.mark.either_database

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures

OFFICE = "/office/schedule"


def moved(ids: Ids, family: int = 1, *, earlier: bool = False) -> None:
    with transaction():
        act = db.session.scalars(select(Act).join(Entry).where(Entry.code == f"tai-nang-{family}")).one()
        move_act(act.id, earlier=earlier, user_id=None)


def published(ids: Ids) -> int:
    with transaction():
        found = planning.left_out(ids.festival)
        answer = planning.publish(ids.festival, None, without=found.stamp if found.acts else "")
        assert isinstance(answer, Published), answer
        return answer.version


def test_what_was_looked_at_before_is_published_unless_something_was_decided_since(app: Flask, planned: Ids) -> None:
    with app.app_context():
        found = published(planned)
        with reading():
            looked = planning.look(db.session.get_one(Festival, planned.festival))
        with statements(app) as asked, transaction():
            answer = planning.publish(planned.festival, None, without=looked.missing.stamp, looked=looked)
        assert answer == Published(found + 1)
        # the gates wait for so little: nothing of entries, people or acts is read while nobody else may write
        assert len(asked) <= 12 and [each for each in asked if re.search(r"FROM (entry|person|act)\b", each)] == []
        moved(planned)  # somebody was quicker
        with transaction():
            assert planning.publish(planned.festival, None, without=looked.missing.stamp, looked=looked) == Published(
                found + 2
            )
        with reading():
            contents = {each.version: each.content for each in plans(planned.festival)}
            festival = db.session.get_one(Festival, planned.festival)
            assert contents[found + 2] == queries.snapshot(festival) != contents[found + 1] == looked.content


def stage_order(ids: Ids) -> list[str]:
    """As the stage follows it: hours and families."""
    with reading():
        (session,) = followed(ids.festival, db.session.get_one(Stage, ids.stages[0])).sessions
        return [f"{local(act.starts_at):%H:%M} {act.entry.code}" for act in session.acts]


def tablet_order(ids: Ids) -> list[str]:
    with reading():
        return [f"{local(each.starts_at):%H:%M} {each.code}" for each in appearances_of([ids.talent])[ids.talent]
                if each.starts_at]  # fmt: skip


def paper_order(ids: Ids) -> list[str]:
    with reading():
        festival = db.session.get_one(Festival, ids.festival)
        (file,) = [each for each in files_of(festival, at(6)) if each["name"].startswith("2-")]
        return [row[0] for table in file["values"]["tables"] for row in table["rows"]]


@pytest.mark.both_databases
def test_stage_tablets_and_papers_follow_the_draft_only_when_it_is_published(app: Flask, sessions: Ids) -> None:
    with transaction():
        planning.make_plan(sessions.festival)
    drafted = stage_order(sessions)
    assert len(drafted) == 7, "before the first version all follow the draft"
    moved(sessions)
    assert stage_order(sessions) != drafted
    moved(sessions, earlier=True)
    assert (stage_order(sessions), published(sessions)) == (drafted, 1)
    with app.test_request_context():
        before = (drafted, tablet_order(sessions), paper_order(sessions))
        assert before[0] == before[1]
        moved(sessions)
        with reading():
            assert unpublished(sessions.festival) == 2
        assert (stage_order(sessions), tablet_order(sessions), paper_order(sessions)) == before
        assert published(sessions) == 2
        with reading():
            assert unpublished(sessions.festival) == 0
        assert stage_order(sessions) == tablet_order(sessions) != drafted
        assert paper_order(sessions)[0] == before[2][0]


def test_what_the_stage_follows_is_never_written(planned: Ids) -> None:
    moved(planned)
    with transaction():
        (session, *_rest) = followed(planned.festival).sessions
        session.label, session.acts[0].position = "khác", 99
        db.session.flush()
    with reading():
        assert {row.label for row in queries.sessions(planned.festival)} == {"buổi sáng"}
        assert db.session.scalars(select(Act.position).where(Act.position > 7)).all() == []


def test_an_act_that_lost_its_place_is_named_on_the_stage_and_comes_back_with_the_draft(
    organiser: FlaskClient, planned: Ids
) -> None:
    with transaction():
        draft.discard(planned.festival, None)
    page = html.unescape(organiser.get("/office/stage/hoi-truong").text)
    assert "7 tiết mục đã công bố nhưng không còn trong lịch đang xếp" in page and "<li>Gia đình 1</li>" in page
    assert "Theo lịch thi phiên bản 1" in page and "14 thay đổi chưa công bố" in page
    with transaction():
        assert draft.bring_back(planned.festival, None) == 14
    page = organiser.get("/office/stage/hoi-truong").text
    assert "không còn trong lịch" not in page and "chưa công bố" not in page


def test_the_number_that_is_shown_is_that_of_the_sentences(planned: Ids) -> None:
    """Moved, taken out, withdrawn, on a stage that was renamed: counted without names as it is said with them."""
    moved(planned)
    with transaction():
        steps.rename_stage(planned.festival, "san", "Sân cỏ", None)
        db.session.scalars(select(Entry).where(Entry.code == "bao-bo-7")).one().state = EntryState.WITHDRAWN
        act = db.session.scalars(select(Act).join(Entry).where(Entry.code == "tai-nang-5")).one()
        db.session.delete(act)
    with reading():
        plan = queries.published_plan(planned.festival)
        assert plan is not None
        said = changes(plan.content, queries.snapshot(db.session.get_one(Festival, planned.festival)))
        assert len({each.template for each in said}) >= 3 and len(said) == unpublished(planned.festival)


def test_any_two_versions_are_compared_in_words_and_an_older_one_is_taken_as_the_draft(
    organiser: FlaskClient, planned: Ids
) -> None:
    assert "thay đổi chưa công bố" not in organiser.get(OFFICE).text
    moved(planned)
    for page in (OFFICE, f"{OFFICE}/versions/compare"):
        assert "2 thay đổi" in organiser.get(page).text, page
    assert published(planned) == 2
    moved(planned, family=3)
    assert published(planned) == 3

    def compared(before: int, after: int) -> list[str]:
        page = html.unescape(organiser.get(f"{OFFICE}/versions/compare?from={before}&to={after}").text)
        return re.findall(r"<li>(«.*?)</li>", page)

    with reading():
        contents = {plan.version: plan.content for plan in plans(planned.festival)}
        said = [str(each) for each in changes(contents[1], contents[3])]
    assert compared(1, 3) == said and len(said) == 4
    assert len(compared(2, 3)) == 2 and len(compared(3, 2)) == 2 and compared(3, 0) == [] == compared(2, 2)
    assert [organiser.get(f"{OFFICE}/versions/compare?from={wrong}").status_code for wrong in ("9", "x")] == [404, 200]
    # back to the first: looked at, agreed to, and only a draft until it is published
    address = f"{OFFICE}/versions/1/draft"
    token = csrf(organiser, OFFICE)
    asked = organiser.post(address, data={"csrf_token": token})
    assert (asked.status_code, "Lấy phiên bản 1 làm lịch đang xếp?" in asked.text) == (200, True)
    assert "theo phiên bản ấy, chưa đổi" in asked.text
    assert organiser.post(address, data=asked_form(asked.text)).status_code == 302
    assert compared(1, 0) == [] and len(compared(3, 0)) == 4
    assert organiser.post(f"{OFFICE}/versions/8/draft", data={"csrf_token": token}).status_code == 404
    assert published(planned) == 4
    with reading():
        assert changes(contents[1], plans(planned.festival)[0].content) == []
    with seals.snapshot():
        assert [each for room, each in seals.inspect().named() if room == "schedule"] == []
    # what is behind «Về bản đã công bố» can be taken back like any such step
    with transaction():
        assert draft.bring_back(planned.festival, None) == 14
    assert len(compared(4, 0)) == 4


def test_orders_are_printed_for_stage_panel_delegation_and_announcer_with_version_time_and_page(
    organiser: FlaskClient, planned: Ids, tmp_path: Path
) -> None:
    page = html.unescape(organiser.get(f"{OFFICE}/print").text)
    assert "Phiên bản 1 đã công bố" in page and "Đoàn 7" in page
    answer = organiser.get(f"{OFFICE}/print/tat-ca.pdf")
    assert answer.mimetype == "application/pdf" and "phien-ban-1" in answer.headers["Content-Disposition"]
    (tmp_path / "all.pdf").write_bytes(answer.data)
    words = run(["pdftotext", "-layout", tmp_path / "all.pdf", "-"], check=True, capture_output=True, text=True).stdout
    pages = words.split("\f")[:-1]
    assert len(pages) == 13, "two stages, two panels, seven delegations, two for the announcer"
    for number, text in enumerate(pages, start=1):
        foot = " ".join(text.split())
        assert "Phiên bản 1 · in lúc" in foot and foot.endswith(f"{number}/13"), foot[-80:]
    assert pages[0].count("Gia đình") >= 7 and "NHÁP" not in words
    archive = zipfile.ZipFile(BytesIO(organiser.get(f"{OFFICE}/print/all.zip").data))
    assert [name.split("-phien")[0] for name in archive.namelist()] == [
        "theo-san-khau", "theo-ban-giam-khao", "theo-doan", "to-cua-mc",
    ]  # fmt: skip
    assert [organiser.get(f"{OFFICE}/print/{name}").status_code for name in ("theo-doan.pdf?of=x", "x.pdf")] == [
        404,
        404,
    ]
    # only the draft has moved: the papers have not
    with reading():
        festival = db.session.get_one(Festival, planned.festival)
        before = values_of(orders_of(festival, at(6)), [OrderKind.STAGES], "hoi-truong")["parts"]
    moved(planned)
    with reading():
        festival = db.session.get_one(Festival, planned.festival)
        orders = orders_of(festival, at(6))
        assert values_of(orders, [OrderKind.STAGES], "hoi-truong")["parts"] == before
        (one,) = values_of(orders, [OrderKind.DELEGATIONS], "d3")["parts"]
        assert [row[2] for table in one["tables"] for row in table["rows"]] == ["Gia đình 3"] * 2


def test_a_paper_of_the_draft_says_so(app: Flask, sessions: Ids) -> None:
    with transaction():
        planning.make_plan(sessions.festival)
    with app.test_request_context(), reading():
        values = values_of(orders_of(db.session.get_one(Festival, sessions.festival), at(6)), list(OrderKind))
    assert (values["across"], values["foot"][:18]) == ("NHÁP", "Nháp, chưa công bố")
    assert len(values["parts"]) == 13


def test_an_act_that_is_left_out_is_not_called_before_it_is_published(planned: Ids) -> None:
    with transaction():
        act = db.session.scalars(select(Act).join(Entry).where(Entry.code == "tai-nang-5")).one()
        db.session.delete(act)
    assert published(planned) == 2
    assert len(stage_order(planned)) == 6
    with transaction():
        assert draft.fill(planned.festival, None) == 1
    assert len(stage_order(planned)) == 6, "it has its hour in the draft alone"
    with reading():
        assert planning.left_out(planned.festival) == LeftOut(())
    assert published(planned) == 3 and len(stage_order(planned)) == 7


def test_commands_list_compare_and_take_back_versions(app: Flask, planned: Ids) -> None:
    def said(*words: str, code: int = 0) -> str:
        done = app.test_cli_runner().invoke(args=["schedule", words[0], "hon-quan-2024", *words[1:]])
        assert done.exit_code == code, done.output
        return done.output

    moved(planned)
    assert said("versions").startswith("1\t") and said("versions").endswith("2 thay đổi chưa công bố.\n")
    assert said("compare", "1").count("phút") == 2
    assert "Không có phiên bản 7" in said("compare", "7", code=1)
    assert published(planned) == 2
    assert said("compare", "1", "2").endswith("2 thay đổi.\n") and said("compare", "2") == "0 thay đổi.\n"
    assert "Lấy lại" not in said("restore-draft", "--version", "1", code=1), "told first"
    assert "14 tiết mục" in said("restore-draft", "--version", "1", "--yes")
    assert said("compare", "1") == "0 thay đổi.\n"
    assert "Chưa công bố phiên bản nào" in said("restore-draft", "--version", "9", "--yes", code=1)
