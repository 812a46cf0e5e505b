"""Do the family's pages claim only what is so: of a returned registration, and of a child that said no to pictures?"""

from __future__ import annotations

import pytest

from festival.core.transaction import transaction
from festival.registration import decisions
from festival.roster import families
from festival.roster.models import EntryState, FamilyState
from festival.roster.words import entry_words
from tests.registration.conftest import World, household
from tests.registration.pages_kit import post, with_link, words
from tests.registration.registered import register
from tests.registration.test_parent_links import PAGE, father, silent

pytestmark = pytest.mark.either_database


def test_how_an_entry_stands_for_its_family() -> None:
    said = {state: entry_words(EntryState.PROPOSED, state).template for state in FamilyState}
    assert (said[FamilyState.DRAFT], said[FamilyState.RETURNED]) == ("Đang soạn", "Trả lại để sửa")
    assert {said[state] for state in FamilyState if state not in ("draft", "returned")} == {"Chờ duyệt"}
    assert entry_words(EntryState.ENROLLED, FamilyState.RETURNED).template == "Dự thi"


def test_a_returned_family_reads_so_and_finds_the_way_to_mend(world: World) -> None:
    made = register(world, household(1))
    client = with_link(world, made.link)
    assert "Gia đình tài năng Chờ duyệt" in words(client.get("/family")), "the control"
    with world.app.app_context(), transaction():
        family = families.family_by_id(made.family_id)
        decisions.return_family(world.rules(), family, 1, "Thiếu ngày sinh", world.organiser)
    page = client.get("/family")
    assert ("Gia đình tài năng Trả lại để sửa" in words(page), "Chờ duyệt" in words(page)) == (True, False)
    assert 'href="/family/change"' in page.text and client.get("/family/change").status_code == 200


def test_a_childs_no_is_not_covered_by_the_parents_yes(world: World) -> None:
    client, codes = silent(world)
    address, child = father(world, client, codes[2]), codes[2]
    assert post(client, address, {f"agree-{child}": "y", f"publish-{child}": "y", "tail": "4321"}).status_code == 303
    waits = words(client.get(address))
    assert ("Đã đồng ý công bố" in waits, "còn chờ bạn nhỏ trả lời" in waits) == (False, True)
    for publish, said in (("no", "Ông/bà đã đồng ý, nhưng bạn nhỏ không muốn."), ("yes", "Đã đồng ý công bố")):
        asked = {"own": "yes", "publish": publish, "tail": "0001"}
        assert post(client, f"/family/child/{child}", asked).status_code == 303
        page = words(client.get(address))
        assert (said in page, "Đã đồng ý công bố" in page) == (True, publish == "yes")
    assert "bạn nhỏ không muốn nên không công bố" not in words(client.get(PAGE))
