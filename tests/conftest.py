"""What does every test stand on: a fresh real database, a served copy of the festival, a real browser, a post box?

Tests that take `app` (or anything built on it) run on SQLite and on PostgreSQL; each gets a database of its own,
copied from one made per run. Tests that take none of it run once.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol
from zlib import crc32

import psycopg
import pysqlite3
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from config import Config
from festival.accounts.passwords import hash_password
from festival.core.database import db
from festival.demo.build import PASSWORD, build
from festival.factory import create_app
from festival.operations.migrations import init_migrations
from tests.harness.browser import PATIENCE_MS, find_chromium, launch
from tests.harness.compiled import compile_tests
from tests.harness.mail import PostBox
from tests.harness.order import long_first
from tests.harness.postgres import Cluster, in_memory, join_cluster, stop_cluster
from tests.harness.ready_flask import ready_flask
from tests.harness.served import Served, serve
from tests.harness.shared import share

DATABASES = ("sqlite", "postgresql")
PASS_KEY = bytes(range(32))

# The only profile: how long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("festival", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("festival")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Pages are the same whatever the database: who walks them in a browser, or says `either_database`, runs on one of the two, in
    turn; `make faults` runs the other. A race among such tests says `both_databases`.
    """
    for item in items:
        kinds = set(DATABASES).intersection(map(str, getattr(item, "callspec", _Bare).params.values()))
        walked = "playwright_driver" in getattr(item, "fixturenames", ()) or item.get_closest_marker("either_database")
        if kinds and walked and not item.get_closest_marker("both_databases"):
            either_way = item.nodeid.replace(next(iter(kinds)), "")
            if kinds != {DATABASES[crc32(either_way.encode()) % len(DATABASES)]}:
                item.add_marker(pytest.mark.faults)
    yield
    items[:] = long_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


class _Bare:
    """A test without parameters."""

    params: ClassVar[dict[str, object]] = {}


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector of cycles need not look at it again and again (a third of the run's time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    """One folder for the whole run, in memory where there is room; the workers of xdist inherit its name.

    The folders of single tests lie in it too, and are gone when the run ends; `--basetemp` keeps them.
    """
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="festival-tests-", dir=in_memory(programs=True)))
        # The account that runs PostgreSQL must be able to pass.
        folder.chmod(0o711)
        os.environ |= {"TEST_RUN_FOLDER": str(folder), "PYTEST_DEBUG_TEMPROOT": str(folder)}
        if getattr(config.option, "numprocesses", None):
            compile_tests(config, Path(__file__).parent.rglob("*.py"))
    share(Path(os.environ["TEST_RUN_FOLDER"]) / "templates")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started, throw its folder away."""
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop("TEST_RUN_FOLDER"))
        stop_cluster(folder / "postgresql")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder of the whole run, shared by all workers."""
    return Path(os.environ["TEST_RUN_FOLDER"])


@contextmanager
def _once(folder: Path, name: str) -> Iterator[bool]:
    """True for the first worker that comes; the others wait until it has finished."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


def test_config(instance: Path, database_url: str) -> Config:
    """The settings tests run with; keys are fixed, limits are off unless a test puts them on."""
    return Config(
        database_url=database_url,
        secret_key="only-for-tests-" * 3,
        pass_key=PASS_KEY,
        instance=instance,
        rate_limits=False,
        testing=True,
    )


test_config.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def cluster(run_folder: Path) -> Cluster:
    """The PostgreSQL server of this run."""
    with _once(run_folder, "cluster"):
        return join_cluster(run_folder / "postgresql", durable=False)


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """A finished SQLite file to copy."""
    path = run_folder / "template.sqlite3"
    with _once(run_folder, "sqlite") as first:
        if first:
            _build(test_config(run_folder / "template-instance", f"sqlite:///{path}"))
            _fold_log_in(path)
    return path


def _fold_log_in(path: Path) -> None:
    """Make the one file whole, so that copying it copies everything."""
    connection = pysqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.fixture(scope="session")
def postgresql_template(run_folder: Path, cluster: Cluster) -> str:
    """The name of a finished PostgreSQL database to clone."""
    with _once(run_folder, "postgresql-template") as first:
        if first:
            url = cluster.create("festival_template")
            _build(test_config(run_folder / "template-instance", url))
    return "festival_template"


def _build(config: Config) -> None:
    app = create_app(config)
    init_migrations(app)
    with app.app_context():
        upgrade()
        db.engine.dispose()


Build = Callable[[Config], None]


class Templates(Protocol):
    """Answers what to copy: what `build` makes of a finished database, or of the template `of`."""

    def __call__(self, name: str, kind: str, build: Build, of: str | None = None) -> str: ...


@pytest.fixture(scope="session")
def templates(run_folder: Path, request: pytest.FixtureRequest) -> Templates:
    """A festival that is built at most once per run and kind of database, by its name."""

    def template(name: str, kind: str, build: Build, of: str | None = None) -> str:
        path = run_folder / f"{name}.sqlite3"
        with _once(run_folder, f"{name}-{kind}") as first:
            if first:
                begun = of or request.getfixturevalue(f"{kind}_template")
                if kind == "sqlite":
                    url = f"sqlite:///{shutil.copyfile(begun, path)}"
                else:
                    server: Cluster = request.getfixturevalue("cluster")
                    url = server.create(f"festival_{name}", begun)
                build(test_config(run_folder / f"{name}-{kind}-instance", url))
                if kind == "sqlite":
                    _fold_log_in(path)
        return str(path) if kind == "sqlite" else f"festival_{name}"

    return template


