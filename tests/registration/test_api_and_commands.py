"""Registering without a browser: the JSON call and the commands, with every refusal as a sentence."""

from __future__ import annotations

import json
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.core.database import db
from festival.core.outbox import OutboxMail
from festival.core.transaction import reading
from festival.roster.models import Delegation, DelegationOfficer, Family, FamilyState
from tests.registration.conftest import World
from tests.registration.test_workbook import MOTHER, SON, excel, with_cell

FAMILY: dict[str, Any] = {
    "key": "script-0001",
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


def test_json_registration_is_idempotent(world: World, client: FlaskClient) -> None:
    first = client.post("/api/v1/registrations", json=FAMILY)
    again = client.post("/api/v1/registrations", json=FAMILY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.get_json()["outcome"], again.get_json()["outcome"]) == ("registered", "already_registered")
    assert first.get_json()["link"] == again.get_json()["link"]
    other = client.post("/api/v1/registrations", json={**FAMILY, "key": "script-0002"})
    assert (other.status_code, other.get_json()["error"]) == (409, "conflict")
    with world.app.app_context(), reading():
        assert db.session.scalars(select(Family.state)).all() == [FamilyState.SUBMITTED]
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 1


def test_json_registration_sent_eight_times_at_once(world: World) -> None:
    gate, outcomes = threading.Barrier(8), []

    def send() -> None:
        script = world.app.test_client()
        gate.wait()
        outcomes.append(script.post("/api/v1/registrations", json=FAMILY).get_json()["outcome"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"registered": 1, "already_registered": 7}


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
    answer = client.post("/api/v1/registrations", json=sent)
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
    assert all(each["qr"].startswith("F1") and len(each["qr"]) == 30 for each in passes)


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
