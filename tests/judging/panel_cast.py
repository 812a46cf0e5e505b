"""The people of a panel: a chair, two judges, a secretary, an organiser, an MC, three families of three units.

Judge Lan is tied to the unit of the third family. Contest `tai-nang` is judged and sealed, `bong-ro` counts balls and
is public at once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from festival.accounts.actions import create_user
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.contests.models import Contest, Criterion, Judge, PanelSeat, ResultKind, Secrecy, Unavailability
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.choosing import choose_if_none
from festival.editions.models import Festival, Unit, UnitLevel
from festival.judging.sheet_messages import SheetMessage, SheetOutcome, Verb
from festival.judging.taking_sheets import take_sheets
from festival.roster.models import Delegation, Entry, Family, FamilyState, Origin

PASSWORD = "nắng-biển-Hòn-Đất"
PASSWORD_HASH = hash_password(PASSWORD)
USUAL = [
    {"name": "Nhất", "count": 1},
    {"name": "Nhì", "count": 2},
    {"name": "Ba", "count": 3},
    {"name": "Khuyến khích", "count": None},
]
SECRET_NAMES = {"chair": "Nguyễn Thị Chủ", "lan": "Danh Thị Lan", "hung": "Trần Văn Hùng", "secretary": "Lê Thư Ký"}


@dataclass(frozen=True)
class Panel:
    """Ids and codes only: every test works in its own sessions."""

    festival_id: int
    contest_id: int
    sport_id: int
    users: dict[str, int]
    judges: dict[str, int]
    entries: list[str]
    entry_ids: list[int]
    sport_entries: list[int]

    def message(
        self,
        who: str,
        entry: int,
        marks: dict[str, int] | None = None,
        *,
        base: int = 0,
        mid: str | None = None,
        verb: Verb = "send",
        body: dict[str, Any] | None = None,
        typed_by: int | None = None,
    ) -> SheetMessage:
        return SheetMessage(
            mid=mid or uuid.uuid4().hex,
            user_id=self.users[who],
            entry_code=self.entries[entry],
            round=1,
            verb=verb,
            body=body if body is not None else {"marks": marks or {}},
            base_version=base,
            received_at=now(),
            typed_by=typed_by,
        )


def send(*messages: SheetMessage) -> list[SheetOutcome]:
    """Through the door's transaction."""
    with transaction():
        return take_sheets(messages)


def marks(content: int, style: int) -> dict[str, int]:
    return {"noi-dung": content, "dien-xuat": style}


