"""A small festival with passes, and a phone that speaks the protocol from Python: what the device tests stand on."""

from __future__ import annotations

import json
import os
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import transaction
from festival.devices import enrolment as devices_enrolment
from festival.devices import wire
from festival.devices.handlers import DeviceRole
from festival.devices.models import Activation, Device
from festival.editions.choosing import choose_if_none
from festival.editions.models import Festival, Unit, UnitLevel
from festival.passes import code as passes_code
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import BadgeClass, Delegation, Family, FamilyState, Origin, Person

FAMILIES = {
    "Gia đình ông Danh Chung": ["Danh Chung", "Thị Ngọc Ánh", "Danh Minh Khang", "Thị Hòa"],
    "Gia đình bà Trương Mỹ Hoa": ["Trương Mỹ Hoa", "Lâm Quốc Đạt"],
    "Gia đình ông Nguyễn Hoàng Anh Đức": ["Nguyễn Hoàng Anh Đức", "Lê Thị Thùy Dung", "Nguyễn Lê Bảo Ngọc"],
}


@dataclass
class Fair:
    """What was made: codes a test may speak of."""

    festival_id: int
    code: str = "thu-2024"
    codes: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    persons: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    delegation_list: str = ""
    delegation_code: str = ""
    driver: str = ""


def open_fair(app: Flask, families: dict[str, list[str]] | None = None) -> Fair:
    """A festival with one delegation, its families approved, a driver, and a pass for each family and the delegation."""
    with app.app_context(), transaction():
        festival = Festival(
            code="thu-2024",
            name="Ngày hội thử",
            starts_on=date(2024, 6, 14),
            ends_on=date(2024, 6, 16),
            families_max=5000,
            members_min=1,
            members_max=12,
            data_kept_until=date(2025, 6, 30),
            ruleset={},
            created_at=now(),
        )
        unit = Unit(key="d903", level=UnitLevel.DISTRICT, kind="Huyện", name="Hòn Đất", folded="hon dat")
        db.session.add_all([festival, unit])
        db.session.flush()
        choose_if_none(festival)
        fair = Fair(festival.id)
        delegation = Delegation(
            festival_id=festival.id,
            unit_id=unit.id,
            code=os.urandom(8).hex(),
            name="Đoàn huyện Hòn Đất",
            head_phone="0912000111",
            families_min=0,
            families_max=5000,
        )
        db.session.add(delegation)
        db.session.flush()
        for number, (name, members) in enumerate((families or FAMILIES).items()):
            family = Family(
                festival_id=festival.id,
                delegation_id=delegation.id,
                code=os.urandom(8).hex(),
                name=name,
                folded=fold(name),
                phone=f"09120{number:05d}",
                state=FamilyState.APPROVED,
                origin=Origin.OFFICER,
                identity=f"thu-{number}",
                created_at=now(),
            )
            db.session.add(family)
            db.session.flush()
            people = [
                Person(
                    festival_id=festival.id,
                    family_id=family.id,
                    code=os.urandom(8).hex(),
                    position=place,
                    name=member,
                    folded=fold(member),
                    representative=place == 1,
                )
                for place, member in enumerate(members, 1)
            ]
            db.session.add_all(people)
            card = _issue(festival.id, "family", family.id)
            fair.codes[name] = tokens.qr_text(card)
            fair.typed[name] = tokens.typed_of(card)
            fair.lists[name] = card.list_id
            fair.persons[name] = [person.code for person in people]
        driver = Person(
            festival_id=festival.id,
            delegation_id=delegation.id,
            code=os.urandom(8).hex(),
            badge=BadgeClass.CREW,
            name="Châu Văn Tài",
            folded=fold("Châu Văn Tài"),
        )
        db.session.add(driver)
        card = _issue(festival.id, "delegation", delegation.id)
        fair.delegation_list, fair.delegation_code = card.list_id, tokens.qr_text(card)
        fair.driver = driver.code
    return fair


def _issue(festival_id: int, owner: Any, owner_id: int) -> Pass:
    values = tokens.new_pass_values(owner, owner_id, 1)
    card = Pass(festival_id=festival_id, issue=1, issued_at=now(), **{f"{owner}_id": owner_id}, **values)
    db.session.add(card)
    db.session.flush()
    return card


def enrolment(
    app: Flask, fair: Fair, role: DeviceRole = DeviceRole.GATE, station: str = "Cổng 1", user: int | None = None
) -> str:
    """A one-time code from the office."""
    with app.app_context(), transaction():
        return devices_enrolment.make_enrolment_code(fair.festival_id, role, user, station).code


