"""What did a family tick about its agreements, on its form or behind its link? Who must agree is decided in `consent.rules`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import request

from festival.consent.models import ConsentPurpose
from festival.consent.rules import AskedPerson, Ticks, agreed_later, asked_at_sending, waited_for
from festival.core.old_fonts import written_fault
from festival.core.sentence import Sentence
from festival.core.web.i18n import say
from festival.registration.typed.forms import typed_name
from festival.roster.household import Household, Member
from festival.roster.models import Family, Person
from festival.roster.rules import Rules


def ticks(key: str) -> Ticks:
    """What was ticked and typed about one person's agreement; `key` names the fields of that person."""
    return Ticks(
        agreed=request.form.get(f"agree-{key}") == "y",
        guardian=typed_name(f"guardian-{key}"),
        as_who=request.form.get(f"guardian-as-{key}", ""),
        own=request.form.get(f"own-{key}") == "y",
        publish=request.form.get(f"publish-{key}") == "y",
    )


def _garbled(person: AskedPerson, said: Ticks) -> Sentence | None:
    """What is wrong with the letters of who agrees for a child: such a name agrees to nothing."""
    fault = written_fault(said.guardian) if person.child and said.guardian.strip() else None
    return fault if fault is not None and fault.code in ("name_garbled", "name_lost") else None


def with_agreements(household: Household, on: date) -> tuple[Household, dict[str, str]]:
    """The household with the agreements ticked on the review page, and what is not agreed yet by field."""
    errors: dict[str, str] = {}
    members = []
    for at, member in enumerate(household.members):
        person = AskedPerson(member.name, member.birth, on)
        said = ticks(str(at))
        garbled = _garbled(person, said)
        agreed, lacks = asked_at_sending(person, replace(said, guardian="") if garbled else said)
        errors |= {f"{'own' if lack.code == 'no_own_agreement' else 'agree'}-{at}": say(lack) for lack in lacks}
        if garbled is not None:
            errors[f"guardian-{at}"] = say(garbled)
        members.append(member.agreeing(agreed))
    return replace(household, members=tuple(members)), errors


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
    family: Family, household: Household, rules: Rules
) -> tuple[list[tuple[Person, ConsentPurpose, str, str]], dict[str, str]]:
    """What was ticked (person, for what, by whom, as what), and what keeps a tick from counting, by field."""
    agreed: list[tuple[Person, ConsentPurpose, str, str]] = []
    errors: dict[str, str] = {}
    for person, member in zip(family.members, household.members, strict=True):
        asked = AskedPerson(person.name, member.birth, rules.festival.starts_on)
        said = ticks(person.code)
        garbled = _garbled(asked, said)
        found, fault = agreed_later(asked, member.agreements, replace(said, guardian="") if garbled else said)
        fault = garbled or fault
        agreed += [(person, ConsentPurpose(purpose), by, as_who) for purpose, by, as_who in found]
        if fault is not None:
            errors[f"guardian-{person.code}"] = say(fault)
    return agreed, errors
