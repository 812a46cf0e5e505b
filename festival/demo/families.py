"""How do the made-up families come in, and what is decided about them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import selectinload

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import SELF, Agreement
from festival.core.database import db
from festival.core.statements import run, table
from festival.core.transaction import transaction
from festival.demo import invention
from festival.demo.festival import make_delegations
from festival.demo.invention import InventedDelegation, InventedFamily, Invention
from festival.editions.models import Festival
from festival.registration.decisions import approve, return_family
from festival.registration.outcomes import Registered
from festival.registration.registering import register_families
from festival.roster.household import Household
from festival.roster.models import Delegation, Entry, Family, Origin, Person
from festival.roster.outcomes import Done
from festival.roster.rules import Rules, rules_of
from festival.roster.views import views

APPROVALS_A_TRANSACTION = 200


def register_all(festival_id: int, made_up: Invention, organiser: int) -> None:
    for each in made_up.delegations:
        with transaction():
            rules, delegation = _rules_and_delegation(festival_id, each)
            households = {family.number: _household(each, at, family) for at, family in enumerate(each.families)}
            ids: dict[int, int] = {}
            for draft in (False, True):
                chosen = [family for family in each.families if (family.state == "draft") is draft]
                made = register_families(
                    rules,
                    delegation,
                    [(households[family.number], f"demo-{family.number}") for family in chosen],
                    Origin.OFFICER,
                    submit=not draft,
                    method="paper",
                )
                ids |= _numbered(chosen, made)
            _title(each.families, ids)
            _published_by_link(ids)
        _decide(festival_id, each, ids, organiser)


def _published_by_link(ids: Mapping[int, int]) -> None:
    """Who agreed to a made-up child's being published did so by a link of the own: on the officer's paper it is not asked."""
    consent, person = table(Consent), table(Person)
    people = select(person.c.id).where(person.c.family_id.in_(list(ids.values())))
    of_child = update(consent).where(
        consent.c.person_id.in_(people), consent.c.purpose == ConsentPurpose.PUBLISH, consent.c.given_as != SELF
    )
    db.session.execute(of_child.values(method="own_link"))


def _rules_and_delegation(festival_id: int, each: InventedDelegation) -> tuple[Rules, Delegation]:
    return rules_of(db.session.get_one(Festival, festival_id)), make_delegations(festival_id)[each.unit_code]


def _numbered(chosen: Sequence[InventedFamily], made: Sequence[Registered]) -> dict[int, int]:
    if len(chosen) != len(made):
        raise RuntimeError("a made-up family was taken for another one")
    return {family.number: row.family_id for family, row in zip(chosen, made, strict=True)}


def _household(each: InventedDelegation, at: int, family: InventedFamily) -> Household:
    """The household with its places in the mixed team; a draft still lacks what drafts lack."""
    team = {place for in_family, place in each.team if in_family == at}
    members = [
        replace(member, contests=(*member.contests, invention.TEAM_CONTEST)) if place in team else member
        for place, member in enumerate(family.household.members)
    ]
    if family.state == "draft":
        members[-1] = replace(members[-1], birth=None, agreement=Agreement(), own_agreement=False)
    return replace(family.household, members=tuple(members))


def _title(families: Iterable[InventedFamily], ids: Mapping[int, int]) -> None:
    rows = [{"of_family": ids[family.number], "new_title": family.title} for family in families]
    if rows:
        entries = table(Entry)
        titling = update(entries).where(entries.c.family_id == bindparam("of_family"))
        run(titling.values(title=bindparam("new_title")), rows)


def _decide(festival_id: int, each: InventedDelegation, ids: Mapping[int, int], organiser: int) -> None:
    wanted = {ids[family.number]: family for family in each.families if family.state in {"approved", "returned"}}
    for start in range(0, len(wanted), APPROVALS_A_TRANSACTION):
        with transaction():
            rules, _delegation = _rules_and_delegation(festival_id, each)
            chunk = sorted(wanted)[start : start + APPROVALS_A_TRANSACTION]
            rows = list(
                db.session.scalars(
                    select(Family)
                    .where(Family.id.in_(chunk))
                    .options(
                        selectinload(Family.members).selectinload(Person.consents),
                        selectinload(Family.members).selectinload(Person.refusals),
                    )
                    .order_by(Family.id)
                )
            )
            for item in views(rows, rules):
                family = wanted[item.family.id]
                if family.state == "returned":
                    outcome: object = return_family(
                        rules, item.family, item.family.version, family.return_reason, organiser
                    )
                else:
                    outcome = approve(rules, item, item.family.version, organiser)
                if not isinstance(outcome, Done):
                    raise RuntimeError(f"{item.household.name}: {outcome}")
