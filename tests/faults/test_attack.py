"""Do the attacks that went through the first release find anything, and would they if there were something?

The short form of `make attack`; `make faults` runs the long one. Both need what they attack to run as it does in real
life: two workers, real limits, both databases.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from config import Config
from tests.conftest import PASS_KEY
from tests.faults import attack
from tests.faults.attacks.client import Bounds, Browser, NotLoopback, OutOfBounds, loopback
from tests.faults.attacks.house import House, open_house
from tests.faults.attacks.report import ATTACKS, Attack, Found, made, worded
from tests.harness.postgres import Cluster

SEED = int(os.environ.get("SEED") or attack.SEED)
# Without its guard each of these must find what it looks for; tests/faults/first_release.py takes the guards away.
FOUND_WITHOUT_GUARDS = {
    "gate_lead_makes_a_judges_code",
    "who_saw_a_code_is_the_judge",
    "pins_are_guessed",
    "closed_account_marks_on",
    "role_taken_away_leaves_devices",
    "seat_taken_away_leaves_the_tablet",
    "weak_passwords",
    "sessions_after_end_all",
    "a_number_is_used_twice",
    "steps_without_proof",
    "the_security_log_is_rewritten",
    "acts_that_leave_no_line",
    "a_known_key_gives_anothers_link",
    "a_flood_to_one_mailbox",
    "four_digits_are_guessed",
    "codes_are_tried_against_a_copy",
    "passwords_are_guessed_from_the_venue",
    "two_letters_list_families",
    "marks_are_changed_by_sql",
    "a_wrong_key_is_served",
    "wrong_bytes",
    "heads_of_other_contests",
}

QUICKLY_FOUND = {
    "who_saw_a_code_is_the_judge",
    "the_security_log_is_rewritten",
    "a_known_key_gives_anothers_link",
    "a_flood_to_one_mailbox",
    "four_digits_are_guessed",
    "two_letters_list_families",
    "marks_are_changed_by_sql",
    "heads_of_other_contests",
}


@contextmanager
def _house(
    request: pytest.FixtureRequest, kind: str, folder: Path, *, scale: int = 1, application: str = "app:app"
) -> Iterator[House]:
    """The demo festival on this kind of database, served."""
    template = request.getfixturevalue("demo_templates")(kind)
    cluster: Cluster = request.getfixturevalue("cluster")
    names, own = count(), folder / kind
    own.mkdir(parents=True)
    mark = f"attacked_{os.getpid()}_{id(own)}"
    url, binaries = f"sqlite:///{own / 'attacked.sqlite3'}", None

    def fresh() -> str:
        if kind == "sqlite":
            return f"sqlite:///{own / f'other-{next(names)}.sqlite3'}"
        return cluster.create(f"{mark}_{next(names)}")

    if kind == "sqlite":
        shutil.copyfile(template, own / "attacked.sqlite3")
    else:
        url, binaries = cluster.create(mark, template), cluster.binaries
    config = Config(url, "only-for-tests-" * 3, PASS_KEY, own / "instance")
    ready: Path = request.getfixturevalue("quick_flask")
    with open_house(
        config, own, fresh, seed=SEED, scale=scale, ready=ready, binaries=binaries, application=application
    ) as house:
        yield house


@pytest.mark.long
@pytest.mark.either_database
@pytest.mark.parametrize("kind", attack.KINDS)
def test_no_attack_finds_anything(kind: str, request: pytest.FixtureRequest, tmp_path: Path, run_folder: Path) -> None:
    """What does not lean on the database meets one of them here, both in the long form."""
    chosen = [each for each in ATTACKS if each.short_on in {"", kind}]
    found, answers = _attacked(request, kind, tmp_path, chosen, scale=1)
    assert found == []
    # Whichever database comes second finds what the first answered.
    (run_folder / f"attacked-{kind}.json").write_text(json.dumps(answers["wrong bytes"]), encoding="utf-8")
    told = [json.loads(path.read_text("utf-8")) for path in sorted(run_folder.glob("attacked-*.json"))]
    assert attack.unequal([{"wrong bytes": each} for each in told]) == []


@pytest.mark.faults
def test_no_attack_finds_anything_in_the_long_form(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    both = [_attacked(request, kind, tmp_path / kind, ATTACKS, scale=attack.LONG) for kind in attack.KINDS]
    assert [found for found, _answers in both] == [[], []]
    assert attack.unequal([answers for _found, answers in both]) == []


def _attacked(
    request: pytest.FixtureRequest, kind: str, folder: Path, chosen: Sequence[Attack], scale: int
) -> tuple[list[str], dict[str, object]]:
    """What was found or proved nothing, in words; and what both databases must answer alike."""
    with _house(request, kind, folder, scale=scale) as house:
        results = attack.run(house, chosen, print)
    lines = [worded(kind, each, found) for each in chosen if (found := results[each.name]).holes or found.dead]
    return lines, house.answers


def test_attacks_find_their_guard_missing(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """One of each room that is quick; all of them in the long form."""
    assert _found_without_guards(request, tmp_path, QUICKLY_FOUND) == QUICKLY_FOUND


@pytest.mark.faults
def test_each_attack_finds_its_guard_missing(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert _found_without_guards(request, tmp_path, FOUND_WITHOUT_GUARDS) == FOUND_WITHOUT_GUARDS


def _found_without_guards(request: pytest.FixtureRequest, folder: Path, names: set[str]) -> set[str]:
    chosen = [each for each in ATTACKS if each.name in names]
    with _house(request, "sqlite", folder, application="tests.faults.first_release:app") as house:
        for (trigger,) in house.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'security_note'"
        ):
            house.change(f"DROP TRIGGER {trigger}")
        results = attack.run(house, chosen, print)
    return {name for name, found in results.items() if found.holes}


def test_every_line_from_1_to_14_has_an_attack_and_says_what_was_seen() -> None:
    assert {each.line for each in ATTACKS} == set(range(1, 15))
    assert [each.name for each in ATTACKS if not each.seen_once] == []
    assert len({each.name for each in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize(
    "address", ["192.168.1.10", "10.0.0.1", "203.0.113.7", "0.0.0.0", "::", "example.vn", "localhost", ""]
)
def test_nothing_but_this_machine_is_attacked(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotLoopback):
        loopback(address)
    with pytest.raises(NotLoopback):
        Browser(address, 80, Bounds(1, 1))
    assert attack.main(["--host", address, "--line", "7"]) == 2
    assert "only an address of this machine" in capsys.readouterr().err


def test_it_stops_by_itself() -> None:
    bounds = Bounds(requests=2, seconds=3600)
    bounds.take()
    bounds.take()
    with pytest.raises(OutOfBounds):
        bounds.take()
    with pytest.raises(OutOfBounds):
        Bounds(requests=10, seconds=-1).take()


def test_an_attack_without_its_control_proves_nothing() -> None:
    def silent(_house: House, found: Found) -> None:
        found.hole(False, "nothing")

    def broken(_house: House, found: Found) -> None:
        found.control(True, "it runs")
        raise LookupError("gone")

    nobody: House = None  # type: ignore[assignment]
    assert made(Attack(1, "silent", "-", silent), nobody).dead == ["it has no control"]
    assert made(Attack(1, "broken", "-", broken), nobody).dead == ["broke down: LookupError: gone"]


def test_unequal_answers_of_two_databases_are_named() -> None:
    one, other = {"wrong bytes": {"NUL": 422, "next": 302}}, {"wrong bytes": {"NUL": 500, "next": 302}}
    assert attack.unequal([one, other]) == ["NUL: 422 and 500"]
    assert attack.unequal([one, one]) == []
