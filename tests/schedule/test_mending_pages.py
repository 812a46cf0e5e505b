"""What if an act came at another hour: seen before it is written, taken as one step, taken back; whoever is slower is told."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.roster.models import Entry
from festival.schedule.mending import answer, proposing, taking
from festival.schedule.mending.change import MendKind, PlanChange
from festival.schedule.mending.reading import question
from festival.schedule.models import Act, ActState
from festival.schedule.moving import locking
from festival.schedule.moving.lying import lying
from festival.schedule.wishes.models import WishKind
from festival.schedule.wishing import deciding
from festival.schedule.wishing.typed import WishValues
from tests.schedule.test_board import token
from tests.schedule.test_draft_steps import put
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, session_of, times
from tests.schedule.test_timetable_pages import hashed, organiser

pytestmark = pytest.mark.either_database

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures

ASKED = "/office/schedule/asked"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the solver's process: what is found in a moment is enough here."""
    monkeypatch.setattr(answer, "SOLVER", False)


def hidden(page: str, button: str) -> dict[str, str]:
    """The hidden fields of the form with this button."""
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.S) if button in each)
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


def ask(client: FlaskClient, code: str, hour: str, **said: str) -> str:
    form = token(client.get(f"{ASKED}?take={code}").text) | {"do": "look", "take": code, "day": "20240628"}
    answered = client.post(f"{ASKED}?take={code}", data=form | {"hour": hour, "how": "at", "cap": "20"} | said)
    assert answered.status_code == 200, answered.status_code
    return answered.text


def test_what_if_is_seen_taken_as_one_step_and_taken_back(organiser: FlaskClient, planned: Ids) -> None:
    assert "Hỏi thử một giờ" in organiser.get("/office/schedule/board?take=tai-nang-7").text
    before = times(planned.talent)
    first = next(iter(before))
    code = list(before)[-1]
    found = ask(organiser, code, before[first].split()[0])
    assert times(planned.talent) == before
    assert "Nếu đổi" in found and f"({'được xin'})" in found and "gia đình khác đổi giờ" in found
    sent = hidden(found, "Đổi như vậy")
    answered = organiser.post(f"{ASKED}?take={code}", data=sent)
    assert answered.status_code == 302 and answered.headers["Location"].endswith(f"#act-{code}")
    after = times(planned.talent)
    assert next(iter(after)) == code and after[code] == before[first]
    page = organiser.get("/office/schedule/board").text
    step = re.search(r'name="step" value="(\d+)"', page)
    assert step is not None and "Hoàn tác: đổi giờ" in page
    organiser.post("/office/schedule/undo", data=token(page) | {"to": "back", "step": step[1]})
    assert times(planned.talent) == before
    with reading():
        assert ledger.verify("decisions:hon-quan-2024") == []


def test_what_was_typed_stays_and_what_cannot_be_is_said(organiser: FlaskClient, planned: Ids) -> None:
    address = f"{ASKED}?take=tai-nang-7"
    form = token(organiser.get(address).text) | {"do": "look", "take": "tai-nang-7", "day": "20240628", "cap": "15"}
    for wrong, said in (
        ({"hour": "mấy giờ", "how": "at"}, "Giờ viết như 7:30"),
        ({"hour": "9:00", "how": "at", "cap": "nhiều"}, "là số từ 0 đến 240"),
        ({"hour": "9:00", "how": "at", "day": "20300101"}, "Chọn một ngày có buổi thi"),
    ):
        page = organiser.post(address, data=form | wrong)
        assert page.status_code == 400 and said in page.text
        assert f'value="{wrong.get("cap", "15")}"' in page.text and f'value="{wrong["hour"]}"' in unescape(page.text)
    assert organiser.post(address, data=form | {"hour": "9:00", "how": "x"}).status_code == 400
    assert organiser.post(address, data=form | {"do": "x"}).status_code == 400
    assert organiser.get(f"{ASKED}?take=khong-co").status_code == 404
    out = ask(organiser, "tai-nang-7", "6:00")
    assert "Không có cách nào trong giới hạn này" in out and "không có buổi nào nhận vào lúc ấy" in out
    same = times(planned.talent)["tai-nang-7"].split()[0]
    assert "không phải đổi gì" in ask(organiser, "tai-nang-7", same)
    with transaction():
        for number in range(1, 7):
            locking.lock_act(planned.festival, f"tai-nang-{number}", True, None)
    held = next(iter(times(planned.talent)))
    no = unescape(ask(organiser, "tai-nang-7", times(planned.talent)[held].split()[0]))
    assert "đã khóa. Mở khóa rồi dời." in no and "Đổi như vậy" not in no
    nothing = organiser.post(
        address, data=form | {"do": "take", "hour": "9:00", "how": "at", "moves": "x", "seen": "y"}
    )
    assert nothing.status_code in {400, 409}


