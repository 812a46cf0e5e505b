"""Is another pass key brought in whole, whatever interrupts it, and is there a way back to the passes of before?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pyotp
import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from config import Config
from festival.accounts import second_factor
from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.checkin.offline_list import gate_list, list_stamp
from festival.core import ledger
from festival.core.database import db
from festival.core.disk.alone import IN_USE
from festival.core.pass_key.guard import WrongPassKey, assure
from festival.core.pass_key.kept import NEXT_KEY, OLD_KEYS, fingerprint, in_force
from festival.core.post.outbox import OutboxMail
from festival.core.seal import checks as seals
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.devices.activation.sealed_cards import good_card, issue_cards
from festival.editions.queries import the_festival
from festival.factory import create_app
from festival.passes import blank, renewing, rotation, tokens
from festival.passes.models import Pass
from festival.roster.links.of_delegations import delegation_link, delegation_of_link
from festival.roster.links.of_families import family_of_link, link_code
from festival.roster.models import Delegation, Family, FamilyState
from tests.conftest import PASS_KEY
from tests.harness.served import serve

OTHER = bytes(range(32, 64))


@pytest.fixture
def app(demo_app: Flask) -> Iterator[Flask]:
    """The demo as `make run` keeps it: the key in its file. Three families have an address."""
    with with_key(demo_app.config["FESTIVAL"], PASS_KEY) as app:
        with app.app_context(), transaction():
            first = select(Family.id).where(Family.state == FamilyState.APPROVED).order_by(Family.id).limit(3)
            db.session.execute(update(Family).values(email=""))
            db.session.execute(update(Family).where(Family.id.in_(first)).values(email="gia-dinh@example.vn"))
        yield app


@contextmanager
def with_key(config: Config, key: bytes) -> Iterator[Flask]:
    """The program as it starts with this key in its file."""
    config.instance.mkdir(exist_ok=True)
    (config.instance / "pass.key").write_text(key.hex())
    app = create_app(replace(config, pass_key=key, pass_key_file=config.instance / "pass.key"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def started_again(app: Flask) -> Iterator[Flask]:
    """With whatever key lies in the folder now."""
    config: Config = app.config["FESTIVAL"]
    with with_key(config, bytes.fromhex((config.instance / "pass.key").read_text())) as again:
        yield again


def rotate(app: Flask, **how: bool) -> rotation.Rotation:
    with app.app_context():
        try:
            return rotation.rotate(**how)
        finally:
            db.session.remove()
            db.engine.dispose()


def codes(app: Flask) -> tuple[dict[tuple[str, int], str], dict[str, str]]:
    """What is printed now, as far as it is good: the pass of each owner that a gate knows, the link of each family."""
    with app.app_context(), reading():
        assure()
        passes = {}
        for row in db.session.scalars(select(Pass).where(Pass.replaced_at.is_(None))):
            if tokens.new_pass_values(*tokens.secret_of(row))["list_id"] == row.list_id:
                passes[tokens.owner_of(row)] = tokens.qr_text(row)
        links: dict[str, str] = {
            family.code: link_code(family)
            for family in db.session.scalars(select(Family))
            if family_of_link(link_code(family)) is family
        }
        links |= {
            each.code: delegation_link(each)
            for each in db.session.scalars(select(Delegation))
            if delegation_of_link(delegation_link(each)) is each
        }
        assert all(not ledger.verify(stream) for stream in ledger.streams())
        assert seals.inspect().clean
        return passes, links


def letters(app: Flask) -> list[str]:
    with app.app_context(), reading():
        return list(db.session.scalars(select(OutboxMail.body).where(OutboxMail.subject == "Thẻ mới của gia đình")))


@pytest.mark.either_database
def test_every_pass_and_link_is_another_and_good(app: Flask) -> None:
    passes, links = codes(app)
    done = rotate(app)
    assert (done.passes, done.links) == (len(passes), len(links)) == (81, 75 + 15)
    with app.app_context(), pytest.raises(WrongPassKey):
        app.extensions["pass_keys_known"].clear()
        assure()
    with started_again(app) as again:
        new_passes, new_links = codes(again)
        assert new_passes.keys() == passes.keys() and new_links.keys() == links.keys()
        assert not set(new_passes.values()) & set(passes.values()) and not set(new_links.values()) & set(links.values())
        told = letters(again)
        assert len(told) == 3 and all(sum(link in body for link in new_links.values()) == 1 for body in told)
        with again.app_context(), reading():
            steps = [
                note.subject["step"]
                for note in db.session.scalars(select(SecurityNote))
                if note.kind == SecurityKind.KEYS
            ]
            assert steps == ["begun", "finished"]
            festival_id = db.session.scalar(select(Pass.festival_id).limit(1)) or 0
            held = gate_list(festival_id, list_stamp(festival_id))
            assert (len(held.cards), len(held.replaced)) == (81, 81)
    config: Config = app.config["FESTIVAL"]
    assert not (config.instance / NEXT_KEY).exists()
    (aside,) = (config.instance / OLD_KEYS).iterdir()
    assert (aside.read_text(), aside.stat().st_mode & 0o777) == (PASS_KEY.hex(), 0o600)


@pytest.mark.either_database
def test_what_else_hangs_on_the_key_is_told(app: Flask) -> None:
    """A sealed card nobody used is printed anew; a phone's numbers end, with them the recovery codes."""

    def number(user_id: int) -> str:
        secret = parse_qs(urlsplit(second_factor.address_of(user_id)).query)["secret"][0]
        return str(pyotp.TOTP(secret).now())

    with app.app_context(), transaction():
        judge = db.session.scalar(select(UserRole.user_id).where(UserRole.role == Role.JUDGE).limit(1)) or 0
        issue_cards([judge], None)
        login = db.session.scalar(select(User.login).where(User.id == judge))
        assert second_factor.begin(judge)
        recovery = second_factor.turn_on(judge, number(judge)) or []
        assert not second_factor.begin(judge)
    done = rotate(app)
    assert done.second_factors == (login,)
    with started_again(app) as again, again.app_context():
        with reading():
            assert good_card(judge) is None
        with transaction():
            assert not second_factor.passes(judge, recovery[0])
            assert issue_cards([judge], None)[0].user_id == judge


