"""What does a whole made-up edition hold before it touches a database?

15 delegations, families in every state a page can show, panel, officers, marks with a realistic spread. No database: all of
it follows from the seed and the number of families.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from festival.demo.people import FESTIVAL_DAY, TITLES, People, aged, household, person_name, phone
from festival.roster.household import Household, Member
from festival.roster.people import Relation, Sex

FAMILY_CONTESTS = ("tai-nang", "trang-phuc", "nau-an", "bong-ro", "bong-da")
TEAM_CONTEST = "cau-long"
# how many of a family appear; None: everybody
PERFORMERS = {"tai-nang": None, "trang-phuc": None, "nau-an": 3, "bong-ro": 2, "bong-da": 2}
# numbers of made-up phones above those of families
STAFF_PHONE = 9000


@dataclass(frozen=True, slots=True)
class InventedFamily:
    """A household, the contest it enters, its act's title and how far its registration has come."""

    number: int
    household: Household
    contest: str
    title: str
    state: str  # approved, submitted, returned, draft
    return_reason: str = ""


@dataclass(frozen=True, slots=True)
class InventedDelegation:
    """`unit_code` is the official code in June 2024; `team` are the two who play badminton, by (family, member)."""

    unit_code: str
    head_name: str
    head_phone: str
    families: tuple[InventedFamily, ...]
    team: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody with an account."""

    login: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Invention:
    """The whole edition. `panels`: contest -> (chair, members…, secretary) as logins."""

    seed: int
    delegations: tuple[InventedDelegation, ...]
    officers: tuple[InventedPerson, ...]
    panel: tuple[InventedPerson, ...]


def invent(
    seed: int,
    families: int,
    units: Sequence[tuple[str, Sequence[str]]],
    judges: int,
    year: int = FESTIVAL_DAY.year,
) -> Invention:
    """An edition of so many families from `units` (official code, titles of its communes), their ages those of that year."""
    chance = Random(seed)
    states = _states(chance, families)
    delegations = []
    number = 0
    for at, (unit_code, communes) in enumerate(units):
        share = families // len(units) + (at < families % len(units))
        members = []
        for place in range(share):
            number += 1
            members.append(_family(chance, number, place, chance.choice(communes), states[number - 1]))
        delegations.append(
            InventedDelegation(
                unit_code,
                person_name(chance, People.KINH, chance.choice((Sex.MALE, Sex.FEMALE))),
                phone(STAFF_PHONE + at),
                tuple(replace(each, household=aged(each.household, year)) for each in members),
                _team(members),
            )
        )
    officers = tuple(
        InventedPerson(f"canbo{at + 1}", person_name(chance, People.KINH, chance.choice((Sex.MALE, Sex.FEMALE))),
                       phone(STAFF_PHONE + 100 + at))
        for at in range(len(units))
    )  # fmt: skip
    panel = tuple(
        InventedPerson(f"giamkhao{at + 1}", person_name(chance, People.KINH, chance.choice((Sex.MALE, Sex.FEMALE))),
                       phone(STAFF_PHONE + 200 + at))
        for at in range(judges)
    )  # fmt: skip
    return Invention(seed, tuple(delegations), officers, panel)


def _states(chance: Random, families: int) -> list[str]:
    """Of 75: 66 approved, 4 waiting, 3 returned, 2 drafts, so that every page of the review has something to show."""
    open_ones = [*["submitted"] * round(families * 0.053), *["returned"] * round(families * 0.04),
                 *["draft"] * round(families * 0.027)]  # fmt: skip
    states = ["approved"] * families
    for at, state in zip(chance.sample(range(families), len(open_ones)), open_ones, strict=True):
        states[at] = state
    return states


def _family(chance: Random, number: int, place: int, commune: str, state: str) -> InventedFamily:
    contest = FAMILY_CONTESTS[place % len(FAMILY_CONTESTS)]
    home = household(chance, number, commune)
    most = PERFORMERS[contest]
    performing = _performers(home.members, most)
    home = replace(
        home,
        members=tuple(
            replace(member, contests=(contest,)) if at in performing else member
            for at, member in enumerate(home.members)
        ),
    )
    titles = TITLES[contest]
    reason = ""
    if state == "returned":
        reason = chance.choice(
            (
                "Xin bổ sung giấy xác nhận của UBND xã.",
                "Năm sinh của một thành viên chưa khớp với danh sách của xã, xin kiểm tra lại.",
                "Xin ghi rõ tên tiết mục và nhạc nền.",
            )
        )
    return InventedFamily(number, home, contest, titles[(number - 1) // 5 % len(titles)], state, reason)


def _performers(members: Sequence[Member], most: int | None) -> set[int]:
    if most is None or len(members) <= most:
        return set(range(len(members)))
    # sport and kitchen: the parents and the eldest children, not the grandparents
    order = sorted(
        range(len(members)), key=lambda at: (members[at].relation is Relation.PARENT, members[at].birth is None, at)
    )
    return set(order[:most])


def _team(families: Sequence[InventedFamily]) -> tuple[tuple[int, int], ...]:
    """A man and a woman from two different approved families that are not in the talent contest, as (family, member) positions."""
    grown: dict[Sex, list[tuple[int, int]]] = {Sex.MALE: [], Sex.FEMALE: []}
    for at, family in enumerate(families):
        if family.state != "approved" or family.contest == "tai-nang":
            continue
        for place, member in enumerate(family.household.members):
            if member.sex and member.birth and 1975 <= member.birth.year <= 2000:
                grown[member.sex].append((at, place))
    for man in grown[Sex.MALE]:
        for woman in grown[Sex.FEMALE]:
            if man[0] != woman[0]:
                return man, woman
    return ()


def marks(chance: Random, criteria: Sequence[tuple[int, int, int]], quality: float, bias: float) -> list[int]:
    """One judge's marks in 1/1000 point for criteria (min, max, step): `quality` 0..1 of the entry, `bias` of the judge.

    One sheet in twenty-five lies far off, so that the rule of deviation has something to drop.
    """
    off = -0.24 if chance.random() < 0.04 else 0.0
    given = []
    for least, most, step in criteria:
        share = min(max(quality + bias + off + chance.gauss(0, 0.03), 0.3), 1.0)
        steps = round((most - least) * share / step)
        given.append(min(max(least + steps * step, least), most - (most - least) % step))
    return given


def qualities(seed: int, contest: str, entries: int) -> list[float]:
    """How good each entry is: most between 0.7 and 0.9."""
    chance = Random(f"{seed}|{contest}|quality")
    return [min(max(chance.gauss(0.8, 0.07), 0.55), 0.97) for _ in range(entries)]
