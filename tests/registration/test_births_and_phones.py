"""A birth and a phone are read alike by form, JSON, Excel and link; what is a slip is refused by all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading
from festival.roster.models import Family, Person
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, typed_family, upload, with_link, words
from tests.registration.registered import count, register
from tests.registration.test_api_and_commands import call, with_member
from tests.registration.test_workbook import MOTHER, excel

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

READ = {
    "14061984": (1984, date(1984, 6, 14)),
    "6/1984": (1984, None),
    "14/06/1984 00:00:00": (1984, date(1984, 6, 14)),
    "1984": (1984, None),
}
SLIPS = ("2562", "20155", "41440", "31/2/1984", "14/13/1984")


def first_birth(world: World) -> tuple[int | None, date | None]:
    with world.app.app_context(), reading():
        return tuple(db.session.execute(select(Person.birth_year, Person.born_on).order_by(Person.id).limit(1)).one())  # type: ignore[return-value]


@pytest.mark.parametrize("written", READ)
def test_a_birth_is_read_by_form_and_json(world: World, client: FlaskClient, written: str) -> None:
    new = f"/delegation/{world.hon_dat}/families/new"
    assert post(world.as_user(world.officer), new, typed_family(**{"members-0-birth": written})).status_code == 302
    assert first_birth(world) == READ[written]
    assert call(client, with_member(0, birth=written) | {"phone": "(+84) 912-345-679"}).status_code == 200
    with world.app.app_context(), reading():
        assert sorted(db.session.scalars(select(Family.phone))) == ["0912345678", "0912345679"]


@pytest.mark.parametrize("written", SLIPS)
def test_a_slip_is_refused_on_every_road(world: World, client: FlaskClient, written: str) -> None:
    new = f"/delegation/{world.hon_dat}/families/new"
    officer = world.as_user(world.officer)
    assert post(officer, new, typed_family(**{"members-0-birth": written})).status_code == 303
    answer = call(client, with_member(0, birth=written))
    assert (answer.status_code, answer.get_json()["faults"][0]["place"]) == (400, "members[0].birth")
    if written.isdigit():
        assert call(client, with_member(0, birth=int(written))).status_code == 400, "a number is no date in JSON"
    shown = words(upload(officer, world, excel([[*MOTHER[:4], written, *MOTHER[5:]]])))
    assert "Cần sửa trong tệp 1" in shown or "1 Cần sửa trong tệp" in shown
    assert count(world, Family) == 0
    client = with_link(world, register(world, household(1)).link)
    person = only_family(world.app).members[0].code
    change: dict[str, object] = {"version": "1", "tail": "0001", f"{person}-birth": written}
    assert post(client, "/family/change", change, page="/family/change").location == "/family/change"
    assert "aria-invalid" in client.get("/family/change").text


@pytest.mark.parametrize(
    ("cell", "birth"),
    [
        (20155, (1955, date(1955, 3, 7))),
        (20155.0, (1955, date(1955, 3, 7))),
        ("14061984", (1984, date(1984, 6, 14))),
        (1984, (1984, None)),
    ],
)
def test_a_serial_number_counts_only_in_a_cell_of_numbers(world: World, tmp_path: Any, cell: Any, birth: Any) -> None:
    file = tmp_path / "ngay-sinh.xlsx"
    file.write_bytes(excel([[*MOTHER[:4], cell, "(+84) 912-345-679", *MOTHER[6:]]]))
    told = world.app.test_cli_runner().invoke(args=["registration", "import", str(file), "--unit", "kg-0"])
    assert told.exit_code == 0, told.output
    assert first_birth(world) == birth
    assert only_family(world.app).phone == "0912345679"
