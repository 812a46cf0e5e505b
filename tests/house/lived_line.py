"""Places given in turn: a line is opened, a family offered a place, taken out, put back, moved, declines, accepts, and it is closed."""

from __future__ import annotations

from sqlalchemy import select, update

from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.registration.decisions import undo_approval
from festival.registration.guarding import held
from festival.registration.offering import answering, opening, ordering, standing
from festival.registration.offering.distributing import distribute
from festival.registration.offering.ordering import ListWanted
from festival.roster.families import family_by_id
from festival.roster.models import Delegation, Family, FamilyState, Origin
from festival.roster.outcomes import Done
from festival.roster.rules import Rules, rules_of
from festival.roster.views import view


def in_turn(festival_id: int, staff: int) -> None:
    """One family through the whole of it; in the end it waits for approval as before."""
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        family = _waiting(rules)
        family_id, delegation_id = family.id, family.delegation_id
        db.session.execute(update(Family).where(Family.id == family_id).values(origin=Origin.FAMILY))
        ordering.set_list(rules, delegation_id, 0, ListWanted(True, 24, None, True), staff)
    _offered(festival_id, delegation_id, family_id)
    for seen, step in enumerate((ordering.take_out, ordering.put_back), start=1):
        with transaction():
            rules = rules_of(db.session.get_one(Festival, festival_id))
            step(rules, family_by_id(family_id), seen, "xem lại", staff)
    _offered(festival_id, delegation_id, family_id)
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        assert answering.decline(rules, family_by_id(family_id))
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        assert answering.stand_again(rules, family_by_id(family_id))
    _offered(festival_id, delegation_id, family_id)
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        assert isinstance(answering.accept(rules, family_by_id(family_id)), Done)
    with transaction():
        rules, family = rules_of(db.session.get_one(Festival, festival_id)), family_by_id(family_id)
        assert isinstance(undo_approval(rules, family, family.version, "xem lại", staff), Done)
        ordering.set_list(rules, delegation_id, 3, ListWanted(False, 24, 60, True), staff)
    with transaction():
        opening.set_all(rules_of(db.session.get_one(Festival, festival_id)).festival, staff, opened=False)
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        act = opening.last_act(festival)
        assert act is not None and opening.take_back(festival, act.seq, staff) == len(act.delegations)


def _waiting(rules: Rules) -> Family:
    """A complete family that waits where its delegation has a place left."""
    query = (
        select(Family)
        .join(Delegation, Delegation.id == Family.delegation_id)
        .where(
            Family.festival_id == rules.festival.id,
            Family.state == FamilyState.SUBMITTED,
            Family.reserve.is_(None),
            Delegation.approved_count < Delegation.families_max,
        )
        .order_by(Family.id)
    )
    every = [family_by_id(each.id) for each in db.session.scalars(query)]
    return next(each for each in every if view(each, rules).complete and not held.is_held(each.id))


def _offered(festival_id: int, delegation_id: int, family_id: int) -> None:
    with transaction():
        distribute(rules_of(db.session.get_one(Festival, festival_id)), delegation_id)
        assert standing.standing_offer(family_id) is not None
