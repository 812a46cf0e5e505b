"""Do the kinds of attacks that went through the first release still go through? `make attack` (ARGS=, SEED=).

It serves a made-up festival of its own on this machine, on SQLite and on PostgreSQL, with two workers and the real
limits, and attacks it over HTTP, by commands and by SQL. It speaks to loopback only, stops by itself after a stated
number of requests and seconds, ends only what it has started, and throws its folder away. One line an attack; the exit
code is 0 when nothing was found and every search had its control, 1 when something was, 2 when a control was missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from config import Config
from tests.faults.attacks import accounts, families, keys, surface, tablets
from tests.faults.attacks.client import Bounds, NotLoopback, OutOfBounds, loopback
from tests.faults.attacks.house import House, open_house
from tests.faults.attacks.report import ATTACKS, Attack, Found, made, worded
from tests.harness.postgres import start_cluster
from tests.harness.ready_flask import ready_flask
from tests.harness.served import Served

ROOMS = (tablets, accounts, families, keys, surface)
KINDS = ("sqlite", "postgresql")
SEED = 20240614
FAMILIES = 75
LONG = 3


def run(house: House, chosen: Sequence[Attack], say: Callable[[str], None]) -> dict[str, Found]:
    """Each chosen attack on this festival, in the order of the lines; what changes tables by SQL comes last."""
    results: dict[str, Found] = {}
    for each in sorted(chosen, key=lambda one: (one.line == 8, one.line, one.name)):
        results[each.name] = made(each, house)
        say(worded(house.kind, each, results[each.name]))
    return results


def unequal(houses: Sequence[dict[str, object]]) -> list[str]:
    """Requests that were answered differently on two databases."""
    first, *others = [answers.get("wrong bytes") for answers in houses]
    found = []
    for other in others:
        if isinstance(first, dict) and isinstance(other, dict):
            found += [
                f"{name}: {first.get(name)} and {other.get(name)}"
                for name in first
                if first.get(name) != other.get(name)
            ]
    return found


@contextmanager
def places(kinds: Sequence[str], folder: Path) -> Iterator[dict[str, tuple[Callable[[], str], Path | None]]]:
    """For each kind of database how to make an empty one, and where its tools are."""
    numbers = count()
    found: dict[str, tuple[Callable[[], str], Path | None]] = {}
    if "sqlite" in kinds:
        found["sqlite"] = (lambda: f"sqlite:///{folder / f'attacked-{next(numbers)}.sqlite3'}", None)
    if "postgresql" not in kinds:
        yield found
        return
    cluster = start_cluster(folder / "postgresql", durable=False)
    try:
        found["postgresql"] = (lambda: cluster.create(f"attacked_{next(numbers)}"), cluster.binaries)
        yield found
    finally:
        cluster.stop()


def build(config: Config, folder: Path, ready: Path, fresh: Callable[[], str], seed: int) -> None:
    """Tables and a made-up festival, by commands."""
    house = House("", config, Served(0, 0, folder / "none"), folder, seed, 1, Bounds(0, 0), fresh, ready)
    house.done("db", "upgrade")
    house.done("demo", "--families", str(FAMILIES), "--quiet")
    house.engine.dispose()


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack; the exit code says what came of it."""
    parser = argparse.ArgumentParser(description="Attacks a made-up festival on this machine.")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or SEED))
    parser.add_argument("--database", choices=KINDS, action="append", help="default: both")
    parser.add_argument("--line", type=int, action="append", help="only these lines (1-14)")
    parser.add_argument("--name", action="append", help="only these attacks")
    parser.add_argument("--long", action="store_true", help="more tries")
    parser.add_argument("--host", default="127.0.0.1", help="the own address to serve and attack; nothing but loopback")
    chosen = parser.parse_args(arguments)
    try:
        host = loopback(chosen.host)
    except NotLoopback as refused:
        print(refused, file=sys.stderr)
        return 2
    wanted = [
        each
        for each in ATTACKS
        if (not chosen.line or each.line in chosen.line) and (not chosen.name or each.name in chosen.name)
    ]
    if not wanted:
        print(
            "no such attack; there are: " + ", ".join(f"{each.line} {each.name}" for each in ATTACKS), file=sys.stderr
        )
        return 2
    folder = Path(tempfile.mkdtemp(prefix="festival-attack-"))
    folder.chmod(0o711)  # the account that runs PostgreSQL must be able to pass
    try:
        return _attack(chosen.database or list(KINDS), wanted, folder, host, chosen.seed, LONG if chosen.long else 1)
    except OutOfBounds as stopped:
        print(stopped, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _attack(kinds: Sequence[str], wanted: Sequence[Attack], folder: Path, host: str, seed: int, scale: int) -> int:
    holes, dead, answers = 0, 0, []
    with places(kinds, folder) as found, ready_flask(folder / "bin") as ready:
        for kind, (fresh, binaries) in found.items():
            own = folder / f"house-{kind}"
            config = Config(fresh(), "only-for-attacks-" * 3, os.urandom(32), own, host=host)
            build(config, folder, ready, fresh, seed)
            with open_house(config, folder, fresh, seed=seed, scale=scale, ready=ready, binaries=binaries) as house:
                results = run(house, wanted, lambda line: print(line, flush=True))
            answers.append(house.answers)
            holes += sum(len(each.holes) for each in results.values())
            dead += sum(len(each.dead) for each in results.values())
    for each in unequal(answers):
        print(f"both\t11\tunequal answers\t{each}")
        holes += 1
    print(f"seed {seed}: {len(wanted)} attacks on {len(kinds)} databases, {holes} holes, {dead} controls missing")
    return 1 if holes else 2 if dead else 0


if __name__ == "__main__":
    # Whoever ends it early leaves no server and no folder behind.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(2))
    raise SystemExit(main())
