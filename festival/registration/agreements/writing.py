"""What is written when somebody agrees or says no on a page of the own, and what follows for the registration?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from festival.consent.models import ConsentPurpose
from festival.consent.rules import CHILD_OWN, SELF, Agreement, Agreements, AskedPerson, by_parent, child_says
from festival.registration import changing, leaving
from festival.registration.agreeing import record_consent, record_refusal
from festival.registration.agreements import parent_links
from festival.roster import families, views
from festival.roster.families import birth_of
from festival.roster.models import Family, FamilyState, Origin, Person
from festival.roster.outcomes import Done
from festival.roster.rules import Rules

OVER = (FamilyState.WITHDRAWN, FamilyState.REJECTED)


def asked_person(person: Person, rules: Rules) -> AskedPerson:
    """The person as one who is asked."""
    return AskedPerson(person.name, birth_of(person), rules.festival.starts_on)


def standing_of(family: Family, rules: Rules) -> dict[str, Agreements]:
    """What stands, by code of the person."""
    household = views.view(family, rules).household
    return {member.code: member.agreements for member in household.members}


class ParentSays(NamedTuple):
    """To what a parent agrees for one child."""

    taking_part: bool
    publish: bool
    keep: bool


def is_kept(person: Person) -> bool:
    """Whether somebody agreed that this person is kept for the next edition."""
    return any(each.purpose is ConsentPurpose.KEPT and each.withdrawn_at is None for each in person.consents)


def parent_agrees(
    rules: Rules, family: Family, parent: Agreement, wants: Mapping[str, ParentSays], how: str
) -> list[str]:
    """By child's code; answers the names of children something was written for."""
    stands = standing_of(family, rules)
    written: list[str] = []
    for person in family.members:
        if person.code not in wants or not asked_person(person, rules).child:
            continue
        taking_part, publish, keep = wants[person.code]
        keep = keep and not is_kept(person)
        found = by_parent(stands[person.code], parent, taking_part=taking_part, publish=publish, keep=keep)
        for purpose, by, as_who in found:
            record_consent(rules, family, person, ConsentPurpose(purpose), by, as_who, how)
        written += [person.name] if found else []
    return written


def child_answers(
    rules: Rules, family: Family, person: Person, taking_part: bool, publish: bool | None, how: str
) -> None:
    """A child answered on its own screen. A no counts: who does not want to take part leaves, and may come back by a yes."""
    stands = standing_of(family, rules)[person.code]
    has = {CHILD_OWN: stands.own, "child_publish": stands.own_publish}
    for name, yes in child_says(asked_person(person, rules), taking_part, publish):
        purpose = ConsentPurpose(name)
        if yes and not has[name]:
            record_consent(rules, family, person, purpose, person.name, SELF, how)
        elif not yes:
            record_refusal(rules, family, person, purpose, person.name, SELF, how)
            if purpose is ConsentPurpose.CHILD_OWN and not person.out:
                leaving.take_back(rules, family, person, purpose, how)


def after_agreeing(rules: Rules, family_id: int) -> tuple[list[str], bool]:
    """Who had left is back; a registration that only waited for agreements goes. Answers contests without room, and whether it went."""
    full = leaving.come_back(rules, family_id)
    family = families.family_by_id(family_id)
    if (family.state, family.origin) != (FamilyState.DRAFT, Origin.FAMILY) or not parent_links.waits_to_send(family_id):
        return full, False
    item = views.view(family, rules)
    sent = isinstance(changing.submit_family(rules, item, family.version), Done)
    if sent:
        parent_links.was_sent(family_id)
    return full, sent


def children_of(family: Family, rules: Rules, codes: Iterable[str] | None = None) -> list[Person]:
    """The children in the order of the family, who left among them; `codes`: of these only."""
    wanted = None if codes is None else set(codes)
    return [
        person
        for person in family.members
        if asked_person(person, rules).child and (wanted is None or person.code in wanted)
    ]
