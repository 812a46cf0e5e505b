"""What did a family tick about its agreements, on its form or behind its link? Who must agree is decided in `consent.rules`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from festival.consent.models import ConsentPurpose
from festival.consent.rules import Agreements, AskedPerson, agreed_later, asked_at_sending, waited_for
from festival.core.web.i18n import say
from festival.registration.agreements.parent_links import AskedParent
from festival.registration.agreements.typed_agreements import garbled, guardian_field, ticks, typed_parent
from festival.roster.household import Household, Member
from festival.roster.models import Family, Person
from festival.roster.rules import Rules

# What may be missing when the form is sent, of a child whose father, mother or guardian is asked by a link of the own.
DEFERRED = ("no_guardian_consent", "no_own_agreement")


@dataclass(frozen=True, slots=True)
class AgreedForm:
    """The household with what was agreed on the review page; who is asked elsewhere, with places in place of codes.

    `errors`: what keeps it from being sent, by field. `waits`: it may be kept, and goes once that parent has agreed.
    """

    household: Household
    errors: dict[str, str]
    away: AskedParent | None = None
    waits: bool = False


def with_agreements(household: Household, on: date) -> AgreedForm:
    """What was ticked on the review page; a child's own answers stand in the household already."""
    children = [str(at) for at, m in enumerate(household.members) if AskedPerson(m.name, m.birth, on).child]
    asked, faults = typed_parent(children)
    away = AskedParent(*asked) if asked else None
    errors = {key: say(fault) for key, fault in faults.items()}
    waits = False
    members = []
    for at, member in enumerate(household.members):
        person = AskedPerson(member.name, member.birth, on)
        said = replace(ticks(str(at)), own=member.own_agreement)
        fault = garbled(said.guardian) if person.child and said.agreed else None
        if fault is not None:
            errors[guardian_field(str(at))] = say(fault)
        agreed, lacks = asked_at_sending(person, replace(said, guardian="") if fault else said, member.agreements)
        for lack in lacks:
            if away is not None and str(at) in away.children and lack.code in DEFERRED:
                waits = True
            elif lack.code == "guardian_unnamed":
                errors[guardian_field(str(at))] = errors.get(guardian_field(str(at))) or say(lack)
            else:
                errors[f"{'own' if lack.code in ('no_own_agreement', 'child_refused') else 'agree'}-{at}"] = say(lack)
        members.append(member.agreeing(agreed))
    return AgreedForm(replace(household, members=tuple(members)), errors, away, waits)


def waiting(family: Family, household: Household, rules: Rules) -> list[tuple[Person, Member, bool, bool]]:
    """People whose agreement is still waited for: the person, the member, whether a child, whether the child is asked."""
    waiting = []
    for person, member in zip(family.members, household.members, strict=True):
        asked = AskedPerson(person.name, member.birth, rules.festival.starts_on)
        agreement, own = waited_for(asked, member.agreements)
        if agreement or own:
            waiting.append((person, member, asked.child, own))
    return waiting


def agreed_by_link(
    family: Family, household: Household, rules: Rules, how: str = "link"
) -> tuple[list[tuple[Person, ConsentPurpose, str, str]], dict[str, str]]:
    """What was ticked (person, for what, by whom, as what), and what keeps a tick from counting, by field.

    At the desk a child is asked there, and what was signed counts for a child's being published; behind the family's link
    neither does.
    """
    agreed: list[tuple[Person, ConsentPurpose, str, str]] = []
    errors: dict[str, str] = {}
    for person, member in zip(family.members, household.members, strict=True):
        asked = AskedPerson(person.name, member.birth, rules.festival.starts_on)
        said = ticks(person.code)
        if how == "link":
            said = replace(said, own=False)
        fault = garbled(said.guardian) if asked.child and said.agreed else None
        stands: Agreements = member.agreements
        found, unnamed = agreed_later(asked, stands, replace(said, guardian="") if fault else said, how)
        agreed += [(person, ConsentPurpose(purpose), by, as_who) for purpose, by, as_who in found]
        if fault or unnamed:
            errors[guardian_field(person.code)] = say(fault or unnamed)
    return agreed, errors
