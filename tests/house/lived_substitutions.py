"""Who comes in for whom: refused, taken back, done and undone; a performer, and a whole family from the reserves."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.judging.substituting import doing
from festival.judging.substituting.foreseeing import foresee
from festival.judging.substituting.models import Substitution, SubstitutionKind
from festival.judging.substituting.wanted import AskedSubstitution, choices
from festival.registration.changing import submit_family
from festival.registration.outcomes import Registered
from festival.registration.registering import register_family
from festival.registration.reserves import reserving
from festival.roster.families import family_by_id
from festival.roster.models import Family, FamilyState, Origin
from festival.roster.outcomes import Done
from festival.roster.rules import Rules, rules_of
from festival.roster.views import view


def came_in(festival_id: int, staff: int) -> None:
    """Of the last family whose act can still be changed."""
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        asked = _possible(rules, festival_id)
        doing.refuse(rules, _asked(rules, asked, "officer", staff), "đủ người rồi", staff)
        doing.take_back(rules, _asked(rules, asked, "officer", staff), staff)
        row = _asked(rules, asked, "office", staff)
        doing.do(rules, row, staff)
        doing.undo(rules, row, "đã khỏe", staff)
        doing.do(rules, _asked(rules, asked, "office", staff), staff)
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        out = family_by_id(asked.out.id)
        whole = AskedSubstitution(SubstitutionKind.FAMILY, out, _reserve(rules, out, staff))
        row = _asked(rules, whole, "officer", staff)
        doing.do(rules, row, staff)
        doing.undo(rules, row, "đến được", staff)


def _asked(rules: Rules, asked: AskedSubstitution, road: str, staff: int) -> Substitution:
    out = family_by_id(asked.out.id)
    return doing.ask(rules, replace(asked, out=out, into=family_by_id(asked.into.id)), out.version, "ốm", road, staff)


def _possible(rules: Rules, festival_id: int) -> AskedSubstitution:
    approved = select(Family.id).where(Family.festival_id == festival_id, Family.state == FamilyState.APPROVED)
    for family_id in db.session.scalars(approved.order_by(Family.id.desc())):
        family = family_by_id(family_id)
        for each in choices(family, all_told=True):
            own = [one for one in each.others if one.family_id == family_id]
            if each.entry.family_id is None or not each.performers or not own:
                continue
            asked = AskedSubstitution(SubstitutionKind.PERSON, family, family, each.entry, each.performers[-1], own[0])
            whole = [one.reason for one in view(family, rules).lacks]
            if foresee(rules, asked).possible and not whole:
                return asked
    raise AssertionError("nobody can be substituted")


def _reserve(rules: Rules, like: Family, staff: int) -> Family:
    """Another family of the delegation, in the same contests, accepted in reserve."""
    home = view(like, rules).household
    people = tuple(replace(each, name=f"{each.name} Em", code="") for each in home.members if not each.out)
    made = register_family(
        rules, like.delegation, replace(home, phone="0987000111", members=people), Origin.OFFICER, submit=False
    )
    assert isinstance(made, Registered), made
    family = family_by_id(made.family_id)
    assert isinstance(reserving.propose(rules, family, family.version, staff, reserve=True), Done)
    family = family_by_id(made.family_id)
    assert isinstance(submit_family(rules, view(family, rules), family.version), Done)
    family = family_by_id(made.family_id)
    assert isinstance(reserving.accept(rules, view(family, rules), family.version, staff), Done)
    return family_by_id(family.id)
