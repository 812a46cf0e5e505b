"""Who moves the day on which data is erased, what do page and commands say before it, and when do copies go?"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from config import Config
from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.contests.models import Contest, ContestState
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions import retention
from festival.editions.actions import save_festival
from festival.editions.models import Retention
from festival.editions.queries import the_festival
from festival.editions.retention import Due, Kept
from festival.office.festival_import import read_file
from festival.operations.backup import back_up, default_target
from festival.operations.sealed.whole_copy import back_up_whole
from festival.privacy import copies
from festival.roster.models import Family
from tests.harness.postgres import Cluster
from tests.judging.panel_cast import cast
from tests.registration.conftest import World, household, make_world, world  # noqa: F401 - two are fixtures
from tests.registration.pages_kit import post, words
from tests.registration.registered import register

DAY = date(2026, 6, 30)
LATER = date(2031, 6, 30)


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump of the server's own version."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")


def state(**changes: object) -> Kept:
    usual = {
        "data_until": DAY, "papers_until": LATER, "held": "", "data_erased": False, "papers_erased": False,
        "born_on": date(2026, 1, 1), "demo": False,
    }  # fmt: skip
    return Kept(**{**usual, **changes})  # type: ignore[arg-type]


def test_when_something_is_due() -> None:
    after = DAY + timedelta(days=1)
    cases = [
        (state(), DAY, Due.NOT_YET),
        (state(), after, Due.DUE),
        (state(held="đơn"), after, Due.HELD),
        (state(data_erased=True), after, Due.DONE),
        (state(demo=True), after, Due.DEMO),
        (state(born_on=after), after, Due.BORN_LATE),
    ]
    assert [kept.due("data", on) for kept, on, _said in cases] == [said for _kept, _on, said in cases]
    assert state(data_erased=True).due("papers", after) is Due.NOT_YET
    assert state(data_erased=True).due("papers", LATER + timedelta(days=1)) is Due.DUE


def test_which_days_may_be_set() -> None:
    end = date(2026, 1, 10)

    def fault(what: str, until: date, on: date = date(2026, 2, 1), **changes: object) -> str:
        said = retention.fault_of(state(**changes), end, what, until, on)
        return said.code if said else ""

    assert fault("data", date(2026, 12, 31)) == ""
    assert fault("data", date(2026, 1, 31)) == "past"
    assert fault("data", date(2026, 1, 10), on=date(2026, 1, 1)) == "before_end"
    assert fault("papers", date(2026, 3, 1)) == "papers_first"
    assert fault("data", date(2032, 1, 1)) == "papers_first"
    assert fault("data", date(2026, 12, 31), data_erased=True) == "erased"
    assert retention.years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)


def test_the_organiser_moves_the_day_and_holds_and_lets_go(world: World) -> None:  # noqa: F811
    office = world.as_user(world.organiser)
    page = words(office.get("/office/privacy"))
    assert "Dữ liệu giữ đến hết ngày" in page and "Biên bản, quyết định của ban giám khảo" in page
    later = today() + timedelta(days=400)
    form = {"what": "data", "until": f"{later.day}/{later.month}/{later.year}", "reason": ""}
    refused = post(office, "/office/privacy/keep", form, page="/office/privacy")
    assert (refused.status_code, "Ghi lý do." in words(refused), form["until"] in refused.text) == (422, True, True)
    form["reason"] = "Còn đối chiếu kinh phí"
    assert post(office, "/office/privacy/keep", form, page="/office/privacy").status_code == 302
    with world.app.app_context(), reading():
        assert the_festival().data_kept_until == later
    assert f"{later.day}/{later.month}/{later.year}" in world.app.test_client().get("/privacy").text
    for fields, held in (({"reason": "Có đơn"}, "Có đơn"), ({"reason": "Xong", "go": "yes"}, "")):
        assert post(office, "/office/privacy/hold", fields, page="/office/privacy").status_code == 302
        with world.app.app_context(), reading():
            assert retention.kept(the_festival()).held == held
    for until in ("31/2/2027", "1/1/2020", "mai"):
        bad = post(office, "/office/privacy/keep", {**form, "until": until}, page="/office/privacy")
        assert (until, bad.status_code) == (until, 422)
    assert world.as_user(world.officer).get("/office/privacy").status_code == 403


def test_importing_the_rule_set_again_leaves_the_organisers_day(app: Flask) -> None:
    source = Path("festival/editions/data/rulesets/kien-giang-2024.json").read_bytes()
    file = read_file(source)
    later = today() + timedelta(days=30)
    with app.app_context():
        with transaction():
            save_festival(file.ruleset, file.document)
        with transaction():
            assert retention.keep_until(the_festival(), "data", later, "Còn việc", None) is None
        with transaction():
            save_festival(file.ruleset, file.document)
        with reading():
            assert the_festival().data_kept_until == later


def run(app: Flask, *arguments: str, answer: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["privacy", *arguments], input=answer)


def test_the_command_says_first_asks_and_refuses_before_the_day(world: World) -> None:  # noqa: F811
    register(world, household(1))
    app = world.app
    told = run(app, "erase", "--dry-run")
    assert told.exit_code == 0
    assert re.search(r"1\tGia đình: tên, điện thoại", told.output) and re.search(r"3\tNgười: tên", told.output)
    assert "Nhật ký an ninh" in told.output and "Biên bản, quyết định" in told.output
    later = (today() + timedelta(days=5)).isoformat()
    assert run(app, "keep", "--until", later, "--reason", "Còn việc").exit_code == 0
    early = run(app, "erase", "--yes")
    assert (early.exit_code, "chưa đến ngày xóa" in early.output) == (1, True)
    with app.app_context(), transaction():
        festival = the_festival()
        festival.data_kept_until, festival.created_at = today() - timedelta(days=1), now() - timedelta(days=900)
    assert run(app, "hold", "--reason", "Có đơn").exit_code == 0
    assert "đang giữ lại" in run(app, "erase", "--yes").output
    assert run(app, "unhold", "--reason", "Xong").exit_code == 0
    assert run(app, "erase", answer="n\n").exit_code == 1
    with app.app_context(), reading():
        assert db.session.query(Family).one().phone != ""
    done = run(app, "erase", answer="y\n")
    assert (done.exit_code, "Đã xóa" in done.output) == (0, True)
    with app.app_context(), reading():
        assert db.session.query(Family).one().phone == ""
    assert "đã xóa" in run(app, "erase", "--yes").output


def test_copies_go_after_their_window(app: Flask, config: Config) -> None:
    folder = config.instance / "backups"
    with app.app_context():
        old = back_up(config, folder / "festival-old").path
        young = back_up(config, folder / "festival-young").path
        moment = (now() - timedelta(days=config.backup_days, minutes=1)).timestamp()
        os.utime(old, (moment, moment))
        assert copies.forget_old_copies() == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_sealed_copies_and_what_a_kill_left_go_too(app: Flask, config: Config) -> None:
    with app.app_context():
        target = default_target(config, now(), sealed=True)
        sealed = back_up_whole(config, target, "mười hai con giáp đi chợ").path
        assert sealed.suffix == ".sealed" and [path for path, _until in copies.copies()] == [sealed]
        half = config.instance / ".sealing-x1"
        half.mkdir()
        (half / "festival.sqlite3").write_bytes(b"names")
        assert copies.forget_old_copies() == 0 and half.exists()
        for path, days in ((sealed, config.backup_days), (half, 1)):
            moment = (now() - timedelta(days=days, minutes=1)).timestamp()
            os.utime(path, (moment, moment))
        assert copies.forget_old_copies() == 2
        assert (sealed.exists(), half.exists()) == (False, False)


def test_a_restore_by_command_erases_again_before_it_says_done(world: World, tmp_path: Path) -> None:  # noqa: F811
    register(world, household(1))
    app = world.app
    config: Config = app.config["FESTIVAL"]
    with app.app_context():
        back_up(config, tmp_path / "copy")
        with transaction():
            festival = the_festival()
            festival.data_kept_until, festival.created_at = today() - timedelta(days=1), now() - timedelta(days=900)
    assert run(app, "erase", "--yes").exit_code == 0
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    told = app.test_cli_runner().invoke(args=["restore", str(tmp_path / "copy"), "--yes"])
    assert (told.exit_code, "Đã xóa lại dữ liệu của 1 ngày hội" in told.output) == (0, True), told.output
    with app.app_context(), reading():
        assert db.session.query(Family).one().phone == ""


def test_what_was_signed_is_the_organisers_alone_once_the_data_is_erased(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            db.session.execute(update(Contest).values(state=ContestState.SIGNED))
            tokens = {
                who: open_sign_in(panel.users[who], 8).token for who in ("chair", "secretary", "organiser")
            }  # fmt: skip

    def opened() -> dict[str, int]:
        answers = {}
        for who, token in tokens.items():
            client = app.test_client()
            client.set_cookie(SESSION_COOKIE, token)
            answers[who] = client.get("/panel/tai-nang").status_code
        return answers

    before = opened()
    assert (before["chair"], before["secretary"]) == (200, 200)
    with app.app_context(), transaction():
        db.session.add(Retention(festival_id=panel.festival_id, data_erased_at=now()))
    after = opened()
    assert (after["chair"], after["secretary"], after["organiser"]) == (404, 404, 200)
