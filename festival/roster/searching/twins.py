"""Are these two registrations the same people once more?

Pure. Compared is person by person: the folded name and the birth; the phone and the unit weigh too. A head whose spelling was
corrected, another phone, another head do not hide the others. One namesake born in the same year is no likeness; the
same name born on the same day is one, and two people in both are more than chance. Nothing is decided here: a person looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from festival.core.births import Birth
from festival.core.names import fold
from festival.core.sentence import N_, Sentence
from festival.roster.household import MOST_MEMBERS, Household, Member
from festival.roster.people import Relation


class Likeness(StrEnum):
    """How sure it is; also why a registration is held."""

    CERTAIN = "twin_certain"
    PROBABLE = "twin_probable"


class Alike(StrEnum):
    """How one person of each resembles the other."""

    DAY = "day"  # same name, same day of birth
    YEAR = "year"  # same name, same year; of one of them no more is known
    RESPELT = "respelt"  # same day of birth, a word of the name differs


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as compared."""

    name: str
    birth: Birth | None
    folded: str = ""  # the name without marks and case; made when it is not given

    def __post_init__(self) -> None:
        if not self.folded:
            object.__setattr__(self, "folded", fold(self.name))


@dataclass(frozen=True, slots=True)
class Home:
    """A family as compared; `unit` is its delegation."""

    unit: int
    phone: str
    people: tuple[Someone, ...]


@dataclass(frozen=True, slots=True)
class Twin:
    """What two families have in common: places of the people in both, and how they are alike."""

    likeness: Likeness
    shared: tuple[tuple[int, int, Alike], ...]
    same_phone: bool


def home_of(household: Household, unit: int) -> Home:
    """A household as it is compared."""
    return Home(unit, household.phone, tuple(Someone(member.name, member.birth) for member in household.members))


def compare(one: Home, other: Home) -> Twin | None:
    """How much two families resemble each other; None when no more than two families may."""
    shared = _shared(one, other)
    days = sum(how is Alike.DAY for _one, _other, how in shared)
    namesakes = sum(how is not Alike.RESPELT for _one, _other, how in shared)
    same_phone = one.phone == other.phone != ""
    smaller = min(len(one.people), len(other.people))
    many = len(shared) >= 2 and 2 * len(shared) >= smaller
    if namesakes and ((many and (days or same_phone or one.unit == other.unit)) or (days and same_phone)):
        return Twin(Likeness.CERTAIN, shared, same_phone)
    if namesakes and (days or len(shared) >= 2 or same_phone):
        return Twin(Likeness.PROBABLE, shared, same_phone)
    return None


def twins_in(homes: Sequence[Home]) -> dict[int, tuple[int, Twin]]:
    """Within one file: place of a family → the earlier one it resembles most. By an index of names, not all with all."""
    by_name: dict[tuple[str, int], list[int]] = defaultdict(list)
    found: dict[int, tuple[int, Twin]] = {}
    for place, home in enumerate(homes):
        keys = {(person.folded, person.birth.year) for person in home.people if person.birth is not None}
        earlier = {other for key in keys for other in by_name[key]}
        alike = [(other, twin) for other in sorted(earlier) if (twin := compare(home, homes[other])) is not None]
        if alike:
            found[place] = max(alike, key=lambda each: strength(each[1]))
        for key in keys:
            by_name[key].append(place)
    return found


def strength(twin: Twin) -> tuple[bool, int, bool]:
    """The more certain of several comes first."""
    return twin.likeness is Likeness.CERTAIN, len(twin.shared), twin.same_phone


def _shared(one: Home, other: Home) -> tuple[tuple[int, int, Alike], ...]:
    """Pairs of people, the surest first, nobody in two pairs."""
    pairs = [
        (how, at, there)
        for at, person in enumerate(one.people)
        for there, candidate in enumerate(other.people)
        if (how := _alike(person, candidate)) is not None
    ]
    order = list(Alike)
    used_one, used_other, found = set[int](), set[int](), []
    for how, at, there in sorted(pairs, key=lambda pair: (order.index(pair[0]), pair[1], pair[2])):
        if at not in used_one and there not in used_other:
            used_one.add(at)
            used_other.add(there)
            found.append((at, there, how))
    return tuple(found)


