"""Which registrations are perhaps the same people once more, and who must look at both before either goes on?

Candidates come out of an index of folded names, never out of comparing all with all; `roster.searching.twins` then compares. The row of
the edition is held from the look until the end of the transaction, so that of two twins sent at the same moment the
second sees the first. It is the last lock that is taken. What a person once called two families is not asked again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, delete, select, update

from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import among, listed
from festival.core.sentence import Sentence
from festival.core.statements import table
from festival.core.transaction import open_connection
from festival.editions.models import Festival
from festival.registration.guarding import held
from festival.registration.models import HeldDecision, HeldRegistration
from festival.roster.families import birth_from, birth_of
from festival.roster.models import Family, FamilyState, Person
from festival.roster.rules import Rules
from festival.roster.searching.twins import Home, Likeness, Someone, Twin, alike_words, compare, strength

OVER = (FamilyState.WITHDRAWN, FamilyState.REJECTED)
A_QUERY = 500
# One family is compared with at most so many, those first with which it shares the most names.
MOST_NEAR = 50

# Each registration asks these, so they are put together once.
_HOLD_EDITION = Prepared(
    lambda _database: select(Festival.id).where(Festival.id == bindparam("festival")).with_for_update(key_share=True)
)
_THESE: BindParameter[Any] = bindparam("families", expanding=True)
_PAIRS = (
    select(HeldRegistration)
    .where(HeldRegistration.family_id.in_(_THESE) | HeldRegistration.beside_id.in_(_THESE))
    .execution_options(populate_existing=True)
)
_NAMESAKES = Prepared(
    lambda database: (
        select(Person.family_id, Person.folded, Person.birth_year)
        .join(Family, Family.id == Person.family_id)
        .where(
            Person.festival_id == bindparam("festival"),
            among(table(Person).c.folded, "names", database),
            Family.state.not_in(OVER),
        )
    )
)
_PEOPLE = Prepared(
    lambda database: (
        select(
            Family.id,
            Family.delegation_id,
            Family.phone,
            Person.name,
            Person.folded,
            Person.birth_year,
            Person.born_on,
        )
        .join(Person, Person.family_id == Family.id)
        .where(among(table(Family).c.id, "families", database), Family.state.not_in(OVER))
        .order_by(Family.id, Person.position)
    )
)

Key = TypeVar("Key", int, str)


def look(rules: Rules, family_ids: Collection[int], *, new: bool = False) -> list[str]:
    """Hold those of these families that resemble another; answers their codes.

    Called last, when everything about the families is written. One that no longer resembles is let go. `new`: they were
    written in this transaction, and nobody has held one of them.
    """
    if not family_ids:
        return []
    _HOLD_EDITION(open_connection(), {"festival": rules.festival.id})
    own = _homes(family_ids)
    known = [] if new else _pairs(own)
    beside = _beside(rules.festival.id, own.values(), own)
    shown = {row.beside_id for row in known if row.decision is None and row.beside_id is not None}
    others = {**beside, **_homes(shown - beside.keys()), **own}
    by_name: dict[tuple[str, int], set[int]] = {}
    for other, there in others.items():
        for key in _keys(there):
            by_name.setdefault(key, set()).add(other)
    of_family: dict[int | None, list[HeldRegistration]] = {}
    for row in known:
        for family_id in {row.family_id, row.beside_id}:
            of_family.setdefault(family_id, []).append(row)
    codes = []
    for family_id, home in sorted(own.items()):
        rows = of_family.get(family_id, [])
        near = set().union(*(by_name.get(key, set()) for key in _keys(home))) | {
            row.beside_id for row in rows if row.beside_id is not None
        }
        codes += _look_at(rules, family_id, home, {each: others[each] for each in near & others.keys()}, rows, own)
    return codes


def _look_at(
    rules: Rules,
    family_id: int,
    home: Home,
    others: Mapping[int, Home],
    known: Sequence[HeldRegistration],
    own: Collection[int],
) -> list[str]:
    waiting = [row for row in known if row.family_id == family_id and row.decision is None]
    for row in [row for row in waiting if row.why in set(Likeness)]:
        there = others.get(row.beside_id or 0)
        twin = compare(home, there) if there is not None else None
        if twin is None:
            db.session.execute(delete(HeldRegistration).where(HeldRegistration.id == row.id))
            waiting.remove(row)
        elif twin.likeness != row.why:
            db.session.execute(
                update(HeldRegistration).where(HeldRegistration.id == row.id).values(why=str(twin.likeness))
            )
    if any(row.beside_id is not None for row in waiting):
        return []
    apart = {
        row.family_id if row.beside_id == family_id else row.beside_id for row in known if _settled(row, family_id)
    }
    found = [
        (other, twin)
        for other, there in others.items()
        # Of two new ones the later is held beside the earlier.
        if other != family_id and other not in apart and (other not in own or other < family_id)
        if (twin := compare(home, there)) is not None
    ]
    if not found:
        return []
    family = db.session.get_one(Family, family_id, populate_existing=True)
    if family.state not in held.UNDECIDED:
        return []
    other, twin = max(found, key=lambda each: (strength(each[1]), -each[0]))
    held.hold(rules.festival, family_id, family.code, twin.likeness, db.session.get_one(Family, other))
    return [family.code]


def _settled(row: HeldRegistration, family_id: int) -> bool:
    """Whether this says that the family is not the other one, or asks it already from the other's side."""
    return family_id in (row.family_id, row.beside_id) and (
        row.decision == HeldDecision.NEW or (row.decision is None and row.beside_id == family_id)
    )


