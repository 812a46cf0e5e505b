"""Several machines: what must they share, do they have connections enough, and how old may be what one of them knows?"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import update

from config import ROOT, Config, ConfigError
from festival.core import erasure
from festival.core.database import db
from festival.core.files import store
from festival.core.pool.naming import this_machine
from festival.core.pool.sizing import LONGEST_NAME, ServingMachine, ServingTogether, machines_of, needed
from festival.core.pulse.signs import Level, WatchedPart, machines_signs
from festival.core.transaction import transaction
from festival.core.web.errors import database_away
from festival.core.web.limiter import MAKE, SharedStorage
from festival.core.work import jobs
from festival.editions.models import Festival
from festival.factory import create_app
from festival.operations.health_door import open_door
from festival.privacy import sweeping
from tests.conftest import test_config as settings_for_tests
from tests.harness.postgres import Cluster
from tests.harness.served import free_port, serve
from tests.harness.waiting import PATIENCE_S, wait_until
from tests.programme.scene import make_festival

DOCS = (ROOT / "docs" / "machines.md").read_text(encoding="utf-8")
ONE = ServingMachine("mot-ab12", 39, "s1", "f1", "1.0.0")
TWO = ServingMachine("hai-cd34", 39, "s1", "f1", "1.0.0")


# --------------------------------------------------------------------------------------------------------- connections


@pytest.mark.parametrize(("workers", "threads", "needs"), [(1, 1, 8), (2, 8, 39), (4, 8, 73), (8, 8, 141)])
def test_what_a_machine_needs_is_what_the_documents_say(workers: int, threads: int, needs: int) -> None:
    assert needed(workers, threads) == needs
    said = f"| {workers} × {threads}" in DOCS and f"| {needs} |" in DOCS
    assert said or (workers, threads) == (1, 1)


def test_a_machine_is_known_by_the_name_of_its_connections() -> None:
    names = [ONE.connection_name, TWO.connection_name, "psql", "festival x", ""]
    assert set(machines_of(names)) == {ONE, TWO}
    more = replace(ONE, needs=141)  # restarted with other numbers: both connect for a moment
    assert machines_of([ONE.connection_name, more.connection_name]) == (more,)


def test_a_name_is_never_cut_and_comes_back_whole(tmp_path: Path) -> None:
    config = replace(
        settings_for_tests(tmp_path, "postgresql://x/y"), workers=64, threads=64, shared_mark="0123456789abcdef"
    )
    machine = this_machine(config)
    assert len(machine.connection_name) <= LONGEST_NAME
    assert machines_of([machine.connection_name]) == (machine,)
    other = this_machine(replace(config, secret_key="another-secret-" * 3))
    assert (other.machine, other.secret == machine.secret) == (machine.machine, False)
    assert this_machine(replace(config, instance=tmp_path / "b")).machine != machine.machine


@pytest.mark.parametrize(
    ("machines", "given", "signs"),
    [
        ((ONE,), 97, []),
        ((ONE,), 39, []),
        ((ONE,), 38, [(WatchedPart.DATABASE, Level.WARN, "Máy chủ có thể cần 39 kết nối tới PostgreSQL")]),
        ((ONE, TWO), 97, [(WatchedPart.MACHINES, Level.GOOD, "2 máy chủ cùng phục vụ ngày hội")]),
        (
            (ONE, TWO),
            77,
            [
                (WatchedPart.DATABASE, Level.WARN, "Máy chủ có thể cần 78 kết nối tới PostgreSQL"),
                (WatchedPart.MACHINES, Level.GOOD, "2 máy chủ"),
            ],
        ),
        (
            (ONE, replace(TWO, secret="s2")),
            97,
            [(WatchedPart.MACHINES, Level.BAD, "Các máy chủ không cùng khóa bí mật")],
        ),
        (
            (ONE, replace(TWO, shared="f2")),
            97,
            [(WatchedPart.MACHINES, Level.BAD, "Các máy chủ không cùng thư mục tệp")],
        ),
        (
            (ONE, replace(TWO, release="0.9.0")),
            97,
            [(WatchedPart.MACHINES, Level.BAD, "Các máy chủ chạy các bản khác nhau: 0.9.0, 1.0.0")],
        ),
    ],
)
def test_how_machines_stand_together(
    machines: tuple[ServingMachine, ...], given: int, signs: list[tuple[WatchedPart, Level, str]]
) -> None:
    found = machines_signs(ServingTogether(machines, given))
    assert [(sign.part, sign.level) for sign in found] == [each[:2] for each in signs]
    assert all(str(sign.words).startswith(each[2]) for sign, each in zip(found, signs, strict=True))
    assert all((sign.todo is None) == (sign.level is Level.GOOD) for sign in found)


@pytest.fixture
def poor_url(cluster: Cluster, postgresql_template: str) -> Iterator[str]:
    """A festival whose account PostgreSQL gives three connections."""
    name = f"poor_{uuid.uuid4().hex[:8]}"
    url = cluster.create(name, postgresql_template)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{name}" LOGIN CONNECTION LIMIT 3')
        connection.execute(MAKE)
        connection.execute(f'GRANT ALL ON ALL TABLES IN SCHEMA public TO "{name}"')
        connection.execute(f'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO "{name}"')
    yield url.replace("postgres@", f"{name}@")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f'DROP ROLE "{name}"')


def test_who_gets_too_few_connections_is_told_at_the_start_and_at_readyz(
    poor_url: str, tmp_path: Path, quick_flask: Path
) -> None:
    config = replace(settings_for_tests(tmp_path / "instance", poor_url), workers=1, health_port=free_port())
    said = "Máy chủ có thể cần 22 kết nối tới PostgreSQL, PostgreSQL chỉ cho 3. Lúc đông sẽ có người nhận"
    with serve(config, ready=quick_flask) as served:
        assert said in served.log.read_text(encoding="utf-8")
        connection = HTTPConnection("127.0.0.1", config.health_port, timeout=PATIENCE_S)
        connection.request("GET", "/readyz")
        told = json.loads(connection.getresponse().read())
        connection.close()
    assert (told["status"], told["parts"]["database"]) == ("ready", Level.WARN)
    assert told["warnings"][0].startswith(said)


def test_who_comes_when_no_connection_is_left_is_told_to_wait(poor_url: str, tmp_path: Path) -> None:
    """Twelve at once at three connections: everybody is answered rightly or with 503, nobody with 500."""
    config = replace(settings_for_tests(tmp_path / "instance", poor_url), testing=False, rate_limits=True)
    app = create_app(config)
    ready, seen = threading.Barrier(12), []

    def _visit() -> None:
        client = app.test_client()
        ready.wait(PATIENCE_S)
        seen.extend(client.get(path).status_code for path in ("/office", "/readyz", "/g/khong-co", "/family"))

    threads = [threading.Thread(target=_visit) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(seen) == 48
    assert {status for status in seen if status >= 500} == {503}, "there were too few, and that was said"
    _close(app)


def test_a_postgresql_that_only_follows_is_said_and_nobody_is_told_500(poor_url: str, tmp_path: Path) -> None:
    name = poor_url.rpartition("/")[2]
    with psycopg.connect(poor_url.replace(f"{name}@", "postgres@"), autocommit=True) as connection:
        connection.execute(f'ALTER ROLE "{name}" CONNECTION LIMIT -1')
        connection.execute(f'ALTER ROLE "{name}" SET default_transaction_read_only = on')
    config = replace(settings_for_tests(tmp_path / "instance", poor_url), testing=False, rate_limits=True)
    app = create_app(config)
    client = app.test_client()
    assert client.get("/g/khong-co").status_code == 503, "its tries are counted in the database"
    told = client.get("/readyz").json
    assert told["parts"]["database"] == Level.BAD
    assert told["warnings"][0] == (
        "PostgreSQL ở địa chỉ này chỉ cho đọc, không ghi được gì. Máy đó đang chép theo một máy PostgreSQL khác, "
        "hoặc bị khóa ghi. Đưa nó lên làm máy chính (pg_ctl promote), hoặc trỏ DATABASE_URL về máy chính."
    )
    _close(app)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (psycopg.OperationalError("the connection is closed"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.TooManyConnections(), True),
        (psycopg.errors.ReadOnlySqlTransaction(), True),
        (psycopg.ProgrammingError("the query has 2 placeholders but 1 parameters were passed"), False),
        (psycopg.errors.UndefinedColumn(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_a_fault_of_our_own_is_not_called_a_database_that_is_away(error: Exception | None, away: bool) -> None:
    assert database_away(error) is away


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_thread_counts_over_one_connection_whatever_counts_there(app: Flask) -> None:
    config: Config = app.config["FESTIVAL"]
    config.instance.mkdir(parents=True, exist_ok=True)
    first, second = (SharedStorage(app.config["RATELIMIT_STORAGE_URI"]) for _ in range(2))
    assert first.incr("a", 60) == second.incr("b", 60) == 1
    assert first.local.connection is second.local.connection
    elsewhere: list[object] = []
    thread = threading.Thread(target=lambda: elsewhere.append((second.incr("a", 60), second.local.connection)))
    thread.start()
    thread.join(PATIENCE_S)
    ((count, connection),) = elsewhere
    assert (count, connection is first.local.connection) == (2, False)


# --------------------------------------------------------------------------------------------------------------- files


@pytest.mark.either_database
def test_two_machines_find_the_same_files_and_documents(config: Config, app: Flask, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    one, two = (create_app(replace(config, instance=tmp_path / name, shared_folder=shared)) for name in ("a", "b"))
    with one.app_context():
        kept = store.put([b"nh\xe1\xba\xa1c"], 5)
        jobs.write_durably(jobs.made_file("ABC"), b"made")
        erasure.remember("thu-2024", "person:abc")
        sweeping.mark()
    with two.app_context():
        with store.opened(kept.key) as opened:
            assert opened.read() == "nhạc".encode()
        assert jobs.made_file("ABC").read_bytes() == b"made"
        assert [line.what for line in erasure.erased()] == ["person:abc"]
        assert sweeping.waiting()
    with app.app_context(), pytest.raises(FileNotFoundError):
        store.opened(kept.key)  # who has its own folder does not
    for each in (one, two):
        _close(each)


@pytest.mark.either_database
def test_two_that_write_an_erasure_down_at_once_both_have_it(config: Config, app: Flask, tmp_path: Path) -> None:
    shared, machines = tmp_path / "shared", 6
    ready = threading.Barrier(machines)

    def _erase(number: int) -> None:
        with app.app_context():
            ready.wait(PATIENCE_S)
            for person in range(5):
                erasure.remember("thu-2024", f"person:{number}-{person}")

    app.config["FESTIVAL"] = replace(config, shared_folder=shared)
    threads = [threading.Thread(target=_erase, args=(number,)) for number in range(machines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    with app.app_context():
        assert len(erasure.erased()) == machines * 5


def test_the_folder_must_be_there_and_one_database_for_all(tmp_path: Path) -> None:
    def read(**values: str) -> Config:
        return Config.from_environment({"FESTIVAL_INSTANCE": str(tmp_path / "instance"), **values})

    postgresql = {"DATABASE_URL": "postgresql://festival@/festival"}
    alone = read(**postgresql)
    assert (alone.shared, len(alone.shared_mark)) == (alone.instance, 64)
    one = read(**postgresql, FESTIVAL_SHARED=str(tmp_path / "shared"))
    two = read(**postgresql, FESTIVAL_SHARED=str(tmp_path / "shared"), FESTIVAL_INSTANCE=str(tmp_path / "two"))
    assert (one.shared, one.shared_mark) == (two.shared, two.shared_mark) == (tmp_path / "shared", one.shared_mark)
    assert one.shared_mark != alone.shared_mark
    with pytest.raises(ConfigError, match="FESTIVAL_SHARED: nhiều máy chỉ dùng chung được PostgreSQL"):
        read(FESTIVAL_SHARED=str(tmp_path / "shared"))
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ConfigError, match="FESTIVAL_SHARED: không tạo được thư mục"):
        read(**postgresql, FESTIVAL_SHARED=str(tmp_path / "taken" / "below"))


def test_every_file_beside_the_database_is_in_the_documents() -> None:
    named = {
        "NEXT_KEY": "pass.key.next", "OLD_KEYS": "old-keys", "PLACE": "drill", "KEYS": "away", "KEPT": "away",
        "REHEARSAL": "rehearsal", "MAKING": "making",
    }  # fmt: skip
    found = set()
    for path in [ROOT / "config.py", *(ROOT / "festival").rglob("*.py")]:
        for where, name, constant in re.findall(
            r'\b(instance|shared) / (?:"([^"]+)"|([A-Z_]+))', path.read_text("utf-8")
        ):
            found.add(f"{where}/{name or named[constant]}")
    assert {"shared/files", "shared/made", "instance/worker.lock"} <= found
    assert {each for each in found if f"`{each}`" not in DOCS} == set()


def test_everything_a_process_keeps_in_memory_is_in_the_documents() -> None:
    keeps = re.compile(r"^@(?:lru_)?cache\b|current_app\.extensions\.setdefault\(", re.MULTILINE)
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "festival").rglob("*.py")
        if keeps.search(path.read_text(encoding="utf-8"))
    }
    assert "festival/checkin/listing/made.py" in found
    assert {each for each in found if f"`{each}`" not in DOCS} == set()
    assert [each for each in re.findall(r"`(festival/[\w/]+\.py)`", DOCS) if not (ROOT / each).is_file()] == []


@pytest.mark.either_database
def test_what_one_machine_changes_the_other_tells_in_a_moment(config: Config, app: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction():
        make_festival(families=0, contests=0, publish=False)
    other = create_app(replace(config, instance=tmp_path / "other", testing=False))
    reader = other.test_client()
    before = reader.get("/").text
    with app.app_context(), transaction():
        db.session.execute(update(Festival).values(name="Ngày hội của hai máy chủ"))
    assert "Ngày hội của hai máy chủ" not in before
    wait_until(lambda: "Ngày hội của hai máy chủ" in reader.get("/").text, "the new name at the other machine")
    _close(other)


# -------------------------------------------------------------------------------------------------------------- health


@pytest.mark.either_database
def test_the_health_port_answers_what_the_application_says(app: Flask) -> None:
    door = open_door(app.wsgi_app, "127.0.0.1", 0)
    try:
        seen = []
        for method, path in (("GET", "/healthz"), ("GET", "/readyz?x=1"), ("HEAD", "/readyz"), ("GET", "/office")):
            connection = HTTPConnection("127.0.0.1", door.server_address[1], timeout=PATIENCE_S)
            connection.request(method, path)
            answer = connection.getresponse()
            seen.append((answer.status, b"status" in answer.read()))
            connection.close()
    finally:
        door.shutdown()
        door.server_close()
    assert seen == [(200, True), (200, True), (200, False), (404, False)]
