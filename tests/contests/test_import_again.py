"""What of a file that is imported again is applied, told, or refused? Nothing is passed over."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.office.festival_import import import_festival, read_file
from festival.roster.models import ContestPlace, Delegation, Family, FamilyState, Origin
from tests.editions.test_every_key import BASE

pytestmark = pytest.mark.either_database


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def take(document: dict[str, Any]) -> list[str]:
    with transaction():
        return [str(each) for each in import_festival(read_file(json.dumps(document).encode())).changes]


def base(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(BASE) | changes


def held() -> list[tuple[str | None, str, int, int]]:
    with reading():
        rows = db.session.scalars(select(Delegation).order_by(Delegation.position, Delegation.id)).all()
        return [(row.rule_code, row.name, row.families_min, row.families_max) for row in rows]


def change(code: str, **values: Any) -> None:
    with transaction():
        row = db.session.scalars(select(Delegation).where(Delegation.rule_code == code)).one()
        for name, value in values.items():
            setattr(row, name, value)


def register(code: str) -> None:
    with transaction():
        row = db.session.scalars(select(Delegation).where(Delegation.rule_code == code)).one()
        db.session.add(
            Family(
                festival_id=row.festival_id, delegation_id=row.id, code="f", name="Nhà", folded="nha",
                state=FamilyState.APPROVED, origin=Origin.OFFICER, identity="x", created_at=now(),
            )
        )  # fmt: skip


def test_new_quotas_go_to_the_delegations_that_had_the_old_ones_and_are_told() -> None:
    assert take(base()) == []
    assert take(base()) == []
    change("b", families_max=9)
    mended = base()
    mended["quotas"]["families_per_delegation"] = {"min": 1, "max": 5}
    mended["contests"][0]["entries_per_delegation"]["max"] = 4
    assert take(mended) == [
        "Số gia đình mỗi đoàn: 2–3 → 1–5.",
        "Số tiết mục mỗi đoàn ở phần thi «Tài năng»: 2–3 → 2–4.",
    ]
    assert held() == [("a", "Đoàn A", 1, 5), ("b", "Đoàn B", 2, 9)]


def test_a_quota_below_what_is_approved_is_refused_naming_the_delegation() -> None:
    take(base())
    change("a", approved_count=3)
    mended = base()
    mended["quotas"]["families_per_delegation"]["max"] = 2
    with pytest.raises(Conflict, match="2 gia đình mỗi đoàn, nhưng Đoàn A đã có 3"):
        take(mended)
    assert held() == [("a", "Đoàn A", 2, 3), ("b", "Đoàn B", 2, 3)]
    with transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        first = db.session.scalars(select(Delegation).where(Delegation.rule_code == "a")).one()
        db.session.add(ContestPlace(delegation_id=first.id, contest_id=contest.id, taken=3))
    mended = base()
    mended["contests"][0]["entries_per_delegation"]["max"] = 2
    with pytest.raises(
        Conflict, match="«Tài năng» theo thể lệ mới nhận nhiều nhất 2 tiết mục mỗi đoàn, nhưng Đoàn A đã có 3"
    ):
        take(mended)


def test_a_delegation_is_renamed_added_and_dropped_by_its_code() -> None:
    take(base())
    mended = base(delegations=[{"code": "a", "name": "Đoàn An"}, {"code": "c", "name": "Đoàn C"}])
    assert take(mended) == [
        "Đoàn An: tên đổi từ «Đoàn A» thành «Đoàn An».",
        "Thêm Đoàn C.",
        "Bỏ Đoàn B: không còn trong tệp.",
    ]
    assert [each[:2] for each in held()] == [("a", "Đoàn An"), ("c", "Đoàn C")]


def test_a_delegation_with_families_neither_goes_nor_changes_its_unit() -> None:
    take(base())
    register("b")
    with pytest.raises(Conflict, match="Chưa bỏ được Đoàn B: đoàn có 1 hồ sơ đăng ký, cán bộ phụ trách: không ai"):
        take(base(delegations=[{"code": "a", "name": "Đoàn A"}]))
    with transaction():
        first, second = db.session.scalars(select(Delegation).order_by(Delegation.position)).all()
        first.rule_code, second.rule_code = "cũ", "a"
    # the file's "a" is by now the delegation of another unit: the unit of the file is looked for first
    assert take(base()) == [
        "Đoàn A: mã đoàn đổi từ «cũ» thành «a».",
        "Đoàn B: mã đoàn đổi từ «a» thành «b».",
    ]
    assert len(held()) == 2


def test_the_command_tells_the_difference(app: Flask, tmp_path: Any) -> None:
    take(base())
    mended = base()
    mended["quotas"]["members_per_family"]["max"] = 6
    path = tmp_path / "the-le.json"
    path.write_text(json.dumps(mended), encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["festival", "import", str(path)])
    assert "Thay đổi: Số thành viên mỗi gia đình: 2–3 → 2–6." in done.output


def test_what_one_delegation_was_allotted_stays_and_keeps_no_contest() -> None:
    """Also where its own number is that of the rules today; a contest or delegation that was only allotted something may go."""
    take(base())
    change("b", families_own=True)
    with transaction():
        talent = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        for row in db.session.scalars(select(Delegation)).all():
            own = 3 if row.rule_code == "b" else None
            db.session.add(ContestPlace(delegation_id=row.id, contest_id=talent.id, taken=0, entries_most=own))
    mended = base()
    mended["quotas"]["families_per_delegation"] = {"min": 1, "max": 5}
    assert take(mended) == ["Số gia đình mỗi đoàn: 2–3 → 1–5."]
    assert held() == [("a", "Đoàn A", 1, 5), ("b", "Đoàn B", 2, 3)]
    with transaction():
        own = select(Delegation.id).where(Delegation.rule_code == "b").scalar_subquery()
        db.session.execute(update(ContestPlace).where(ContestPlace.delegation_id == own).values(taken=3))
    mended["contests"][0]["entries_per_delegation"] = {"min": 1, "max": 2}
    assert take(mended) == ["Số tiết mục mỗi đoàn ở phần thi «Tài năng»: 2–3 → 1–2."]
    with transaction():
        db.session.execute(update(ContestPlace).values(taken=0))
    assert take(mended | {"delegations": [{"code": "a", "name": "Đoàn A"}]}) == ["Bỏ Đoàn B: không còn trong tệp."]