@pytest.mark.either_database
def test_the_way_back_makes_the_cards_of_before_good_again(app: Flask) -> None:
    with app.app_context(), transaction():  # as an upgrade finds them: cards of the first form, and one claimed since
        db.session.execute(update(Pass).values(typed_attempt=None))
        festival = the_festival()
        blank.make_blanks(festival, 1, None)
        holder = db.session.scalar(select(Family.id).where(Family.state == FamilyState.APPROVED).limit(1)) or 0
        blank.claim(festival, 1, "family", holder, None)
    before = codes(app)
    assert sorted(text[0] for text in before[0].values()) == ["2", *["F"] * 80]
    rotate(app)
    with started_again(app) as between:
        assert {(text[0], len(text)) for text in codes(between)[0].values()} == {("2", 43)}
        with between.app_context(), reading():
            festival_id = db.session.scalar(select(Pass.festival_id).limit(1)) or 0
            stamp = list_stamp(festival_id)
        rotate(between, back=True)
    with started_again(app) as again:
        assert codes(again) == before
        with again.app_context(), reading():
            assert list_stamp(festival_id) != stamp, "gates would keep the list of the rotation"
            assert in_force(db.session.connection()) == (fingerprint(PASS_KEY), None)
        # and forward again: numbers go on, none is given twice
        rotate(again)
    with started_again(app) as forward:
        assert codes(forward)[0].keys() == before[0].keys()
        with forward.app_context(), transaction(), pytest.raises(Conflict):  # a wrong claim is too late to take back
            blank.unclaim(the_festival(), 1, None)


class Killed(BaseException):
    """What kill -9 leaves: nothing after this point has happened."""


BOTH = {4, 15}  # among the passes, among the links


@pytest.mark.parametrize(
    "commits",
    [
        pytest.param(each, marks=() if each in BOTH else pytest.mark.either_database)
        for each in (1, 2, 4, 9, 10, 15, 18)
    ],
)
def test_killed_anywhere_it_is_finished_by_the_same_command(
    app: Flask, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    monkeypatch.setattr(renewing, "A_TRANSACTION", 10)
    passes, links = codes(app)
    seen = 0

    def kill(_session: Session) -> None:
        nonlocal seen
        seen += 1
        if seen == commits:
            raise Killed

    event.listen(db.session, "after_commit", kill)
    try:
        with pytest.raises(Killed):
            rotate(app)
    finally:
        event.remove(db.session, "after_commit", kill)
    config: Config = app.config["FESTIVAL"]
    fresh = create_app(config)
    with fresh.app_context(), pytest.raises(WrongPassKey):
        assure()  # nothing starts on half of it
    with fresh.app_context():
        if rotation.begun():
            rotation.rotate()
        else:  # all was done but putting the file in its place: the refusal names it
            with pytest.raises(WrongPassKey, match=NEXT_KEY):
                rotation.rotate()
            (config.instance / NEXT_KEY).replace(config.instance / "pass.key")
        db.session.remove()
        db.engine.dispose()
    with started_again(app) as again:
        new_passes, new_links = codes(again)
        assert (new_passes.keys(), new_links.keys()) == (passes.keys(), links.keys())
        assert len(letters(again)) == 3
        with again.app_context(), reading():
            assert {row.issue for row in db.session.scalars(select(Pass).where(Pass.replaced_at.is_(None)))} == {2}


@pytest.mark.either_database
def test_a_lost_key_is_replaced_only_on_purpose(app: Flask) -> None:
    passes, links = codes(app)
    config: Config = app.config["FESTIVAL"]
    with app.app_context():
        db.engine.dispose()
    with with_key(config, OTHER) as other:
        with other.app_context(), pytest.raises(WrongPassKey):
            rotation.rotate()
        assert rotate(other, lost=True).passes == 81
    with started_again(app) as again:
        assert [set(found) for found in codes(again)] == [set(passes), set(links)]


def test_a_running_server_is_not_pulled_away(app: Flask, quick_flask: Path) -> None:
    config: Config = app.config["FESTIVAL"]
    before = codes(app)
    with app.app_context():
        db.engine.dispose()
    with serve(config, ready=quick_flask) as served:
        for _worker in range(8):
            assert urlopen(f"{served.url}/readyz").status == 200
        with pytest.raises(Conflict) as refused:
            rotate(app)
        assert str(refused.value) == IN_USE
    assert codes(app) == before


@pytest.mark.either_database
def test_nothing_to_go_back_to_is_told(app: Flask) -> None:
    with pytest.raises(Conflict, match="Chưa đổi khóa"):
        rotate(app, back=True)
    rotate(app)
    config: Config = app.config["FESTIVAL"]
    for path in (config.instance / OLD_KEYS).iterdir():
        Path(path).unlink()
    with started_again(app) as again, pytest.raises(Conflict, match="Không còn khóa trước đó"):
        rotate(again, back=True)
