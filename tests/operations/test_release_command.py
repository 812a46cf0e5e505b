"""Does a release come to serve whole or not at all, and is there a way back from every step?

What is installed here is a program of a few lines with its own idea of a database (a file with the number of its tables), so
that each end of each step can be seen; tests/faults/test_release.py does the same with the festival and its guests.
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config import ROOT
from tests.harness.releases import Releases
from tests.harness.waiting import wait_until

# Knows the tables up to its own number; `restore` puts back the number that the copy holds.
FLASK = """#!/bin/sh
tables=$(cat "$FESTIVAL_INSTANCE/tables")
case "$3" in
    db) [ "$tables" -le {tables} ] || {{ echo "Error: phiên bản mới hơn" >&2; exit 1; }} ;;
    restore) {restores} cp "$4" "$FESTIVAL_INSTANCE/tables"; echo "Đã khôi phục từ $4." ;;
esac
"""
SETUP = """#!/bin/sh
mkdir -p .venv/bin node_modules/left
cp flask .venv/bin/flask
{more}
"""


def small_program(folder: Path, version: str, tables: int = 1, *, more: str = "", restores: str = "") -> Path:
    (folder / "scripts").mkdir(parents=True)
    (folder / "app.py").touch()
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n', "utf-8")
    (folder / "flask").write_text(FLASK.format(tables=tables, restores=restores), "utf-8")
    (folder / "flask").chmod(0o755)
    steps = folder / "migrations" / "versions"
    steps.mkdir(parents=True)
    for step in range(1, tables + 1):
        (steps / f"{step}_step.py").touch()
    (folder / "scripts" / "setup.sh").write_text(SETUP.format(more=more), "utf-8")
    return folder


@dataclass
class Server:
    """What answers on the port: the release the link led to when the service was started last, as its file `serves` says."""

    root: Path
    instance: Path
    port: int = 0
    asked: list[list[str]] = field(default_factory=list)
    serving: Path | None = None

    def obey(self, verb: str, *units: str) -> bool:
        self.asked.append([verb, *units])
        if "festival-web.service" not in units:
            return True
        self.serving = None
        if verb == "stop":
            return True
        release = (self.root / "current").resolve()
        if (release / "does-not-start").exists():
            return False
        wants = str(len(list((release / "migrations" / "versions").iterdir())))
        found = (self.instance / "tables").read_text().strip()
        if wants > found:  # it makes a copy and changes the tables, as the real one does when it starts
            (self.instance / f"copy-{found}").write_text(found)
            line = {
                "at": "2024-06-14T00:00:00+00:00",
                "from": found,
                "to": wants,
                "copy": str(self.instance / f"copy-{found}"),
            }
            if (release / "answers-badly").exists() or (release / "stops-after").exists():
                line["at"] = "2999-01-01T00:00:00+00:00"
            with (self.instance / "upgrades.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            (self.instance / "tables").write_text(wants)
        if (release / "stops-after").exists():
            return False
        self.serving = release
        return True

    def answer(self) -> tuple[int, dict[str, str]]:
        if self.serving is None:
            return 0, {}
        named = self.serving / "RELEASE"
        return 503 if (self.serving / "answers-badly").exists() else 200, {
            "release": named.read_text().strip() if named.exists() else ""
        }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    instance = tmp_path / "data"
    instance.mkdir()
    (instance / "tables").write_text("1")
    (tmp_path / "opt").mkdir()
    made = Server(tmp_path / "opt", instance)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, told = made.answer()
            if status:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_said: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        made.port = listening.server_address[1]
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        yield made
        listening.shutdown()


@pytest.fixture
def releases(server: Server, tmp_path: Path) -> Iterator[Releases]:
    """With a `systemctl` that asks the server above."""
    settings = tmp_path / "festival.env"
    settings.write_text(
        f"# the service's\nFESTIVAL_INSTANCE='{server.instance}'\nFESTIVAL_PORT={server.port}\n", "utf-8"
    )
    systemctl = tmp_path / "systemctl"
    asked, said = tmp_path / "asked", tmp_path / "said"
    os.mkfifo(asked)
    os.mkfifo(said)
    systemctl.write_text(f'#!/bin/sh\necho "$@" > {asked}\nread code < {said}\nexit $code\n', "utf-8")
    systemctl.chmod(0o755)

    def attend() -> None:
        while words := asked.read_text().split():
            said.write_text(f"{0 if server.obey(*words) else 1}\n")

    attending = threading.Thread(target=attend)
    attending.start()
    yield Releases(server.root, settings, systemctl, patience_s=0.3)
    asked.write_text("")
    attending.join()


def test_a_release_is_set_up_apart_and_serves_after_the_switch(
    releases: Releases, server: Server, tmp_path: Path
) -> None:
    one = releases.install(small_program(tmp_path / "one", "1.0"))
    assert (server.asked, (server.root / "current").exists()) == ([], False)
    assert not (server.root / "releases" / one / "node_modules").exists(), "only the set-up needed it"
    assert "đã cài sẵn" in releases.run("install", str(tmp_path / "one"))
    assert f"Bản {one} đang phục vụ." in releases.run("switch", one)
    assert server.asked == [
        ["stop", "festival-worker.service"],
        ["restart", "festival-web.service"],
        ["start", "festival-worker.service"],
    ]
    two = releases.install(small_program(tmp_path / "two", "2.0"))
    assert "release.py rollback" in releases.run("switch", two)
    assert releases.run("list") == f"{two}\tđang phục vụ\n{one}\tbản trước\n"
    releases.run("rollback")
    assert (releases.serving(), server.serving) == (one, server.root / "releases" / one)
    assert "Không có bản nào trước" in releases.run("rollback", ends=1)
    releases.run("switch", two)
    releases.run("rollback")
    assert releases.serving() == one


@pytest.mark.parametrize("ended", ["exit 3", "kill -TERM $PPID; sleep 9", "kill -KILL $PPID; sleep 0.2"])
def test_a_set_up_that_fails_changes_nothing(releases: Releases, server: Server, tmp_path: Path, ended: str) -> None:
    one = releases.install(small_program(tmp_path / "one", "1.0"))
    releases.run("switch", one)
    broken = small_program(tmp_path / "two", "2.0", more=ended)
    killed = "KILL" in ended
    code = {"exit 3": 1, "kill -TERM $PPID; sleep 9": 143}.get(ended, -signal.SIGKILL)
    releases.run("install", str(broken), ends=code, apart=True)
    assert (releases.serving(), len(server.asked)) == (one, 3)
    left = sorted(path.name for path in (server.root / "releases").iterdir())
    # Who is killed clears nothing up; what was left is no release, and the next one takes its place.
    assert (left == [one], len(left)) == (not killed, 2 if killed else 1)
    half = next((name for name in left if name != one), "2.0-12345678")
    assert "Chưa cài bản" in releases.run("switch", half, ends=1)
    (broken / "scripts" / "setup.sh").write_text(SETUP.format(more=""), "utf-8")
    releases.run("switch", releases.install(broken))
    releases.run("prune")
    assert len(list((server.root / "releases").iterdir())) == 2


@pytest.mark.parametrize(
    ("fault", "said"), [("does-not-start", "không phục vụ được"), ("answers-badly", "không phục vụ được")]
)
def test_a_release_that_does_not_come_up_gives_way_by_itself(
    releases: Releases, server: Server, tmp_path: Path, fault: str, said: str
) -> None:
    one = releases.install(small_program(tmp_path / "one", "1.0"))
    releases.run("switch", one)
    two = releases.install(small_program(tmp_path / "two", "2.0", more=f"touch {fault}"))
    told = releases.run("switch", two, ends=1)
    assert said in told and f"Đã quay lại bản {one}, đang phục vụ." in told
    assert server.serving == server.root / "releases" / one
    assert server.asked[-1] == ["start", "festival-worker.service"]
    assert "Không có bản nào trước" in releases.run("rollback", ends=1), "what did not come up is not the one before"


def test_changed_tables_go_back_by_themselves_only_when_nothing_was_answered(
    releases: Releases, server: Server, tmp_path: Path
) -> None:
    one = releases.install(small_program(tmp_path / "one", "1.0"))
    releases.run("switch", one)
    silent = releases.install(small_program(tmp_path / "silent", "2.0", tables=2, more="touch stops-after"))
    assert f"Đã quay lại bản {one}" in releases.run("switch", silent, ends=1)
    assert ((server.instance / "tables").read_text(), releases.serving()) == ("1", one)
    bad = releases.install(small_program(tmp_path / "bad", "2.1", tables=2, more="touch answers-badly"))
    told = releases.run("switch", bad, ends=1)
    assert "rollback --with-the-copy" in told and "Đã quay lại" not in told
    assert ((server.instance / "tables").read_text(), releases.serving()) == ("2", bad)
    releases.run("rollback", "--with-the-copy")
    assert ((server.instance / "tables").read_text(), releases.serving()) == ("1", one)


def test_a_rollback_over_changed_tables_is_refused_in_words_and_done_with_the_copy(
    releases: Releases, server: Server, tmp_path: Path
) -> None:
    one = releases.install(small_program(tmp_path / "one", "1.0"))
    releases.run("switch", one)
    two = releases.install(small_program(tmp_path / "two", "2.0", tables=2))
    releases.run("switch", two)
    told = releases.run("rollback", ends=1)
    assert "Chưa đổi gì" in told and "2024-06-14T00:00:00 UTC" in told and "--with-the-copy" in told
    assert (releases.serving(), server.serving) == (two, server.root / "releases" / two)
    assert f"Bản {one} đang phục vụ" in releases.run("rollback", "--with-the-copy")
    stopped = ["stop", "festival-web.socket", "festival-web.service", "festival-worker.service"]
    assert (stopped in server.asked, (server.instance / "tables").read_text()) == (True, "1")
    # Forward again, and a copy that is gone: refused before anything is stopped.
    releases.run("switch", two)
    (server.instance / "copy-1").unlink()
    asked = len(server.asked)
    assert "không còn bản sao nào" in releases.run("rollback", "--with-the-copy", ends=1)
    assert (len(server.asked), releases.serving()) == (asked, two)


def test_a_copy_that_cannot_be_put_back_leaves_the_release_that_served(
    releases: Releases, server: Server, tmp_path: Path
) -> None:
    releases.run("switch", releases.install(small_program(tmp_path / "one", "1.0", restores="exit 1;")))
    two = releases.install(small_program(tmp_path / "two", "2.0", tables=2))
    releases.run("switch", two)
    assert "đang phục vụ như trước" in releases.run("rollback", "--with-the-copy", ends=1)
    assert (releases.serving(), server.serving) == (two, server.root / "releases" / two)


def test_a_copy_that_differs_from_the_ledger_serves_as_before_and_says_so(
    releases: Releases, server: Server, tmp_path: Path
) -> None:
    """`flask restore` has put it in place by then, and ends with 1."""
    puts_back = 'cp "$4" "$FESTIVAL_INSTANCE/tables"; echo "Khác với sổ." >&2; exit 1;'
    one = releases.install(small_program(tmp_path / "one", "1.0", restores=puts_back))
    releases.run("switch", one)
    releases.run("switch", releases.install(small_program(tmp_path / "two", "2.0", tables=2)))
    told = releases.run("rollback", "--with-the-copy")
    assert "Khác với sổ." in told and "CHÚ Ý" in told
    assert (server.serving, (server.instance / "tables").read_text()) == (server.root / "releases" / one, "1")


def test_a_release_that_does_not_know_the_database_is_refused_before_anything_stops(
    releases: Releases, server: Server, tmp_path: Path
) -> None:
    (server.instance / "tables").write_text("3")
    old = releases.install(small_program(tmp_path / "old", "1.0"))
    assert "phiên bản mới hơn" in releases.run("switch", old, ends=1)
    assert (server.asked, (server.root / "current").exists()) == ([], False)


def test_a_single_folder_of_before_is_moved_and_can_come_back(
    releases: Releases, server: Server, tmp_path: Path
) -> None:
    small_program(server.root, "0.9")
    subprocess.run(["sh", "scripts/setup.sh"], cwd=server.root, check=True)
    (server.root / ".env").write_text("FESTIVAL_PORT=5000\n")
    two = releases.install(small_program(tmp_path / "two", "2.0"))
    assert "Chuyển các dòng của" in releases.run("switch", two, ends=1)
    (server.root / ".env").unlink()
    releases.run("switch", two)
    assert server.serving == server.root / "releases" / two
    assert releases.run("list") == f"{two}\tđang phục vụ\n. ({server.root})\tbản trước\n"
    releases.run("rollback")
    assert server.serving == server.root
    releases.run("switch", two)
    assert server.serving == server.root / "releases" / two


@pytest.mark.parametrize("where", ["", "{root}", "{root}/current/instance", "{root}/releases/x/instance"])
def test_data_may_not_lie_in_a_release(releases: Releases, server: Server, tmp_path: Path, where: str) -> None:
    one = releases.install(small_program(tmp_path / "one", "1.0"))
    releases.env_file.write_text(f"FESTIVAL_INSTANCE={where.format(root=server.root)}\n", "utf-8")
    assert "FESTIVAL_INSTANCE" in releases.run("switch", one, ends=1)
    releases.env_file.unlink()
    assert str(releases.env_file) in releases.run("switch", one, ends=1)
    assert (server.asked, (server.root / "current").exists()) == ([], False)


def test_pruning_keeps_what_serves_and_the_one_before(releases: Releases, server: Server, tmp_path: Path) -> None:
    names = [releases.install(small_program(tmp_path / str(number), f"{number}.0")) for number in range(1, 6)]
    for number, name in enumerate(names):
        os.utime(server.root / "releases" / name / "RELEASE", (number, number))
    releases.run("switch", names[1])
    releases.run("switch", names[0])
    releases.run("prune", "--keep", "3")
    assert releases.run("list") == f"{names[4]}\t\n{names[1]}\tbản trước\n{names[0]}\tđang phục vụ\n"
    releases.run("prune", "--keep", "0")
    assert releases.run("list") == f"{names[1]}\tbản trước\n{names[0]}\tđang phục vụ\n"


def test_what_is_not_there_and_what_is_busy_is_said(releases: Releases, server: Server, tmp_path: Path) -> None:
    assert "git clone" in releases.run("install", "v1.0", ends=1)
    assert "Chưa cài bản “../etc”" in releases.run("switch", "../etc", ends=1)
    assert "Chưa cài bản nào" in releases.run("list")
    slow = small_program(
        tmp_path / "slow", "1.0", more=f"touch {tmp_path}/begun; while [ ! -e {tmp_path}/go ]; do sleep 0.05; done"
    )
    busy = threading.Thread(target=releases.run, args=("install", str(slow)), kwargs={"apart": True})
    busy.start()
    wait_until((tmp_path / "begun").exists, "the set-up")
    assert "đang chạy" in releases.run("prune", ends=1)
    (tmp_path / "go").touch()
    busy.join()
    assert len(list((server.root / "releases").glob("*/RELEASE"))) == 1


def test_a_tag_of_the_repository_is_installed(releases: Releases, server: Server, tmp_path: Path) -> None:
    origin = small_program(tmp_path / "origin", "1.0")

    def git(*arguments: str, where: Path = origin) -> str:
        named = ["-c", "user.name=Cô Ba", "-c", "user.email=ba@example.vn"]
        return subprocess.run(
            ["git", "-C", where, *named, *arguments], check=True, capture_output=True, text=True
        ).stdout

    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "một"], ["tag", "v1"]):
        git(*arguments)
    git("clone", "-q", str(origin), str(server.root / "repository"), where=tmp_path)
    (origin / "new.txt").touch()
    for arguments in (["add", "."], ["commit", "-qm", "hai"]):
        git(*arguments)
    assert releases.install(Path("v1")) == f"1.0-{git('rev-parse', 'v1')[:8]}"
    newest = releases.install(Path("main"))
    assert newest == f"1.0-{git('rev-parse', 'main')[:8]}"
    assert (server.root / "releases" / newest / "new.txt").is_file()
    assert "v9" in releases.run("install", "v9", ends=1)
    origin.rename(tmp_path / "away")
    assert "dùng những gì đã lấy" in releases.run("install", "main")


def test_the_units_go_through_the_link_and_the_address_is_the_services_own() -> None:
    for unit in ("web", "worker", "backup"):
        lines = (ROOT / "deploy" / f"festival-{unit}.service").read_text("utf-8").splitlines()
        places = [line for line in lines if "/opt/festival" in line]
        assert len(places) >= 2 and all("/opt/festival/current" in line for line in places), unit
