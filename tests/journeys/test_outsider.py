"""Can a stranger run a whole festival from an empty database with nothing but docs/commands.md?

Its `sh` blocks are run as they stand, in bash, section by section; the server between them is real. The first section
starts `flask` as anybody does; after it, it is one that has imported the program already (harness/ready_flask).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import click
import psycopg
import pytest

from config import ROOT, Config
from festival.factory import create_app
from festival.operations.commands import RoomCommand
from tests.conftest import DATABASES, test_config
from tests.harness.postgres import Cluster
from tests.harness.served import environment, serve
from tests.harness.waiting import PATIENCE_S, wait_until

PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
WALK, REFERENCE = PAGE.split("# Every command")
FOREIGN = {"db", "limiter", "routes", "run", "shell"}  # commands of Flask and its extensions
FAMILIES = ("Gia đình ông Danh Chung", "Gia đình ông Trần Văn Út", "Gia đình ông Quách Tuấn Kiệt")


def blocks(number: int) -> str:
    """The shell lines of a section."""
    section = re.split(r"^## ", WALK, flags=re.MULTILINE)[number]
    assert section.startswith(f"{number}. ")
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL))


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Config]:
    """Settings of a festival whose database has not one table."""
    if request.param == "sqlite":
        yield test_config(tmp_path / "instance", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        return
    server: Cluster = request.getfixturevalue("cluster")
    name = f"outsider_{os.getpid()}"
    yield test_config(tmp_path / "instance", server.create(name))
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Terminal:
    """The stranger's terminal; `quick` is a folder with the program's `flask`, ready to go."""

    def __init__(self, config: Config, work: Path, tools: Path | None, quick: Path) -> None:
        found = [str(Path(sys.executable).parent), *([str(tools)] if tools else []), os.environ["PATH"]]
        self.env = {**environment(config), "PATH": os.pathsep.join(found), "FLASK_APP": "app", "WORK": str(work)}
        self.quick = {"PATH": os.pathsep.join([str(quick), *found])}

    def run(self, *sections: int, **more: str) -> str:
        """What the sections print; a command that fails stops them and is shown."""
        lines = "\n".join(blocks(number) for number in sections)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", lines],
            cwd=ROOT,
            env={**self.env, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{sections}:\n{done.stdout}\n{done.stderr}"
        return done.stdout


def read(url: str) -> str:
    with urlopen(url, timeout=PATIENCE_S) as answer:
        return answer.read().decode()


@pytest.mark.long
@pytest.mark.either_database
def test_a_whole_festival_by_copy_and_paste(
    empty: Config, tmp_path: Path, quick_flask: Path, request: pytest.FixtureRequest
) -> None:
    tools = None if empty.is_sqlite else request.getfixturevalue("cluster").binaries
    work = tmp_path / "work"
    work.mkdir()
    terminal = Terminal(empty, work, tools, quick_flask)
    terminal.run(1)
    said = terminal.run(2, 3, 4, **terminal.quick)
    assert "Đã ghi 2 gia đình." in said
    assert "Đã ghi 1 gia đình." in said
    assert "3 trên 3 gia đình đã duyệt." in said
    assert "Đã công bố lịch thi phiên bản 1." in said
    with serve(empty, ready=quick_flask) as served:
        programme = read(f"{served.url}/programme")
        assert [name for name in FAMILIES if name in programme] == list(FAMILIES)
        before = read(f"{served.url}/results")
        said = terminal.run(5, URL=served.url, **terminal.quick)
        assert said.count('"verdict":"applied"') == 3
        assert sorted(re.findall(r"\t(\d)/\1\t(\d)/\2$", said, flags=re.MULTILINE)) == [("1", "3"), ("2", "6")]
        said = terminal.run(6, URL=served.url, **terminal.quick)
        assert said.count('"verdict":"applied"') == 6
        said = terminal.run(7, **terminal.quick)
        assert read(f"{served.url}/results").count("Gia đình tài năng") == before.count("Gia đình tài năng")
        assert not any(mark in read(f"{served.url}/results") for mark in ("89,25", "88,25", "87,25"))
        said = terminal.run(8, **terminal.quick)
        order = [line.split("\t")[2] for line in (work / "tai-nang.tsv").read_text("utf-8").splitlines()]
        published = {each["contest"]: each for each in json.loads(said.splitlines()[2])}
        assert [(each["prize"], each["winners"]) for each in published["tai-nang"]["prizes"]] == [
            ("Nhất", order[:1]),
            ("Nhì", order[1:2]),
            ("Khuyến khích", order[2:]),
        ]
        shown = wait_for(f"{served.url}/results", order[0])
        assert [name for name in FAMILIES if name in shown] == list(FAMILIES)
        said = terminal.run(9, **terminal.quick)
        assert "BỊ THAY ĐỔI" not in said
    said = terminal.run(10, **terminal.quick)
    assert "BỊ THAY ĐỔI" not in said
    assert {each["contest"]: each for each in json.loads(said.splitlines()[-1])} == published


def wait_for(url: str, words: str) -> str:
    """A page that is drawn from a snapshot of some seconds."""
    wait_until(lambda: words in read(url), f"{words} at {url}")
    return read(url)


def test_every_command_and_option_is_named(tmp_path: Path) -> None:
    app = create_app(test_config(tmp_path, f"sqlite:///{tmp_path / 'none.sqlite3'}"))
    missing = [
        f"{path} {option}".strip()
        for path, command in commands(app.cli)
        for option in [
            "",
            *(each.opts[0] for each in command.params if isinstance(each, click.Option) and not each.hidden),
        ]
        if not re.search(rf"^### `{path}( |`)[^#]*?{re.escape(option)}", REFERENCE, flags=re.MULTILINE | re.DOTALL)
    ]
    assert missing == []


def commands(group: click.Group, path: str = "flask") -> Iterator[tuple[str, click.Command]]:
    """Every command of our own with its full name."""
    for name, known in sorted(group.commands.items()):
        if path == "flask" and name in FOREIGN:
            continue
        command = known.load() if isinstance(known, RoomCommand) else known
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command
