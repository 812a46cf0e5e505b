"""Are all passes made anew once, by page and by command, and can all be printed?"""

from __future__ import annotations

import re
import subprocess
import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from config import ROOT, Config
from festival.accounts.actions import open_sign_in
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.core import ledger
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from festival.passes import renewing
from festival.passes.models import Pass
from festival.passes.tokens import new_pass_values, owner_of
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, Family
from tests.harness import ready_flask
from tests.harness.served import environment
from tests.house.growing import STAFF
from tests.registration.pages_kit import token_of, words

pytestmark = pytest.mark.either_database


@pytest.fixture
def organiser(demo_app: Flask) -> FlaskClient:
    client = demo_app.test_client()
    with demo_app.app_context(), transaction():
        db.session.execute(update(Family).values(email=""))
        user_id = db.session.scalars(select(User.id).where(User.login == STAFF[Role.ORGANISER])).one()
        client.set_cookie("signin", open_sign_in(user_id, 1).token)
    return client


def valid(app: Flask) -> Counter[int]:
    """Issue numbers of the passes that are good, each checked to be what its code says; one of each owner."""
    with app.app_context(), reading():
        rows = db.session.scalars(select(Pass).where(Pass.replaced_at.is_(None))).all()
        assert len({owner_of(row) for row in rows}) == len(rows)
        assert all(new_pass_values(*owner_of(row), row.issue)["list_id"] == row.list_id for row in rows)
        assert all(not ledger.verify(stream) for stream in ledger.streams())
        return Counter(row.issue for row in rows)


def send(client: FlaskClient, page: TestResponse, **fields: str) -> TestResponse:
    until = re.search(r'name="until" value="(\d+)"', page.text)
    assert until is not None
    return client.post("/office/passes/renew", data={"csrf_token": token_of(page), "until": until[1], **fields})


def test_the_page_asks_back_and_makes_each_anew_once(demo_app: Flask, organiser: FlaskClient) -> None:
    with demo_app.app_context(), transaction():
        told = db.session.scalars(select(Family).join(Pass, Pass.family_id == Family.id).limit(1)).one()
        told.email = "gia-dinh@example.vn"
        link = link_code(told)
    before = valid(demo_app)
    page = organiser.get("/office/passes/renew")
    for fields in (
        {"reason": "lộ thẻ", "count": "80"},
        {"reason": "", "count": "81"},
        {"reason": "lộ thẻ", "count": ""},
    ):
        assert send(organiser, page, **fields).status_code == 422
    assert valid(demo_app) == before == {1: 81}
    done = send(organiser, page, reason="lộ thẻ", count="81")
    assert done.status_code == 302
    assert "Mọi thẻ đã được phát hành lại" in words(organiser.get(done.location))
    assert valid(demo_app) == {2: 81}
    # the same form again, from another tab or by a second press
    assert send(organiser, page, reason="lộ thẻ", count="81").status_code == 422
    assert valid(demo_app) == {2: 81}
    with demo_app.app_context(), reading():
        lines = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "pass.reissued")
        assert db.session.scalar(lines) == 81
        (letter,) = db.session.scalars(select(OutboxMail).where(OutboxMail.subject == "Thẻ mới của gia đình"))
        assert link in letter.body and [each["name"] for each in letter.attachments] == ["ma-qr-gia-dinh.png"]


def test_cut_short_it_goes_on_where_it_was(
    demo_app: Flask, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "A_TRANSACTION", 10)
    with demo_app.app_context():
        with reading():
            festival = the_festival()
            until = renewing.latest(festival.id)
        assert renewing.renew_all(festival, until, "lộ thẻ", None, most=30) == 30
    assert valid(demo_app) == {1: 51, 2: 30}
    page = organiser.get(f"/office/passes/renew?until={until}")
    assert "Còn 51 thẻ chưa phát hành lại" in words(page)
    assert send(organiser, page, reason="lộ thẻ", count="51").status_code == 302
    assert valid(demo_app) == {2: 81}


@pytest.mark.both_databases
def test_two_at_once_make_none_twice(demo_app: Flask, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "A_TRANSACTION", 10)
    with demo_app.app_context(), reading():
        festival = the_festival()
        until = renewing.latest(festival.id)
    start = threading.Barrier(4)

    def work() -> None:
        with demo_app.app_context():
            start.wait()
            renewing.renew_all(festival, until, "lộ thẻ", None)
            db.session.remove()

    threads = [threading.Thread(target=work) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with demo_app.app_context():
        renewing.renew_all(festival, until, "lộ thẻ", None)
        db.session.remove()
    assert valid(demo_app) == {2: 81}


def test_a_pass_issued_anew_by_mistake_is_taken_back_on_the_page(demo_app: Flask, organiser: FlaskClient) -> None:
    with demo_app.app_context(), reading():
        code = db.session.scalars(select(Family.code).join(Pass, Pass.family_id == Family.id).limit(1)).one()
    one = f"/office/registrations/{code}"
    page = organiser.get(one)
    assert "dùng lại thẻ đã thay" not in words(page)
    token = {"csrf_token": token_of(page)}
    assert organiser.post(f"{one}/pass", data={**token, "issue": "1"}).status_code == 302
    # somebody else presses the same on the page of before: told, and nothing is issued
    assert organiser.post(f"{one}/pass", data={**token, "issue": "1"}).status_code == 409
    page = organiser.get(one)
    assert "Dùng lại thẻ lần 1" in words(page)
    assert valid(demo_app) == {1: 80, 2: 1}
    for fields, status in (
        ({"issue": "2", "reason": " "}, 400),
        ({"issue": "1", "reason": "thẻ cũ vẫn còn"}, 409),
        ({"issue": "2", "reason": "thẻ cũ vẫn còn"}, 302),
    ):
        assert organiser.post(f"{one}/pass/back", data={**token, **fields}).status_code == status
    assert valid(demo_app) == {1: 81}
    # that was the mistake: the same again, and the card of the second issue is good
    assert organiser.post(f"{one}/pass/back", data={**token, "issue": "1", "reason": "nhầm"}).status_code == 302
    assert valid(demo_app) == {1: 80, 2: 1}


def flask(config: Config, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [*ready_flask.flask(), "--app", "app", *arguments],
        cwd=ROOT, env=environment(config), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout.strip()


@pytest.mark.usefixtures("quick_flask")
def test_the_same_by_command(demo_app: Flask) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    with demo_app.app_context(), reading():
        family = db.session.scalars(select(Family.code).join(Pass, Pass.family_id == Family.id)).first() or ""
        delegation = (
            db.session.scalars(select(Delegation.code).join(Pass, Pass.delegation_id == Delegation.id)).first() or ""
        )
    for code in (family, delegation):
        ended, said = flask(config, "passes", "reissue", code)
        assert (ended, said.startswith(f"{code}\tthẻ lần 2\t")) == (0, True), said
    assert valid(demo_app) == {1: 79, 2: 2}
    assert flask(config, "passes", "reissue", "NOBODY")[0] == 1
    ended, said = flask(config, "passes", "reissue-all", "--reason", "lộ thẻ", "--yes")
    assert (ended, "Đã phát hành lại 81 thẻ." in said) == (0, True), said
    assert valid(demo_app) == {2: 79, 3: 2}
    assert flask(config, "passes", "key")[0] == 0
