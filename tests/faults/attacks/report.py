"""What is an attack, and what came of it?

An attack is a function with the line of the list it drives and what the first release let happen. It counts its tries,
names each hole, and names what must have worked for the search to mean anything (`control`): without that, "found none"
would only say that nobody was there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from tests.faults.attacks.client import OutOfBounds

if TYPE_CHECKING:
    from tests.faults.attacks.house import House


@dataclass
class Found:
    """The count and the holes of one attack on one database."""

    tries: int = 0
    holes: list[str] = field(default_factory=list)
    controls: int = 0
    dead: list[str] = field(default_factory=list)

    def hole(self, is_open: object, what: str) -> None:
        """One try: a hole when it went through."""
        self.tries += 1
        if is_open:
            self.holes.append(what)

    def control(self, worked: object, what: str) -> None:
        """What must be there or work, or the search proves nothing."""
        self.controls += 1
        if not worked:
            self.dead.append(what)


@dataclass(frozen=True)
class Attack:
    """A kind of attack: the line it belongs to, its name, what would have been seen on the first release.

    `short_on` is the one database it meets in the short form, "" for both: what does not lean on the database.
    """

    line: int
    name: str
    seen_once: str
    run: Callable[[House, Found], None]
    short_on: str = ""


ATTACKS: list[Attack] = []


def attack(
    line: int, seen_once: str, *, short_on: str = ""
) -> Callable[[Callable[[House, Found], None]], Callable[[House, Found], None]]:
    """Put it on the list."""

    def listed(run: Callable[[House, Found], None]) -> Callable[[House, Found], None]:
        ATTACKS.append(Attack(line, run.__name__, seen_once, run, short_on))
        return run

    return listed


def made(chosen: Attack, house: House) -> Found:
    """Run one attack; one that breaks down has proved nothing, and says so."""
    found = Found()
    try:
        chosen.run(house, found)
    except OutOfBounds:
        raise
    except (
        AssertionError,
        LookupError,
        OSError,
        ValueError,
        TypeError,
        AttributeError,
        RuntimeError,
        SQLAlchemyError,
    ) as error:
        found.dead.append(f"broke down: {type(error).__name__}: {error}"[:300])
    if not found.controls:
        found.dead.append("it has no control")
    return found


def worded(kind: str, chosen: Attack, found: Found) -> str:
    """One line for people."""
    head = f"{kind}\t{chosen.line}\t{chosen.name}\ttries {found.tries}\tfound {len(found.holes)}"
    holes = [f"\n    HOLE {each} (first release: {chosen.seen_once})" for each in found.holes[:5]]
    dead = [f"\n    PROVES NOTHING {each}" for each in found.dead[:5]]
    return head + "".join(holes + dead)
