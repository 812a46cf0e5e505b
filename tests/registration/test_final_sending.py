"""What the last press of "send" asks of the database: little, and no more for a large family than for a small one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from festival.core.births import Birth
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.registration.editing.keeping import begin, save_step
from festival.registration.models import RegistrationDraft
from festival.roster import families
from festival.roster.household import Household, Member, to_json
from festival.roster.models import Entry, Family
from festival.roster.people import Relation, Sex
from tests.house.test_statements import statements
from tests.registration.conftest import World
from tests.registration.pages_kit import token_of

# Most of them are asked once for all people of the form.
MOST = 22


def household(people: int) -> Household:
    """Adults, each with a name and a birth of the own; all of them appear in one contest."""
    names = ["Danh Chung", "Thị Lan", "Thị Hoa", "Thị Mai", "Thị Nga", "Thị Sen"]
    relations = [Relation.REPRESENTATIVE, *[Relation.OTHER] * 5]
    members = [
        Member(f"{name} {['An', 'Bình', 'Chi', 'Dung', 'Em', 'Giang'][people - 1]}", relation, Sex.MALE, Birth(1970 + at, 2, people), contests=("tai-nang",))
        for at, (name, relation) in enumerate(zip(names[:people], relations, strict=False))
    ]  # fmt: skip
    return Household(
        phone=f"091234567{people}", email=f"nha{people}@example.vn", address="Ấp 2", members=tuple(members)
    )


def form_of(world: World, home: Household) -> str:
    with world.app.app_context(), transaction():
        draft, token = begin(world.rules().festival.id)
        save_step(draft, "contests", world.hon_dat, home, doubtful=False)
    return token


@pytest.mark.both_databases
def test_a_large_family_asks_as_often_as_a_small_one(world: World) -> None:
    asked = []
    for people in (2, 3, 6):
        form, client = f"/register/{form_of(world, household(people))}", world.app.test_client()
        page = client.get(f"{form}/review")
        ticked = {f"agree-{at}": "y" for at in range(people)} | {"csrf_token": token_of(page)}
        with statements(world.app) as seen:
            assert client.post(f"{form}/review", data=ticked).location == f"{form}/done"
        asked.append(len(seen))
        assert "Gia đình" in client.get(f"{form}/done").text
    # The very first family writes the words of the agreements and the first line of the ledger, too.
    assert (asked[1] - asked[2], asked[1] <= MOST) == (0, True), asked
    with world.app.app_context(), reading():
        made = [families.family_by_id(each) for each in db.session.scalars(select(Family.id).order_by(Family.id))]
        assert [[person.name for person in each.members] for each in made] == [
            [member.name for member in household(people).members] for people in (2, 3, 6)
        ]
        assert [entry.name for entry in db.session.scalars(select(Entry).order_by(Entry.id))] == [
            each.name for each in made
        ]
        # The forms' own copies of the people went with it.
        kept = db.session.scalars(select(RegistrationDraft)).all()
        assert [(each.content, each.version) for each in kept] == [
            ({"delegation": "", "household": to_json(Household()), "typed": {}}, 3)
        ] * 3
