"""A family that is erased by request takes its acts' texts, tracks and photos along; one person's name and the photos go alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from festival.acts.models import ActFile, ActVersion
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading
from festival.privacy.people import erasing_one
from festival.roster.families import family_by_id
from tests.acts.conftest import Troupe
from tests.acts.music import wav
from tests.acts.test_act_files import photo

pytestmark = pytest.mark.either_database


def test_a_person_leaves_the_texts_and_a_family_takes_everything(troupe: Troupe) -> None:
    troupe.ask()
    phone = troupe.phone()
    assert troupe.save(phone, troupe.own, words="Danh Chung hát cùng cháu").status_code == 303
    assert troupe.send(phone, troupe.own, wav(), "Danh Chung.wav").status_code == 303
    assert troupe.send(phone, troupe.own, photo(), "a.jpg", "photo").status_code == 303
    with troupe.world.app.app_context():
        with reading():
            members = family_by_id(troupe.family_id).members
            code = next(person.code for person in members if person.name == "Danh Chung")
        erasing_one.erase_now(troupe.family_id, code, sweep=False)
        with reading():
            words = db.session.scalars(select(ActVersion.words)).one()
            names = db.session.scalars(select(ActFile.name).order_by(ActFile.kind.desc())).all()
            assert ("Danh Chung" in words, "hát cùng cháu" in words, names[0]) == (False, True, "Thành viên số 2.wav")
            assert checks.inspect().clean
        assert troupe.stored() == 1  # the photo is gone, the music plays
        erasing_one.erase_now(troupe.family_id, "", sweep=False)
        with reading():
            row = db.session.scalars(select(ActVersion)).one()
            assert (row.title, row.words, row.said, row.props) == ("", "", "", "")
            assert {(each.key, each.name) for each in db.session.scalars(select(ActFile))} == {(None, "")}
            assert [each for stream in checks.inspect().streams for _seal, each in stream.differences] == []
        assert troupe.stored() == 0
