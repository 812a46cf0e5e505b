"""Is everything named that would stand outside changed rules, before anything is saved, in few statements?"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.actions import fix_rules, seat
from festival.contests.models import Contest, ContestState, PanelSeat
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.actions import open_phase
from festival.editions.models import Festival, PhaseKind, Retention
from festival.office.festival_import import import_festival, read_file
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.passes.models import Pass
from festival.roster.models import (
    Delegation,
    DelegationOfficer,
    Entry,
    EntryState,
    Family,
    FamilyState,
    Origin,
    Person,
)
from festival.roster.teams.models import MixedTeam, TeamMember
from festival.schedule.models import Act, Plan, Session, Stage
from festival.setup import pieces
from festival.setup.following import follows
from festival.setup.following_dates import AGES
from festival.setup.listed import first, listed
from festival.setup.saving import preview
from tests.editions.test_every_key import BASE
from tests.house.test_statements import statements

pytestmark = pytest.mark.either_database


@pytest.fixture
def document(app: Flask) -> Iterator[dict[str, Any]]:
    """An edition with a free quota of families, nobody in it."""
    with app.app_context():
        found = copy.deepcopy(BASE)
        found["quotas"]["families_per_delegation"] = {"min": 0, "max": 6}
        with transaction():
            import_festival(read_file(json.dumps(found).encode()))
        yield found


def told(document: dict[str, Any], **changes: Any) -> list[str]:
    """What follows from the document with these changes: `festival__starts_on="2099-06-15"`, `c0__name="…"`."""
    changed = copy.deepcopy(document)
    for way, value in changes.items():
        *steps, last = way.split("__")
        node: Any = changed
        for step in steps:
            node = changed["contests"][int(step[1])] if step[0] == "c" and step[1:].isdigit() else node[step]
        node[last] = value
    with reading():
        return [str(each) for each in follows("thu", read_file(json.dumps(changed).encode()).ruleset)]


def delegation(code: str) -> Delegation:
    return db.session.scalars(select(Delegation).where(Delegation.rule_code == code)).one()


def family(of: str, name: str, state: FamilyState, members: int = 2, contests: tuple[str, ...] = ()) -> Family:
    """A registration, as the tables have it."""
    row = delegation(of)
    made = Family(
        festival_id=row.festival_id, delegation_id=row.id, code=f"{of}-{name}", name=name, folded=name.lower(),
        state=state, origin=Origin.OFFICER, identity=f"{of}-{name}", created_at=now(), submitted_at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    if state is FamilyState.APPROVED:
        row.approved_count += 1
    for at in range(members):
        db.session.add(
            Person(
                festival_id=row.festival_id, family_id=made.id, code=f"{made.code}-{at}", position=at + 1,
                name=f"Người {at}", folded="nguoi",
            )
        )  # fmt: skip
    for code in contests:
        contest = db.session.scalars(select(Contest).where(Contest.code == code)).one()
        entered = EntryState.ENROLLED if state is FamilyState.APPROVED else EntryState.PROPOSED
        db.session.add(
            Entry(
                contest_id=contest.id, delegation_id=row.id, family_id=made.id, code=f"{made.code}-{code}", name=name,
                state=entered,
            )
        )  # fmt: skip
    db.session.flush()
    return made


def session(day: int, label: str = "sáng") -> int:
    """Half past seven to nine in the morning of that day of June 2099."""
    with transaction():
        festival = db.session.scalars(select(Festival)).one()
        talent = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        stage = Stage(festival_id=festival.id, code=f"san-{day}", name=f"Sân {day}")
        begins = datetime(2099, 6, day, 0, 30, tzinfo=UTC)
        row = Session(
            stage=stage, contest_id=talent.id, label=label, starts_at=begins, ends_at=begins + timedelta(minutes=90)
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def test_nothing_follows_where_nothing_is_made(document: dict[str, Any]) -> None:
    assert told(document) == []
    assert told(document, festival__name="Khác", c0__duration_min=9, c0__prizes=[], about="x") == []


def test_other_days_name_the_sessions_and_phases_outside_and_the_day_the_data_goes(document: dict[str, Any]) -> None:
    held = session(14)
    session(15, "")
    with transaction():
        entered = family("a", "Nhà Một", FamilyState.APPROVED, contests=("tai-nang",))
        entry = db.session.scalars(select(Entry).where(Entry.family_id == entered.id)).one()
        festival = db.session.scalars(select(Festival)).one()
        db.session.add(Act(session_id=held, entry_id=entry.id, position=1, starts_at=now(), duration_min=5))
        open_phase(
            festival.id, PhaseKind.REGISTRATION, datetime(2099, 5, 1, tzinfo=UTC), datetime(2099, 6, 13, tzinfo=UTC)
        )
        open_phase(
            festival.id, PhaseKind.JUDGING, datetime(2099, 6, 14, tzinfo=UTC), datetime(2099, 6, 14, 12, tzinfo=UTC)
        )
    moved = {"festival__starts_on": "2099-06-15", "festival__ends_on": "2099-06-16", "festival__data_kept_until": None}
    late = [
        "1 gia đình đã đăng ký: điều kiện tuổi tính theo ngày khai mạc mới.",
        "Ngày cuối giữ dữ liệu cá nhân: 31/12/2099 → 13/12/2099.",
    ]
    outside = (
        "Buổi thi «Tài năng, sáng» ở Sân 14, 07:30–09:00 14/6/2099, 1 lượt: nằm ngoài những ngày mới, cần dời hoặc bỏ."
    )
    judging = "Giai đoạn chấm điểm đã đặt giờ nằm ngoài những ngày mới: đổi ở trang giai đoạn."
    document["festival"].pop("data_kept_until")
    moved.pop("festival__data_kept_until")
    assert told(document, **moved) == [outside, judging, *late]
    with transaction():
        festival = db.session.scalars(select(Festival)).one()
        db.session.add(Plan(festival_id=festival.id, version=1, content={}, published_at=now()))
    published = "Chương trình đã công bố giữ giờ cũ: xếp lại các buổi rồi công bố bản mới."
    assert told(document, **moved) == [outside, published, judging, *late]
    early = told(document, festival__starts_on="2099-06-12", festival__ends_on="2099-06-12")
    assert [each[:30] for each in early[:2]] == ["Buổi thi «Tài năng, sáng» ở Sâ", "Buổi thi «Tài năng» ở Sân 15, "]
    assert "Đợt đăng ký đóng lúc 07:00 13/6/2099, sau ngày khai mạc mới: đổi giờ đóng ở trang giai đoạn." in early
    assert told(document, festival__registration_closes_on="2099-05-20") == [
        "Đợt đăng ký đã đặt giờ đóng 07:00 13/6/2099 và không tự đổi theo hạn mới: đổi ở trang giai đoạn.",
        "Ngày cuối giữ dữ liệu cá nhân: 31/12/2099 → 12/12/2099.",
    ]


def test_a_day_of_the_organisers_own_is_not_moved_and_a_past_one_is_warned_of(document: dict[str, Any]) -> None:
    past = today() - timedelta(days=400)
    gone = {
        "festival__starts_on": str(past),
        "festival__ends_on": str(past),
        "festival__registration_closes_on": str(past),
    }
    document["festival"].pop("data_kept_until")
    after = past + timedelta(days=180)
    day = f"{after.day}/{after.month}/{after.year}"
    assert told(document, **gone) == [
        f"Ngày cuối giữ dữ liệu cá nhân: 31/12/2099 → {day}.",
        f"Ngày {day} đã qua: dữ liệu cá nhân sẽ bị xóa ngay, không lấy lại được.",
    ]
    with transaction():
        festival = db.session.scalars(select(Festival)).one()
        festival.data_kept_until = date(2099, 7, 1)
        db.session.add(Retention(festival_id=festival.id, data_day_set=True))
    assert told(document, festival__ends_on="2099-06-30") == []
    assert told(document, festival__ends_on="2099-07-02") == [
        "Ngày xóa dữ liệu do ban tổ chức đặt (1/7/2099) đến trước khi ngày hội kết thúc: dời ngày đó ở trang lưu giữ."
    ]


def test_other_quotas_name_the_families_beyond_them(document: dict[str, Any]) -> None:
    with transaction():
        family("a", "Nhà Một", FamilyState.APPROVED, members=3, contests=("tai-nang", "bong-ro", "chay"))
        family("a", "Nhà Hai", FamilyState.SUBMITTED, members=2, contests=("tai-nang",))
        family("a", "Nhà Ba", FamilyState.RETURNED, members=4, contests=("tai-nang", "cau"))
        family("b", "Nhà Bốn", FamilyState.SUBMITTED, members=2, contests=("hoi", "chay"))
        family("b", "Nhà Năm", FamilyState.WITHDRAWN, members=9)
    assert told(document, quotas__families_per_delegation={"min": 0, "max": 2}) == [
        "Đoàn A: 1 hồ sơ đang chờ vượt chỉ tiêu mới (2), không duyệt được nữa: Nhà Ba."
    ]
    assert told(document, quotas__families_per_delegation={"min": 2, "max": 6}) == [
        "Chưa đủ chỉ tiêu mới (ít nhất 2 gia đình): Đoàn B."
    ]
    assert told(document, quotas__members_per_family={"min": 3, "max": 3}) == [
        "3 gia đình có số thành viên ngoài 3–3: Nhà Hai, Nhà Ba, Nhà Bốn. Hồ sơ đã duyệt giữ nguyên, hồ sơ chờ phải sửa."
    ]
    # a mixed team («Cầu») is not counted among the contests of a family
    assert told(document, quotas__contests_per_family={"min": 1, "max": 1}) == [
        "2 gia đình dự số phần thi ngoài 1–1: Nhà Một, Nhà Bốn. Hồ sơ đã duyệt giữ nguyên, hồ sơ chờ phải sửa."
    ]
    assert told(document, c0__entries_per_delegation={"min": 1, "max": 2}) == [
        "«Tài năng»: Đoàn A đã gửi 3 tiết mục, số mới là 2; tiết mục chờ không duyệt được nữa."
    ]
    assert told(document, c0__performers={"min": 1, "max": 2}) == [
        "«Tài năng»: 3 tiết mục có số người ngoài 1–2: Nhà Một, Nhà Hai, Nhà Ba."
    ]
    with transaction():
        delegation("a").families_max = 9  # a delegation with a quota of its own keeps it
    assert told(document, quotas__families_per_delegation={"min": 0, "max": 2}) == []


def test_a_renamed_delegation_says_who_carries_the_old_name(document: dict[str, Any]) -> None:
    with transaction():
        one = family("a", "Nhà Một", FamilyState.APPROVED)
        officer = create_user("canbo", "Mai Cán Bộ", "x", [Role.OFFICER])
        row = delegation("a")
        db.session.add(DelegationOfficer(delegation_id=row.id, user_id=officer.id))
        for at, owner in enumerate(({"family_id": one.id}, {"delegation_id": row.id})):
            db.session.add(
                Pass(
                    festival_id=row.festival_id, issue=1, list_id=str(at), typed_hash=str(at), issued_at=now(), **owner
                )
            )
    new = [{"code": "a", "name": "Đoàn An"}, {"code": "b", "name": "Đoàn Bình"}]
    assert told(document, delegations=new) == [
        "«Đoàn A» thành «Đoàn An»: 1 cán bộ phụ trách, 1 hồ sơ giữ nguyên; 2 thẻ đã cấp in tên cũ, in lại nếu cần."
    ]


def test_a_new_composition_names_the_teams_that_are_none_by_it(document: dict[str, Any]) -> None:
    with transaction():
        one = family("a", "Nhà Một", FamilyState.APPROVED)
        cau = db.session.scalars(select(Contest.id).where(Contest.code == "cau")).one()
        values = {"contest_id": cau, "delegation_id": one.delegation_id, "code": "doi-a", "name": "Đội A"}
        entry = Entry(**values, state=EntryState.ENROLLED)
        db.session.add(entry)
        db.session.flush()
        db.session.add(MixedTeam(entry_id=entry.id, former=[], changed_at=now()))
        db.session.flush()
        for person in db.session.scalars(select(Person.id).where(Person.family_id == one.id)):
            db.session.add(TeamMember(contest_id=cau, person_id=person, entry_id=entry.id))
    named = ["«Cầu»: 1 đội ghép khác thành phần mới: Đội A."]
    assert told(document, c4__composition=[{"what": "families", "least": 2}]) == named
    assert told(document, c4__composition=[{"what": "members", "most": 2, "otherwise": "warn"}]) == []


def test_other_rules_of_a_contest_say_what_was_made_by_the_old_ones(document: dict[str, Any]) -> None:
    held = session(14)
    with transaction():
        entered = family("a", "Nhà Một", FamilyState.APPROVED, contests=("tai-nang",))
        entry = db.session.scalars(select(Entry).where(Entry.family_id == entered.id)).one()
        db.session.add(Act(session_id=held, entry_id=entry.id, position=1, starts_at=now(), duration_min=5))
        for at in range(3):
            user = create_user(f"gk{at}", f"Giám Khảo {at}", "x", [Role.JUDGE])
            seat(entry.contest_id, user.id, PanelSeat.MEMBER)
    assert told(document, c0__duration_min=9) == ["«Tài năng»: 1 lượt đã xếp giữ số phút cũ, xếp lại lịch nếu cần."]
    assert told(document, c0__entry="team") == [
        "«Tài năng»: 1 tiết mục đã đăng ký theo thể lệ cũ, xem lại từng tiết mục."
    ]
    scoring = {"rule": "mean"}
    assert told(document, c0__judges=2, c0__scoring=scoring) == [
        "«Tài năng»: đã mời 3 giám khảo chấm, thể lệ mới là 2: rút bớt trước khi chấm."
    ]
    assert told(document, c0__secrecy="công bố ngay") == ["«Tài năng»: điểm sẽ hiện công khai ngay khi ghi."]
    assert told(document, c0__name="Khác") == []
    with transaction():
        fix_rules(entry.contest_id)
        db.session.execute(update(Contest).where(Contest.id == entry.contest_id).values(state=ContestState.LOCKED))
        db.session.add(
            SignedPaper(
                festival_id=entered.festival_id, contest_id=entry.contest_id, kind=PaperKind.MINUTES,
                state=PaperState.PRINTED, number="", content=b"x", sha256="x", drawn="x", static_tree="x", signers=[],
                printed_at=now(), reason="",
            )
        )  # fmt: skip
    printed = "Biên bản «Tài năng» đã in để ký: in lại rồi ký tờ mới."
    named = (
        "«Tài năng» đã có điểm: tên mới hiện ngay ở máy chấm và trang công khai, phiếu giấy đã in giữ tên cũ; việc đổi tên "
        "được ghi lại."
    )
    assert told(document, c0__name="Khác") == [named, printed]
    criteria = [document["contests"][0]["criteria"][0] | {"name": "Nội dung"}, document["contests"][0]["criteria"][1]]
    assert told(document, c0__criteria=criteria) == [named, printed]
    assert told(document, c0__prizes=[{"name": "Vàng", "count": 1}]) == [
        printed,
        "«Tài năng» đã khóa điểm: giải được tính lại, quyết định của ban giám khảo nhắc giải cũ phải ghi lại.",
    ]


def test_a_look_tells_it_before_anything_is_saved(document: dict[str, Any]) -> None:
    """By the preview of the pages, which saves and undoes: read after the save nothing would differ."""
    session(14)

    def later(held: pieces.Document) -> pieces.Document:
        return pieces.with_part(held, "festival", held["festival"] | {"starts_on": "2099-06-15"})

    assert [str(each) for each in preview("thu", later).follows] == [
        "Buổi thi «Tài năng, sáng» ở Sân 14, 07:30–09:00 14/6/2099, 0 lượt: nằm ngoài những ngày mới, cần dời hoặc bỏ."
    ]


EVERYTHING: dict[str, Any] = {
    "festival__starts_on": "2099-06-16",
    "festival__ends_on": "2099-06-17",
    "quotas__families_per_delegation": {"min": 0, "max": 1},
    "quotas__members_per_family": {"min": 4, "max": 5},
    "quotas__contests_per_family": {"min": 3, "max": 3},
    "c0__entries_per_delegation": {"min": 1, "max": 1},
    "c0__performers": {"min": 2, "max": 3},
    "c0__duration_min": 9,
}


@pytest.mark.both_databases
def test_many_families_ask_no_more_statements_than_one(app: Flask, document: dict[str, Any]) -> None:
    def asked() -> tuple[int, list[str]]:
        with statements(app) as seen:
            found = told(
                document,
                **EVERYTHING,
                delegations=[each | {"name": f"{each['name']}x"} for each in document["delegations"]],
            )
        return len(seen), found

    session(14)
    with transaction():
        for at in range(2):
            family("a", f"Nhà {at}", FamilyState.SUBMITTED, contests=("tai-nang",))
    few, _said = asked()
    document["delegations"] = [{"code": f"d{at}", "name": f"Đoàn {at}"} for at in range(80)] + document["delegations"]
    with transaction():
        import_festival(read_file(json.dumps(document).encode()))
    with transaction():
        for at in range(600):
            family(f"d{at % 80}", f"Nhà {at}", FamilyState.SUBMITTED, contests=("tai-nang",))
    for day in range(1, 14):
        session(day)
    many, said = asked()
    assert (few, many) == (many, few)
    assert many <= 15
    assert len(said) < 120
    beyond = [each for each in said if "vượt chỉ tiêu mới" in each]
    assert len(beyond) == 20
    assert f"{AGES.filled(n=602)}" in said
    assert any("602 gia đình có số thành viên ngoài 4–5" in each and "và 582 nữa" in each for each in said)


def test_the_first_twenty_and_how_many_more() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert str(listed([str(at) for at in range(21)])).endswith("18, 19 và 1 nữa")
    assert [str(each) for each in first([AGES.filled(n=at) for at in range(22)])][-1] == "… và 2 nữa."
