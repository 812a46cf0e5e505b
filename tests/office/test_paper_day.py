"""The pack of the paper day: when it is made, what lies in it, who may have it, and that it goes by itself."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from subprocess import run
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from festival.accounts.actions import open_sign_in
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.core.clock import VIETNAM
from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.core.work import jobs, making
from festival.core.work.jobs import Job, JobState
from festival.editions.models import Festival
from festival.office.paper_day import packing
from festival.office.paper_day.contents import files_of
from festival.office.paper_day.nights import day_due
from festival.roster.models import Delegation, Family, FamilyState, Person
from tests.devices.kit import Phone, enrolment, open_fair
from tests.house.growing import STAFF

FIRST, LAST = date(2024, 6, 14), date(2024, 6, 16)
EVENING = datetime(2024, 6, 13, 20, tzinfo=VIETNAM)


def local_time(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 6, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("at", "asked", "due"),
    [
        (local_time(12, 23), None, None),  # the day after is none of the festival
        (local_time(13, 19, 59), None, None),
        (local_time(13, 20), None, FIRST),
        (local_time(13, 20), local_time(13, 12), FIRST),  # asked for at noon: the evening's changes are not in it
        (local_time(13, 20), local_time(13, 18), None),
        (local_time(14, 5, 59), None, FIRST),  # the worker was down in the evening
        (local_time(14, 5, 59), local_time(13, 20), None),
        (local_time(14, 6), None, None),
        (local_time(15, 20), local_time(14, 20), LAST),
        (local_time(16, 20), None, None),  # it is over
    ],
)
def test_a_pack_is_due_on_the_evening_before_each_day_and_once(
    at: datetime, asked: datetime | None, due: date | None
) -> None:
    assert day_due(at, FIRST, LAST, asked) == due


def come(app: Flask, role: Role) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), transaction():
        user_id = db.session.scalars(select(User.id).where(User.login == STAFF[role])).one()
        client.set_cookie("signin", open_sign_in(user_id, 1).token)
    return client


def csrf(client: FlaskClient, page: str) -> str:
    text = client.get(page).get_data(as_text=True)
    return text.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture
def packed(demo_app: Flask) -> tuple[FlaskClient, ZipFile, str]:
    """The organiser, the pack that one button has made, and its address."""
    organiser = come(demo_app, Role.ORGANISER)
    token = csrf(organiser, "/office/paper-day")
    for _twice in range(2):  # two who press get the same one
        assert organiser.post("/office/paper-day", data={"csrf_token": token}).status_code == 303
    with demo_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == packing.KIND)) == 1
    assert organiser.get("/office/paper-day/state").get_json() == {"state": "waiting", "done": 0, "whole": 0}
    with demo_app.app_context():
        making.work(slice_s=600)
        with reading():
            (job,) = db.session.scalars(select(Job).where(Job.kind == packing.KIND))
            assert (job.state, job.error, job.done) == (JobState.READY, "", job.whole)
            address = f"/office/paper-day/file?made={job.code}"
    answer = organiser.get(address)
    assert answer.status_code == 200
    return organiser, ZipFile(BytesIO(answer.data)), address


def words_of(pack: ZipFile, name: str, tmp_path: Path) -> str:
    path = tmp_path / "read.pdf"
    path.write_bytes(pack.read(name))
    return run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout


@pytest.mark.either_database
def test_one_button_makes_everything_a_day_without_power_needs(
    demo_app: Flask, packed: tuple[FlaskClient, ZipFile, str], tmp_path: Path
) -> None:
    organiser, pack, address = packed
    folders: dict[str, list[str]] = {}
    for name in pack.namelist():
        folders.setdefault(name.split("/")[0], []).append(name)
    assert list(folders) == [
        "0-doc-truoc.pdf",
        "1-danh-sach-cong",
        "2-thu-tu-bieu-dien",
        "3-phieu-cham",
        "4-phieu-tong-hop",
        "5-dien-thoai",
    ]
    with demo_app.app_context(), reading():
        festival = db.session.scalars(select(Festival)).first()
        assert festival is not None
        head = db.session.scalars(select(Delegation.head_phone).where(Delegation.head_phone != "")).first()
        person = db.session.scalars(
            select(Person.name)
            .join(Family, Family.id == Person.family_id)
            .where(Family.state == FamilyState.APPROVED, ~Person.out)
        ).first()
        assert head and person
    gates = "\n".join(words_of(pack, name, tmp_path) for name in folders["1-danh-sach-cong"])
    assert person.split()[-1] in gates
    assert head not in gates  # a list at a gate has no number on it
    assert head in words_of(pack, "5-dien-thoai/doan.pdf", tmp_path)
    assert "1-danh-sach-cong" in words_of(pack, "0-doc-truoc.pdf", tmp_path)
    slips = pack.read(folders["3-phieu-cham"][0]).decode()
    assert slips.startswith("<!doctype html>") and slips.rstrip().endswith("</html>")
    assert "Thứ tự biểu diễn" in words_of(pack, folders["2-thu-tu-bieu-dien"][0], tmp_path)
    assert "Hạng" in words_of(pack, folders["4-phieu-tong-hop"][0], tmp_path)
    # whoever took it is noted, and nobody else may
    with demo_app.app_context(), reading():
        noted = db.session.scalars(select(SecurityNote.subject).where(SecurityNote.kind == "export")).all()
    assert {"what": "paper_day", "festival": festival.code} in noted
    for role in (Role.GATE_LEAD, Role.SECRETARY, Role.STAGE_MANAGER):
        assert come(demo_app, role).get(address).status_code == 403
    assert organiser.get("/office/paper-day/file?made=ABCD").status_code == 404
    # kept for three days, longer than other documents, then gone with its file
    page = organiser.get("/office/paper-day").get_data(as_text=True)
    assert address in page
    with demo_app.app_context():
        for days, left in ((2, 1), (3, 0)):
            finished = datetime.now(UTC) - timedelta(days)
            with transaction():
                # it had waited long for its worker: that shortens nothing
                asked = {"asked_at": finished - timedelta(8), "finished_at": finished}
                db.session.execute(update(Job).where(Job.kind == packing.KIND).values(asked))
            jobs.clear_away()
            assert len(list(jobs.folder().glob("*.zip"))) == left
    assert address not in organiser.get("/office/paper-day").get_data(as_text=True)


@pytest.mark.either_database
def test_the_worker_asks_by_itself_in_the_evening_and_only_once(demo_app: Flask) -> None:
    with demo_app.app_context():
        with transaction():
            db.session.execute(update(Festival).values(starts_on=FIRST, ends_on=LAST))
        assert packing.make_tonight(local_time(12, 21)) is False
        assert packing.make_tonight(local_time(13, 21)) is True
        # asked now, which is after that evening
        assert packing.make_tonight(local_time(13, 21)) is False
        with reading():
            rows = db.session.execute(select(Job.kind, Job.subject, Job.language)).all()
        assert [(row.kind, row.language) for row in rows] == [(packing.KIND, "vi")]
        assert json.dumps(rows[0].subject)


@pytest.mark.either_database
def test_two_spellings_of_a_gate_are_one_list_and_a_family_without_a_number_has_somebodys(app: Flask) -> None:
    fair = open_fair(app)
    for station in ("Cổng 1", "CỔNG 1", "Cổng 2"):
        Phone(app.test_client(), enrolment(app, fair, station=station))
    with app.app_context(), transaction():
        first, second, third = db.session.scalars(select(Family).order_by(Family.id).limit(3))
        first.phone = second.phone = third.phone = ""
        for family, position, phone in ((first, 0, "0911"), (first, 1, "0922"), (second, 1, "0933")):
            own = select(Person).where(Person.family_id == family.id).order_by(Person.id)
            db.session.scalars(own).all()[position].phone = phone
        names = first.name, second.name, third.name
    with app.app_context(), reading():
        files = {each["name"]: each for each in files_of(db.session.get_one(Festival, fair.festival_id), EVENING)}
    numbers = dict(files["5-dien-thoai/gia-dinh.pdf"]["values"]["tables"][0]["rows"])
    lists = [name for name in files if name.startswith("1-")]
    assert lists == ["1-danh-sach-cong/cong-1.pdf", "1-danh-sach-cong/cong-2.pdf"]
    assert [numbers[name] for name in names] == ["0911", "0933", ""]


@pytest.mark.either_database
def test_a_festival_in_which_nobody_is_yet_has_a_pack_too(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.add(Festival(code="moi", name="Ngày hội mới", starts_on=FIRST, ends_on=LAST, families_max=500, members_min=1,
                                members_max=12, data_kept_until=date(2025, 6, 30), ruleset={}, created_at=EVENING))  # fmt: skip
    with app.app_context(), transaction():
        jobs.ask(packing.KIND, "moi", packing.LANGUAGE)
    with app.app_context():
        making.work(slice_s=600)
        with reading():
            (job,) = db.session.scalars(select(Job))
            assert (job.state, job.error) == (JobState.READY, "")
            with ZipFile(jobs.made_file(job.code, "zip")) as pack:
                assert pack.namelist() == ["0-doc-truoc.pdf", "5-dien-thoai/doan.pdf"]


@pytest.mark.either_database
def test_a_pack_that_could_not_be_made_in_the_night_is_said_where_the_day_is_looked_at(demo_app: Flask) -> None:
    organiser = come(demo_app, Role.ORGANISER)
    said = "Chưa làm được bộ giấy cả ngày"
    with demo_app.app_context(), transaction():
        festival = db.session.scalars(select(Festival)).first()
        assert festival is not None
        jobs.ask(packing.KIND, festival.code, packing.LANGUAGE)
    assert said not in organiser.get("/office").get_data(as_text=True)
    with demo_app.app_context(), transaction():
        db.session.execute(update(Job).values(state=JobState.FAILED))
    assert said in organiser.get("/office").get_data(as_text=True)
    with demo_app.app_context(), transaction():
        jobs.ask(packing.KIND, festival.code, packing.LANGUAGE)
    assert said not in organiser.get("/office").get_data(as_text=True)
