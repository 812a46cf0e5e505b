"""Do phones and pages go through an upgrade and a rollback without one wrong answer?

The services run by their units' own lines (tests/harness/units.py), releases are installed and changed by `deploy/release.py`
as an operator does it. The short form is a small one; `make faults` does it on both databases, with the worker, with tables
that change, and with a release that does not start.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from config import Config
from festival.core.database import db
from festival.core.web.static_tree import read_tree
from tests.faults.gates import Gates, books, lost, open_gates
from tests.faults.guests import Guests
from tests.harness.postgres import Cluster
from tests.harness.releases import Releases, program, write_settings
from tests.harness.served import environment, free_port
from tests.harness.units import SOCKET, WEB, WORKER, Units, units
from tests.harness.waiting import wait_until

STEP = '''"""One table more.

Revision: {after}
After: {before}
"""

import sqlalchemy as sa
from alembic import op

revision = "{after}"
down_revision = "{before}"


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("later")
'''


def other_style(folder: Path) -> None:
    """What an upgrade brings: longer and shorter files under the same names, a page that says something else."""
    styles = folder / "static" / "css" / "tokens.css"
    styles.write_text(styles.read_text("utf-8") + "/* later */\n" * 50, "utf-8")
    (folder / "static" / "css" / "forms.css").write_text("/* shorter */\n", "utf-8")


def other_tables(folder: Path) -> None:
    """One migration more."""
    other_style(folder)
    steps = folder / "migrations" / "versions"
    before = max(path.name for path in steps.glob("*.py"))[:4]
    after = f"{int(before) + 1:04}"
    (steps / f"{after}_later.py").write_text(STEP.format(before=before, after=after), "utf-8")


def does_not_start(folder: Path) -> None:
    """A release with a fault nobody saw."""
    (folder / "app.py").write_text("raise RuntimeError('a fault nobody saw')\n", "utf-8")


@dataclass
class House:
    """One installation, its services and its guests."""

    releases: Releases
    units: Units
    guests: Guests
    sources: Path

    def install(self, version: str, change=lambda _folder: None) -> str:
        """A release with its files known to the guests."""
        name = self.releases.install(program(self.sources / version, version, change))
        tree = read_tree(self.releases.root / "releases" / name / "static")
        self.guests.know(tree.digest, tree.files)
        return name


@contextmanager
def installed(config: Config, tmp_path: Path, cluster: Cluster, *, worker: bool) -> Iterator[House]:
    """The first release, serving."""
    port, root = free_port(), tmp_path / "opt"
    path = f"{cluster.binaries}:{os.environ['PATH']}"
    settings = environment(replace(config, port=port)) | {"PATH": path}
    root.mkdir()
    named = {
        name: value for name, value in settings.items() if name.startswith(("FESTIVAL_", "DATABASE_URL", "PYTHON"))
    }
    with units(root, port, named | {"PATH": path}) as services, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", path)  # release.py runs `restore`, which wants PostgreSQL's tools of the server's version
        services.without = set() if worker else {WORKER}
        releases = Releases(root, write_settings(tmp_path / "festival.env", settings), services.systemctl)
        house = House(releases, services, Guests(port), tmp_path)
        (root / "current").symlink_to(f"releases/{house.install('1.0')}")
        assert services.obey("start", WEB, WORKER), services.log(WEB)
        yield house


PAUSE_S = 0.1


def at_work(house: House, gates: Gates, lists: list[list[str]], stop: threading.Event) -> threading.Thread:
    """Phones that send scan after scan."""
    gates.pause_s = PAUSE_S
    phones = threading.Thread(target=gates.work, args=(house.guests.port, lists, stop))
    phones.start()
    return phones


@contextmanager
def everybody(house: House, gates: Gates, lists: list[list[str]], readers: int) -> Iterator[None]:
    """Phones and guests, until the block ends; all are answered in between."""
    stop = threading.Event()
    with house.guests.here(readers):
        phones = at_work(house, gates, lists, stop)
        try:
            yield
        finally:
            stop.set()
            phones.join()


def served(house: House) -> None:
    """Wait until everybody was answered anew."""
    before = house.guests.answers
    wait_until(lambda: house.guests.answers > before + 30, "answers")


def told(house: House, gates: Gates, what: str) -> None:
    guests = house.guests
    print(
        f"\n{what}: {guests.answers} answers and {len(gates.acknowledged)} scans, {len(guests.wrong)} wrong, asked again "
        f"{guests.asked_again} and {gates.sent_again} times, longest wait for an answer {guests.longest_gap_s:.1f} s"
    )


def check(app: Flask, house: House, gates: Gates) -> None:
    """Nothing wrong, nothing given up, nothing lost or doubled."""
    assert house.guests.wrong == []
    assert gates.given_up == []
    found = books(app, gates.fair)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # a restore wants the database for itself
    assert (found.faults, lost(gates, found)) == (0, [])
    assert len(found.admissions) == len(set(found.admissions))


@pytest.mark.either_database
def test_guests_and_phones_go_through_an_upgrade_and_a_rollback(
    app: Flask, config: Config, tmp_path: Path, cluster: Cluster
) -> None:
    gates, lists = open_gates(app, 1, 6)
    with installed(config, tmp_path, cluster, worker=False) as house:
        one = house.releases.serving()
        with everybody(house, gates, lists, 1):
            served(house)
            two = house.install("2.0", other_style)
            house.releases.run("switch", two)
            served(house)
            house.releases.run("rollback")
            served(house)
        told(house, gates, config.database_url.split(":")[0])
        assert house.releases.serving() == one
        assert len(house.guests.seen) == 2, "files of both releases were asked for"
    check(app, house, gates)


@pytest.mark.faults
def test_with_the_worker_and_more_guests(app: Flask, config: Config, tmp_path: Path, cluster: Cluster) -> None:
    gates, lists = open_gates(app, 3, 60)
    with installed(config, tmp_path, cluster, worker=True) as house:
        with everybody(house, gates, lists, 3):
            served(house)
            two = house.install("2.0", other_style)
            for _again in range(3):
                house.releases.run("switch", two)
                served(house)
                house.releases.run("rollback")
                served(house)
        told(house, gates, f"{config.database_url.split(':')[0]}, three upgrades and three rollbacks, with the worker")
        assert house.units.running[WORKER].poll() is None
    check(app, house, gates)


@pytest.mark.faults
def test_a_release_that_does_not_start_gives_way(app: Flask, config: Config, tmp_path: Path, cluster: Cluster) -> None:
    gates, lists = open_gates(app, 1, 6)
    with installed(config, tmp_path, cluster, worker=True) as house:
        one = house.releases.serving()
        with everybody(house, gates, lists, 1):
            broken = house.install("2.0", does_not_start)
            # It does not even look at the database: refused before anything stops.
            said = house.releases.run("switch", broken, ends=1)
            assert "chưa đổi gì" in said and house.releases.serving() == one
            late = house.install(
                "2.1",
                lambda folder: (folder / "deploy" / "gunicorn.conf.py").write_text("raise SystemExit(1)\n", "utf-8"),
            )
            assert f"Đã quay lại bản {one}" in house.releases.run("switch", late, ends=1)
            served(house)
        told(house, gates, f"{config.database_url.split(':')[0]}, a release that does not start")
        house.units.environment = {**house.units.environment, "FESTIVAL_PORT": "4999"}
        assert not house.units.obey("restart", WEB)
        assert "festival-web.socket" in house.units.log(WEB), "another address in the settings than the socket's"
    check(app, house, gates)


@pytest.mark.faults
def test_tables_that_changed_go_back_with_the_copy(
    app: Flask, config: Config, tmp_path: Path, cluster: Cluster
) -> None:
    gates, lists = open_gates(app, 1, 12)
    with installed(config, tmp_path, cluster, worker=True) as house:
        one = house.releases.serving()
        two = house.install("2.0", other_tables)
        with everybody(house, gates, lists, 1):
            house.releases.run("switch", two)
            served(house)
        told(house, gates, f"{config.database_url.split(':')[0]}, an upgrade with changed tables")
        check(app, house, gates)
        assert "--with-the-copy" in house.releases.run("rollback", ends=1)
        assert (house.releases.serving(), house.units.running[WEB].poll()) == (two, None)
        # The older program alone is refused too, and says why.
        house.units.obey("stop", WORKER)
        house.releases.root.joinpath("current").unlink()
        house.releases.root.joinpath("current").symlink_to(f"releases/{one}")
        assert not house.units.obey("restart", WEB)
        assert "phiên bản mới hơn" in house.units.log(WEB)
        house.releases.root.joinpath("current").unlink()
        house.releases.root.joinpath("current").symlink_to(f"releases/{two}")
        assert house.units.obey("restart", WEB)
        # Families of this test came to be without the ledger: said, and served as before the upgrade.
        said = house.releases.run("rollback", "--with-the-copy")
        assert f"Bản {one} đang phục vụ" in said and "CHÚ Ý" in said
        assert ["stop", SOCKET, WEB, WORKER] in house.units.asked
    with app.app_context():
        with db.engine.connect() as connection:
            later = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        db.engine.dispose()
    assert (
        later
        == max(path.name for path in (house.releases.root / "releases" / one / "migrations" / "versions").glob("*.py"))[
            :4
        ]
    )
