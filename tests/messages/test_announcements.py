"""Does what the organiser announces reach those it is for, and nobody else; and does everybody see it corrected, withdrawn, over?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.editions.queries import the_festival
from festival.messages import announcing
from festival.messages.announcing import ToWhom
from festival.messages.models import Announcement, Audience
from festival.messages.queries import news_for
from festival.messages.seal import recorded
from festival.messages.spoken import LONGEST, aloud
from festival.privacy import erasing
from festival.roster.models import Delegation, Family
from tests.messages.scene import NEW, Desk, banner, make_desk

pytestmark = pytest.mark.either_database

SEVEN = datetime(2024, 6, 14, 0, 0, tzinfo=UTC)
RAIN = "Mưa to: phần thi chuyển vào hội trường <b>A</b>"


@pytest.fixture(autouse=True)
def seven_in_the_morning() -> Iterator[None]:
    with time_machine.travel(SEVEN, tick=False):
        yield


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(app)


def test_everybody_sees_it_corrected_then_withdrawn_then_over(desk: Desk) -> None:
    number = desk.announce(RAIN)
    own = f"/office/messages/{number}"
    family, officer = desk.family(0), desk.officer(0)
    with desk.app.app_context(), reading():
        code = db.session.get_one(Delegation, desk.scene.delegations[0]).code
        festival_id = desk.scene.festival_id
    pages = [
        (desk.app.test_client(), "/", "/api/v1/public/news"),
        (desk.app.test_client(), "/programme", "/api/v1/public/news"),
        (family, "/family", "/api/v1/family/news"),
        (officer, f"/delegation/{code}/day", f"/api/v1/delegation/{code}/news"),
    ]

    def shown() -> set[str]:
        """What stands on the pages, and what those that are open already are told."""
        found = set()
        for client, page, address in pages:
            found.add(banner(client.get(page).get_data(as_text=True)))
            told = client.get(address).json["news"]
            found.add(" ".join(f"{each['heading']} {each['words']}" for each in told))
        return found

    assert shown() == {f"Thông báo của Ban Tổ chức, 7 giờ {RAIN}"}
    assert desk.office.get("/api/v1/public/now").json["announced"] == [RAIN]
    with time_machine.travel(SEVEN + timedelta(minutes=20), tick=False):
        other = RAIN.replace("A", "B")
        sent = {"words": other, "lasting": "hour", "version": 1}
        status, page = desk.post(own, **sent, step="preview")
        assert status == 200 and "Bản trước:" in page
        assert desk.post(own, **sent, step="confirm")[0] == 302
        assert shown() == {f"Thông báo của Ban Tổ chức, đã sửa lúc 7 giờ 20 {other}"}
        assert desk.post(own, **sent, step="confirm")[0] == 409, "somebody else had the first version before them"
        assert desk.post(f"{own}/withdraw", version=2)[0] == 302
        gone = f"Thông báo này đã rút lúc 7 giờ 20, không còn hiệu lực {other}"
        assert shown() == {gone}
        assert desk.office.get("/api/v1/public/now").json["announced"] == []
        assert desk.post(f"{own}/again", version=3)[0] == 302
        assert shown() == {f"Thông báo của Ban Tổ chức, đã sửa lúc 7 giờ 20 {other}"}
        assert "Mưa to: phần thi chuyển vào hội trường &lt;b&gt;A" in desk.office.get(own).get_data(as_text=True)
    with time_machine.travel(SEVEN + timedelta(minutes=81), tick=False):
        assert shown() == {""}
        assert "đã qua giờ" in desk.office.get("/office/messages").get_data(as_text=True)
        with desk.app.app_context(), reading():
            assert news_for(festival_id) == []


def test_a_delegation_and_those_of_one_act_read_theirs_alone(desk: Desk) -> None:
    with desk.app.app_context(), reading():
        families = [db.session.get_one(Family, family_id) for family_id in desk.scene.families]
        delegations = [(row.delegation.code, row.delegation_id) for row in families]
        festival_id, entries = desk.scene.festival_id, desk.scene.entries[desk.scene.contests[0]]
    desk.announce("Xe đón lúc 16 giờ.", audience="delegation", delegation=delegations[0][0])
    desk.announce("Mời ra cánh gà.", audience="entry", contest="phan-thi-1", act="2")
    first, second = "Xe đón lúc 16 giờ.", "Mời ra cánh gà."

    def read(client: object, page: str) -> tuple[bool, bool]:
        text = banner(client.get(page).get_data(as_text=True))  # type: ignore[attr-defined]
        return first in text, second in text

    assert [read(desk.family(index), "/family") for index in range(3)] == [(True, False), (False, True), (False, False)]
    assert read(desk.app.test_client(), "/") == (False, False)
    assert read(desk.officer(1), f"/delegation/{delegations[1][0]}/day") == (False, True)
    with desk.app.app_context(), reading():
        assert [each.words for each in news_for(festival_id, delegations[0][1])] == [first]
        assert [each.words for each in news_for(festival_id, None, entries[1:])] == [second]
    stranger = desk.officer(2)
    assert stranger.get(f"/api/v1/delegation/{delegations[0][0]}/news").status_code == 404


def test_what_cannot_be_announced_is_said_beside_its_field_and_stays_typed(desk: Desk) -> None:
    good = {"words": "Trời mưa, vẫn thi", "lasting": "hour", "audience": "all", "key": "k", "step": "preview"}
    cases = {
        "Ghi nội dung thông báo.": {"words": " "},
        "Dài quá 300 chữ cái": {"words": "x" * (LONGEST + 1)},
        "Giờ hết hiệu lực phải sau lúc này.": {"lasting": "typed", "until": "14/6/2024 6:59"},
        "Ghi ngày giờ như 14/6/2024 17:00.": {"lasting": "typed", "until": "31/2/2024"},
        "Chọn đoàn nhận thông báo.": {"audience": "delegation"},
        "Ghi số báo danh": {"audience": "entry", "contest": "phan-thi-1"},
        "Có 3 tiết mục như vậy: 1. Gia đình Danh Chung": {"audience": "entry", "contest": "phan-thi-1", "act": "gia"},
        "Không có tiết mục nào như vậy": {"audience": "entry", "contest": "phan-thi-1", "act": "9"},
    }
    for said, fields in cases.items():
        status, page = desk.post(NEW, **{**good, **fields})
        assert status == 422 and said in page, said
        assert str(fields.get("words", "Trời mưa, vẫn thi")).strip() in page
    with desk.app.app_context(), reading():
        assert db.session.scalar(select(func.count(Announcement.id))) == 0


def test_a_form_sent_twice_at_one_moment_announces_once(desk: Desk) -> None:
    """The naive control, a form without its key, announces twice."""

    def both(keys: tuple[str, str]) -> int:
        barrier, made = Barrier(2), set()

        def send(key: str) -> None:
            with desk.app.app_context():
                barrier.wait()
                with transaction():
                    made.add(
                        announcing.announce(
                            the_festival(), key, ToWhom(Audience.ALL), "Một", now() + timedelta(hours=1), None
                        )
                    )

        threads = [Thread(target=send, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(made)

    assert both(("khoa", "khoa")) == 1
    assert both(("mot", "hai")) == 2, "the naive control"


@pytest.mark.both_databases
def test_of_two_who_correct_at_one_moment_one_is_told(desk: Desk) -> None:
    number = desk.announce("Một")
    barrier, told = Barrier(2), []

    def change(words: str) -> None:
        with desk.app.app_context():
            barrier.wait()
            try:
                with transaction():
                    row = announcing.announcement(the_festival(), number)
                    announcing.correct(row, 1, words, row.until, None)
            except Overtaken:
                told.append(words)

    threads = [Thread(target=change, args=(words,)) for words in ("Hai", "Ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1


def test_the_ledger_knows_every_step_and_sees_what_was_changed_behind_it(desk: Desk) -> None:
    number = desk.announce("Một")
    desk.post(f"/office/messages/{number}/withdraw", version=1)
    desk.post(f"/office/messages/{number}/again", version=2)
    desk.post(f"/office/messages/{number}", words="Hai", lasting="hour", version=3, step="confirm")
    with desk.app.app_context():
        with reading():
            code = the_festival().code
            kinds = [line.kind for line, _said in ledger.lines(f"decisions:{code}") if line.kind in recorded.KINDS]
        assert kinds == [
            "announcement_made", "announcement_withdrawn", "announcement_restored", "announcement_corrected",
        ]  # fmt: skip
        with seals.snapshot():
            assert announced(seals.inspect()) == []
        with transaction():
            db.session.get_one(Announcement, number).words = "Ba"
        with seals.snapshot():
            assert announced(seals.inspect()) == [f"Thông báo số {number}, nội dung: bảng khác với sổ"]
        erasing.erase(code, "data")
        with reading():
            row = db.session.get_one(Announcement, number)
            assert (row.words, row.earlier) == (erasing.GONE, [])
        with seals.snapshot():
            assert announced(seals.inspect()) == []


def announced(report: seals.SealReport) -> list[str]:
    return [said for said in map(str, seals.worded(report.named())) if said.startswith("Thông báo")]


def test_the_sentence_for_the_loudspeaker_calls_first_and_says_it_twice() -> None:
    assert str(aloud("Xe  đến cổng số 2", "Đoàn Hòn Đất")) == (
        "Xin mời Đoàn Hòn Đất chú ý. Ban Tổ chức thông báo: Xe  đến cổng số 2. Xin nhắc lại, Đoàn Hòn Đất: Xe đến cổng số 2. "
        "Xin cảm ơn."
    ).replace("  ", " ")
