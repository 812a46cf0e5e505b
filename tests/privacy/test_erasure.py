"""On the day of the data: is every name gone from every file, does everything that has to stay still stand, and does no
old copy bring anything back?

Names are searched as bytes: in the database's own files and in a dump, in what lies in the instance folder, in the
outbox, the messages, the ledger. The naive control shows that emptying the tables alone leaves them in the files.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import psycopg
import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import LargeBinary, Text, func, select, text, update

from config import Config
from festival.contests.models import Contest
from festival.core import erasure, ledger
from festival.core.clock import now, today
from festival.core.database import Base, db
from festival.core.ledger import LedgerPayload
from festival.core.post.mail import enqueue
from festival.core.transaction import reading, transaction
from festival.core.types import Day, JsonText, PlainText
from festival.core.work import jobs
from festival.demo.festival import the_rules
from festival.devices.models import Device, DeviceNote, Mutation
from festival.editions import retention
from festival.editions.models import Festival, Retention
from festival.editions.queries import the_festival
from festival.judging.models import ScoreSheet
from festival.logistics.models import Allergy, DelegationStay
from festival.office.festival_import import import_festival, read_file
from festival.operations.backup import back_up
from festival.operations.restore import restore
from festival.privacy import erasing, sweeping
from festival.privacy.kept import IMPERSONAL, PERSONAL, Ending
from festival.registration.editing.keeping import begin
from festival.registration.models import ImportBatch, RegistrationDraft
from festival.results.models import PanelDecision, ResultTakenBack, StateChange, TakeBackReason, Unlocking, UnlockReason
from festival.roster.models import Delegation, Departure, Entry, Family, Person
from festival.schedule.models import Plan
from tests.harness.postgres import Cluster
from tests.harness.waiting import wait_until

PLANTED = "Trịnh Gieo Tên Lạ"
SEALED = "Ghi trong biên bản niêm phong"


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")


@pytest.fixture
def demo_config(demo_app: Flask) -> Config:
    """The settings of the demo's application."""
    found: Config = demo_app.config["FESTIVAL"]
    return found