def uuid7(at_ms: int | None = None) -> str:
    """A mid as a device makes it."""
    whole = bytearray((int(time.time() * 1000) if at_ms is None else at_ms).to_bytes(6, "big") + os.urandom(10))
    whole[6] = whole[6] & 0x0F | 0x70
    whole[8] = whole[8] & 0x3F | 0x80
    text = whole.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Phone:
    """An enrolled device: numbers, chains, signs and sends its mutations."""

    def __init__(self, client: FlaskClient, code: str, *, with_key: bool = False) -> None:
        self.client = client
        self.key = ec.generate_private_key(ec.SECP256R1()) if with_key else None
        asked: dict[str, Any] = {"code": code, "name": "Điện thoại thử"}
        if self.key is not None:
            numbers = self.key.public_key().public_numbers()
            asked["public_key"] = {
                "kty": "EC",
                "crv": "P-256",
                "x": _b64(numbers.x.to_bytes(32, "big")),
                "y": _b64(numbers.y.to_bytes(32, "big")),
            }
        answer = client.post("/api/v1/enrol", json=asked)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        told = answer.get_json()
        self.device, self.token = told["device"], told["token"]
        self.seq, self.tail = 0, None

    @classmethod
    def going_on(cls, client: FlaskClient, kept: Mapping[str, Any]) -> Phone:
        """One that was enrolled before, from what it keeps of itself: device, token, private_key, seq, tail."""
        phone = cls.__new__(cls)
        phone.client, phone.device, phone.token = client, kept["device"], kept["token"]
        phone.seq, phone.tail = kept["seq"], kept["tail"]
        phone.key = ec.derive_private_key(int(kept["private_key"], 16), ec.SECP256R1()) if kept["private_key"] else None
        return phone

    def write(self, kind: str, subject: str, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """The next mutation, chained and, with a key, signed; `changes` override fields before hashing."""
        self.seq += 1
        mutation: dict[str, Any] = {
            "v": 2,
            "mid": uuid7(),
            "seq": self.seq,
            "kind": kind,
            "subject": subject,
            "body": body,
            "base_version": None,
            "wall_ms": int(time.time() * 1000),
            "offset_ms": 0,
            "prev_hash": self.tail,
            **changes,
        }
        message = wire.read_mutation(mutation, self.device["code"])
        if isinstance(message, wire.Message):
            self.tail = message.digest
            if self.key is not None:
                r, s = decode_dss_signature(self.key.sign(message.signed_bytes, ec.ECDSA(hashes.SHA256())))
                mutation["sig"] = _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return mutation

    def scan(self, list_id: str, persons: list[str] | None = None, **changes: Any) -> dict[str, Any]:
        """A reading of a pass."""
        body = {"pass": list_id, "persons": persons, "purpose": "entry", "how": "camera"}
        return self.write("scan", list_id, body, **changes)

    def send(self, *mutations: dict[str, Any], packed: bool = False, known: list[str] | None = None) -> dict[str, Any]:
        """The answer to a delivery."""
        answer = self.post({"v": 2, "mutations": list(mutations), "known": known or []}, packed=packed)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, content: Any, *, packed: bool = False) -> Any:
        """The raw answer."""
        plain = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if packed:
            headers["Content-Encoding"] = "gzip"
            plain = wire.packed(plain)
        return self.client.post("/api/v1/sync", data=plain, headers=headers)

    def open(self, pin: str, card: str | None = None) -> dict[str, Any]:
        """A judge opens this tablet; the answer, with how the tablet is now."""
        answer = self.client.post(
            "/api/v1/activate", json={"pin": pin, "card": card}, headers={"Authorization": f"Bearer {self.token}"}
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def state(self, cursor: str = "", known: str = "", app: str = "") -> dict[str, Any]:
        """What the server tells this device."""
        answer = self.client.get(
            "/api/v1/sync/state",
            query_string={"cursor": cursor, "known": known, "app": app},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()


def as_if_opened(app: Flask, phone: Phone) -> Phone:
    """A tablet whose judge has typed the PIN, without the typing (tests/judging/test_activation.py walks that way)."""
    with app.app_context(), transaction():
        device_id = db.session.scalar(select(Device.id).where(Device.code == phone.device["code"]))
        db.session.add(Activation(device_id=device_id, activated_at=now()))
    return phone


def verdicts(told: dict[str, Any]) -> list[str]:
    """The verdict words of an answer, in order."""
    return [verdict["verdict"] for verdict in told["verdicts"]]


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def opened(record: str, code: str, decode: Callable[[str], bytes] = passes_code.decode) -> dict[str, Any]:
    """A sealed record of the offline list, opened with the pass."""
    return json.loads(passes_code.unseal(decode(code), b64decode(record)))
