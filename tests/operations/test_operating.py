"""Does every command of docs/operating.md do what the page says, and do page and product say the same of each sign?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT, Config
from festival.core.database import db
from festival.core.pulse.runbook import OUT_OF_ORDER, RUNBOOK
from festival.core.pulse.signs import WatchedPart
from festival.factory import create_app
from tests.harness.machine import BLOCK, Machine
from tests.harness.postgres import Cluster
from tests.harness.served import environment, free_port

# What the two databases answer in their own way (backup, drill, restore) has tests of its own.
pytestmark = pytest.mark.either_database

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
UNITS = ["units", "import", str(ROOT / "festival/editions/data/units/kien-giang-2024.json")]
FESTIVAL = ["festival", "import", str(ROOT / "docs/examples/ngay-hoi-nho.json")]
TYPED_ONCE, *BLOCKS = BLOCK.findall(PAGE)


@pytest.fixture
def machine(config: Config, tmp_path: Path, quick_flask: Path, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """An installation with a small festival in it; nothing runs yet."""
    app = create_app(config)
    for typed in (UNITS, FESTIVAL):
        done = app.test_cli_runner().invoke(args=typed)
        assert done.exit_code == 0, done.output
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    port, told = free_port(), environment(config)
    settings = tmp_path / "festival.env"
    kept = {name: told[name] for name in told if name.startswith(("FESTIVAL_", "DATABASE_URL"))}
    settings.write_text("".join(f"{name}={value}\n" for name, value in {**kept, "FESTIVAL_PORT": str(port)}.items()))
    cluster: Cluster | None = None if config.is_sqlite else request.getfixturevalue("cluster")
    made = Machine(
        tmp_path / "machine",
        quick_flask,
        {
            "/opt/festival/current": str(ROOT),
            "/opt/festival": str(ROOT),
            "/etc/festival.env": str(settings),
            "/var/lib/festival": str(config.instance),
            "127.0.0.1:5000": f"127.0.0.1:{port}",
        },
        cluster.binaries if cluster else None,
    )
    yield made
    made.stop()


@pytest.mark.long
def test_every_command_of_the_page_is_run_in_its_order(machine: Machine) -> None:
    started = machine.run("systemctl start festival-web festival-worker festival-backup.timer")
    assert started.returncode == 0, started.stderr
    for block in BLOCKS:
        done = machine.run(TYPED_ONCE + block)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    said = "\n".join(machine.said)
    assert said.count('"status":"ready"') == 3
    assert [
        words for words in ("Đã sao lưu", "Khôi phục được", "Đã khôi phục từ", "removed") if words not in said
    ] == []


def test_what_is_mistyped_or_has_other_settings_does_not_pass(machine: Machine) -> None:
    for wrong in (
        "sudo systemctl restart festival-wbe",
        TYPED_ONCE.replace("--uid=festival", "--uid=root") + "flask outbox list",
        TYPED_ONCE.replace('="$program"', "=/tmp") + "flask outbox list",
        TYPED_ONCE + "flask backups",
        "systemctl status festival-web",
        "journalctl --since=yesterday",
    ):
        assert machine.run(wrong).returncode != 0, wrong


def parts() -> dict[str, str]:
    """What the page says of each sign."""
    return {
        title: text.partition("\n# ")[0]
        for title, text in re.findall(r"^## (?:Sign|No line): (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    }


def test_each_sign_has_its_part_with_four_answers_and_the_products_commands() -> None:
    found = parts()
    signs = [title for title in found if title in set(WatchedPart)]
    assert sorted(signs) == sorted(WatchedPart) == sorted(RUNBOOK)
    entries = [*RUNBOOK.values(), *(entry for _title, entry in OUT_OF_ORDER)]
    texts = [*(found[part] for part in RUNBOOK), *(found[title] for title in found if title not in signs)]
    assert len(texts) == len(entries)
    for text, entry in zip(texts, entries, strict=True):
        assert [word for word in ("Means", "Look", "Do", "Well") if f"**{word}" not in text] == []
        typed = "\n".join(line for block in BLOCK.findall(text) for line in block.splitlines()) + text
        assert [command for command in entry.commands if command not in typed] == []


def test_the_page_leaves_no_command_unrun() -> None:
    """A command that stands among words is one that a block runs, or belongs to a page of its own."""
    run = "\n".join(BLOCKS)
    named = {
        each.partition("…")[0].strip()
        for each in re.findall(r"`((?:sudo |systemctl |flask )[^`]+)`", PAGE)
        if not each.startswith(("flask …", "flask venue"))
    }
    assert sorted(each for each in named if each not in run) == []
