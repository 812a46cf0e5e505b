"""Is a dress rehearsal a copy that nobody, no phone and no card can take for the festival, or the festival for it?"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from config import ROOT, Config
from festival.accounts.models import SignIn, User
from festival.core import ledger
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.pass_key import guard
from festival.core.pass_key.guard import WrongPassKey
from festival.core.post import outbox
from festival.core.post.mail import enqueue
from festival.core.post.outbox import MailState, OutboxMail
from festival.core.rehearsing.marked import Rehearsal, copy_of_it
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, Mutation
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.factory import create_app
from festival.office.rehearsing.copying import end_when_over
from festival.passes import code as passes_code
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.links.of_families import link_code
from festival.roster.models import Family, FamilyState
from tests.devices.kit import uuid7
from tests.harness.mail import PostBox
from tests.harness.postgres import Cluster
from tests.harness.served import Served, environment, free_port, serve


@dataclass(frozen=True, slots=True)
class Hall:
    """A festival, the place of its rehearsal, and the terminal in which both are worked."""

    app: Flask
    env: dict[str, str]

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["flask", "--app", "app", *arguments],
            cwd=ROOT, env=self.env | more, capture_output=True, text=True, check=False, input="",
        )  # fmt: skip

    @property
    def copy(self) -> Config:
        """The settings with which the rehearsal is served."""
        port = str(free_port())
        return Config.from_environment(self.env | {"FESTIVAL_REHEARSAL": "yes", "FESTIVAL_PORT": port})


@pytest.fixture
def hall(demo_app: Flask, request: pytest.FixtureRequest, quick_flask: Path) -> Hall:
    config: Config = demo_app.config["FESTIVAL"]
    env = {name: value for name, value in environment(config).items() if value and name != "FESTIVAL_PORT"}
    path = [str(quick_flask)]
    server: Cluster | None = None
    if not config.is_sqlite:
        server = request.getfixturevalue("cluster")
        env["FESTIVAL_REHEARSAL_DATABASE_URL"] = server.create(f"rehearsal_{os.getpid()}_{request.node.name[:8]}")
        path.append(str(server.binaries))
    return Hall(demo_app, env | {"PATH": ":".join([*path, os.environ["PATH"]])})


class Stay(HTTPRedirectHandler):
    """Where an answer leads is not followed."""

    def redirect_request(self, *_about: Any) -> None:
        return None


def asked(url: str, body: Any = None, token: str = "") -> tuple[int, str]:
    """What a server answers over real HTTP."""
    head = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    content = None if body is None else json.dumps(body).encode()
    try:
        with build_opener(Stay).open(Request(url, data=content, headers=head)) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as wrong:
        return wrong.code, wrong.read().decode()


def enrolled(app: Flask, served: Served) -> str:
    """The token of a gate's phone that was enrolled at this server."""
    with app.app_context(), transaction():
        code = enrolment.make_enrolment_code(the_festival().id, DeviceRole.GATE, None, "Cổng 1").code
    status, told = asked(f"{served.url}/api/v1/enrol", {"code": code, "name": "Máy thử"})
    assert status == 201
    return str(json.loads(told)["token"])


def a_refused_reading(list_id: str) -> dict[str, Any]:
    """What a gate's phone sends; here it is enough that no server that does not know the phone keeps any of it."""
    return {
        "mutations": [
            {
                "v": 2, "mid": uuid7(), "seq": 1, "kind": "refused", "subject": list_id, "base_version": None,
                "body": {"reason": "foreign"}, "wall_ms": 1, "offset_ms": 0, "prev_hash": None,
            }
        ]
    }  # fmt: skip


def heads(app: Flask) -> dict[str, ledger.Head]:
    with app.app_context(), reading():
        return ledger.heads(ledger.streams())


def of_valid_passes(app: Flask) -> tuple[dict[str, str], str]:
    """List ids with what their codes say, and the link of a family."""
    with app.app_context(), reading():
        found = {
            row.list_id: tokens.qr_text(row)
            for row in db.session.scalars(select(Pass).where(Pass.replaced_at.is_(None)))
        }
        family = db.session.scalars(select(Family).where(Family.state == FamilyState.APPROVED).limit(1)).one()
        return found, link_code(family)


