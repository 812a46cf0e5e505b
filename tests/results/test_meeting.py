"""Do minutes say what they are founded on and who was there; is it put right, taken back and brought again until they are signed?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from festival.contests.models import PanelSeat
from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.core.web.i18n import day
from festival.editions.models import Festival
from festival.results.ladder.states import signers_of, steps_of
from festival.results.meeting.models import FoundingKind
from festival.results.meeting.reading import founding_rows, meeting_row
from festival.results.meeting.saying import say_founding
from festival.results.meeting.told import FoundingTold, MeetingTold, founding_of, meeting_of
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast
from tests.results.test_pages_of_the_panel import TAI_NANG, people
from tests.results.test_papers import panel, papers, seals

__all__ = ["panel"]  # a fixture: tai-nang is locked

pytestmark = pytest.mark.either_database

PAPERS, MEETING = "/office/papers", TAI_NANG + "/meeting"
JURY = {"number": "106/QĐ-BTC", "day": "1/6/2024", "signer": "Trưởng Ban Tổ chức"}


def differing(app: Flask) -> list[str]:
    """Where the two tables are not those of the ledger."""
    return [each for each in seals(app, "decisions:thu") if "founding_paper" in each or "panel_meeting" in each]


def met(app: Flask, made: Panel, **changes: str) -> dict[str, str]:
    """The form, as the secretary fills it: Hùng was away."""
    with app.app_context(), reading():
        seats = {each.name: each.judge_id for each in signers_of(made.contest_id)}
    there = {f"there-{judge}": "present" for judge in seats.values()}
    away = seats["Trần Văn Hùng"]
    return {
        "held_on": day(today()),
        "opened": "22 giờ 30",
        "closed": "0:20",
        "place": "Phòng họp tầng 2",
        "copies": "12",
        "guests": "Ông Danh Giám Sát, Hội Phụ nữ\n\n Bà Thị Khách ",
        "receivers": "Ban Tổ chức;\nSở Văn hóa\nLưu: VT",
        "version": "0",
        **there,
        f"there-{away}": "absent",
        f"why-{away}": "nằm viện",
        **changes,
    }


def test_minutes_cite_the_founding_decisions_as_they_stand(app: Flask, panel: Panel) -> None:
    organiser, chair = people(app, panel, "organiser", "chair")
    chair.get(PAPERS, 403)
    assert organiser.get(PAPERS).count("Chưa ghi: biên bản không nêu căn cứ này.") == 3
    for wrong, said in (
        ({"number": " "}, "Ghi số quyết định như trên giấy"),
        ({"day": "31/2/2024"}, "Ghi ngày quyết định như 14/6/2026."),
        ({"day": "1/6/2124"}, "chưa đến"),
        ({"signer": ""}, "Ghi ai ký quyết định"),
        ({"signer": "a" * 201}, "Dài quá 200 ký tự"),
    ):
        page = organiser.post(f"{PAPERS}/jury", 400, **{**JURY, "version": "0", **wrong})
        assert (said in page and 'value="Trưởng Ban Tổ chức"' in page) or "signer" in wrong, wrong
    organiser.post(f"{PAPERS}/cooks", 404, **JURY)
    organiser.post(f"{PAPERS}/jury", **JURY, version="0")
    cited = "Căn cứ Quyết định số 106/QĐ-BTC ngày 1/6/2024 của Trưởng Ban Tổ chức về việc thành lập Ban giám khảo;"
    assert cited in chair.get(TAI_NANG + "/minutes")
    organiser.post(f"{PAPERS}/jury", **JURY | {"number": "160/QĐ-BTC"}, version="1")
    assert "Quyết định số 160/QĐ-BTC" in chair.get(TAI_NANG + "/minutes")
    assert "Trả lại: số 106/QĐ-BTC" in organiser.get(PAPERS)
    organiser.post(f"{PAPERS}/jury", 409, do="take_back", version="1")
    organiser.post(f"{PAPERS}/jury", do="take_back", version="2")
    assert "Căn cứ" not in chair.get(TAI_NANG + "/minutes")
    organiser.post(f"{PAPERS}/jury", do="undo", version="3")
    assert "Quyết định số 160/QĐ-BTC" in chair.get(TAI_NANG + "/minutes")
    assert differing(app) == []


def test_the_panels_meeting_stands_on_the_minutes_and_who_was_away_signs_nothing(app: Flask, panel: Panel) -> None:
    secretary, judge = people(app, panel, "secretary", "lan")
    judge.get(MEETING, 404)
    page = secretary.get(TAI_NANG)
    assert "Chưa ghi ai dự họp, giờ họp, nơi nhận." in page and "Lý do ký khi biên bản chưa ghi đủ" in page
    secretary.post(MEETING, **met(app, panel))
    assert "Chưa ghi ai dự họp" not in secretary.get(TAI_NANG)
    paper = " ".join(secretary.get(TAI_NANG + "/minutes").split())
    for said in (
        f"Ban giám khảo họp xét kết quả tại Phòng họp tầng 2, bắt đầu lúc 22 giờ 30 ngày {day(today())}.",
        "Có mặt 3 người:",
        "Vắng 1 người:",
        "Trần Văn Hùng. Lý do: nằm viện",
        "Bà Thị Khách",
        f"Cuộc họp kết thúc lúc 0 giờ 20 ngày {day(today() + timedelta(days=1))}.",
        "lập thành 12 (mười hai) bản",
        "- Sở Văn hóa;",
        "- Lưu: VT.",
    ):
        assert said in paper, said
    assert paper.count("Trần Văn Hùng") == 1 and paper.count("Danh Thị Lan") > 1, "a block only for who was there"
    secretary.post(MEETING, **met(app, panel, version="1", closed="", guests=""))
    assert "kết thúc lúc …… giờ" in secretary.get(TAI_NANG + "/minutes")
    assert "Trả lại lần ghi trước" in secretary.get(MEETING)
    secretary.post(MEETING, 409, do="undo", version="1")
    secretary.post(MEETING, do="undo", version="2")
    assert "Bà Thị Khách" in secretary.get(TAI_NANG + "/minutes")
    secretary.post(TAI_NANG + "/minutes")
    secretary.post(TAI_NANG + "/sign", number="07/BB-BGK", note="chưa có quyết định thành lập")
    with app.app_context(), reading():
        assert (
            next(each.note for each in steps_of(panel.contest_id).values() if each.number)
            == "chưa có quyết định thành lập"
        )
    assert "Bà Thị Khách" in secretary.get(TAI_NANG + "/minutes") and len(papers(app)) == 1
    secretary.get(MEETING, 409)
    secretary.post(MEETING, 409, **met(app, panel, version="3"))
    assert differing(app) == []


def test_what_is_wrong_is_said_and_nothing_typed_vanishes(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    with app.app_context(), reading():
        chair = next(each.judge_id for each in signers_of(panel.contest_id) if each.seat is PanelSeat.CHAIR)
    for wrong, said in (
        ({"held_on": "hôm qua"}, "Ghi ngày họp như 14/6/2026."),
        ({"held_on": "15/6/1924"}, "cách ngày khóa điểm quá xa"),
        ({"opened": "tối"}, "Giờ viết như 7:30"),
        ({"opened": "22:30", "closed": "21:00"}, "quá 12 giờ"),
        ({"copies": "0"}, "Số bản là số từ 1 đến 50."),
        ({"copies": "ba"}, "Số bản là số từ 1 đến 50."),
        ({"place": "x" * 201}, "Dài quá 200 ký tự."),
        ({"receivers": "a\n" * 21}, "Nhiều nhất 20 dòng."),
        ({f"there-{chair}": ""}, "Chọn có mặt hay vắng cho Nguyễn Thị Chủ."),
        ({f"there-{chair}": "absent"}, "Ghi lý do vắng của Nguyễn Thị Chủ."),
        ({f"why-{chair}": "bận"}, "Xóa lý do, hoặc chọn vắng."),
    ):
        page = secretary.post(MEETING, 400, **met(app, panel, **wrong))
        assert said in page and "Bà Thị Khách" in page and 'value="nằm viện"' in page, wrong
    with app.app_context(), reading():
        assert meeting_row(panel.contest_id) is None


def test_a_meeting_is_told_as_it_was_written() -> None:
    with_all = MeetingTold(date(2024, 6, 15), "22:30", "00:20", "", (1, 2), ((3, "ốm"),), ("A",), 3, ("B",))
    assert meeting_of(with_all.kept()) == with_all and with_all.over_midnight
    assert not replace(with_all, closed="").over_midnight and not replace(with_all, closed="23:00").over_midnight
    assert meeting_of(None) is None and founding_of(None) is None


@pytest.mark.both_databases
def test_of_two_who_write_the_same_decision_at_once_one_is_told(app: Flask) -> None:
    """The naive control asks which version there is only when it writes, and overwrites what nobody has read."""
    with app.app_context():
        festival_id = cast().festival_id
    start, in_turn, found = threading.Barrier(2), threading.Lock(), list[object]()

    def write(number: str, seen: int) -> None:
        told = FoundingTold(number, date(2024, 6, 1), "Chủ tịch")
        found.append(say_founding(db.session.get_one(Festival, festival_id), FoundingKind.JURY, told, seen, None))

    def version() -> int:
        row = founding_rows(festival_id).get(FoundingKind.JURY)
        return row.version if row else 0

    def honest(number: str) -> None:
        with reading():
            seen = version()
        start.wait(PATIENCE_S)
        with transaction():
            write(number, seen)

    def naive(number: str) -> None:
        start.wait(PATIENCE_S)
        with in_turn, transaction():
            write(number, version())

    def one(how: Callable[[str], None], number: str) -> None:
        with app.app_context():
            try:
                how(number)
            except Overtaken as late:
                found.append(type(late))

    def both(how: Callable[[str], None], *numbers: str) -> list[object]:
        found.clear()
        threads = [threading.Thread(target=one, args=(how, number)) for number in numbers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        return sorted(found, key=str)

    assert both(honest, "1", "2") == [Overtaken, True]
    assert both(honest, "3", "4") == [Overtaken, True]
    assert both(naive, "5", "6") == [True, True]
    assert differing(app) == []