def cast(entries: int = 3, **contest: Any) -> Panel:
    """Make the cast in the present application's database."""
    with transaction():
        users = {
            "chair": create_user("chair", SECRET_NAMES["chair"], PASSWORD_HASH, [Role.CHAIR, Role.JUDGE]).id,
            "lan": create_user("lan", SECRET_NAMES["lan"], PASSWORD_HASH, [Role.JUDGE]).id,
            "hung": create_user("hung", SECRET_NAMES["hung"], PASSWORD_HASH, [Role.JUDGE]).id,
            "secretary": create_user("thuky", SECRET_NAMES["secretary"], PASSWORD_HASH, [Role.SECRETARY]).id,
            "organiser": create_user("btc", "Phạm Tổ Chức", PASSWORD_HASH, [Role.ORGANISER]).id,
            "deputy": create_user("phobtc", "Ngô Phó Ban", PASSWORD_HASH, [Role.ORGANISER]).id,
            "mc": create_user("mc", "Võ Dẫn", PASSWORD_HASH, [Role.MC]).id,
            "officer": create_user("canbo", "Mai Cán Bộ", PASSWORD_HASH, [Role.OFFICER]).id,
            "other": create_user("khac", "Giám Khảo Khác", PASSWORD_HASH, [Role.JUDGE, Role.CHAIR]).id,
        }
        festival = Festival(
            code="thu",
            name="Ngày hội Gia đình tiêu biểu",
            starts_on=date(2024, 6, 14),
            ends_on=date(2024, 6, 16),
            families_max=6,
            members_min=1,
            members_max=9,
            data_kept_until=date(2025, 6, 30),
            ruleset={},
            created_at=now(),
        )
        db.session.add(festival)
        db.session.flush()
        choose_if_none(festival)
        judged = Contest(
            **(
                {
                    "festival_id": festival.id,
                    "code": "tai-nang",
                    "name": "Gia đình tài năng",
                    "position": 1,
                    "result_kind": ResultKind.RUBRIC,
                    "secrecy": Secrecy.SECRET,
                    "entries_per_delegation": 5,
                    "duration_min": 15,
                    "grace_s": 60,
                    "overtime_penalty_milli": 2_000,
                    "aggregate": "deviation_drop",
                    "delta_milli": 15_000,
                    "smallest_panel": 2,
                    "tie_ladder": [{"by": "criterion", "criterion": "noi-dung"}, {"by": "jury"}],
                    "place_points": [15_000, 14_000, 13_000],
                    "prizes": USUAL,
                    "special_prizes": ["Trang phục ấn tượng"],
                }
                | contest
            )
        )
        sport = Contest(
            festival_id=festival.id,
            code="bong-ro",
            name="Ném bóng vào rổ",
            position=2,
            result_kind=ResultKind.COUNT,
            secrecy=Secrecy.AT_ONCE,
            entries_per_delegation=5,
            duration_min=3,
            unit_label="quả",
            best_possible=30,
            tie_ladder=[{"by": "jury"}],
            place_points=[15_000, 14_000, 13_000],
            prizes=USUAL,
            special_prizes=[],
        )
        db.session.add_all([judged, sport])
        db.session.flush()
        for position, (code, name) in enumerate([("noi-dung", "Nội dung"), ("dien-xuat", "Diễn xuất")], start=1):
            db.session.add(
                Criterion(
                    contest_id=judged.id, position=position, code=code, name=name, max_milli=50_000, step_milli=250
                )
            )
        judges = {}
        for letter, who, seat in (
            ("A", "chair", PanelSeat.CHAIR),
            ("B", "lan", PanelSeat.MEMBER),
            ("C", "hung", PanelSeat.MEMBER),
            (None, "secretary", PanelSeat.SECRETARY),
        ):
            judge = Judge(
                contest_id=judged.id,
                user_id=users[who],
                seat=seat,
                letter=letter,
                marks=seat is not PanelSeat.SECRETARY,
            )
            db.session.add(judge)
            db.session.flush()
            judges[who] = judge.id
        codes, ids, sport_ids = [], [], []
        for at in range(entries):
            unit = Unit(key=f"u{at}", level=UnitLevel.DISTRICT, kind="Huyện", name=f"Số {at}", folded=f"so {at}")
            db.session.add(unit)
            db.session.flush()
            if at == 2:
                db.session.add(
                    Unavailability(judge_id=judges["lan"], unit_id=unit.id, reason="con gái dự thi", noted_at=now())
                )
            delegation = Delegation(
                festival_id=festival.id,
                unit_id=unit.id,
                code=f"doan-{at}",
                name=f"Đoàn huyện Số {at}",
                families_min=0,
                families_max=6,
            )
            db.session.add(delegation)
            db.session.flush()
            family = Family(
                festival_id=festival.id,
                delegation_id=delegation.id,
                code=f"gia-dinh-{at}",
                name=f"Gia đình ông Danh Chung {at}",
                folded=f"gia dinh ong danh chung {at}",
                state=FamilyState.APPROVED,
                origin=Origin.OFFICER,
                identity=f"danh chung {at}",
                created_at=now(),
            )
            db.session.add(family)
            db.session.flush()
            entry = Entry(
                contest_id=judged.id,
                delegation_id=delegation.id,
                family_id=family.id,
                code=f"E{at:03d}",
                name=family.name,
                number=at + 1,
            )
            throw = Entry(
                contest_id=sport.id,
                delegation_id=delegation.id,
                family_id=family.id,
                code=f"S{at:03d}",
                name=family.name,
                number=at + 1,
            )
            db.session.add_all([entry, throw])
            db.session.flush()
            codes.append(entry.code)
            ids.append(entry.id)
            sport_ids.append(throw.id)
        return Panel(festival.id, judged.id, sport.id, users, judges, codes, ids, sport_ids)


def full_panel(panel: Panel) -> None:
    """Everybody marks everything: places 1, 2, 3 with entry 0 best."""
    send(
        *(
            panel.message(who, at, marks(45_000 - 5_000 * at, 45_000 - 250 * offset))
            for offset, who in enumerate(("chair", "lan", "hung"))
            for at in range(len(panel.entries))
            if (who, at) != ("lan", 2)
        )
    )


def more_entries(panel: Panel, many: int) -> list[str]:
    """So many more families of the first delegation, each with an entry to mark; the codes of these."""
    keys = [f"ho-{number:05d}" for number in range(many)]
    with transaction():
        of = select(Family.delegation_id, Family.festival_id).order_by(Family.id).limit(1)
        delegation, festival = db.session.execute(of).one()
        common = {"state": FamilyState.APPROVED, "origin": Origin.OFFICER, "created_at": now()}
        where = {"festival_id": festival, "delegation_id": delegation} | common
        made = db.session.scalars(
            insert(Family).returning(Family.id, sort_by_parameter_order=True),
            [where | {"code": key, "name": key, "folded": key, "identity": key} for key in keys],
        ).all()
        last = len(panel.entries)
        own = {"contest_id": panel.contest_id, "delegation_id": delegation}
        db.session.execute(
            insert(Entry),
            [
                own | {"family_id": row, "code": key.upper(), "name": key, "number": last + at}
                for at, (row, key) in enumerate(zip(made, keys, strict=True), start=1)
            ],
        )
    return [key.upper() for key in keys]
