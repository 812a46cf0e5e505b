"""What would happen to each family of a file, and is it perhaps registered already under another spelling, phone or head?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from festival.core.sentence import N_
from festival.registration.excel.fates import FamilyFate, Fate
from festival.registration.excel.queries import import_fates
from festival.registration.excel.sheet import FamilySheet
from festival.registration.guarding.resembling import beside_of
from festival.roster.families import birth_of
from festival.roster.models import Delegation
from festival.roster.rules import Rules
from festival.roster.searching.twins import home_of, twins_in


def import_preview(rules: Rules, delegation: Delegation, sheet: FamilySheet) -> tuple[FamilyFate, ...]:
    """Every family's fate, each new one with whom it resembles."""
    return with_twins(delegation, import_fates(rules, delegation, sheet))


def with_twins(delegation: Delegation, file: Sequence[FamilyFate]) -> tuple[FamilyFate, ...]:
    """The new families of a file with those that are perhaps the same people: registered ones, and earlier ones of the file.

    Of another delegation's family an officer is told the delegation, no people.
    """
    places = [place for place, each in enumerate(file) if each.fate is Fate.NEW]
    homes = [home_of(file[place].household, delegation.id) for place in places]
    inside = twins_in(homes)
    told = list(file)
    for at, (place, found) in enumerate(zip(places, beside_of(delegation.festival_id, homes), strict=True)):
        each = file[place]
        if found is not None:
            family, _twin = found
            own = family.delegation_id == delegation.id
            people = tuple(f"{person.name}, {birth_of(person) or '—'}" for person in family.members) if own else ()
            where = family.name if own else family.delegation.name
            twin = N_("Có lẽ trùng với %(name)s, đã đăng ký. Ghi xong, xem hai hồ sơ cạnh nhau.", "twin", name=where)
            told[place] = replace(each, twin=twin, beside=people)
        elif at in inside:
            label = file[places[inside[at][0]]].label
            twin = N_("Có lẽ trùng với gia đình số %(label)s trong cùng tệp.", "twin_in_file", label=label)
            told[place] = replace(each, twin=twin)
    return tuple(told)
