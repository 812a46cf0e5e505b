"""Names from old fonts, wrong decodings and capitals: told, offered by one tap on every road, never written silently."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading
from festival.roster.models import Family, Person
from tests.registration.conftest import World, household
from tests.registration.pages_kit import (
    AGREED,
    PEOPLE,
    answered,
    as_shown,
    only_family,
    post,
    refused,
    start,
    token_of,
    typed_family,
    upload,
    with_link,
    words,
)
from tests.registration.registered import count, register
from tests.registration.test_api_and_commands import call, with_member
from tests.registration.test_family_form import filled
from tests.registration.test_workbook import MOTHER, SON, excel

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

GARBLED = [
    ("TrÇn V¨n KiÓm", "Trần Văn Kiểm", "TCVN3"),
    ("Traàn Vaên Kieåm", "Trần Văn Kiểm", "VNI"),
    ("NguyÔn Ngäc H\u00adëng", "Nguyễn Ngọc Hưởng", "TCVN3"),
]
TYPED = pytest.mark.parametrize(("garbled", "right", "how"), GARBLED)


def names(world: World) -> list[str]:
    with world.app.app_context(), reading():
        return list(db.session.scalars(select(Person.name).order_by(Person.id)))


def offers(page: Any) -> list[tuple[str, str]]:
    """Field and words of every button that offers a name."""
    found = re.findall(r'name="use" value="([^"]+)">.*?Dùng “([^”]+)”', page.text, re.DOTALL)
    return [(field, unescape(name)) for field, name in found]


@TYPED
def test_the_officers_form_offers_the_name_and_keeps_all_else(world: World, garbled: str, right: str, how: str) -> None:
    officer, new = world.as_user(world.officer), f"/delegation/{world.hon_dat}/families/new"
    typed = typed_family(**{"members-0-name": garbled})
    page = refused(officer, post(officer, new, typed))
    assert (how in words(page), count(world, Family)) == (True, 0)
    assert offers(page) == [("members-0-name", right)]
    assert 'value="Danh Minh Khôi"' in page.text, "what else was typed stays"
    taken = refused(officer, officer.post(new, data={**as_shown(page), "use": "members-0-name"}))
    assert (f'value="{right}"' in taken.text, offers(taken)) == (True, [])
    assert (officer.post(new, data=as_shown(taken)).status_code, names(world)[0]) == (302, right)


def test_enter_never_takes_an_offered_name(world: World) -> None:
    """A browser presses the first submit button of a form; it must be the form's own."""
    officer, new = world.as_user(world.officer), f"/delegation/{world.hon_dat}/families/new"
    page = refused(officer, post(officer, new, typed_family(**{"members-0-name": "TrÇn V¨n KiÓm"})))
    form = page.text[page.text.index('name="form_key"') - 600 :]
    assert form.index('type="submit" class="only-read"') < form.index('name="use"')


@TYPED
def test_a_family_at_its_form(world: World, client: FlaskClient, garbled: str, right: str, how: str) -> None:
    form = start(client, world)
    unit = {"delegation": world.hon_dat, "phone": "0912 345 678", "address": "", "email": ""}
    post(client, f"{form}/family", unit)
    refused = answered(client, post(client, f"{form}/members", PEOPLE[0] | {"name": garbled}))
    assert offers(refused) == [("name", right)]
    assert how in words(refused)
    assert post(client, f"{form}/members", PEOPLE[0] | {"name": garbled, "use": "name"}).status_code == 302
    assert right in words(client.get(f"{form}/members"))


def test_capitals_are_kept_or_changed_by_one_tap(world: World, client: FlaskClient) -> None:
    form = start(client, world)
    unit = {"delegation": world.hon_dat, "phone": "0912 345 678", "address": "", "email": ""}
    post(client, f"{form}/family", unit)
    assert post(client, f"{form}/members", PEOPLE[0] | {"name": "TRẦN VĂN KIỂM"}).status_code == 302, "not a fault"
    page = client.get(f"{form}/members")
    assert ("TRẦN VĂN KIỂM" in page.text, offers(page)) == (True, [("name", "Trần Văn Kiểm")])
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)
    assert seen
    sent = {"csrf_token": token_of(page), "seen": seen[1], "place": "0", "use": "name"}
    assert client.post(f"{form}/members", data=sent).status_code == 302
    page = client.get(f"{form}/members")
    assert ("TRẦN VĂN KIỂM" in page.text, "Trần Văn Kiểm" in page.text, offers(page)) == (False, True, [])


