"""How many connections does the festival need of PostgreSQL, which machines serve it, and do they fit together? Pure.

Each connection says under which name it works (`application_name`): the machine, how many connections that machine needs at most, and
three short marks. So the database itself knows, at every moment, who serves the festival: nothing is kept that could be out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A thread of a server holds one connection for its work and one for the counts of tries, which are no part of that work.
OF_A_THREAD = 2
# The answer of `FESTIVAL_HEALTH_PORT`.
OF_A_PROCESS = 1
# The worker's own, its place, the search of a timetable, a copy being made, a copy being tried.
OF_THE_WORKER = 5
LONGEST_NAME = 63  # PostgreSQL cuts what is longer
NAME = re.compile(
    r"festival (?P<machine>[\w.-]{1,20}) (?P<needs>\d{1,6}) (?P<secret>\w{1,8}) (?P<shared>\w{1,8}) (?P<release>[\w.]{1,12})"
)


@dataclass(frozen=True, slots=True)
class ServingMachine:
    """One machine: what it `needs` at most; the marks of its secret key, of the folder of files and of its release."""

    machine: str
    needs: int
    secret: str
    shared: str
    release: str

    @property
    def connection_name(self) -> str:
        """As its connections say it."""
        return f"festival {self.machine} {self.needs} {self.secret} {self.shared} {self.release}"


@dataclass(frozen=True, slots=True)
class ServingTogether:
    """All machines that have connections now, how many PostgreSQL gives them altogether, and whether it takes what they write."""

    machines: tuple[ServingMachine, ...]
    given: int
    takes_changes: bool = True

    @property
    def needs(self) -> int:
        """What they need together at most."""
        return sum(each.needs for each in self.machines)


def needed(workers: int, threads: int) -> int:
    """The connections of a machine with so many processes of so many threads, and its worker."""
    return workers * (OF_A_THREAD * threads + OF_A_PROCESS) + OF_THE_WORKER


def machines_of(names: Iterable[str]) -> tuple[ServingMachine, ...]:
    """The machines that connections of these names belong to; of one that was started with other numbers, the larger need."""
    found: dict[str, ServingMachine] = {}
    for name in sorted(names):
        said = NAME.fullmatch(name)
        if said is None:
            continue
        one = ServingMachine(**{**said.groupdict(), "needs": int(said["needs"])})  # type: ignore[arg-type]
        known = found.get(one.machine)
        if known is None or known.needs < one.needs:
            found[one.machine] = one
    return tuple(found.values())