@pytest.fixture(scope="session")
def demo_templates(templates: Templates) -> Callable[[str], str]:
    """The demo festival, as `templates` keeps it."""
    return lambda kind: templates("demo", kind, _build_demo)


def _build_demo(config: Config) -> None:
    app = create_app(config)
    hashed = hash_password(PASSWORD)
    with app.app_context():
        build(75, 2024, hashed)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=DATABASES)
def demo_url(request: pytest.FixtureRequest, tmp_path: Path, demo_templates: Callable[[str], str]) -> Iterator[str]:
    """The address of a fresh copy of the demo festival (75 families, judges, draw, programme, half the sheets)."""
    template = demo_templates(request.param)
    if request.param == "sqlite":
        path = tmp_path / "demo.sqlite3"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    yield from _cloned(request.getfixturevalue("cluster"), template)


@pytest.fixture
def demo_app(demo_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on the demo festival, on both kinds of database in turn."""
    application = create_app(test_config(tmp_path / "instance", demo_url))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, finished database, empty unless the test `begins_with` a festival; once per kind."""
    begun = request.node.get_closest_marker("begins_with")
    yield from _fresh(request, request.param, tmp_path / "festival.sqlite3", **(begun.kwargs if begun else {}))


@pytest.fixture
def second_database_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Another one of the same kind, for what is compared side by side."""
    kind = next(each for each in DATABASES if database_url.startswith(each))
    yield from _fresh(request, kind, tmp_path / "second.sqlite3")


def _fresh(
    request: pytest.FixtureRequest, kind: str, path: Path, build: Build | None = None, after: Build | None = None
) -> Iterator[str]:
    template = request.getfixturevalue(f"{kind}_template")
    for each in (after, build):
        if each is not None:
            template = request.getfixturevalue("templates")(each.__name__, kind, each, template)
    if kind == "sqlite":
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    yield from _cloned(request.getfixturevalue("cluster"), template)


def empty_database(request: pytest.FixtureRequest, kind: str, path: Path) -> Iterator[str]:
    """The address of a database without a table; on SQLite it is the file `path`."""
    if kind == "sqlite":
        yield f"sqlite:///{path}"
        return
    yield from _cloned(request.getfixturevalue("cluster"), "template1")


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database without a table, of the kind of this test's festival."""
    kind = next(each for each in DATABASES if database_url.startswith(each))
    yield from empty_database(request, kind, tmp_path / "empty.sqlite3")


def _cloned(server: Cluster, template: str) -> Iterator[str]:
    name = f"t_{os.getpid()}_{next(_numbers)}"
    yield server.create(name, template)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


_numbers = iter(range(10**9))


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """The settings of this test's festival."""
    return test_config(tmp_path / "instance", database_url)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The whole application on a fresh database, on both kinds in turn.

    No context is pushed: one that stays open would be shared by the requests of the test client, and with it the
    session and everything in `g`. Tests write `with app.app_context():`.
    """
    application = create_app(config)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen."""
    return app.test_client()


@pytest.fixture(scope="session")
def quick_flask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a `flask` that has imported the program already; each call is a process of its own."""
    with ready_flask(tmp_path_factory.mktemp("quick") / "bin") as folder:
        yield folder


@pytest.fixture
def mail_server() -> Iterator[PostBox]:
    """A real SMTP server on a free port that keeps what it is sent."""
    box = PostBox()
    box.start()
    yield box
    box.stop()


@pytest.fixture
def live_server(app: Flask, config: Config, quick_flask: Path) -> Iterator[Served]:
    """This test's festival behind real gunicorn workers on a free port."""
    with serve(config, ready=quick_flask) as served:
        yield served


@pytest.fixture(scope="session")
def playwright_driver(run_folder: Path) -> Iterator[Playwright]:
    """One driver per worker; what it expects may take as long as a busy machine needs."""
    expect.set_options(timeout=PATIENCE_MS)
    with pytest.MonkeyPatch.context() as started:
        # Where its browsers put down what they keep and what their processes share; a socket's name may have 107 letters.
        started.setenv("TMPDIR", tempfile.mkdtemp(prefix="b", dir=run_folder))
        driver = sync_playwright().start()
    yield driver
    driver.stop()


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """The installed Chromium without a camera."""
    running = launch(playwright_driver, find_chromium())
    yield running
    running.close()


@pytest.fixture
def camera_browser(playwright_driver: Playwright) -> Iterator[Any]:
    """Call with an MJPEG file: a Chromium whose camera shows it."""
    opened: list[Browser] = []

    def open_with(video: Path) -> Browser:
        running = launch(playwright_driver, find_chromium(), camera=video)
        opened.append(running)
        return running

    yield open_with
    for running in opened:
        running.close()


@pytest.fixture
def context(browser: Browser, live_server: Served) -> Iterator[BrowserContext]:
    """A fresh phone of 360 px that speaks Vietnamese, at the live server's address."""
    made = browser.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740}, locale="vi-VN")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One tab of that phone."""
    return context.new_page()
