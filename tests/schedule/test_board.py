"""What does an organiser see and do on the board without a script, and does it stay small for a large festival?"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.roster.models import Entry, EntryState
from festival.schedule.board import columns
from festival.schedule.models import Act, ActState, Session
from festival.schedule.moving import acts, locking
from tests.schedule.test_draft_steps import act_of, put, stands
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, session_of, times
from tests.schedule.test_timetable_pages import asked_form, hashed, organiser

pytestmark = pytest.mark.either_database

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures

BOARD = "/office/schedule/board"


def cards(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<(?:a|span) class="board-act[^"]*" id="act-([^"]+)"', page)]


def spots(page: str) -> dict[str, str]:
    """What stands on the buttons -> their value."""
    found = re.findall(
        r'<button type="submit" class="board-place[^"]*" name="place" value="([^"]+)">(.*?)</button>', page, re.S
    )
    return {" ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split()): value for value, words in found}


def token(page: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return {"csrf_token": found[1]}


def test_an_act_is_taken_up_and_put_down_and_the_step_is_taken_back(organiser: FlaskClient, planned: Ids) -> None:
    page = organiser.get(BOARD).text
    assert sorted(cards(page)) == sorted(f"{kind}-{n}" for kind in ("tai-nang", "bao-bo") for n in range(1, 8))
    assert "Mọi tiết mục dự thi đều có giờ." in page and spots(page) == {}
    before = times(planned.talent)
    taken = organiser.get(f"{BOARD}?take=tai-nang-7").text
    assert "Đang cầm: Gia đình 7" in taken
    found = spots(taken)
    assert len(found) == 6  # before each of the others
    assert all("Hội trường, buổi sáng" in words for words in found)
    first = next(words for words in found if words.startswith("7 giờ 30"))
    assert "«Gia đình 1» muộn hơn" in first
    seen = re.search(r'name="seen" value="(\d+)"', taken)
    assert seen is not None
    sent = token(taken) | {"take": "tai-nang-7", "place": found[first], "seen": seen[1]}
    done = organiser.post(BOARD, data=sent)
    assert done.status_code == 302 and done.headers["Location"].endswith("board?day=20240628#act-tai-nang-7")
    assert times(planned.talent)["tai-nang-7"] == "07:30 hoi-truong"
    page = organiser.get(BOARD).text
    assert "Đã đặt «Gia đình 7» lúc 7 giờ 30, Hội trường." in page
    assert "Hoàn tác: dời «Gia đình 7»" in page
    step = re.search(r'name="step" value="(\d+)"', page)
    assert step is not None
    undone = organiser.post("/office/schedule/undo", data=token(page) | {"to": "back", "step": step[1]})
    assert undone.status_code == 302 and times(planned.talent) == before
    page = organiser.get(BOARD).text
    assert "Làm lại: dời «Gia đình 7»" in page and "Đã hoàn tác: dời «Gia đình 7»." in page
    organiser.post("/office/schedule/undo", data=token(page) | {"to": "again", "step": step[1]})
    assert times(planned.talent)["tai-nang-7"] == "07:30 hoi-truong"


@pytest.mark.both_databases
def test_the_second_of_two_is_told_and_sees_both(organiser: FlaskClient, planned: Ids) -> None:
    taken = organiser.get(f"{BOARD}?take=tai-nang-7").text
    found = spots(taken)
    chosen = next(value for words, value in found.items() if words.startswith("7 giờ 30"))
    put(planned, "tai-nang-6", session_of(planned.talent), "tai-nang-1")
    stood = stands(planned)
    with reading():
        seen = 0
    answer = organiser.post(BOARD, data=token(taken) | {"take": "tai-nang-7", "place": chosen, "seen": str(seen or 1)})
    assert answer.status_code == 409 and stands(planned) == stood
    assert "Lịch vừa được đổi trong lúc chọn chỗ" in answer.text
    assert "Chỗ vừa chọn, Hội trường, nay là" in answer.text
    assert "dời «Gia đình 6»" in answer.text
    # and what is offered now may be taken
    now = next(iter(spots(answer.text).values()))
    assert organiser.post(BOARD, data=token(answer.text) | {"take": "tai-nang-7", "place": now}).status_code == 302
    # a step of somebody else is asked first, with who would be moved; and only the newest is taken back
    page = organiser.get(BOARD).text
    own = re.findall(r'name="step" value="(\d+)"', page)[0]
    put(planned, "tai-nang-5", session_of(planned.talent), "tai-nang-1")
    late = organiser.post("/office/schedule/undo", data=token(page) | {"to": "back", "step": own})
    assert late.status_code == 409 and "bước kế tiếp nay là «dời «Gia đình 5»»" in unescape(late.text)
    newest = re.findall(r'name="step" value="(\d+)"', organiser.get(BOARD).text)[0]
    asked = organiser.post("/office/schedule/undo", data=token(page) | {"to": "back", "step": newest})
    assert asked.status_code == 200 and "Hoàn tác bước của lệnh: dời «Gia đình 5»?" in unescape(asked.text)
    assert organiser.post("/office/schedule/undo", data=asked_form(asked.text)).status_code == 302


def test_off_the_board_waits_with_its_reason_and_comes_back(organiser: FlaskClient, planned: Ids) -> None:
    taken = organiser.get(f"{BOARD}?take=tai-nang-3").text
    off = organiser.post(BOARD, data=token(taken) | {"take": "tai-nang-3", "place": "out"})
    assert off.status_code == 302 and off.headers["Location"].endswith("#waiting")
    page = organiser.get(BOARD).text
    assert "còn chỗ ở cuối buổi" in page and "Đã đưa «Gia đình 3» ra khỏi lịch" in page
    found = spots(organiser.get(f"{BOARD}?take=tai-nang-3").text)
    # the room it left is free: nobody is pushed
    free = next(words for words in found if "trống" in words)
    sent = token(page) | {"take": "tai-nang-3", "place": found[free]}
    assert organiser.post(BOARD, data=sent).status_code == 302
    with transaction():
        act = db.session.scalars(select(Act).join(Entry).where(Entry.code == "tai-nang-3")).one()
        db.session.get_one(Session, act.session_id).ends_at = act.starts_at
        acts.take_off(planned.festival, "tai-nang-3", None)
    assert "buổi còn rộng nhất chỉ còn 0 phút ở cuối" in organiser.get(BOARD).text
    with transaction():
        locking.lock_session(planned.festival, session_of_talent(planned), True, None)
    page = organiser.get(BOARD).text
    assert "mọi buổi của phần thi đã khóa, hoặc sân khấu đã đóng" in page
    assert spots(organiser.get(f"{BOARD}?take=tai-nang-3").text) == {}


def session_of_talent(ids: Ids) -> int:
    return db.session.scalars(select(Session.id).where(Session.contest_id == ids.talent)).all()[0]


def test_act_session_and_day_are_locked_and_shown_so(organiser: FlaskClient, planned: Ids) -> None:
    page = organiser.get(f"{BOARD}?take=tai-nang-2").text
    talent = session_of(planned.talent)

    def lock(what: str, key: object, to: str) -> str:
        sent = token(page) | {"what": what, "key": str(key), "to": to}
        assert organiser.post("/office/schedule/lock", data=sent).status_code == 302
        return organiser.get(f"{BOARD}?take=tai-nang-2").text

    locked = lock("act", "tai-nang-2", "lock")
    assert "«Gia đình 2» đã khóa. Mở khóa rồi dời." in locked and spots(locked) == {}
    assert "Mở khóa tiết mục" in locked
    assert len(spots(lock("act", "tai-nang-2", "unlock"))) == 6
    assert "Buổi của «Gia đình 2» đã khóa" in lock("session", talent, "lock")
    assert len(spots(lock("session", talent, "unlock"))) == 6
    assert "Buổi của «Gia đình 2» đã khóa" in lock("day", 20240628, "lock")
    unlocked = lock("day", 20240628, "unlock")
    assert "Đã mở khóa «ngày 28/6»." in unlocked and len(spots(unlocked)) == 6
    for wrong in ({"what": "stage", "key": "1", "to": "lock"}, {"what": "act", "key": "1", "to": "open"}):
        assert organiser.post("/office/schedule/lock", data=token(page) | wrong).status_code == 400
    for gone in (("act", "khong-co"), ("session", "99999"), ("day", "20240631"), ("day", "1")):
        answer = organiser.post(
            "/office/schedule/lock", data=token(page) | {"what": gone[0], "key": gone[1], "to": "lock"}
        )
        assert answer.status_code == 404


def test_rain_is_prepared_looked_at_and_taken_after_the_third_act(organiser: FlaskClient, planned: Ids) -> None:
    talent = session_of(planned.talent)
    with transaction():
        for number, state in ((1, ActState.DONE), (5, ActState.ABSENT), (2, ActState.DONE)):
            act = db.session.scalars(select(Act).join(Entry).where(Entry.code == f"tai-nang-{number}")).one()
            act.state = state
    before = times(planned.talent)
    address = "/office/schedule/shift"
    page = organiser.get(f"{address}?session={talent}").text
    assert page.count(" checked") == 1
    form = token(page) | {"of_day": "20240628", f"s-{talent}": "y", "to_stage": "", "to_day": "", "from": ""}
    for wrong, said in (
        ({}, "Chọn sân khấu khác hoặc giờ bắt đầu khác"),
        ({"from": "mấy giờ"}, "Ngày viết như"),
        ({"from": "mấy giờ", "to_day": "28/6/2024"}, "Giờ viết như 7:30"),
        ({"to_stage": "san"}, "Sân vận động đã có"),
        ({"to_day": "27/6/2024", "from": "23:30"}, "Buổi thi phải nằm trong ngày hội"),
    ):
        answer = organiser.post(address, data=form | wrong)
        assert answer.status_code == 422 and said in answer.text, (wrong, answer.text)
        assert "checked" in answer.text and f'value="{wrong.get("from", "")}"' in answer.text
    later = form | {"to_day": "28/6/2024", "from": "14:00"}
    assert organiser.post(address, data=later | {"do": "keep"}).status_code == 302
    kept = organiser.get(address).text
    assert "Đã giữ phương án" in kept and "từ 14 giờ, 28/6/2024" in kept and times(planned.talent) == before
    way = re.search(rf"{address}/kept/(\d+)", kept)
    assert way is not None
    for do, said in (("close", "đã dùng hoặc đã bỏ"), ("back", "Đã lấy lại phương án")):
        assert organiser.post(way[0], data=token(kept) | {"do": do}).status_code == 302
        assert said in organiser.get(address).text
    asked = organiser.post(way[0], data=token(kept) | {"do": "take"})
    assert asked.status_code == 200 and "4 thay đổi giờ hoặc sân khấu" in asked.text and times(planned.talent) == before
    done = organiser.post(way[0], data=asked_form(asked.text))
    assert done.status_code == 302
    after = times(planned.talent)
    been = ("tai-nang-1", "tai-nang-5", "tai-nang-2")
    assert [after[code] for code in been] == [before[code] for code in been]
    assert (after["tai-nang-3"], after["tai-nang-4"]) == ("14:00 hoi-truong", "14:13 hoi-truong")
    board = organiser.get(BOARD).text
    assert "Đã dời 1 buổi thi. 3 tiết mục đã thi hoặc đang thi giữ nguyên chỗ." in board
    assert "Hoàn tác: dời 1 buổi thi" in board


def test_a_stage_is_closed_and_opened_with_its_sessions_as_they_were(organiser: FlaskClient, planned: Ids) -> None:
    address = "/office/schedule/stages/hoi-truong"
    page = organiser.get(address).text
    before = times(planned.talent)
    assert organiser.post(f"{address}/close", data=token(page) | {"to": "close"}).status_code == 302
    assert "đã đóng" in organiser.get(BOARD).text and times(planned.talent) == before
    new = token(page) | {"contest": str(planned.relay), "stage": str(planned.stages[0]), "day": "28/6/2024",
                         "from": "19:00", "until": "20:00", "label": "tối"}  # fmt: skip
    refused = organiser.post("/office/schedule/sessions", data=new)
    assert refused.status_code == 422 and "«Hội trường» đã đóng" in refused.text and 'value="tối"' in refused.text
    assert organiser.post(f"{address}/close", data=token(page) | {"to": "open"}).status_code == 302
    assert organiser.post("/office/schedule/sessions", data=new).status_code == 302
    assert times(planned.talent) == before


def test_a_long_day_is_folded_to_one_stage_and_read_in_parts(
    organiser: FlaskClient, planned: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "READ_AT_ONCE", 5)
    page = organiser.get(BOARD).text
    assert "Mọi sân khấu" not in page and len(cards(page)) == 5
    seen = []
    for stage in ("hoi-truong", "san"):
        for part in (1, 2):
            seen += cards(organiser.get(f"{BOARD}?stage={stage}&page={part}").text)
    assert sorted(seen) == sorted(f"{kind}-{n}" for kind in ("tai-nang", "bao-bo") for n in range(1, 8))
    for bad in ("day=1", "day=abc", "stage=khong-co", "page=99", "take=khong-co", "take=%00"):
        assert organiser.get(f"{BOARD}?{bad}").status_code in (200, 400), bad


def asked(organiser: FlaskClient, address: str) -> tuple[int, int]:
    """How many statements a page takes, and how many bytes it has."""
    count = 0

    def note(*_said: object) -> None:
        nonlocal count
        count += 1

    db.session.remove()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = organiser.get(address)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return count, len(answer.data)


def test_a_page_stays_small_and_asks_the_same_for_a_large_festival(organiser: FlaskClient, planned: Ids) -> None:
    few = [asked(organiser, f"{BOARD}{query}")[0] for query in ("", "?take=tai-nang-7")]
    with transaction():
        first = db.session.scalars(select(Entry).where(Entry.code == "tai-nang-1")).one()
        session = act_of("tai-nang-1").session
        session.ends_at = at(23)
        new = [
            Entry(contest_id=first.contest_id, delegation_id=first.delegation_id, code=f"them-{number}",
                  name=f"Gia đình thứ {number} của xã Minh Đức", state=EntryState.ENROLLED)
            for number in range(300)
        ]  # fmt: skip
        db.session.add_all(new)
        db.session.flush()
        db.session.add_all(
            Act(session_id=session.id, entry_id=entry.id, position=100 + place, duration_min=2,
                starts_at=at(9) + timedelta(minutes=2 * place))
            for place, entry in enumerate(new)
        )  # fmt: skip
    many = [asked(organiser, f"{BOARD}{query}") for query in ("", "?take=tai-nang-7", "?take=them-40&page=3")]
    assert [count for count, _size in many[:2]] == few
    assert max(count for count, _size in many) <= 20, many
    assert max(size for _count, size in many) <= 60_000, many


def test_what_a_request_cannot_mean_is_refused(organiser: FlaskClient, planned: Ids) -> None:
    page = organiser.get(BOARD).text
    for sent, status in (
        ({"take": "tai-nang-1", "place": ""}, 400),
        ({"take": "tai-nang-1", "place": "x.y.z"}, 400),
        ({"take": "tai-nang-1", "place": "9999.tai-nang-2.0"}, 409),
        ({"take": "khong-co", "place": "out"}, 404),
        ({"take": "khong-co", "place": "1.tai-nang-2.0"}, 404),
    ):
        assert organiser.post(BOARD, data=token(page) | sent).status_code == status, sent
    undo = "/office/schedule/undo"
    assert organiser.post(undo, data=token(page) | {"to": "sideways", "step": "1"}).status_code == 400
    gone = organiser.post(undo, data=token(page) | {"to": "again", "step": "9"})
    assert gone.status_code == 409 and "Không còn bước nào như vậy" in gone.text