def test_every_column_that_can_hold_words_is_said_to_be_somebodys_or_nobodys() -> None:
    """A new column fails until festival/privacy/kept.py says what becomes of it."""
    wordy = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if type(column.type) in (Text, PlainText, JsonText, Day, LargeBinary)
    }
    personal = {(table, column) for table, (_fate, columns) in PERSONAL.items() for column in columns}
    impersonal = {(table, column) for table, columns in IMPERSONAL.items() for column in columns}
    every = {(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns}
    assert personal & impersonal == set()
    assert wordy - personal - impersonal == set()
    assert (personal | impersonal) - every == set()


def plant_what_came_later(contest: Contest, family: Family, head: int) -> None:
    """Opened locks, departures, the answer to a registration sent twice."""
    at = now()
    db.session.add(
        Unlocking(
            contest_id=contest.id, code=UnlockReason.OTHER, reason=PLANTED, at=at, locked_at=at, locked_note=PLANTED
        )
    )  # fmt: skip
    db.session.add(
        ResultTakenBack(
            contest_id=contest.id, code=TakeBackReason.WRONG, reason=PLANTED, at=at, published_at=at, released_at=at,
            published_note=PLANTED, released_note=PLANTED,
        )
    )  # fmt: skip
    db.session.add(Departure(person_id=head, entries=[{"next": head, "relation": PLANTED}], left_at=at))
    family.submission_digest = f"{PLANTED} digest"


def plant(app: Flask) -> None:
    """A name in every place that can hold one, beside what the demo holds."""
    with app.app_context(), transaction():
        festival = the_festival()
        family = db.session.scalars(select(Family).order_by(Family.id).limit(1)).one()
        for column in ("address", "introduction", "return_reason", "email"):
            setattr(family, column, f"{PLANTED} {column}@x.vn")
        family.submission_key = f"{PLANTED} key"
        head = family.members[0]
        head.name, head.needs, head.phone = PLANTED, PLANTED, PLANTED
        family.name = f"Gia đình ông {PLANTED}"
        db.session.execute(update(Entry).where(Entry.family_id == family.id).values(name=family.name, title=PLANTED))
        delegation = db.session.get_one(Delegation, family.delegation_id)
        delegation.head_name = delegation.head_phone = PLANTED
        db.session.add(DelegationStay(delegation_id=delegation.id, plate=PLANTED, driver_phone=PLANTED))
        db.session.add(Allergy(person_id=head.id, words=PLANTED))
        begin(festival.id)
        db.session.scalars(select(RegistrationDraft).limit(1)).one().content = {"household": PLANTED}
        db.session.add(
            ImportBatch(
                delegation_id=delegation.id, token_hash="x", file_name=PLANTED, households=[{"name": PLANTED}],
                created_at=now(),
            )
        )  # fmt: skip
        enqueue("ai@x.vn", PLANTED, f"Kính gửi {PLANTED}")
        device = db.session.scalars(select(Device).limit(1)).one()
        device.name = PLANTED
        db.session.add(DeviceNote(device_id=device.id, noted_at=now(), kind="id_reuse", detail={"name": PLANTED}))
        message = db.session.scalars(select(Mutation).limit(1)).first()
        if message is None:
            message = Mutation(
                mid="0" * 36, device_id=device.id, seq=1, version=2, kind="scan", subject=PLANTED, body={}, wall_ms=0,
                offset_ms=0, digest="", received_at=now(), verdict="rejected", detail={},
            )  # fmt: skip
            db.session.add(message)
        message.subject, message.body, message.detail = PLANTED, {"count": PLANTED}, {"reason": PLANTED}
        db.session.execute(update(ScoreSheet).values(note=PLANTED))
        db.session.execute(update(StateChange).values(note=PLANTED))
        db.session.execute(update(PanelDecision).values(reason=SEALED))
        contest = db.session.scalars(select(Contest).order_by(Contest.id).limit(1)).one()
        db.session.add(
            PanelDecision(
                contest_id=contest.id, kind="tie", content={}, reason=SEALED, names=[SEALED], decided_at=now()
            )
        )  # fmt: skip
        db.session.execute(update(Plan).values(note=PLANTED))
        plant_what_came_later(contest, family, head.id)
        for stream in ("decisions", "checkin"):
            ledger.append(f"{stream}:{festival.code}", "planted", {"family": family.code}, {"family": PLANTED})
        for stream in ("judging", "results"):
            ledger.append(f"{stream}:{contest.code}", "planted", {"contest": contest.code}, {"note": PLANTED})
        retention.hold(festival, PLANTED, None)
    with app.app_context():
        with transaction():
            retention.let_go(the_festival(), PLANTED, None)
        (jobs.folder() / "abc.gz").write_text(PLANTED, encoding="utf-8")
        jobs.workshop("abc").mkdir()
        (jobs.workshop("abc") / "plan.json").write_text(PLANTED, encoding="utf-8")


def names(app: Flask) -> set[str]:
    """What nobody may find afterwards: the planted name, and everybody's name, phone and address of the demo."""
    with app.app_context(), reading():
        # somebody may be called like a judge, or like a commune
        staff = " ".join(db.session.scalars(text("SELECT name FROM user_account UNION SELECT name FROM unit")))
        found = {PLANTED}
        found |= {name for name in db.session.scalars(select(Person.name)) if " " in name and name not in staff}
        for column in (Person.phone, Family.phone, Family.email, Family.introduction):
            found |= {value for value in db.session.scalars(select(column)) if len(value) > 8}
    return found


def files(app: Flask, config: Config, cluster: Cluster) -> Iterable[tuple[str, bytes]]:
    """Every file that holds the database, a dump of it, and everything in the instance folder."""
    for path in config.instance.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    if config.is_sqlite:
        for path in config.sqlite_path.parent.glob(f"{config.sqlite_path.name}*"):
            yield path.name, path.read_bytes()
        return
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    dumped = subprocess.run(["pg_dump", config.database_url], capture_output=True, check=True)
    yield "dump", dumped.stdout
    with psycopg.connect(config.database_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (number,) = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or (
            0,
        )
    for path in (cluster.folder / "data" / "base" / str(number)).iterdir():
        yield path.name, path.read_bytes()


def found(app: Flask, config: Config, cluster: Cluster, wanted: Iterable[str]) -> dict[str, list[str]]:
    """Which of these stand in which file."""
    sought = sorted(wanted)
    standing = {
        name: [each for each in sought if each.encode() in content] for name, content in files(app, config, cluster)
    }
    return {name: some for name, some in standing.items() if some}


def streams_verify(app: Flask) -> bool:
    with app.app_context(), reading():
        return all(ledger.verify(stream) == [] for stream in ledger.streams())


def test_nothing_is_left_of_any_name_and_the_ledger_still_verifies(
    demo_app: Flask, demo_config: Config, cluster: Cluster
) -> None:
    app, config = demo_app, demo_config
    plant(app)
    wanted = names(app)
    assert len(wanted) > 200
    before = found(app, config, cluster, wanted)
    assert sum(map(len, before.values())) > 200
    with app.app_context(), reading():
        heads = {stream: ledger.head(stream) for stream in ledger.streams()}
        code, labels = the_festival().code, db.session.scalar(select(Person.id).limit(1))
    assert labels
    with app.app_context():
        assert erasing.erase(code, "data")
        wait_until(sweeping.sweep_waiting)
    assert found(app, config, cluster, wanted) == {}
    assert streams_verify(app)
    with app.app_context(), reading():
        after = {stream: ledger.head(stream) for stream in ledger.streams()}
        assert all(after[stream].size >= head.size for stream, head in heads.items())
        assert set(db.session.scalars(select(PanelDecision.reason))) == {SEALED}
        assert db.session.scalar(select(Device.id).where(Device.revoked_at.is_(None)).limit(1)) is None
        family = db.session.scalars(select(Family).order_by(Family.id).limit(1)).one()
        assert family.name.startswith("Gia đình số 1 – Đoàn")
    client = app.test_client()
    for page in ("/", "/programme", "/results", "/privacy", "/api/v1/public/now"):
        assert client.get(page).status_code == 200
    with app.app_context():
        erasing.erase(code, "papers")
        # Somebody who reads at that moment keeps the old rows; the worker goes on when nobody does.
        wait_until(sweeping.sweep_waiting)
    assert found(app, config, cluster, [SEALED]) == {}
    assert streams_verify(app)


@pytest.mark.parametrize("careless", [True, False])
def test_a_writer_in_another_database_of_the_server_keeps_no_name(
    demo_app: Flask, demo_config: Config, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, careless: bool
) -> None:
    """Its transaction makes every new snapshot old; who does not wait for it copies the deleted rows (the control)."""
    app, config = demo_app, demo_config
    if config.is_sqlite:
        pytest.skip("SQLite has no other databases")
    plant(app)
    monkeypatch.setattr(sweeping, "PATIENCE_S", 0.0)
    with app.app_context(), reading():
        code = the_festival().code
    with psycopg.connect(cluster.url("postgres")) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        with app.app_context():
            if careless:
                monkeypatch.setattr(sweeping, "_old_rows_unread", lambda connection: True)
            erasing.erase(code, "data")
            assert sweeping.sweep_waiting() is careless
        assert found(app, config, cluster, [PLANTED]) != {}
        elsewhere.rollback()
        if not careless:
            with app.app_context():
                wait_until(sweeping.sweep_waiting)
            assert found(app, config, cluster, [PLANTED]) == {}


def test_emptying_the_tables_alone_leaves_the_names_in_the_files(
    demo_app: Flask, demo_config: Config, cluster: Cluster
) -> None:
    """The negative control of the search: what a plain UPDATE would leave."""
    app, config = demo_app, demo_config
    plant(app)
    naive = "UPDATE person SET name = '-', folded = '', phone = '', needs = ''"
    wanted = names(app)
    if config.is_sqlite:
        connection = pysqlite3.connect(config.sqlite_path)
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute(naive)
        connection.commit()
        connection.close()
    else:
        with psycopg.connect(config.database_url) as plain:
            plain.execute(naive)
    kept = found(app, config, cluster, wanted)
    assert {name for name in kept if name != "dump"} != set()


def test_an_old_copy_brings_nothing_back(
    demo_app: Flask, demo_config: Config, cluster: Cluster, tmp_path: Path
) -> None:
    app, config = demo_app, demo_config
    plant(app)
    with app.app_context():
        with reading():
            code = the_festival().code
        back_up(config, tmp_path / "old")
        erasing.erase(code, "data")
        assert erasure.list_file().stat().st_mode & 0o777 == 0o600
        assert PLANTED not in erasure.list_file().read_text(encoding="utf-8")
        db.session.remove()
        put_aside = restore(config, tmp_path / "old").kept
        if put_aside is not None:
            put_aside.unlink()
    # the control: without the list the copy has everything
    assert found(app, config, cluster, [PLANTED]) != {}
    with app.app_context():
        db.session.remove()
        assert (erasure.replay(), erasure.replay()) == (1, 0)
    assert found(app, config, cluster, [PLANTED]) == {}
    assert streams_verify(app)


def test_a_later_edition_is_erased_in_its_own_streams_and_no_other(demo_app: Flask) -> None:
    rules = the_rules(75)
    rules["festival"]["code"] = "kien-giang-2026"

    def readable() -> dict[str, int]:
        with reading():
            query = select(LedgerPayload.stream, func.count()).where(LedgerPayload.content.is_not(None))
            return {row[0]: row[1] for row in db.session.execute(query.group_by(LedgerPayload.stream))}

    with demo_app.app_context():
        before = readable()
        with transaction():
            import_festival(read_file(json.dumps(rules).encode()))
            for stream in ("judging", "results"):
                for name in ("kien-giang-2026/contest/bong-ro", "bong-ro"):
                    ledger.append(f"{stream}:{name}", "planted", {}, {"note": PLANTED})
        during = readable()
        own = {f"{room}:kien-giang-2026/contest/bong-ro" for room in ("judging", "results")}
        assert own < set(during) - set(before)
        assert erasing.erase("kien-giang-2026", "data")
        after = readable()
        # the line that says that it was erased
        assert after.pop("decisions:kien-giang-2026") == 1
        assert after == {stream: number for stream, number in during.items() if "kien-giang-2026" not in stream}


def test_the_worker_erases_on_the_day_and_not_before(demo_app: Flask) -> None:
    with demo_app.app_context():
        with transaction():
            festival = the_festival()
            festival.demo, festival.created_at = False, now() - timedelta(days=900)
            festival.data_kept_until = today()
            code = festival.code
        assert erasing.erase_due() == []
        with transaction():
            retention.hold(the_festival(), "Có đơn khiếu nại", None)
            the_festival().data_kept_until = today() - timedelta(days=1)
        assert erasing.erase_due() == []
        with transaction():
            retention.let_go(the_festival(), "Đơn đã giải quyết", None)
        assert erasing.erase_due() == [(code, "data")]
        assert erasing.erase_due() == []
        with reading():
            assert db.session.scalar(select(Retention.data_erased_at)) is not None
            assert db.session.scalar(select(Person.id).where(Person.phone != "").limit(1)) is None
            assert db.session.scalar(select(Festival.data_kept_until)) == today() - timedelta(days=1)


def test_what_is_deleted_or_sealed_is_what_the_list_says() -> None:
    assert {table for table, (fate, _columns) in PERSONAL.items() if fate is Ending.DELETED} == {
        "account_request", "act_file", "act_upload", "act_version", "allergy", "badge_import", "child_step", "former_registration", "import_batch", "outbox_mail",
        "post_picture", "post_picture_file", "refused_page", "registration_draft", "report_line",
    }  # fmt: skip
    assert {table for table, (fate, _columns) in PERSONAL.items() if fate is Ending.AGREED} == {"kept_family"}
    assert {table for table, (fate, _columns) in PERSONAL.items() if fate is Ending.SEALED} == {
        "award_sheet", "border_typing", "delegation_points", "draw_meeting", "draw_minutes", "draw_minutes_page", "founding_paper",
        "jury_decision", "panel_meeting", "pay_line", "pay_list", "pay_sheet", "report_file", "report_version", "signed_paper", "signed_scan_page", "signed_scan_use", "slip_photo",
        "standing_amendment", "whole_meeting", "whole_minutes",
    }  # fmt: skip
