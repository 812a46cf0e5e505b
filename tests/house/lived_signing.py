"""A delegation has its list signed, corrected, replaced, taken back, in force again; another one is of two communes; the rule is asked and not."""

from __future__ import annotations

from sqlalchemy import select

from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival, Unit
from festival.papers.models import PaperState
from festival.papers.signing_lists import PageFormat, SigningList
from festival.registration.signing import communes, lists
from festival.registration.signing.scans import SentPages, SignedPage
from festival.registration.signing.typed import Letter
from festival.roster.models import Delegation, Family, FamilyState
from tests.house.filling_signing import picture, signed


def listed(festival_id: int, staff: int) -> None:
    """Every step and every way back, each recorded; in the end no sheet waits."""
    with reading():
        going = select(Family.delegation_id).where(Family.state.not_in((FamilyState.WITHDRAWN, FamilyState.REJECTED)))
        of = Delegation.festival_id == festival_id, Delegation.id.in_(going)
        one, other = db.session.scalars(select(Delegation.id).where(*of).order_by(Delegation.id).limit(2)).all()
        units = db.session.scalars(select(Unit.id).order_by(Unit.id.desc()).limit(2)).all()
    first = signed(one, staff)
    letter = Letter("13/DS-UBND", today(), "Trần Thị Phó")
    with transaction():
        lists.correct_list(one, first, 1, letter, SentPages((SignedPage(PageFormat.JPEG, picture("black")),)), staff)
        lists.correct_list(one, first, 2, letter, None, staff, turn=1)
        lists.take_back_list(one, first, 3, "ký nhầm tờ", staff)
        lists.reinstate_list(one, first, 4, staff)
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        communes.ask_for_signing(festival, True, 0, staff)
        communes.ask_for_signing(festival, False, 1, staff)
        delegation = db.session.get_one(Delegation, other)
        families = db.session.scalars(
            select(Family.code).where(Family.delegation_id == other).order_by(Family.id)
        ).all()
        both = [db.session.get_one(Unit, unit_id) for unit_id in units]
        communes.name_communes(delegation, both, "", staff)
        keys = [unit.key for unit in both]
        communes.place_families(delegation, dict.fromkeys(families, keys[0]), {}, staff)
        communes.place_families(delegation, {families[0]: keys[1]}, {families[0]: keys[0]}, staff)
        communes.name_communes(delegation, both[:1], ",".join(keys), staff)
        communes.place_families(delegation, {families[0]: keys[0]}, {}, staff)
    second = signed(other, staff, "red", "1/DS", keys[0])
    with transaction():
        # a later sheet of the same unit takes its place
        row = db.session.get_one(SigningList, second)
        assert row.state is PaperState.SIGNED
        family = db.session.scalars(select(Family).where(Family.code == families[-1])).one()
        communes.place_families(db.session.get_one(Delegation, other), {family.code: ""}, {family.code: keys[0]}, staff)
    if len(families) > 1:
        signed(other, staff, "blue", "2/DS", keys[0])
