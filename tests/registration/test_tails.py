"""Ten wrong guesses a day close a link: it goes on showing, the family or the officer is told, and there is a way back."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from itertools import count as numbers

import pytest
import time_machine
from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.registration.guarding import tails
from festival.registration.guarding.tails import Guess
from festival.registration.models import LinkGuard
from festival.roster import families
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, token_of, with_link, words
from tests.registration.registered import kinds, race, register

pytestmark = pytest.mark.either_database


def guess(world: World, family_id: int, digits: str) -> Guess:
    family = families.family_by_id(family_id)
    return tails.guess(family, family.phone.endswith(digits))


def close(world: World, family_id: int) -> None:
    for _miss in range(10):
        with world.app.app_context(), transaction():
            assert guess(world, family_id, "9999") is Guess.WRONG


def log(world: World) -> list[str]:
    with world.app.app_context(), reading():
        return [kind for kind in db.session.scalars(select(SecurityNote.kind)) if kind.startswith("link_")]


def test_after_ten_misses_the_link_only_shows_and_the_family_is_told(world: World) -> None:
    made = register(world, household(1, email="nha@example.vn"))
    client = with_link(world, made.link)
    token = token_of(client.get("/family/registration"))
    for miss in range(10):
        fields = {"csrf_token": token, "tail": f"99{miss:02d}"}
        answer = client.post(("/family/withdraw", "/family/consent", "/family/change")[miss % 3], data=fields)
        assert answer.status_code == (303 if miss % 3 == 2 else 422)
    # what is no guess is not counted, and the right digits come too late on every action
    for address in ("/family/withdraw", "/family/consent", "/family/change", "/family/consent/withdraw"):
        answer = client.post(address, data={"csrf_token": token, "tail": "0001", "version": "1"}, follow_redirects=True)
        assert "chỉ còn xem được" in words(answer)
    page = client.get("/family/registration")
    assert (page.status_code, "Danh Minh Khôi" in page.text, "chỉ còn xem được" in words(page)) == (200, True, True)
    assert only_family(world.app).state == "submitted"
    with world.app.app_context(), reading():
        letters = db.session.scalars(select(OutboxMail.subject).order_by(OutboxMail.id)).all()
    assert letters[1:] == ["Liên kết của gia đình nay chỉ còn xem được"]
    assert (kinds(world)[-1], log(world)) == ("link.closed", ["link_closed"])


def test_less_than_four_digits_is_no_guess(world: World) -> None:
    made = register(world, household(1))
    client = with_link(world, made.link)
    token = token_of(client.get("/family/registration"))
    for typed in ("", "1", "000", "00011", "abcd", "²³¹⁰") * 3:
        assert client.post("/family/withdraw", data={"csrf_token": token, "tail": typed}).status_code == 422
    with world.app.app_context(), reading():
        assert db.session.scalar(select(LinkGuard.misses)) is None
    assert client.post("/family/withdraw", data={"csrf_token": token, "tail": "0001"}).status_code == 302


def test_the_officer_sees_it_on_the_desk_and_opens_it_again(world: World) -> None:
    made = register(world, household(1))
    close(world, made.family_id)
    page = f"/delegation/{world.hon_dat}/look"
    officer = world.as_user(world.officer)
    assert "không có thư, hãy gọi điện" in words(officer.get(page))
    assert "Có 1 việc cần cán bộ xem" in words(officer.get(f"/delegation/{world.hon_dat}"))
    assert post(officer, f"{page}/{made.code}/link", {}, page=page).location == page
    client = with_link(world, made.link)
    assert post(client, "/family/withdraw", {"tail": "0001"}, page="/family/registration").status_code == 302
    assert kinds(world)[1:] == ["link.closed", "link.opened", "registration.withdrawn"]
    assert log(world) == ["link_closed", "link_opened"]


def test_the_organiser_opens_it_and_another_officer_may_not(world: World) -> None:
    made = register(world, household(1))
    close(world, made.family_id)
    other = world.as_user(world.other_officer)
    own = f"/delegation/{world.kien_luong}/look"
    assert post(other, f"{own}/{made.code}/link", {}, page=own).status_code == 404
    assert post(other, f"/delegation/{world.hon_dat}/look/{made.code}/link", {}, page=own).status_code == 404
    with world.app.app_context(), transaction():
        assert guess(world, made.family_id, "0001") is Guess.CLOSED
    organiser = world.as_user(world.organiser)
    every = "/office/registrations/look"
    assert made.code in organiser.get(every).text
    post(organiser, f"/office/registrations/{made.code}/open-link", {}, page=every)
    with world.app.app_context(), transaction():
        assert guess(world, made.family_id, "0001") is Guess.RIGHT


def test_a_new_link_begins_anew(world: World) -> None:
    made = register(world, household(1))
    close(world, made.family_id)
    one = f"/office/registrations/{made.code}"
    post(world.as_user(world.organiser), f"{one}/link", {}, page=one)
    with world.app.app_context(), reading():
        assert tails.closed_in([only_family(world.app).delegation_id]) == []
    with world.app.app_context(), transaction():
        assert guess(world, made.family_id, "0001") is Guess.RIGHT


def test_another_day_counts_anew_but_opens_nothing(world: World) -> None:
    closed, nearly = register(world, household(1)), register(world, household(2))
    close(world, closed.family_id)
    for _miss in range(9):
        with world.app.app_context(), transaction():
            guess(world, nearly.family_id, "9999")
    with time_machine.travel(now() + timedelta(days=1), tick=False), world.app.app_context(), transaction():
        assert guess(world, closed.family_id, "0001") is Guess.CLOSED
        assert [guess(world, nearly.family_id, "9999") for _miss in range(10)] == [Guess.WRONG] * 10
        assert guess(world, nearly.family_id, "0002") is Guess.CLOSED


@pytest.mark.both_databases
def test_sixteen_guesses_at_once_are_no_more_than_ten_tries(world: World) -> None:
    made = register(world, household(1))
    outcomes = race(world.app, 16, lambda: guess(world, made.family_id, "9999"))
    assert Counter(outcomes) == {Guess.WRONG: 10, Guess.CLOSED: 6}
    assert (log(world), Counter(kinds(world))["link.closed"]) == (["link_closed"], 1)


@pytest.mark.both_databases
def test_counting_after_looking_gives_sixteen_tries(world: World) -> None:
    """The naive control: read the count, look at the guess, write the count."""
    made = register(world, household(1))
    close_to = 9
    for _miss in range(close_to):
        with world.app.app_context(), transaction():
            guess(world, made.family_id, "9999")
    start, looked, tried = threading.Barrier(16), threading.Barrier(16), numbers()
    looks: list[int] = []

    def naive() -> None:
        with world.app.app_context():
            start.wait()
            with reading():
                misses = db.session.scalar(select(LinkGuard.misses)) or 0
            if misses < 10:
                looks.append(next(tried))
            looked.wait()
            db.session.remove()

    threads = [threading.Thread(target=naive) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert close_to + len(looks) == 25
