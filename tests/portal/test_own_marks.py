"""Does the head of a delegation read of its own entries what the rules let heads see, by letters, and nothing before its time?"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import transaction
from festival.roster.links.of_delegations import delegation_link, first_link
from festival.roster.models import Delegation, Entry
from tests.devices.kit import verdicts
from tests.house.test_statements import MOST, statements
from tests.judging.panel_cast import SECRET_NAMES, Panel
from tests.judging.test_comments_to_families import WORDS, say
from tests.judging.test_tablet_sync import tablet
from tests.results.proof_cast import before_the_first_mark, marked
from tests.results.whole_cast import bring, lock_all

pytestmark = pytest.mark.either_database
PAGE = "/head/results"


def shown(panel: Panel, how: str) -> None:
    with transaction():
        contest = db.session.get_one(Contest, panel.contest_id)
        contest.shown_to_heads, contest.comments = how, True


def head_of(app: Flask, panel: Panel, at: int) -> FlaskClient:
    with app.app_context(), transaction():
        delegation = db.session.get_one(Delegation, db.session.get_one(Entry, panel.entry_ids[at]).delegation_id)
        first_link(delegation)
        link = delegation_link(delegation)
    phone = app.test_client()
    assert phone.get(f"/d/{link.lower()}").status_code == 302
    return phone


def read(phone: FlaskClient, contest: str = "tai-nang", status: int = 200) -> str:
    answer = phone.get(f"{PAGE}?contest={contest}" if contest else PAGE)
    assert answer.status_code == status
    return answer.get_data(as_text=True).split("<main")[-1]


def test_nothing_before_the_publication_then_marks_by_letter_of_the_own_entries_alone(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark("prizes")
        shown(panel, "comments")
    chair = tablet(app, app.test_client(), panel, "chair")
    assert chair.state()["state"]["contests"][0]["comments_to_head"] is True, "whoever writes knows who reads"
    assert verdicts(chair.send(say(chair, WORDS))) == ["applied"]
    phone, other = head_of(app, panel, 0), head_of(app, panel, 1)
    before = read(phone, "")
    assert "Chưa công bố kết quả nào" in before
    with app.app_context():
        marked(panel)
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED)
    assert read(phone, "") == before
    assert "Không tìm thấy" in read(phone, status=404), "a contest that is not public cannot be asked for"
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    with statements(app) as seen:
        page = read(phone)
    theirs = read(other)
    assert len(seen) <= MOST, seen
    assert '<a href="/head/results?contest=tai-nang" aria-current="page">Gia đình tài năng</a>' in page
    for told in ("Giám khảo A", "Giám khảo B", "Giám khảo C", "Nhất", "89,75", "44,75", WORDS):
        assert told in page, told
    assert [name for name in SECRET_NAMES.values() if name in page + theirs] == []
    assert [mark for mark in ("89,75", WORDS) if mark in theirs] == []
    assert "84,75" in theirs and "84,75" not in page
    balls = read(phone, "bong-ro")
    assert "Theo thể lệ, phần thi này chỉ công bố giải." in balls and "7 quả" not in balls


@pytest.mark.parametrize(
    ("how", "sums", "marks"), [("none", False, False), ("sums", True, False), ("marks", True, True)]
)
def test_each_step_of_the_rule_shows_what_the_one_before_shows_and_more(
    app: Flask, how: str, sums: bool, marks: bool
) -> None:
    with app.app_context():
        panel = before_the_first_mark("prizes")
        shown(panel, how)
        marked(panel)
        lock_all(panel)
        bring(panel, *(each for each in ContestState if each not in (ContestState.OPEN, ContestState.LOCKED)))
    page = read(head_of(app, panel, 0))
    assert ("Nhất" in page, "<b>89,75" in page, "Giám khảo A" in page) == (True, sums, marks)


def test_a_final_shows_nothing_of_its_points_before_its_round_is_public(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark("prizes")
        shown(panel, "marks")
        marked(panel)
        lock_all(panel)
        bring(panel, *(each for each in ContestState if each not in (ContestState.OPEN, ContestState.LOCKED)))
        with transaction():
            contest = db.session.get_one(Contest, panel.contest_id)
            contest.after = {"contest": "bong-ro", "take": 3, "weight": 0}
            db.session.get_one(Contest, panel.sport_id).state = ContestState.RELEASED
    phone = head_of(app, panel, 0)
    assert "<b>89,75" not in read(phone)
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.sport_id).state = ContestState.PUBLISHED
    assert "<b>89,75" in read(phone)