def test_neither_takes_the_other_for_itself(
    hall: Hall, quick_flask: Path, mail_server: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Config = hall.app.config["FESTIVAL"]
    with hall.app.app_context(), transaction():
        enqueue("gia-dinh@example.vn", "Hẹn giờ", "Mời gia đình đến lúc 7 giờ.")
        user = db.session.scalars(select(User.id).limit(1)).one()
        db.session.add(SignIn(token_hash="0" * 64, user_id=user, created_at=now(), expires_at=now() + timedelta(1)))
    before, (cards, link) = heads(hall.app), of_valid_passes(hall.app)

    made = hall.run("festival", "rehearse", "--days", "3", "--yes")
    assert made.returncode == 0, made.stderr
    assert f"tự xóa sau ngày {today() + timedelta(3):%d/%m/%Y}" in made.stdout

    copy = create_app(hall.copy)
    with copy.app_context():
        guard.settle()
        with seals.snapshot():
            report = seals.inspect()
            kinds = {
                stream: [entry.kind for entry, _payload in ledger.lines(stream)].count(ledger.REHEARSED)
                for stream in ledger.streams()
            }
        assert report.clean and report.counts.rows > 500
        assert set(before) <= set(kinds) and set(kinds.values()) == {1}
        with reading():
            assert db.session.scalars(select(OutboxMail.state).distinct()).all() in ([], [MailState.SENT])
            assert db.session.scalar(select(func.count(SignIn.id))) == 0
            assert db.session.scalar(select(func.count(Device.id)).where(Device.revoked_at.is_(None))) == 0
    other_cards, other_link = of_valid_passes(copy)
    assert len(other_cards) == len(cards) > 50
    assert not set(other_cards) & set(cards) and not set(other_cards.values()) & set(cards.values())
    assert {each[0] for each in cards.values()} == {"2"} and {each[0] for each in other_cards.values()} == {"8"}
    kept = [path.read_bytes() for path in real.rehearsal_folder.rglob("*.key")]
    assert len(kept) == 2 and real.pass_key.hex().encode() not in kept

    # Of the festival nothing has changed; that there is a copy stands in its database.
    with hall.app.app_context(), reading():
        noted = copy_of_it()
        assert noted is not None and noted.until == today() + timedelta(3)
        assert db.session.scalar(select(func.count(OutboxMail.id)).where(OutboxMail.state == MailState.WAITING)) == 1
    assert heads(hall.app) == before

    with_the_wrong_settings(hall)
    letters_stay(hall, copy, mail_server)
    # Phones: who is enrolled at one is a stranger to the other, and nothing of what it sends is kept.
    if real.is_sqlite:  # what a server answers does not lean on the database
        over_the_wire(hall, copy, quick_flask, (link, other_link), next(iter(other_cards)))

    it_goes_by_itself(hall, copy, monkeypatch)


def with_the_wrong_settings(hall: Hall) -> None:
    """For a database, either way, and at the address of the festival."""
    real: Config = hall.app.config["FESTIVAL"]
    for wrong, said in (
        (replace(hall.copy, rehearsal=False), "bản TỔNG DUYỆT, không phải ngày hội thật"),
        (replace(real, rehearsal=True), "chưa có bản tổng duyệt"),
        (replace(hall.copy, public_url=real.public_url), "cần địa chỉ riêng"),
    ):
        app = create_app(wrong)
        with app.app_context():
            with pytest.raises(WrongPassKey, match=said):
                guard.settle()
            db.engine.dispose()
    again = hall.run("festival", "rehearse", "--yes", FESTIVAL_REHEARSAL="yes", FESTIVAL_PORT="5001")
    assert (again.returncode, "không có tổng duyệt của bản tổng duyệt" in again.stderr) == (1, True)


def letters_stay(hall: Hall, copy: Flask, mail_server: PostBox) -> None:
    """What is told to families there reaches no mail server, not even with the settings of one."""
    sent_with = replace(hall.copy, rehearsal=False, smtp_host="127.0.0.1", smtp_port=mail_server.port)
    with copy.app_context(), transaction():
        enqueue("gia-dinh@example.vn", "Đến lượt", "Mời gia đình.")
    for settings in (sent_with, replace(sent_with, rehearsal=True)):
        with create_app(settings).app_context():
            assert outbox.drain() == 0
            assert [mail.subject for mail in outbox.unsent()] == ["TỔNG DUYỆT Đến lượt"]
            db.session.remove()
            db.engine.dispose()
    assert mail_server.letters == []
    real: Config = hall.app.config["FESTIVAL"]
    with create_app(replace(real, smtp_host="127.0.0.1", smtp_port=mail_server.port)).app_context():
        assert outbox.drain() == 1  # the festival's own leaves
        db.session.remove()
        db.engine.dispose()
    assert [letter["Subject"] for letter in mail_server.letters] == ["Hẹn giờ"]


def it_goes_by_itself(hall: Hall, copy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its days are over it answers nothing, and the festival's worker takes it away."""
    real: Config = hall.app.config["FESTIVAL"]
    with copy.app_context(), transaction():
        db.session.execute(update(Rehearsal).values(until=today() - timedelta(1)))
    fresh = create_app(hall.copy)
    assert fresh.test_client().get("/").status_code == 503
    for app in (copy, fresh):
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    for name, value in hall.env.items():
        monkeypatch.setenv(name, value)
    with hall.app.app_context():
        assert end_when_over() is False  # not yet, says the festival
        with transaction():
            db.session.execute(update(Rehearsal).values(until=today() - timedelta(1)))
        assert end_when_over() is True
        with reading():
            assert copy_of_it() is None
        assert end_when_over() is False
    assert not real.rehearsal_folder.exists()
    if not real.is_sqlite:
        empty = create_app(hall.copy)
        with empty.app_context(), db.engine.connect() as connection:
            assert (
                connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one() == 0
            )
        with empty.app_context():
            db.engine.dispose()


def over_the_wire(hall: Hall, copy: Flask, ready: Path, links: tuple[str, str], list_id: str) -> None:
    """Both are served at once, each at its own port."""
    real: Config = hall.app.config["FESTIVAL"]
    there: Config = copy.config["FESTIVAL"]
    settings = {"FESTIVAL_REHEARSAL": "yes", "FESTIVAL_REHEARSAL_DATABASE_URL": there.rehearsal_database_url}
    apart = {name: value for name, value in settings.items() if value}
    with (
        serve(real, ready=ready) as festival,
        serve(
            replace(there, instance=real.instance, database_url=real.database_url), ready=ready, more=apart
        ) as rehearsal,
    ):
        for mine, other, app, own_link, their_link in (
            (festival, rehearsal, hall.app, links[0], links[1]),
            (rehearsal, festival, copy, links[1], links[0]),
        ):
            token = enrolled(app, mine)
            status, told = asked(f"{mine.url}/api/v1/sync/state?cursor=", token=token)
            assert (status, json.loads(told)["festival"]["rehearsal"]) == (200, mine is rehearsal)
            assert asked(f"{other.url}/api/v1/sync/state?cursor=", token=token)[0] == 401
            assert asked(f"{other.url}/api/v1/sync", a_refused_reading(list_id), token)[0] == 401
            assert asked(f"{mine.url}/g/{own_link}")[0] == 302
            assert asked(f"{other.url}/g/{own_link}")[0] == 404
            assert asked(f"{mine.url}/g/{their_link}")[0] == 404
        for served, shown in ((festival, False), (rehearsal, True)):
            for page in ("/", "/programme", "/gate", "/judge", "/stage", "/ground", "/desk", "/sign-in", "/offline"):
                status, told = asked(served.url + page)
                assert ("<title>TỔNG DUYỆT · " in told, 'class="rehearsal-band"' in told) == (shown, shown), page
            assert ("Disallow: /\n" in asked(f"{served.url}/robots.txt")[1]) is shown
            assert ("TỔNG DUYỆT" in json.loads(asked(f"{served.url}/manifest.webmanifest")[1])["name"]) is shown
    for app in (hall.app, copy):
        with app.app_context(), reading():
            assert (
                db.session.scalar(
                    select(func.count(Mutation.mid)).where(Mutation.kind == "refused", Mutation.subject == list_id)
                )
                == 0
            )


@pytest.mark.either_database
def test_what_is_no_rehearsal_is_neither_replaced_nor_dropped(hall: Hall) -> None:
    real: Config = hall.app.config["FESTIVAL"]
    with hall.app.app_context():
        db.session.remove()
        db.engine.dispose()
    copy = hall.copy
    if real.is_sqlite:
        copy.sqlite_path.write_bytes(real.sqlite_path.read_bytes())
    else:
        stranger = create_app(replace(copy, rehearsal=False))
        with stranger.app_context():
            with db.engine.begin() as connection:
                connection.execute(text("CREATE TABLE festival (id integer)"))
            db.engine.dispose()
    refused = hall.run("festival", "rehearse", "--drop", "--yes")  # making one anew asks the same of what lies there
    assert (refused.returncode, "không phải bản tổng duyệt" in refused.stderr) == (1, True), refused.stderr
    with create_app(replace(copy, rehearsal=False)).app_context():
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM festival")).scalar_one() == (
                1 if real.is_sqlite else 0
            )
        db.engine.dispose()
    with hall.app.app_context(), reading():
        assert copy_of_it() is None and db.session.scalar(select(func.count(Festival.id))) == 1


def test_a_card_says_which_of_both_it_is_of() -> None:
    token = bytes(range(16))
    real, rehearsed = passes_code.encode(token), passes_code.encode(token, rehearsal=True)
    assert (real[1:], real[0], rehearsed[0]) == (rehearsed[1:], "2", "8")
    assert passes_code.decode(rehearsed, rehearsal=True) == passes_code.decode(real) == token
    for text_, at_rehearsal, why in ((rehearsed, False, "rehearsal"), (real, True, "real")):
        with pytest.raises(passes_code.NotAPass) as wrong:
            passes_code.decode(text_, rehearsal=at_rehearsal)
        assert wrong.value.why == why
