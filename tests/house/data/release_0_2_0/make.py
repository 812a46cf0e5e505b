"""How was `release-0.2.0.json.gz` made? By this script, run in a checkout of release 0.2.0; see ../README.md.

It imports the modules of that release, not of this one, and goes through that release's own doors: the demo of 60
families, then everything the demo leaves out, until every state of a family and of a contest has a row. What people and
devices hold outside of the database (links, passes, tokens, keys) stands beside the rows.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from edition_before import edition_before
from festival.core.migrations import init_migrations
from festival.devices.actions import make_enrolment_code, revoke
from festival.judging.actions import note_measure
from festival.registration.household import to_json
from festival.registration.pass_tokens import qr_text, typed_of
from festival.registration.queries import link_code, rules_of, views
from flask import Flask
from flask_migrate import upgrade
from jury import BEFORE, NOW, contest_named, equal_sheets, user_named, walk
from sqlalchemy import select

from config import Config
from festival.accounts.actions import issue_code, open_sign_in
from festival.accounts.passwords import hash_password
from festival.checkin.models import Admission
from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.demo.build import PASSWORD, build
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.factory import create_app
from festival.judging.models import MeasureState
from festival.registration import actions as registration
from festival.registration.models import Family, FamilyState, ImportBatch, Origin, Pass
from festival.schedule.models import Act, ActState, Session
from festival.schedule.queries import enrolled
from tests.devices.kit import Phone

FAMILIES, SEED = 60, 2024
YEARS_H = 24 * 365 * 30


def make(to: Path) -> None:
    """Build the database in a folder of its own and write its rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "festival.sqlite3"
        config = Config(
            database_url=f"sqlite:///{path}",
            secret_key="only-for-tests-" * 3,
            pass_key=bytes(range(32)),
            instance=Path(folder),
            rate_limits=False,
            testing=True,
        )
        app = create_app(config)
        init_migrations(app)
        with app.app_context():
            upgrade()
            build(FAMILIES, SEED, hash_password(PASSWORD))
            db.session.remove()
        held = {"cookies": _accounts(app), "devices": _devices(app)}
        _registrations(app)
        _contests(app, held["devices"])
        edition_before(app)
        held |= _people(app)
        told = _told(app, held["devices"])
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        whole = {"release": "0.2.0", "held": held, "told": told, "tables": _rows(path)}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    to.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _festival() -> Festival:
    return db.session.scalars(select(Festival).where(Festival.code == NOW)).one()


def _accounts(app: Flask) -> dict[str, str]:
    """Two are signed in, somebody else lost the password; answers the cookies by login."""
    with app.app_context(), transaction():
        issue_code(user_named("canbo2"), user_named("bantochuc"))
        return {login: open_sign_in(user_named(login), YEARS_H).token for login in ("bantochuc", "thuky")}


# ---------------------------------------------------------------------------------------------------------- devices


def _enrol(app: Flask, role: DeviceRole, station: str, login: str | None = None) -> Phone:
    with app.app_context(), transaction():
        code = make_enrolment_code(_festival().id, role, user_named(login) if login else None, station).code
    return Phone(app.test_client(), code, with_key=True)


