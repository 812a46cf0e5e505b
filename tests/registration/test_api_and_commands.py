"""Registering without a browser: the JSON call and the commands, with every refusal as a sentence."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config import ROOT
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading
from festival.registration.models import HeldRegistration
from festival.registration.typed.wire import RANDOM_UUID, SENDER_KEY, looks_random
from festival.roster.models import Delegation, DelegationOfficer, Family, FamilyState
from tests.registration.conftest import World
from tests.registration.test_workbook import MOTHER, SON, excel, with_cell

# What a command says is the same on both databases.
pytestmark = pytest.mark.either_database

SENDER = {"Registration-Sender": "8f0c2d4b6a1e3957" * 4}
KEY = "5b0f6a52-1c1e-4a0b-9d6e-7f3f0d2c9a41"
OTHER_KEY = "c3b1a0f4-92d7-4e55-8a3c-1d2e3f405162"
FAMILY: dict[str, Any] = {
    "key": KEY,
    "festival": "kg-2024",
    "delegation": "kg-0",
    "phone": "+84 912 345 678",
    "email": "nha@example.vn",
    "members": [
        {"name": "Danh Thị Sa Rươl", "relation": "Người đại diện", "sex": "Nữ", "birth": "1986", "contests": ["tai-nang"], "agreed_by": "Danh Thị Sa Rươl"},
        {"name": "Danh Minh Khôi", "relation": "child", "sex": "male", "birth": "1/9/2014", "agreed_by": "Danh Thị Sa Rươl", "agreed_as": "mother", "own_agreement": True},
    ],
}  # fmt: skip


def with_member(place: int, **changes: Any) -> dict[str, Any]:
    members = [dict(member) for member in FAMILY["members"]]
    members[place] |= changes
    return {**FAMILY, "members": members}


def test_open_festivals_are_listed(world: World, client: FlaskClient) -> None:
    answer = client.get("/api/v1/registrations/open").get_json()
    (festival,) = answer["festivals"]
    assert (festival["code"], festival["members_min"], festival["members_max"]) == ("kg-2024", 2, 6)
    assert festival["delegations"] == [
        {"code": "DOAN0", "name": "Huyện Hòn Đất"},
        {"code": "DOAN1", "name": "Huyện Kiên Lương"},
    ]
    assert [contest["code"] for contest in festival["contests"]] == ["tai-nang", "nau-an", "the-thao"]


def call(client: FlaskClient, sent: Any, sender: dict[str, str] | None = None) -> Any:
    return client.post("/api/v1/registrations", json=sent, headers=SENDER if sender is None else sender)


def test_the_same_again_is_the_same_answer_to_the_same_sender(world: World, client: FlaskClient) -> None:
    first, again = call(client, FAMILY), call(client, FAMILY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.get_json() == again.get_json()
    assert first.get_json()["outcome"] == "registered"
    assert "Cán bộ phụ trách của đoàn xem" in first.get_json()["message"]
    with world.app.app_context(), reading():
        assert db.session.scalars(select(Family.state)).all() == [FamilyState.SUBMITTED]
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 1


def test_a_link_is_given_again_only_while_an_answer_may_have_been_lost(world: World, client: FlaskClient) -> None:
    first = call(client, FAMILY).get_json()
    with time_machine.travel(now() + timedelta(minutes=16)):
        late = call(client, FAMILY)
    assert (late.status_code, late.get_json()) == (200, {**first, "link": ""})


def test_a_key_of_another_is_a_key_nobody_ever_used(world: World, client: FlaskClient) -> None:
    """Whoever knows or guesses key and content of another gets what any newcomer gets: a registration of its own."""
    first = call(client, FAMILY)
    known = call(client, {**FAMILY, "phone": "0912 000 111"}, {"Registration-Sender": "0123456789abcdef" * 4})
    fresh = call(
        client, {**FAMILY, "phone": "0912 000 222", "key": OTHER_KEY}, {"Registration-Sender": "fedcba9876543210" * 4}
    )
    copied = call(client, FAMILY, {"Registration-Sender": "1032547698badcfe" * 4})
    mine = first.get_json()
    for answer in (known, fresh, copied):
        told = answer.get_json()
        assert (answer.status_code, sorted(told), told["outcome"], told["message"]) == (
            200, sorted(mine), "registered", mine["message"],
        )  # fmt: skip
        assert (told["family"] == mine["family"], told["link"] == mine["link"]) == (False, False)
    # the copy is the same household, the others the same people with another phone: taken all the same, and an officer looks
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(HeldRegistration)) == 3
    assert call(client, FAMILY).get_json() == mine


def test_another_content_under_an_own_key_is_an_error_and_writes_nothing(world: World, client: FlaskClient) -> None:
    call(client, FAMILY)
    other = call(client, {**FAMILY, "address": "Ấp Khác"})
    assert (other.status_code, sorted(other.get_json())) == (409, ["error", "message"])
    assert "/g/" not in other.text
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 1


WEAK = [
    "kiosk-7-0001", "script-0001", "", "00000000-0000-4000-8000-000000000000", "11111111-1111-4111-8111-111111111111",
    "5b0f6a52-1c1e-1a0b-9d6e-7f3f0d2c9a41", "5b0f6a521c1e4a0b9d6e7f3f0d2c9a41", KEY + "0", "urn:uuid:" + KEY,
]  # fmt: skip


@pytest.mark.parametrize("key", WEAK)
def test_a_key_that_could_be_guessed_is_refused(world: World, client: FlaskClient, key: str) -> None:
    answer = call(client, {**FAMILY, "key": key})
    assert (answer.status_code, [each["place"] for each in answer.get_json()["faults"]]) == (400, ["key"])
    assert "UUID" in answer.get_json()["faults"][0]["message"]


@pytest.mark.parametrize(
    "sender",
    [
        None,
        "",
        "kiosk-7",
        "0" * 64,
        "ab" * 32,
        "8f0c2d4b6a1e3957" * 3,
        "8f0c2d4b6a1e3957" * 5,
        "g" + "8f0c2d4b6a1e3957" * 4,
    ],
)
def test_a_sender_without_a_secret_of_its_own_is_refused(world: World, client: FlaskClient, sender: str | None) -> None:
    answer = call(client, FAMILY, {} if sender is None else {"Registration-Sender": sender})
    assert (answer.status_code, [each["place"] for each in answer.get_json()["faults"]]) == (
        400,
        ["Registration-Sender"],
    )
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0


def test_documents_show_keys_that_are_taken(client: FlaskClient) -> None:
    """The example of the documentation and the description for scripts ask for what the door takes."""
    page = (ROOT / "docs" / "registration.md").read_text(encoding="utf-8")
    shown = re.findall(r'"key": "([^"]+)"', page)
    senders = re.findall(r"Registration-Sender: ([0-9a-f]+)", page)
    assert (len(shown), len(senders)) == (1, 1)
    assert looks_random(shown[0], RANDOM_UUID) and looks_random(senders[0], SENDER_KEY)
    document = client.get("/api/v1/openapi.json").get_json()
    key = document["components"]["schemas"]["RegistrationIn"]["properties"]["key"]
    assert (key["format"], key["pattern"]) == ("uuid", RANDOM_UUID)
    (header,) = document["paths"]["/api/v1/registrations"]["post"]["parameters"]
    assert (header["name"], header["in"], header["required"]) == ("Registration-Sender", "header", True)


def test_neither_key_nor_sender_is_kept(world: World, client: FlaskClient) -> None:
    call(client, FAMILY)
    with world.app.app_context(), reading():
        key, digest = db.session.execute(select(Family.submission_key, Family.submission_digest)).one()
    sender = SENDER["Registration-Sender"]
    plain = [sha256(text.encode()).hexdigest() for text in (KEY, sender, f"{sender} {KEY}")]
    assert [each for each in (KEY, sender, *plain) if each in f"{key} {digest}"] == []


def test_json_registration_sent_eight_times_at_once(world: World) -> None:
    gate, outcomes = threading.Barrier(8), []

    def send() -> None:
        script = world.app.test_client()
        gate.wait()
        outcomes.append(script.post("/api/v1/registrations", json=FAMILY, headers=SENDER).get_data())

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(outcomes), len(set(outcomes))) == (8, 1)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 1


@pytest.mark.parametrize(
    ("sent", "status", "faults"),
    [
        ({}, 400, None),
        ({**FAMILY, "extra": 1}, 400, ["extra"]),
        ({**FAMILY, "phone": "12"}, 400, ["phone"]),
        ({**FAMILY, "email": "x"}, 400, ["email"]),
        (with_member(1, birth="31/2/2014"), 400, ["members[1].birth"]),
        (with_member(1, relation="?", sex="?"), 400, ["members[1].relation", "members[1].sex"]),
        (with_member(0, contests=["bay"]), 400, ["members[0].contests"]),
        (with_member(0, name="<b>"), 400, ["members[0].name"]),
        (with_member(1, own_agreement=False), 400, ["members[1]"]),
        ({**FAMILY, "members": FAMILY["members"][:1]}, 400, ["members"]),
        ({**FAMILY, "festival": "x"}, 404, None),
        ({**FAMILY, "delegation": "x"}, 404, None),
        ([1], 400, None),
    ],
)  # fmt: skip
def test_json_refusals_name_the_place(
    world: World, client: FlaskClient, sent: Any, status: int, faults: list[str] | None
) -> None:
    answer = call(client, sent)
    assert answer.status_code == status
    assert answer.get_json()["message"]
    if faults is not None:
        assert [fault["place"] for fault in answer.get_json()["faults"]] == faults
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Family)) == 0


def test_not_json_at_all(world: World, client: FlaskClient) -> None:
    assert client.post("/api/v1/registrations", data=b"\xff\x00", content_type="application/json").status_code == 400
    assert client.post("/api/v1/registrations", data=b"[" * 200_000, content_type="application/json").status_code == 400


def test_registration_by_commands(world: World, tmp_path: Path) -> None:
    run = world.app.test_cli_runner()
    template, filled = tmp_path / "mau.xlsx", tmp_path / "danh-sach.xlsx"
    assert run.invoke(args=["registration", "template", str(template)]).exit_code == 0
    assert template.read_bytes()[:2] == b"PK"
    wrong = [with_cell(with_cell(MOTHER, "Gia đình số", "2"), "Số điện thoại", "12")]
    filled.write_bytes(excel([MOTHER, SON, *wrong]))
    command = ["registration", "import", str(filled), "--unit", "kg-0", "--festival", "kg-2024"]
    looked = run.invoke(args=[*command, "--check"])
    assert (looked.exit_code, "Sẽ ghi mới" in looked.output, "F4" in looked.output) == (1, True, True)
    assert run.invoke(args=["registration", "list", "--json"]).output == "[]\n"
    assert "Đã ghi 1 gia đình." in run.invoke(args=command).output
    assert "Đã có, giữ nguyên" in run.invoke(args=command).output
    (family,) = json.loads(run.invoke(args=["registration", "list", "--json"]).output)
    assert (family["state"], family["lacks"], family["delegation"]) == ("draft", [], "DOAN0")
    assert run.invoke(args=["registration", "submit", "--unit", "900"]).exit_code == 0
    approved = run.invoke(args=["registration", "approve", family["family"]])
    assert (approved.exit_code, "1 trên 1 gia đình đã duyệt." in approved.output) == (0, True)
    late = run.invoke(args=["registration", "approve", family["family"]])
    assert (late.exit_code, "hiện là “Đã duyệt”" in late.output) == (1, True)
    passes = json.loads(run.invoke(args=["registration", "passes", "--unit", "kg-0"]).output)
    assert [(each["owner"], each["code"]) for each in passes] == [("family", family["family"]), ("delegation", "DOAN0")]
    assert all(each["qr"].isdecimal() and len(each["qr"]) == 43 for each in passes)


@pytest.mark.parametrize(
    "arguments",
    [
        ["approve"], ["approve", "NOBODY"], ["list", "--unit", "x"], ["list", "--festival", "x"], ["officer", "kg-0", "nobody"],
        ["passes", "--unit", "x"], ["template", "x.xlsx", "--filled"],
    ],
)  # fmt: skip
def test_commands_refuse_with_a_sentence(world: World, arguments: list[str]) -> None:
    outcome = world.app.test_cli_runner().invoke(args=["registration", *arguments])
    assert outcome.exit_code == 1
    assert outcome.output.startswith("Lỗi: ") and "Traceback" not in outcome.output


def test_officer_is_assigned_and_dismissed(world: World) -> None:
    run = world.app.test_cli_runner()

    def officers() -> list[int]:
        with world.app.app_context(), reading():
            query = select(DelegationOfficer.user_id).join(Delegation).where(Delegation.code == "DOAN0")
            return sorted(db.session.scalars(query))

    assert run.invoke(args=["registration", "officer", "DOAN0", "canbo1"]).exit_code == 0
    assert officers() == [world.officer, world.other_officer]
    assert run.invoke(args=["registration", "officer", "DOAN0", "canbo1", "--remove"]).exit_code == 0
    assert officers() == [world.officer]
