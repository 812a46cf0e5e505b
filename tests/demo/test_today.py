"""Is the demo on its second day at whatever hour it is built, with somebody on stage, and does it leave room for a newcomer?"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from config import ROOT, Config
from festival.checkin import desk
from festival.checkin.merge import day_window
from festival.contests.models import Contest, ContestState
from festival.core.clock import from_local, local, now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading
from festival.demo import build
from festival.demo.days import CLASSIC, days_from
from festival.demo.export import export
from festival.demo.festival import the_rules
from festival.editions.queries import the_festival
from festival.judging.matches.match_rule import HowEnded
from festival.judging.matches.reading import bracket_of
from festival.programme.lines import programme_lines
from festival.programme.live import boards
from festival.programme.queries import published_plan
from festival.roster.models import ContestPlace, Delegation
from festival.schedule import queries
from tests.harness import ready_flask

DAY = date(2026, 11, 26)
HOURS = (time(0, 5), time(3, 0), time(9, 40), time(23, 50))


@given(st.times())
def test_at_every_hour_an_act_begins_at_that_moment_and_the_next_is_still_today(clock: time) -> None:
    moment = datetime.combine(DAY, clock.replace(tzinfo=None))
    days = days_from(DAY - timedelta(days=1), moment)
    assert days.at is not None
    assert days.at <= moment < days.at + timedelta(minutes=45)
    for each in days.sessions({"tai-nang": (13, 18), "bong-da": (15, 5)}, long=False):
        if each.contest not in {"tai-nang", "bong-da"}:
            continue
        count, every = (13, 18) if each.contest == "tai-nang" else (15, 5)
        starts = [each.begins + timedelta(minutes=every * number) for number in range(count)]
        on, following = starts[-(-count // 2)], starts[-(-count // 2) + 1]
        assert local(on).replace(tzinfo=None) == days.at
        assert local(following).date() == DAY
        assert each.ends >= starts[-1] + timedelta(minutes=every)
        assert days.starts <= local(each.begins).date() and local(each.ends).date() <= days.ends


@given(st.times())
def test_no_stage_is_promised_twice_at_whatever_hour(clock: time) -> None:
    days = days_from(DAY - timedelta(days=1), datetime.combine(DAY, clock.replace(tzinfo=None)))
    sessions = days.sessions({"tai-nang": (15, 18), "bong-da": (15, 5)}, long=False)
    for one in sessions:
        for other in sessions:
            if one is not other and one.stage == other.stage:
                assert one.ends <= other.begins or other.ends <= one.begins


def test_outside_its_days_the_demo_stands_as_it_did_in_june_2024() -> None:
    assert days_from(date(2024, 6, 14), datetime.combine(date(2024, 6, 15), time(9))) == CLASSIC
    assert days_from(date(2026, 1, 1), datetime.combine(DAY, time(9))).at is None
    assert the_rules(75)["festival"]["code"] == "kien-giang-2024"


@pytest.mark.either_database
@pytest.mark.parametrize("clock", [pytest.param(HOURS[0], marks=pytest.mark.both_databases), *HOURS[1:]], ids=str)
def test_a_newcomer_meets_a_festival_that_is_on(app: Flask, clock: time) -> None:
    moment = datetime.combine(DAY, clock)
    days = days_from(DAY - timedelta(days=1), moment)
    with app.app_context():
        build.build(75, 2024, "", days)
        with reading():
            festival = the_festival()
            assert (festival.starts_on, festival.ends_on) == (DAY - timedelta(days=1), DAY + timedelta(days=1))
            assert queries.plan_conflicts(festival.id) == []
            lines, calls = programme_lines(published_plan(festival))
            today = [line for line in lines if local(line.starts_at).date() == DAY]
            shown = {board.stage: board for board in boards(today, calls, from_local(moment))}
            for stage in ("san-khau-chinh", "san-bong-da"):
                assert shown[stage].now is not None, stage
                assert shown[stage].then, stage
                assert shown[stage].late_min == 0
            states = {row.code: row.state for row in db.session.execute(select(Contest.code, Contest.state))}
            assert states == {
                "tai-nang": ContestState.OPEN,
                "bong-da": ContestState.OPEN,
                "nau-an": ContestState.OPEN,
                "cau-long": ContestState.OPEN,
                "trang-phuc": ContestState.LOCKED,
                "bong-ro": ContestState.PUBLISHED,
            }
            drawn = bracket_of(db.session.scalars(select(Contest).where(Contest.code == "cau-long")).one())
            assert drawn is not None and drawn.rule.needed == 2
            over = [each.result for each in drawn.tree.rounds[0] if each.result is not None]
            assert len(over) == 6 and {each.how for each in over} == {HowEnded.PLAYED, HowEnded.WALKOVER}
            assert all(len(each.sets) >= 2 for each in over if each.how is HowEnded.PLAYED)
            here = desk.arrivals(festival.id, day_window(from_local(moment)))
            assert 20 <= sum(line.families_here for line in here) <= 60
            taken = db.session.execute(
                select(
                    ContestPlace.taken,
                    Contest.entries_per_delegation,
                    Delegation.approved_count,
                    Delegation.families_max,
                )
                .join(Contest, Contest.id == ContestPlace.contest_id)
                .join(Delegation, Delegation.id == ContestPlace.delegation_id)
                .where(Delegation.rule_code == "hon-dat", Contest.code == "tai-nang")
            ).all()
            assert all(row.taken < row.entries_per_delegation for row in taken)
            hon_dat = db.session.scalars(select(Delegation).where(Delegation.rule_code == "hon-dat")).one()
            assert hon_dat.approved_count < hon_dat.families_max
            assert (hon_dat.name, hon_dat.unit.full_name) == ("Đoàn xã Hòn Đất", "Xã Hòn Đất")
        with seals.snapshot():
            report = seals.inspect()
            assert report.named() == [] and report.clean


def test_same_seed_date_and_hour_same_bytes_on_both_databases(app: Flask, run_folder: Path) -> None:
    days = days_from(DAY - timedelta(days=1), datetime.combine(DAY, time(14, 7)))
    assert days == days_from(DAY - timedelta(days=1), datetime.combine(DAY, time(14, 14)))
    with app.app_context():
        build.build(75, 7, "", days)
        with reading():
            content = export(the_festival())
    kept = run_folder / "demo-today-export.json"
    if kept.exists():
        assert kept.read_bytes() == content
    kept.write_bytes(content)
    assert json.loads(content)["festival"]["code"] == "ngay-hoi-2026"


# ---------------------------------------------------------------------------------------- a place of its own


def flask(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FESTIVAL_", "DATABASE_URL"))}
    done = subprocess.run(
        [*ready_flask.flask(), "--app", "app", *arguments],
        cwd=ROOT,
        env={**kept, "FESTIVAL_INSTANCE": str(folder), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_demo_has_a_database_and_keys_of_its_own(tmp_path: Path) -> None:
    real = Config.from_environment({"FESTIVAL_INSTANCE": str(tmp_path), "FESTIVAL_PASS_KEY": "ab" * 32})
    given_away = {
        "FESTIVAL_INSTANCE": str(tmp_path),
        "FESTIVAL_DEMO": "yes",
        "FESTIVAL_PASS_KEY": "ab" * 32,
        "FESTIVAL_SMTP_HOST": "mail.example.org",
        "FESTIVAL_PUBLIC_URL": "https://ngayhoi.example.org",
        "DATABASE_URL": "postgresql://festival@/real",
    }
    demo = Config.from_environment(given_away)
    assert demo.instance == tmp_path / "demo"
    assert demo.database_url == f"sqlite:///{tmp_path / 'demo' / 'festival.sqlite3'}"
    assert demo.pass_key != real.pass_key
    assert (demo.smtp_host, demo.public_url) == ("", "http://127.0.0.1:5000")
    postgresql = Config.from_environment({**given_away, "FESTIVAL_DEMO_DATABASE_URL": "postgresql://festival@/demo"})
    assert postgresql.database_url == "postgresql://festival@/demo"


@pytest.mark.usefixtures("quick_flask")
def test_a_real_festival_is_never_built_over_nor_thrown_away(tmp_path: Path) -> None:
    folder = tmp_path / "real"
    assert flask(folder, "db", "upgrade")[0] == 0
    rules = "festival/editions/data/rulesets/quy-che-2712.json"
    assert flask(folder, "festival", "import", rules)[0] == 0
    code, said = flask(folder, "demo")
    assert code == 1 and "chỉ dựng dữ liệu mẫu trong cơ sở dữ liệu trống" in said and "FESTIVAL_DEMO=yes" in said
    for arguments in (("demo", "--anew"), ("demo", "set-aside")):
        code, said = flask(folder, *arguments)
        assert code == 1 and "có ngày hội thật" in said, said
    assert "hiện hành" in flask(folder, "festival", "list")[1]


@pytest.mark.usefixtures("quick_flask")
def test_a_demo_is_built_anew_and_an_old_one_in_the_real_place_is_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    assert flask(folder, "db", "upgrade")[0] == 0
    code, said = flask(folder, "demo", "--families", "15", "--starts", "2024-06-14", "--quiet")
    assert code == 0, said
    before = flask(folder, "demo", "export")[1]
    code, said = flask(folder, "demo", "set-aside")
    assert code == 0 and "make start" in said, said
    # nothing is lost, and the real place is empty
    assert flask(folder, "demo", "export", FESTIVAL_DEMO="yes")[1] == before
    assert not (folder / "festival.sqlite3").exists()
    code, said = flask(folder, "demo", "--anew", "--families", "15", "--quiet", FESTIVAL_DEMO="yes")
    assert code == 0, said
    yesterday = (local(now()).date() - timedelta(days=1)).isoformat()
    assert yesterday in flask(folder, "festival", "list", FESTIVAL_DEMO="yes")[1]