def _devices(app: Flask) -> dict[str, Any]:
    """A gate that has scanned, a lead, a judge's tablet with sheets, a phone that was revoked and went on."""
    gate, lead = _enrol(app, DeviceRole.GATE, "Cổng 2"), _enrol(app, DeviceRole.LEAD, "Trưởng cổng", "congtruong")
    lost = _enrol(app, DeviceRole.GATE, "Cổng 3")
    tablet, late = (_enrol(app, DeviceRole.JUDGE, "", login) for login in ("giamkhao7", "giamkhao2"))
    with app.app_context():
        with reading():
            families = _approved()
            lists = {family.id: _pass_of(family).list_id for family in families}
            codes = {family.id: [person.code for person in family.members] for family in families}
            waiting = _not_yet_in(families)
            nobody, some, old = waiting[0].id, waiting[1].id, waiting[2]
        with transaction():
            tombstone = lists[old.id]
            registration.reissue_pass(rules_of(_festival()), old, user_named("bantochuc"))
            lost_id = db.session.scalars(select(Device.id).where(Device.code == lost.device["code"])).one()
            revoke(_festival().id, lost_id)
            entries = enrolled(contest_named("nau-an").id)
            criteria = {each.code: each.max_milli // 2 for each in contest_named("nau-an").criteria}
            subject = f"{entries[-1].code}/1"
    gate.send(gate.scan(lists[some], codes[some][:1]), gate.scan(lists[some]), gate.scan(tombstone))
    # its clock was put a day and more ahead, which is noted for the office
    gate.send(gate.scan(lists[nobody], [], offset_ms=3_600_000 * 30))
    typed = {"pass": lists[some], "persons": None, "purpose": "entry", "how": "typed"}
    lead.send(lead.write("scan", lists[some], typed))
    lost.send(lost.scan(lists[nobody]))
    tablet.send(tablet.write("sheet.send", subject, {"marks": criteria}, base_version=0))
    # two versions of one sheet: the judge has not chosen yet
    tablet.send(tablet.write("sheet.send", subject, {"marks": dict.fromkeys(criteria, 1_000)}, base_version=0))
    phones = {"gate": gate, "lead": lead, "revoked": lost, "tablet": tablet, "late": late}
    return {name: _held(phone) for name, phone in phones.items()} | {"_late": late, "_tablet": tablet}


def _held(phone: Phone) -> dict[str, Any]:
    """What a device keeps of itself."""
    key = phone.key
    return {
        "device": phone.device,
        "token": phone.token,
        "private_key": hex(key.private_numbers().private_value) if key else None,
        "seq": phone.seq,
        "tail": phone.tail,
    }


# ---------------------------------------------------------------------------------------------------- registrations


def _approved() -> list[Family]:
    chosen = select(Family).where(Family.state == FamilyState.APPROVED, Family.festival_id == _festival().id)
    return list(db.session.scalars(chosen.order_by(Family.id)))


def _not_yet_in(families: Iterable[Family]) -> list[Family]:
    """Families nobody of which has come through the gate."""
    inside = set(db.session.scalars(select(Admission.person_id)))
    return [family for family in families if not inside & {person.id for person in family.members}]


def _pass_of(family: Family) -> Pass:
    return db.session.scalars(select(Pass).where(Pass.family_id == family.id, Pass.replaced_at.is_(None))).one()


BY_ITSELF: dict[str, Any] = {
    "festival": NOW,
    "delegation": "903",
    "phone": "0909000777",
    "email": "gia.dinh@example.vn",
    "members": [
        {"name": "Danh Thị Sa Rươl", "relation": "Người đại diện", "sex": "Nữ", "birth": "1986",
         "agreed_by": "Danh Thị Sa Rươl"},
        {"name": "Danh Văn Bé", "relation": "spouse", "sex": "male", "birth": "1983", "agreed_by": "Danh Văn Bé"},
        {"name": "Danh Minh Khôi", "relation": "child", "sex": "male", "birth": "1/9/2014",
         "agreed_by": "Danh Thị Sa Rươl", "agreed_as": "mother", "own_agreement": True},
    ],
}  # fmt: skip


def _registrations(app: Flask) -> None:
    """Families of their own accord, one refused, one withdrawn after its approval; forms and files half way."""
    for number in range(3):
        members = [each | {"name": f"{each['name']} {'ABC'[number]}"} for each in BY_ITSELF["members"]]
        for each in members:
            each["agreed_by"] = f"{each['agreed_by']} {'ABC'[number]}"
        sent = BY_ITSELF | {"key": f"by-itself-{number}", "phone": f"090900077{number}", "members": members}
        answer = app.test_client().post("/api/v1/registrations", json=sent)
        assert answer.status_code == 200, answer.text
    with app.app_context(), transaction():
        rules, by = rules_of(_festival()), user_named("bantochuc")
        own = list(db.session.scalars(select(Family).where(Family.origin == Origin.FAMILY).order_by(Family.id)))
        registration.reject_family(rules, own[1], own[1].version, "Hộ khẩu ở tỉnh khác.", by)
        registration.return_family(rules, own[2], own[2].version, "Xin bổ sung giấy xác nhận.", by)
        gone, away = _not_yet_in(_approved())[-2:]
        registration.withdraw_family(rules, gone, gone.version, "family")
        registration.replace_link(rules, away, by)
        token = registration.start_draft(rules.festival.id)
        assert token
        (item,) = views([own[0]], rules)
        db.session.add(
            ImportBatch(
                delegation_id=own[0].delegation_id,
                token_hash="0" * 64,
                file_name="danh-sach.xlsx",
                households=[to_json(item.household)],
                created_by=by,
                created_at=own[0].created_at,
            )
        )


# --------------------------------------------------------------------------------------------------------- contests


def _contests(app: Flask, devices: dict[str, Any]) -> None:
    """One contest in each state; marks that only a later rung of the ladder can part; a lock by somebody who reads English."""
    with app.app_context():
        for code in ("tai-nang", "trang-phuc"):
            with transaction():
                equal_sheets(contest_named(code))
        with transaction():
            act = db.session.scalars(select(Act).join(Session).where(Act.state == ActState.WAITING)).first()
            assert act is not None
            act.state = ActState.ABSENT
            games = contest_named("bong-ro")
            last = enrolled(games.id)[-1]
            note_measure(games.id, last.id, 1, MeasureState.DID_NOT_FINISH, None, 0, user_named("thuky"))
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        walk("trang-phuc", ContestState.SIGNED)
        db.session.remove()
    with app.app_context():
        walk("tai-nang", ContestState.PUBLISHED)
        walk("bong-ro", ContestState.RELEASED)
        walk("bong-da", ContestState.DECIDED)
        walk("cau-long", ContestState.LOCKED)
        with reading():
            subject = f"{enrolled(contest_named('trang-phuc').id)[-1].code}/1"
            criteria = {each.code: 1_000 for each in contest_named("trang-phuc").criteria}
    late: Phone = devices.pop("_late")
    late.send(late.write("sheet.send", subject, {"marks": criteria}, base_version=0))
    devices["late"] = _held(late)


# ------------------------------------------------------------------------------------------------------ what is held


def _people(app: Flask) -> dict[str, Any]:
    """Links and passes as they were handed out: one family that is not in yet, one with a replaced pass."""
    with app.app_context(), reading():
        waiting = _not_yet_in(_approved())[0]
        now_ = _pass_of(waiting)
        old = db.session.scalars(select(Pass).where(Pass.replaced_at.is_not(None), Pass.family_id.is_not(None))).first()
        assert old is not None
        return {
            "family": {
                "name": waiting.name,
                "link": link_code(waiting),
                "qr": qr_text(now_),
                "typed": typed_of(now_),
                "list_id": now_.list_id,
                "persons": [person.code for person in waiting.members],
            },
            "replaced_pass": {"qr": qr_text(old), "list_id": old.list_id},
        }


def _told(app: Flask, devices: dict[str, Any]) -> dict[str, Any]:
    """What that release itself says of these rows: the public results, what the tablet shows."""
    tablet: Phone = devices.pop("_tablet")
    run = app.test_cli_runner()
    return {
        "public": {
            code: json.loads(run.invoke(args=["results", "public", "--festival", code]).stdout)
            for code in (NOW, BEFORE)
        },
        "tablet": tablet.state()["state"],
    }


def _rows(path: Path) -> dict[str, Any]:
    """Every row as SQLite stores it: text, whole numbers, null; bytes as {"hex": …}."""
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")]
    tables = {}
    for name in names:
        found = connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
        tables[name] = {
            "columns": [column[0] for column in found.description],
            "rows": [[{"hex": v.hex()} if isinstance(v, bytes) else v for v in row] for row in found],
        }
    connection.close()
    return tables


if __name__ == "__main__":
    make(Path(sys.argv[1]))