def _alike(one: Someone, other: Someone) -> Alike | None:
    if one.birth is None or other.birth is None or one.birth.year != other.birth.year:
        return None
    whole = one.birth.month is not None and other.birth.month is not None
    if whole and one.birth != other.birth:
        return None
    if one.folded == other.folded:
        return Alike.DAY if whole else Alike.YEAR
    words, others = set(one.folded.split()), set(other.folded.split())
    return Alike.RESPELT if whole and len(words & others) >= max(2, min(len(words), len(others)) - 1) else None


def alike_words(one: Home, twin: Twin) -> tuple[Sentence, ...]:
    """Why two families may be one, for whoever looks at both."""
    said = {
        Alike.DAY: N_("%(name)s: cùng tên, cùng ngày sinh"),
        Alike.YEAR: N_("%(name)s: cùng tên, cùng năm sinh"),
        Alike.RESPELT: N_("%(name)s: cùng ngày sinh, tên viết khác một chữ"),
    }
    reasons = [said[how].filled(name=one.people[at].name) for at, _there, how in twin.shared]
    return (*reasons, N_("Cùng số điện thoại")) if twin.same_phone else tuple(reasons)


def merged(kept: Household, other: Household) -> tuple[Household, tuple[Sentence, ...]]:
    """The household that is kept with what the other has more, and what that is. What is there is never replaced."""
    taken: list[Sentence] = []
    contact = {}
    for key, words in _CONTACT.items():
        if not getattr(kept, key) and getattr(other, key):
            contact[key] = getattr(other, key)
            taken.append(N_("%(what)s: %(value)s", what=words, value=contact[key]))
    pairs = _shared(home_of(kept, 0), home_of(other, 0))
    members = list(kept.members)
    for at, there, _how in pairs:
        members[at], more = _more(kept.members[at], other.members[there])
        taken += more
    known = {there for _at, there, _how in pairs}
    leads = any(member.relation is Relation.REPRESENTATIVE for member in members)
    for there, member in enumerate(other.members):
        if there not in known and len(members) < MOST_MEMBERS:
            relation = Relation.OTHER if leads and member.relation is Relation.REPRESENTATIVE else member.relation
            members.append(replace(member, code="", relation=relation))
            taken.append(N_("Thêm người: %(name)s", name=member.name))
    return replace(kept, members=tuple(members), **contact), tuple(taken)


_CONTACT = {
    "phone": N_("Số điện thoại"),
    "email": N_("Thư điện tử"),
    "address": N_("Địa chỉ"),
    "introduction": N_("Giới thiệu"),
}


def _more(kept: Member, other: Member) -> tuple[Member, list[Sentence]]:
    """One person with what only the other registration knows."""
    changes: dict[str, object] = {}
    taken = []
    if other.birth is not None and other.birth.month and (kept.birth is None or not kept.birth.month):
        changes["birth"] = other.birth
        taken.append(N_("Ngày sinh của %(name)s: %(value)s", name=kept.name, value=str(other.birth)))
    if other.needs and not kept.needs:
        changes["needs"] = other.needs
        taken.append(N_("Nhu cầu hỗ trợ của %(name)s: %(value)s", name=kept.name, value=other.needs))
    for key in ("sex", "relation", "phone"):
        if getattr(other, key) and not getattr(kept, key):
            changes[key] = getattr(other, key)
    contests = tuple(code for code in other.contests if code not in kept.contests)
    if contests:
        changes["contests"] = (*kept.contests, *contests)
        taken.append(N_("Phần thi của %(name)s: %(value)s", name=kept.name, value=", ".join(contests)))
    return replace(kept, **changes), taken  # type: ignore[arg-type]
