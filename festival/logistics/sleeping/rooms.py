"""Who may sleep in one room, and which room does a proposal give to whom? Pure.

A family stays together. People of different families are strangers to each other, also in one delegation: they share a room
only when all in it are of one sex, and that is known. Whoever a rule cannot place stays without a room, for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Somebody who needs a bed; `family` None: came without one. `sex` '' = not known."""

    id: int
    sex: str
    family: int | None
    delegation: int


@dataclass(slots=True)
class RoomState:
    """A room with its free beds and who is in it."""

    id: int
    house: str
    free: int
    people: list[Sleeper] = field(default_factory=list)

    def take(self, who: Sleeper) -> None:
        """One bed less."""
        self.people.append(who)
        self.free -= 1


def may_share(people: Sequence[Sleeper]) -> bool:
    """One family, or all of one known sex."""
    if len(people) < 2:
        return True
    families = {person.family for person in people}
    if len(families) == 1 and None not in families:
        return True
    return len({person.sex for person in people}) == 1 and people[0].sex != ""


def propose(waiting: Iterable[Sleeper], rooms: Sequence[RoomState]) -> tuple[list[tuple[int, int]], list[Sleeper]]:
    """(person, room) for everybody who finds a place, and who does not. `rooms` are filled on the way.

    Families first, the largest before the others, each in the smallest empty room that holds it; one too large for any room
    takes empty rooms of one house. Who came alone joins people of the own sex, those of the own delegation first.
    """
    placed: list[tuple[int, int]] = []
    left: list[Sleeper] = []
    families: dict[int, list[Sleeper]] = {}
    alone: list[Sleeper] = []
    for each in waiting:
        if each.family is None:
            alone.append(each)
        else:
            families.setdefault(each.family, []).append(each)
    for _family, people in sorted(families.items(), key=lambda item: (item[1][0].delegation, -len(item[1]), item[0])):
        chosen = _together(people, rooms)
        if not chosen:
            left += people
            continue
        for person in people:
            room = next(each for each in chosen if each.free)
            room.take(person)
            placed.append((person.id, room.id))
    for person in sorted(alone, key=lambda each: (each.delegation, each.sex, each.id)):
        found = _joined(person, rooms)
        if found is None:
            left.append(person)
            continue
        found.take(person)
        placed.append((person.id, found.id))
    return placed, left


def _together(people: Sequence[Sleeper], rooms: Sequence[RoomState]) -> list[RoomState]:
    """Where the rest of a family goes: beside its own, an empty room, or empty rooms of one house."""
    own = [room for room in rooms if room.free >= len(people) and room.people and may_share([*room.people, *people])
           and {each.family for each in room.people} == {people[0].family}]  # fmt: skip
    if own:
        return own[:1]
    empty = [room for room in rooms if not room.people and room.free]
    whole = sorted((room for room in empty if room.free >= len(people)), key=lambda room: room.free)
    if whole:
        return whole[:1]
    for house in dict.fromkeys(room.house for room in empty):
        taken: list[RoomState] = []
        for room in sorted((each for each in empty if each.house == house), key=lambda each: -each.free):
            taken.append(room)
            if sum(each.free for each in taken) >= len(people):
                return taken
    return []


def _joined(person: Sleeper, rooms: Sequence[RoomState]) -> RoomState | None:
    if person.sex == "":
        return None
    fitting = [room for room in rooms if room.free and may_share([*room.people, person])]
    # A room with people of the own delegation, then an empty one, then one with others of the own sex.
    return min(
        fitting,
        key=lambda room: (
            not any(each.delegation == person.delegation for each in room.people),
            bool(room.people),
            room.free,
        ),
        default=None,
    )