@pytest.mark.both_databases
def test_whoever_is_slower_is_told_and_sees_it_worked_out_anew(organiser: FlaskClient, planned: Ids) -> None:
    before = times(planned.talent)
    code, hour = list(before)[-1], before[next(iter(before))].split()[0]
    sent = hidden(ask(organiser, code, hour), "Đổi như vậy")
    put(planned, list(before)[-2], session_of(planned.talent), next(iter(before)))
    stood = times(planned.talent)
    late = organiser.post(f"{ASKED}?take={code}", data=sent)
    assert late.status_code == 409 and times(planned.talent) == stood
    assert "Lịch vừa được đổi trong lúc xem" in late.text
    # what is worked out anew may be taken
    assert organiser.post(f"{ASKED}?take={code}", data=hidden(late.text, "Đổi như vậy")).status_code == 302
    assert times(planned.talent)[code].split()[0] == hour
    # an act that begins meanwhile stays
    moves = taking.moves_typed(sent["moves"])
    with transaction():
        act = db.session.scalars(select(Act).join(Entry).where(Entry.code == moves[0].code)).one()
        act.state = ActState.DONE
    with pytest.raises(Overtaken, match="đã thi xong"), transaction():
        taking.take_moves(planned.festival, moves, None, count=1)


def test_a_better_answer_is_asked_for_from_what_was_shown(
    organiser: FlaskClient, planned: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = times(planned.talent)
    code, hour = list(before)[-1], before[next(iter(before))].split()[0]
    alone = ask(organiser, code, hour)
    assert "Tìm cách tốt hơn" not in alone  # nobody is there to look for it
    assert "Chưa biết chắc có cách nào ít gia đình phải đổi giờ hơn không." in alone
    monkeypatch.setattr(answer, "SOLVER", True)
    monkeypatch.setattr(proposing, "ROUNDS", (0, 60, 60))  # a slow machine finds the same
    first = ask(organiser, code, hour)
    assert "data-mend-further" in first and "js/mend.js" in first
    sent = hidden(first, "Tìm cách tốt hơn")
    assert sent["do"] == "further" and sent["looks"] == "1" and sent["moves"] == hidden(first, "Đổi như vậy")["moves"]
    wrong = organiser.post(f"{ASKED}?take={code}", data=sent | {"moves": "x"})
    assert wrong.status_code == 400 and "Xem thay đổi trước" in wrong.text and f'value="{hour}"' in wrong.text
    # of another draft nothing counts: it begins anew
    anew = organiser.post(f"{ASKED}?take={code}", data=sent | {"seen": "khac", "looks": "2", "least": "9"}).text
    assert hidden(anew, "Tìm cách tốt hơn")["looks"] == "1" and hidden(anew, "Tìm cách tốt hơn")["least"] == "0"
    last = organiser.post(f"{ASKED}?take={code}", data=sent)
    assert last.status_code == 200 and "Tìm cách tốt hơn" not in last.text and times(planned.talent) == before
    assert "Không có cách nào ít gia đình phải đổi giờ hơn, khi giữ nguyên" in last.text
    assert moved(last.text) <= moved(first)
    assert organiser.post(f"{ASKED}?take={code}", data=hidden(last.text, "Đổi như vậy")).status_code == 302
    assert times(planned.talent)[code] == before[next(iter(before))]


def moved(page: str) -> int:
    """How many others have another hour."""
    found = re.search(r"(\d+) gia đình khác đổi giờ", page)
    return int(found[1]) if found else 0


def test_an_agreed_hour_is_asked_for_from_the_list_of_what_is_kept(organiser: FlaskClient, planned: Ids) -> None:
    with transaction():
        entry = db.session.scalars(select(Entry.id).where(Entry.code == "tai-nang-7")).one()
        deciding.add_wish(planned.festival, WishValues(WishKind.WINDOW, entry, starts_at=at(8)), None)
    page = unescape(organiser.get("/office/schedule/wishes").text)
    there = re.search(r'href="(/office/schedule/asked\?[^"]+)"', page)
    assert there is not None
    shown = organiser.get(there[1]).text
    assert 'value="08:00"' in shown and re.search(r'<option value="from" selected', shown)
    assert re.search(r'<option value="20240628" selected', shown)


def test_costume_minutes_are_asked_of_the_acts_in_costume_alone(planned: Ids) -> None:
    with transaction():
        talent = db.session.get_one(Contest, planned.talent)
        deciding.add_wish(planned.festival, WishValues(WishKind.CHANGE, contest_id=talent.id, minutes=25), None)
    with reading():
        table = lying(planned.festival)
        asked = question(table, planned.festival, PlanChange(MendKind.ACT, "tai-nang-7", local(at(8)), local(at(8))))
    gaps = {act.code: {who[0]: gap for who, gap in act.holds.items()} for act in asked.problem.acts}
    assert gaps["tai-nang-7"] == {"f": 15, "p": 25} and gaps["bao-bo-7"] == {"f": 15, "p": 0}
