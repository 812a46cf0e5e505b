"""Does a family or a group hear of the timetable only what differs from what it was told last, and is what went kept and taken back?"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival, Phase, PhaseKind
from festival.messages.gathered import told
from festival.messages.gathered.reading import notices
from festival.messages.gathered.turn_changes import family_changes, turn_changes
from festival.messages.letters import Occasion, send_all
from festival.messages.models import ToldWay, TurnsTold
from festival.roster.models import Delegation, Entry, EntryState, Family
from festival.schedule.models import Plan
from tests.messages.scene import Desk, make_desk

pytestmark = pytest.mark.either_database

LETTERS, GROUPS = "/office/messages/letters", "/office/messages/groups"


@pytest.fixture(autouse=True)
def seven_in_the_morning() -> Iterator[None]:
    with time_machine.travel(datetime(2024, 6, 14, 0, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def desk(app: Flask) -> Desk:
    made = make_desk(app)
    with app.app_context(), transaction():
        for number, family_id in enumerate(made.scene.families):
            db.session.get_one(Family, family_id).email = f"{number}@example.com"
    return made


def publish(desk: Desk, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The next version: each act of the first one, changed."""
    with desk.app.app_context(), transaction():
        first = db.session.scalars(select(Plan).where(Plan.version == 1)).one()
        newest = db.session.scalar(select(func.max(Plan.version))) or 0
        content = {"acts": [change(dict(act)) for act in first.content["acts"]]}
        db.session.add(
            Plan(festival_id=first.festival_id, version=newest + 1, content=content, published_at=first.published_at)
        )


