"""Does whoever takes photographs see of whom no picture may be published: on the card, at the gate without a network?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.checkin.offline_list import cards, list_stamp
from festival.consent.agreements import give
from festival.consent.models import Consent, ConsentPurpose
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole
from festival.editions.models import Festival
from festival.passes.holders import holders
from festival.registration.agreeing import touch
from festival.roster.models import Family, Person
from tests.devices.kit import Fair, Phone, enrolment, open_fair, opened

pytestmark = pytest.mark.either_database

CHUNG = "Gia đình ông Danh Chung"


def counts(app: Flask, fair: Fair) -> tuple[int, int, list[int]]:
    """What the record of the family, that of its delegation, and their cards say."""
    with app.app_context(), reading():
        records = {each.list_id: each.record.get("np", 0) for each in cards(fair.festival_id)}
        festival = db.session.get_one(Festival, fair.festival_id)
        found = holders(festival, None)
        drawn = [card.no_pictures for card in found.cards([row for _of, rows in found.ordered() for row in rows])]
        return records[fair.lists[CHUNG]], records[fair.delegation_list], drawn


def test_a_sign_stands_until_everybody_agreed_and_comes_back_with_the_agreement_taken_back(app: Flask) -> None:
    fair = open_fair(app)
    with app.app_context(), reading():
        family = db.session.scalars(select(Family).where(Family.name == CHUNG)).one()
        members = [each.id for each in db.session.scalars(select(Person).where(Person.family_id == family.id))]
        # A driver is told and never asked: no sign is for him.
        everybody = len(db.session.scalars(select(Person.id).where(Person.family_id.is_not(None))).all())
        stamp = list_stamp(fair.festival_id)
    own, whole, drawn = counts(app, fair)
    assert (own, whole) == (len(members), everybody) and own in drawn
    phone = Phone(app.test_client(), enrolment(app, fair, DeviceRole.GATE))
    listed = dict(phone.state("")["state"]["passes"])
    assert opened(listed[fair.lists[CHUNG]], fair.codes[CHUNG])["np"] == len(members)
    with app.app_context(), transaction():
        give([(each, ConsentPurpose.PUBLISH, "Danh Chung", "self") for each in members], "paper")
        touch(db.session.scalars(select(Family).where(Family.name == CHUNG)).one())
    assert counts(app, fair)[:2] == (0, everybody - len(members))
    listed = dict(phone.state("")["state"]["passes"])
    assert "np" not in opened(listed[fair.lists[CHUNG]], fair.codes[CHUNG])
    with app.app_context(), transaction():
        db.session.execute(update(Consent).where(Consent.person_id == members[0]).values(withdrawn_at=now()))
        touch(db.session.scalars(select(Family).where(Family.name == CHUNG)).one())
    assert counts(app, fair)[0] == 1
    with app.app_context(), reading():
        assert list_stamp(fair.festival_id) != stamp