def _pairs(family_ids: Iterable[int]) -> list[HeldRegistration]:
    found: dict[int, HeldRegistration] = {}
    for part in _parts(sorted(family_ids)):
        found |= {row.id: row for row in db.session.scalars(_PAIRS, {"families": part})}
    return list(found.values())


def alike(one: Family, other: Family) -> tuple[Sentence, ...]:
    """Why these two may be one family, for whoever looks at both."""
    home, there = (
        Home(
            each.delegation_id,
            each.phone,
            tuple(Someone(person.name, birth_of(person), person.folded) for person in each.members),
        )
        for each in (one, other)
    )
    twin = compare(home, there)
    return alike_words(home, twin) if twin is not None else ()


def beside_of(festival_id: int, homes: Sequence[Home]) -> list[tuple[Family, Twin] | None]:
    """For each family that is not written yet: the registered one it resembles most, with its delegation."""
    registered = _beside(festival_id, homes)
    by_name: dict[tuple[str, int], set[int]] = {}
    for family_id, there in registered.items():
        for key in _keys(there):
            by_name.setdefault(key, set()).add(family_id)
    best: list[tuple[int, Twin] | None] = []
    for home in homes:
        near = sorted(set().union(*(by_name.get(key, set()) for key in _keys(home))))
        alike = [(other, twin) for other in near if (twin := compare(home, registered[other])) is not None]
        best.append(max(alike, key=lambda each: strength(each[1])) if alike else None)
    wanted = {each[0] for each in best if each is not None}
    families = {family.id: family for part in _parts(sorted(wanted)) for family in held.with_people(part)}
    return [(families[each[0]], each[1]) if each is not None else None for each in best]


def _beside(festival_id: int, homes: Iterable[Home], own: Collection[int] = ()) -> dict[int, Home]:
    """Registered families that have somebody of the same folded name and year of birth as one of these (`own` are they)."""
    connection = open_connection()
    keys = [_keys(home) for home in homes]
    wanted = set[tuple[str, int]]().union(*keys)
    by_key: dict[tuple[str, int | None], set[int]] = defaultdict(set)
    for part in _parts(sorted({name for name, _year in wanted})):
        names = listed(part, connection.dialect.name)
        for row in _NAMESAKES(connection, {"festival": festival_id, "names": names}):
            if row.family_id is not None and (row.folded, row.birth_year) in wanted:
                by_key[row.folded, row.birth_year].add(row.family_id)
    near: set[int] = set()
    for those in keys:
        most = Counter(family_id for key in those for family_id in by_key[key]).most_common(MOST_NEAR)
        near.update(family_id for family_id, _people in most)
    return _homes(near.difference(own))


def _keys(home: Home) -> set[tuple[str, int]]:
    return {(person.folded, person.birth.year) for person in home.people if person.birth is not None}


def _homes(family_ids: Iterable[int]) -> dict[int, Home]:
    """Families as they are compared; one statement for some hundreds."""
    found: dict[int, Home] = {}
    connection = open_connection()
    for part in _parts(sorted(family_ids)):
        for row in _PEOPLE(connection, {"families": listed(part, connection.dialect.name)}):
            home = found.get(row.id) or Home(row.delegation_id, row.phone, ())
            someone = Someone(row.name, birth_from(row.born_on, row.birth_year), row.folded)
            found[row.id] = Home(home.unit, home.phone, (*home.people, someone))
    return found


def _parts(listed: Sequence[Key]) -> Iterable[Sequence[Key]]:
    return (listed[start : start + A_QUERY] for start in range(0, len(listed), A_QUERY))
