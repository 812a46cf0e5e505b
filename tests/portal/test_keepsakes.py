"""Does the picture to keep say what everybody may know by now, and nothing before?"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from festival.accounts.roles import Role
from festival.consent.models import Consent, ConsentPurpose
from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from festival.portal.keepsakes import keepsake_of_delegation, keepsake_of_family
from festival.results.models import Award
from festival.roster.models import Delegation, Entry, Family, FamilyState
from tests.house.growing import finish, grown
from tests.house.test_access import FAMILY, HEAD
from tests.house.test_statements import visitor

pytestmark = pytest.mark.either_database
own = pytest.mark.begins_with(build=grown)


def awarded(published: bool) -> dict[int, list[str]]:
    """By family the awards of contests that are published, or that are not."""
    rows = db.session.execute(
        select(Entry.family_id, Award.prize)
        .join(Award, Award.entry_id == Entry.id)
        .join(Contest, Contest.id == Award.contest_id)
        .where((Contest.state == ContestState.PUBLISHED) == published, Entry.family_id.is_not(None))
        .order_by(Contest.position)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.family_id, []).append(row.prize)
    return found


@own
def test_awards_stand_on_it_when_they_are_published_and_not_before(app: Flask) -> None:
    for all_published in (False, True):
        if all_published:
            finish(app)
        with app.app_context(), reading():
            public, secret = awarded(True), awarded(False)
            assert bool(secret) is not all_published and public
            families = db.session.scalars(select(Family).where(Family.state == FamilyState.APPROVED)).all()
            for family in families:
                shown = keepsake_of_family(family)
                assert sorted(name for part in shown.parts for name, _special in part.awards) == sorted(
                    public.get(family.id, [])
                )
                assert shown.parts and shown.name == family.name
            won = [
                award for each in db.session.scalars(select(Delegation)) for award in keepsake_of_delegation(each).won
            ]
            assert bool(won) is all_published


@own
def test_who_takes_the_agreement_back_stands_by_number(app: Flask) -> None:
    with app.app_context():
        with transaction():
            family = db.session.scalars(select(Family).where(Family.state == FamilyState.APPROVED)).first()
            assert family is not None
            people = [each.id for each in family.members if each.representative]
            for consent in db.session.scalars(
                select(Consent).where(Consent.person_id.in_(people), Consent.purpose == ConsentPurpose.PUBLISH)
            ):
                consent.withdrawn_at = now()
            family_id, name = family.id, family.name
        with reading():
            family = db.session.get_one(Family, family_id)
            assert keepsake_of_family(family).name.startswith("Gia đình số ")
            lines = [part.name for part in keepsake_of_delegation(family.delegation).parts]
            assert name not in lines and any(each.startswith("Gia đình số ") for each in lines)


@own
def test_the_family_the_head_and_the_officer_take_it_from_the_first_day_on(app: Flask) -> None:
    doors = {FAMILY: "/family/keepsake.png", HEAD: "/head/keepsake.png"}
    for actor, address in doors.items():
        client, headers = visitor(app, actor)
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        picture = Image.open(BytesIO(answer.data))
        assert picture.width == 840 and picture.height > 500
        assert len(answer.data) < 120_000
    officer, _headers = visitor(app, Role.OFFICER)
    with app.app_context(), transaction():
        codes = list(db.session.scalars(select(Delegation.code)))
        festival = the_festival()
        festival.starts_on, festival.ends_on = (now() + timedelta(days=9)).date(), (now() + timedelta(days=11)).date()
    answers = {officer.get(f"/delegation/{code}/keepsake.png").status_code for code in codes}
    assert answers == {404}
    for actor, address in doors.items():
        client, headers = visitor(app, actor)
        answer = client.get(address, headers=headers)
        assert answer.status_code == 404 and "từ ngày khai mạc" in answer.text
        assert "Thiệp kỷ niệm" not in client.get(address.removesuffix("/keepsake.png"), headers=headers).text
