"""Does a browser whose form was refused stand on a page of its own, with everything typed, for its sender alone?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from festival.consent.rules import Agreement
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web import refused_pages
from festival.core.web.refused_pages import RefusedPage
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, token_of, with_link, words
from tests.registration.registered import approve, count, register

pytestmark = pytest.mark.either_database

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGE = "/family/registration"


def sent(client: FlaskClient, address: str, page: str, fields: dict[str, object]) -> str:
    """Where a browser is led."""
    token = token_of(client.get(page))
    answer = client.post(address, data={"csrf_token": token, **fields}, headers=BROWSER)
    assert (answer.status_code, answer.data) == (303, b""), answer.text[:400]
    return answer.location


def unagreed(world: World) -> tuple[FlaskClient, list[str]]:
    home = household(1)
    silent = replace(home, members=tuple(replace(m, agreement=Agreement(), own_agreement=False) for m in home.members))
    made = register(world, silent, submit=False)
    return with_link(world, made.link), [person.code for person in only_family(world.app).members]


def test_agreements_that_were_refused_stand_on_the_familys_page_after_refresh_and_back(world: World) -> None:
    client, codes = unagreed(world)
    fields = {f"agree-{codes[0]}": "y", f"agree-{codes[2]}": "y", "guardian": "Danh Chung", "tail": "9999"}
    address = sent(client, "/family/consent", PAGE, fields)
    assert address.startswith(f"{PAGE}?refused=")
    for _refresh in range(2):
        page = client.get(address)
        assert (page.status_code, page.text.count(" checked"), 'value="Danh Chung"' in page.text) == (200, 2, True)
        assert "4 số cuối chưa đúng" in words(page) and 'value="9999"' not in page.text
    # from there it is sent again, as from the page itself
    again = {"csrf_token": token_of(page), **fields, "tail": "0001"}
    assert client.post("/family/consent", data=again, headers=BROWSER).location == PAGE
    # who does not ask for a page hears the answer itself
    assert client.post("/family/withdraw", data={**again, "tail": "9999"}).status_code == 422


def test_it_is_for_its_sender_and_for_two_hours(world: World) -> None:
    client, _codes = unagreed(world)
    address = sent(client, "/family/withdraw", PAGE, {"tail": "9999"})
    other = register(world, household(7))
    assert "4 số cuối chưa đúng" not in words(with_link(world, other.link).get(address))
    assert world.app.test_client().get(address).status_code == 403
    with world.app.app_context():
        refused_pages.sweep()
    assert count(world, RefusedPage) == 1
    with world.app.app_context(), transaction():
        db.session.execute(update(RefusedPage).values(expires_at=now() - timedelta(minutes=1)))
    assert "4 số cuối chưa đúng" not in words(client.get(address)), "the page as it is now"
    with world.app.app_context():
        refused_pages.sweep()
    assert count(world, RefusedPage) == 0


def test_health_receiver_change_and_the_officers_forms_too(world: World) -> None:
    made = register(world, household(1))
    approve(world, made.family_id)
    phone = with_link(world, made.link)
    people = [person.code for person in only_family(world.app).members]
    eaten = {"what": "allergy", "person": people[1], "allergy": "sầu riêng chín", "agree": "y", "tail": "9999"}
    eaten["version"] = re.findall(r'name="version" value="(\d+)"', phone.get("/family/health").text)[0]
    page = phone.get(sent(phone, "/family/health", "/family/health", eaten))
    assert 'value="sầu riêng chín"' in page.text and page.status_code == 200
    address = sent(phone, "/family/receiver", PAGE, {"receiver": people[1], "tail": "9999"})
    assert address.startswith(PAGE) and "4 số cuối chưa đúng" in words(phone.get(address))
    child = sent(phone, "/family/receiver", PAGE, {"receiver": people[2], "tail": "0001"})
    assert phone.get(child).status_code == 200
    asked = {"version": "2", "name-1": "Danh Chươnh", "why": "", "tail": "0001"}
    page = phone.get(sent(phone, "/family/changes", "/family/changes", asked))
    assert 'value="Danh Chươnh"' in page.text
    office, one = world.as_user(world.organiser), f"/office/registrations/{made.code}"
    undo = sent(office, f"{one}/undo", one, {"version": "9", "reason": "nhầm người"})
    assert undo.startswith(f"{one}?refused=") and "nhầm người" in office.get(undo).text