def test_the_officer_keeps_capitals_or_changes_them(world: World) -> None:
    officer, new = world.as_user(world.officer), f"/delegation/{world.hon_dat}/families/new"
    assert post(officer, new, typed_family(**{"members-1-name": "DANH CHUNG"})).status_code == 302
    assert "Tên viết toàn chữ hoa hoặc chữ thường: DANH CHUNG" in words(officer.get(f"/delegation/{world.hon_dat}"))
    assert names(world)[1] == "DANH CHUNG"
    edit = f"/delegation/{world.hon_dat}/families/{only_family(world.app).code}"
    page = officer.get(edit)
    assert offers(page) == [("members-1-name", "Danh Chung")]


def test_who_agrees_for_a_child_is_looked_at_too(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    refused = answered(client, post(client, f"{form}/review", AGREED | {"guardian-2": "Danh ThÞ Sa R­¬l"}))
    assert offers(refused) == [("guardian-2", "Danh Thị Sa Rươl")]
    assert count(world, Family) == 0
    lost = answered(client, post(client, f"{form}/review", AGREED | {"guardian-2": "Danh Th? Lan"}))
    assert "đã mất chữ" in words(lost) and offers(lost) == []
    garbled = AGREED | {"guardian-2": "TrÇn ThÞ Lan"}
    refused = answered(client, post(client, f"{form}/review", garbled))
    assert offers(refused) == [("guardian-2", "Trần Thị Lan")]
    assert post(client, f"{form}/review", garbled | {"use": "guardian-2"}).location == f"{form}/done"


@TYPED
def test_the_familys_link_offers_and_takes(world: World, garbled: str, right: str, how: str) -> None:
    client = with_link(world, register(world, household(1)).link)
    person = only_family(world.app).members[1].code
    sent: dict[str, object] = {"version": "1", "tail": "0001", "address": "Ấp Mới", f"{person}-name": garbled}
    assert post(client, "/family/change", sent, page="/family/registration").status_code == 303
    refused = client.get("/family/change")
    assert offers(refused) == [(f"{person}-name", right)]
    assert how in words(refused) and "Ấp Mới" in refused.text
    assert names(world)[1] == "Danh Chung"
    taken = post(client, "/family/change", sent | {"use": f"{person}-name"}, page="/family/registration")
    assert (taken.status_code, f'value="{right}"' in client.get("/family/change").text) == (303, True)
    post(client, "/family/change", sent | {f"{person}-name": right}, page="/family/change")
    assert names(world)[1] == right


@TYPED
def test_json_is_refused_with_the_suggestion(
    world: World, client: FlaskClient, garbled: str, right: str, how: str
) -> None:
    answer = call(client, with_member(0, name=garbled))
    assert (answer.status_code, answer.get_json()["error"]) == (422, "name_garbled")
    (fault,) = answer.get_json()["faults"]
    assert (fault["place"], fault["code"], fault["suggestion"]) == ("members[0].name", "name_garbled", right)
    assert how in fault["message"]
    assert call(client, with_member(0, name=fault["suggestion"])).status_code == 200


def test_lost_letters_are_typed_again(world: World, client: FlaskClient) -> None:
    answer = call(client, with_member(0, name="Tr?n Th? Lan"))
    (fault,) = answer.get_json()["faults"]
    assert (answer.status_code, fault["code"], "suggestion" in fault) == (422, "name_lost", False)
    assert "Hãy gõ lại" in fault["message"]


FILE = [
    ["1", "TrÇn V¨n KiÓm", *MOTHER[2:4], "14/6/1984", "0912345024", *MOTHER[6:]],
    ["2", "Leâ Thò Thöû", *MOTHER[2:4], "1986", "0912345025", *MOTHER[6:]],
    ["3", "NguyÔn Ngäc H\u00adëng", *MOTHER[2:4], "1987", "0912345026", *MOTHER[6:]],
    ["4", "DANH CHUNG", *MOTHER[2:4], "1950", "0912345027", *MOTHER[6:]],
]  # fmt: skip


@pytest.mark.parametrize(
    ("ticks", "written", "left"),
    [
        ({}, ["DANH CHUNG"], "3 gia đình có tên bị hỏng chữ chưa được ghi"),
        ({"repair": ["1", "4"]}, ["Trần Văn Kiểm", "Danh Chung"], "2 gia đình có tên bị hỏng chữ chưa được ghi"),
        ({"repair_all": "y"}, ["Trần Văn Kiểm", "Lê Thị Thử", "Nguyễn Ngọc Hưởng", "Danh Chung"], ""),
    ],
)
def test_the_read_back_shows_both_and_writes_what_was_ticked(
    world: World, ticks: dict[str, object], written: list[str], left: str
) -> None:
    officer = world.as_user(world.officer)
    preview = upload(officer, world, excel(FILE))
    assert count(world, Family) == 0
    shown = words(preview)
    for both in ("TrÇn V¨n KiÓm → Trần Văn Kiểm", "Leâ Thò Thöû → Lê Thị Thử", "DANH CHUNG → Danh Chung"):
        assert both in shown
    assert shown.count("Ghi với tên đã sửa") == 4
    confirm = re.search(r'action="(/delegation/[^"]+/import/[^"]+)"', preview.text)
    assert confirm
    sent = {"csrf_token": token_of(preview), **ticks}
    assert officer.post(confirm[1], data=sent).status_code == 302
    said = words(officer.get(f"/delegation/{world.hon_dat}"))
    assert names(world) == written
    assert (left in said, "hỏng chữ" in said) == (True, bool(left))
    assert officer.post(confirm[1], data=sent).status_code == 302
    assert names(world) == written, "confirmed twice, written once"


def test_who_agrees_in_a_file_and_lost_letters(world: World) -> None:
    rows = [MOTHER, [*SON[:8], "TrÇn ThÞ Lan", *SON[9:]], ["2", "Tr?n V?n", *MOTHER[2:5], "0912000222", *MOTHER[6:]]]
    preview = upload(world.as_user(world.officer), world, excel(rows))
    shown = words(preview)
    assert "TrÇn ThÞ Lan → Trần Thị Lan" in shown
    assert "“Tr?n V?n” đã mất chữ" in shown


def test_the_command_writes_repaired_names_only_when_told(world: World, tmp_path: Path) -> None:
    file = tmp_path / "phong-cu.xlsx"
    file.write_bytes(excel(FILE))
    run = world.app.test_cli_runner()
    told = run.invoke(args=["registration", "import", str(file), "--unit", "kg-0"])
    assert (told.exit_code, names(world)) == (1, ["DANH CHUNG"])
    assert "“TrÇn V¨n KiÓm” → “Trần Văn Kiểm”" in told.output and "--repair" in told.output
    told = run.invoke(args=["registration", "import", str(file), "--unit", "kg-0", "--repair"])
    assert names(world) == ["DANH CHUNG", "Trần Văn Kiểm", "Lê Thị Thử", "Nguyễn Ngọc Hưởng"]
    assert told.exit_code == 0, told.output


def test_foreign_names_and_khmer_names_pass_everywhere(world: World, client: FlaskClient) -> None:
    for at, name in enumerate(
        ("Danh Sóc Kha", "Thị Sà Phol", "Nguyễn Ngọc Hưởng", "Jean-Luc Étienne", "Trần O'Connor")
    ):
        sent = with_member(0, name=name) | {
            "key": f"5b0f6a52-1c1e-4a0b-9d6e-7f3f0d2c9a4{at}",
            "phone": f"091234560{at}",
        }
        assert call(client, sent).status_code == 200, name