def later(family: int, minutes: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The act of a family in the first contest begins so much later."""

    def change(act: dict[str, Any]) -> dict[str, Any]:
        if act["contest"] == "phan-thi-1" and act["position"] == family:
            act["starts_at"] = (datetime.fromisoformat(act["starts_at"]) + timedelta(minutes=minutes)).isoformat()
        return act

    return change


def letters(desk: Desk) -> list[str]:
    with desk.app.app_context(), reading():
        return list(db.session.scalars(select(OutboxMail.recipient).order_by(OutboxMail.id)))


A, B = ["e1", "2024-06-14T00:30:00+00:00", "Hát", "Sân A", 1], ["e2", "2024-06-14T02:00:00+00:00", "Múa", "Sân A", 2]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ([A, B], [B, A], []),
        ([A], [A, B], [("added", "Múa", 0)]),
        ([A, B], [B], [("removed", "Hát", 0)]),
        ([A], [["e1", "2024-06-14T07:50:00+07:00", *A[2:]]], [("moved", "Hát", 20)]),
        ([A], [["e1", "2024-06-14T07:30:00+07:00", *A[2:]]], []),  # the same moment written otherwise
        ([A], [[*A[:3], "Hội trường", 1]], [("moved", "Hát", 0)]),
        ([A], [[*A[:4], 7]], [("moved", "Hát", 0)]),
        ([A], [["e1", A[1], "Hát dân ca", *A[3:]]], []),  # a contest that is called otherwise moves nobody
        ([], [], []),
    ],
)
def test_only_what_a_family_must_know_is_a_change(before: Any, after: Any, kinds: Any) -> None:
    assert [(each["kind"], each["contest"], each["later_min"]) for each in turn_changes(before, after)] == kinds


def test_a_family_that_is_gone_has_lost_all() -> None:
    found = family_changes({"f1": [A], "f2": [B]}, {"f2": [B], "f3": [A]})
    assert {code: [each["kind"] for each in several] for code, several in found.items()} == {
        "f3": ["added"],
        "f1": ["removed"],
    }


def test_who_did_not_change_gets_no_letter_and_twice_and_back_is_no_change(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        phase = Phase(festival_id=desk.scene.festival_id, kind=PhaseKind.PROGRAMME, opens_at=now() + timedelta(hours=1))
        db.session.add(phase)
    assert "Chương trình chưa công bố" in html.unescape(desk.office.get(f"{LETTERS}/timetable").text)
    with desk.app.app_context(), transaction():
        db.session.execute(delete(Phase).where(Phase.kind == PhaseKind.PROGRAMME))
    page = html.unescape(desk.office.get(f"{LETTERS}/timetable").text)
    assert page.count("thư đầu tiên: cả lịch thi") == 3 and letters(desk) == []
    assert [desk.post(f"{LETTERS}/timetable")[0] for _twice in range(2)] == [303, 303]
    assert len(letters(desk)) == 3
    publish(desk, lambda act: act)  # a new version in which nothing moved
    assert "Mọi gia đình có địa chỉ thư đã biết" in desk.office.get(f"{LETTERS}/timetable").text
    publish(desk, later(2, 20))
    page = html.unescape(desk.office.get(f"{LETTERS}/timetable").text)
    assert re.findall(r"<li><b>(.*?)</b>: (.*?)</li>", page) == [
        ("8 giờ, 14/6", "Gia đình tài năng, Sân khấu A: muộn hơn 20 phút, trước là 7 giờ 40, 14/6")
    ]
    assert "Gửi cho 1 gia đình" in desk.office.get(LETTERS).text
    publish(desk, lambda act: act)  # and back, before anybody was told
    desk.post(f"{LETTERS}/timetable")
    assert len(letters(desk)) == 3
    publish(desk, later(2, 20))
    desk.post(f"{LETTERS}/timetable")
    publish(desk, lambda act: act)  # a correction after it was sent
    desk.post(f"{LETTERS}/timetable")
    assert letters(desk)[3:] == ["1@example.com"] * 2
    with desk.app.app_context(), reading():
        rows = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert [row.subject for row in rows[2:]] == ["Lịch thi của gia đình", *["Lịch thi của gia đình đã đổi"] * 2]
        assert "sớm hơn 20 phút, trước là 8 giờ, 14/6" in rows[-1].body
        assert rows[-1].body.index("ĐÃ ĐỔI SO VỚI TIN TRƯỚC") < rows[-1].body.index("LƯỢT THI")


def test_a_group_is_told_what_changed_by_family_and_a_tick_by_slip_is_taken_back(desk: Desk) -> None:
    with desk.app.app_context(), reading():
        code = db.session.get_one(Delegation, desk.scene.delegations[0]).code
        own = db.session.get_one(Family, desk.scene.families[0]).code
    address = f"{GROUPS}/{code}"

    def form(version: int, of: str = "", step: str = "tick") -> dict[str, object]:
        return {"step": step, "seen": version, "of": of, "digest": "0" * 64}

    assert desk.post(address, **form(1))[0] == 303
    assert desk.post(address, **form(1, own))[0] == 303
    publish(desk, later(1, 15))
    text = html.unescape(desk.office.get(address).text)
    assert (
        "ĐÃ ĐỔI SO VỚI TIN TRƯỚC\n• Gia đình Danh Chung\n- 7 giờ 45, 14/6: Gia đình tài năng, Sân khấu A: muộn hơn 15 phút"
        in text
    )
    assert "lịch của 1 gia đình đã đổi từ khi gửi" in desk.office.get(GROUPS).text
    # the page was open while it was published: what went is not what would be noted
    status, page = desk.post(address, **form(1))
    assert (status, "Lịch thi vừa được công bố lại" in page) == (409, True)
    assert desk.post(address, **form(2))[0] == 303
    assert "ĐÃ ĐỔI" not in desk.office.get(address).text
    assert "ĐÃ ĐỔI" in desk.office.get(f"{address}?of={own}").text, "the family has heard nothing yet"
    assert desk.post(address, **form(2, step="untick"))[0] == 303
    page = html.unescape(desk.office.get(address).text)
    assert "muộn hơn 15 phút" in page and "ghi nhầm, đã bỏ lúc" in page and "Các lần đã gửi lịch thi (2)" in page
    with desk.app.app_context():
        with seals.snapshot():
            assert [each for room, each in seals.inspect().named() if room == "messages"] == []
        with transaction():
            db.session.execute(update(TurnsTold).values(taken_back_at=None))
        with seals.snapshot():
            (changed,) = [each for room, each in seals.inspect().named() if room == "messages"]
        assert (changed.table, changed.column) == ("turns_told", "stands")
    # who left is told of by no name
    with desk.app.app_context(), transaction():
        for entry in db.session.scalars(select(Entry).where(Entry.family_id == desk.scene.families[0])):
            entry.state = EntryState.WITHDRAWN
    assert "không còn lượt Gia đình tài năng" in html.unescape(desk.office.get(address).text)


def test_a_letter_that_went_is_not_taken_back(desk: Desk) -> None:
    desk.post(f"{LETTERS}/timetable")
    with desk.app.app_context(), reading():
        code = db.session.get_one(Delegation, desk.scene.delegations[0]).code
        own = db.session.get_one(Family, desk.scene.families[0]).code
    page = desk.office.get(f"{GROUPS}/{code}?of={own}").text
    assert "thư điện tử" in page and "Bấm nhầm" not in page
    assert desk.post(f"{GROUPS}/{code}", step="untick", of=own)[0] == 409


@pytest.mark.both_databases
def test_two_who_send_at_one_moment_tell_each_family_once(desk: Desk) -> None:
    def told_by_two(send: Callable[[int, Barrier], None]) -> int:
        together = Barrier(2)

        def work() -> None:
            with desk.app.test_request_context():
                try:
                    send(desk.scene.festival_id, together)
                finally:
                    db.session.remove()

        threads = [Thread(target=work) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with desk.app.app_context(), reading():
            return db.session.scalar(select(func.count(TurnsTold.id))) or 0

    def naive(festival_id: int, together: Barrier) -> None:
        with reading():
            festival = db.session.get_one(Festival, festival_id)
            said = next(each["said"] for each in notices(festival))
            unknown = told.last_told(festival_id).of(said) is None
        together.wait(20)
        if unknown:
            with transaction():
                values = {"version": 1, "way": ToldWay.BY_HAND, "told_at": datetime(2024, 6, 14, tzinfo=UTC)}
                db.session.add(TurnsTold(delegation_id=said["delegation"], turns=said["turns"], **values))

    def held(festival_id: int, together: Barrier) -> None:
        together.wait(20)
        with transaction():
            send_all(db.session.get_one(Festival, festival_id), Occasion.TIMETABLE)

    assert told_by_two(held) == 3 and len(letters(desk)) == 3
    assert told_by_two(naive) == 5, "read, then written: noted twice"
