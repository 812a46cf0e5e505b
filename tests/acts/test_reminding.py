"""Are those reminded in one act, and once, of whose act something is missing that may still be written?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from festival.acts import reminding
from festival.acts.facts import ActAsk
from festival.acts.models import ActReminder
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from festival.roster.models import Family
from tests.acts.conftest import Troupe
from tests.registration.pages_kit import post, words
from tests.registration.registered import race

pytestmark = pytest.mark.either_database

DESK = "/office/acts"
BUTTON = "Nhắc 1 gia đình còn thiếu"


def letters(troupe: Troupe) -> list[tuple[str, str]]:
    with troupe.world.app.app_context(), reading():
        rows = db.session.scalars(select(OutboxMail).where(OutboxMail.subject.like("%iết mục của gia đình còn thiếu%")))
        return [(row.recipient, row.body) for row in rows]


def with_mail(troupe: Troupe) -> None:
    with troupe.world.app.app_context(), transaction():
        db.session.execute(update(Family).values(email="nha@vidu.vn"))


def test_who_has_told_everything_or_is_not_asked_is_left_alone(troupe: Troupe) -> None:
    with_mail(troupe)
    desk = troupe.organiser()
    assert BUTTON not in words(desk.get(DESK)), "nothing is asked"
    troupe.ask(ActAsk.TITLE, ActAsk.GENRE, until=now() - timedelta(minutes=1))
    assert BUTTON not in words(desk.get(DESK)), "the hour is over"
    troupe.ask(ActAsk.TITLE, ActAsk.GENRE)
    assert BUTTON in words(desk.get(DESK))
    assert post(desk, f"{DESK}/remind", {}, page=DESK).status_code == 303
    assert "Đã gửi thư cho 1 gia đình." in words(desk.get(DESK))
    ((to, body),) = letters(troupe)
    assert (to, "Gia đình tài năng: Tên tiết mục, Thể loại" in body, f"/g/{troupe.link}" in body) == (
        "nha@vidu.vn",
        True,
        True,
    )
    # once in 20 hours, also by the officer
    officer = troupe.officer()
    acts = f"/delegation/{troupe.world.hon_dat}/acts"
    assert post(officer, f"{acts}/remind", {}, page=acts).status_code == 303
    assert "1 gia đình vừa được nhắc nên chưa nhắc lại." in words(officer.get(acts))
    with troupe.world.app.app_context(), transaction():
        db.session.execute(update(ActReminder).values(reminded_at=now() - timedelta(hours=21)))
    post(officer, f"{acts}/remind", {}, page=acts)
    assert len(letters(troupe)) == 2
    assert troupe.save(troupe.phone(), troupe.own).status_code == 303
    assert BUTTON not in words(officer.get(acts))
    post(desk, f"{DESK}/remind", {}, page=DESK)
    assert ("Không còn ai phải nhắc." in words(desk.get(DESK)), len(letters(troupe))) == (True, 2)
    with troupe.world.app.app_context(), reading():
        assert checks.inspect().clean
    stranger = troupe.world.as_user(troupe.world.other_officer)
    assert stranger.get(acts).status_code == 404


def test_who_has_no_address_is_named_to_be_called(troupe: Troupe) -> None:
    troupe.ask(ActAsk.TITLE)
    desk = troupe.organiser()
    post(desk, f"{DESK}/remind", {}, page=DESK)
    said = words(desk.get(DESK))
    assert (
        "Không có thư điện tử, nhắc bằng điện thoại: Gia đình bà Thạch Thị Sa Rươl." in said and letters(troupe) == []
    )


@pytest.mark.both_databases
def test_of_four_reminders_at_once_one_is_sent(troupe: Troupe) -> None:
    with_mail(troupe)
    troupe.ask(ActAsk.TITLE)

    def act() -> int:
        festival = the_festival()
        return reminding.remind(festival, reminding.still_open(festival.id), None).letters

    assert sorted(race(troupe.world.app, 4, act)) == [0, 0, 0, 1]  # type: ignore[type-var]
    assert len(letters(troupe)) == 1
