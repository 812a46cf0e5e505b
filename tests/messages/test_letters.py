"""Do letters reach families once, in their language, over a real server; and is a refused address seen, mended and written to?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.post import mail, outbox
from festival.core.post.faults import WORDS, MailFault
from festival.core.post.outbox import MailState, OutboxMail
from festival.core.transaction import reading, transaction
from festival.operations.worker import REFUSED, WAITING
from festival.roster.links.of_families import link_code
from festival.roster.models import Family
from festival.schedule.models import Plan
from tests.harness.mail import PostBox
from tests.messages.scene import Desk, make_desk

pytestmark = pytest.mark.either_database

LETTERS = "/office/messages/letters"
WRONG, RIGHT = "sai@example.com", "dung@example.com"


class StrictPostBox(PostBox):
    """It knows no wrong address."""

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        """Refused for good, or noted (the name is the library's)."""
        if address == WRONG:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture(autouse=True)
def seven_in_the_morning() -> Iterator[None]:
    with time_machine.travel(datetime(2024, 6, 14, 0, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def strict() -> Iterator[PostBox]:
    box = StrictPostBox()
    box.start()
    yield box
    box.stop()


@pytest.fixture
def desk(app: Flask, strict: PostBox) -> Desk:
    """Three families: the first has an address, the second a wrong one, the third none."""
    app.config["FESTIVAL"] = replace(app.config["FESTIVAL"], smtp_host="127.0.0.1", smtp_port=strict.port)
    made = make_desk(app)
    with app.app_context(), transaction():
        for family_id, email in zip(made.scene.families, (RIGHT, WRONG, ""), strict=True):
            db.session.get_one(Family, family_id).email = email
    return made


def letters_of(desk: Desk) -> list[tuple[str, str]]:
    with desk.app.app_context(), reading():
        return [
            (row.recipient, row.state.value) for row in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))
        ]


def test_the_timetable_goes_to_each_once_in_its_language_and_anew_when_it_changes(desk: Desk, strict: PostBox) -> None:
    with desk.app.test_request_context(), transaction():
        db.session.get_one(Family, desk.scene.families[1]).email = "hai@example.com"
        with force_locale("en"):
            mail.enqueue("hai@example.com", "Received", "Your receipt")
    assert "Gửi cho 2 gia đình" in desk.office.get(LETTERS).get_data(as_text=True)
    assert [desk.post(f"{LETTERS}/timetable")[0] for _twice in range(2)] == [303, 303]
    with desk.app.app_context():
        assert outbox.drain() == 3
        found = {letter["To"]: letter for letter in strict.letters}
        own, other = (found[to].get_body(("plain",)).get_content() for to in (RIGHT, "hai@example.com"))
        assert found[RIGHT]["Subject"] == "Lịch thi của gia đình"
        assert "Kính gửi Gia đình Danh Chung" in own and "7 giờ 30, 14/6: Gia đình tài năng" in own
        assert "Dear Gia đình Trần Thị" in other and "7:40, 14/6: Gia đình tài năng" in other
        with transaction():
            plan = db.session.get_one(Plan, 1)
            acts = [{**act, "stage_name": "Hội trường"} for act in plan.content["acts"]]
            db.session.add(Plan(festival_id=plan.festival_id, version=2, content={"acts": acts}, published_at=now()))
    assert desk.post(f"{LETTERS}/timetable")[0] == 303
    assert len(letters_of(desk)) == 5
    assert [desk.post(f"{LETTERS}/{kind}")[0] for kind in ("reminder", "thanks", "thanks", "other")] == [
        303,
        303,
        303,
        404,
    ]
    assert len(letters_of(desk)) == 9


def test_a_refused_address_is_shown_beside_its_family_and_a_right_one_gets_the_letter(
    desk: Desk, strict: PostBox
) -> None:
    with desk.app.test_request_context(), transaction():
        mail.enqueue(WRONG, "Của nhà khác", "Không ai khác được đọc.", about="another")
    desk.post(f"{LETTERS}/reminder")
    with desk.app.app_context():
        assert outbox.drain() == 1
    assert letters_of(desk) == [(WRONG, "failed"), (RIGHT, "sent"), (WRONG, "failed")], "refused for good: at once"
    with desk.app.app_context(), reading():
        code = db.session.get_one(Family, desk.scene.families[1]).code
    beside = desk.office.get(f"/office/registrations/{code}").get_data(as_text=True)
    assert "Thư gửi gia đình bị trả lại" in beside and 'href="tel:0900000000"' in beside
    page = desk.office.get(LETTERS).get_data(as_text=True)
    assert "1 thư bị trả lại" in page and 'href="tel:0900000000"' in page
    version = int(re.findall(r'name="version" value="(\d+)"', page)[0])
    said = {"family": code, "version": version}
    assert desk.post(f"{LETTERS}/address", **said, email="khong phai thu")[0] == 400
    assert desk.post(f"{LETTERS}/address", **said, email="ba@example.com")[0] == 303
    assert desk.post(f"{LETTERS}/address", **said, email="bon@example.com")[0] == 409
    with desk.app.app_context():
        assert outbox.drain() == 1
    assert strict.recipients[-1] == ["ba@example.com"]
    assert letters_of(desk) == [(WRONG, "failed"), (RIGHT, "sent"), ("ba@example.com", "sent")]


def test_the_command_says_by_its_exit_code_whether_all_have_left(desk: Desk) -> None:
    runner = desk.app.test_cli_runner()

    def run() -> tuple[int, str]:
        answer = runner.invoke(args=["outbox", "run"])
        return answer.exit_code, answer.output

    def put(to: str) -> None:
        with desk.app.test_request_context(), transaction():
            mail.enqueue(to, "Tin", "x")

    assert run() == (0, "Đã gửi 0 thư.\n")
    put(RIGHT)
    there = desk.app.config["FESTIVAL"]
    desk.app.config["FESTIVAL"] = replace(there, smtp_port=1)
    assert run() == (WAITING, f"Đã gửi 0 thư.\nCòn 1 thư chờ gửi.\n{WORDS[MailFault.SHUT]}\n")
    for page in (LETTERS, "/office", "/office/system"):
        told = desk.office.get(page).get_data(as_text=True)
        assert "1 thư chưa gửi được" in told and "Máy chủ thư không mở cổng này." in told, page
    desk.app.config["FESTIVAL"] = there
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        assert run() == (0, "Đã gửi 1 thư.\n")
        put(WRONG)
        code, output = run()
        assert code == REFUSED and "1 thư không đến được người nhận" in output
    with desk.app.app_context(), transaction():
        states = db.session.scalars(update(OutboxMail).values(tries=0).returning(OutboxMail.state)).all()
        assert sorted(states) == [MailState.FAILED, MailState.SENT]


def test_a_letter_that_came_back_is_shown_undone_and_followed_by_one_to_the_right_address(
    desk: Desk, strict: PostBox
) -> None:
    desk.post(f"{LETTERS}/reminder")
    with desk.app.app_context():
        outbox.drain()
        with reading():
            code = db.session.get_one(Family, desk.scene.families[0]).code
    assert desk.post(f"{LETTERS}/returned", returned="ai.khac@example.com")[0] == 400
    for _again in range(2):
        assert desk.post(f"{LETTERS}/returned", returned=f" {RIGHT} ")[0] == 303
        page = desk.office.get(LETTERS).get_data(as_text=True)
        assert "Thư đã đi, rồi bị trả lại." in page and "Sắp đến ngày hội" in page
        assert "Thư gửi gia đình bị trả lại" in desk.office.get(f"/office/registrations/{code}").get_data(as_text=True)
        if not _again:
            assert desk.post(f"{LETTERS}/arrived", family=code)[0] == 303
            assert letters_of(desk)[0] == (RIGHT, "sent")
    assert desk.post(f"{LETTERS}/again")[0] == 303  # its words are gone: it does not leave empty
    assert letters_of(desk)[0] == (RIGHT, "failed")
    version = int(re.findall(r'name="version" value="(\d+)"', page)[0])
    assert desk.post(f"{LETTERS}/address", family=code, version=version, email="moi@example.com")[0] == 303
    with desk.app.app_context():
        outbox.drain()
    (letter,) = [each for each in strict.letters if each["To"] == "moi@example.com"]
    body = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    with desk.app.app_context(), reading():
        assert f"/g/{link_code(db.session.get_one(Family, desk.scene.families[0]))}" in body
    assert letters_of(desk)[0] == (RIGHT, "sent")
