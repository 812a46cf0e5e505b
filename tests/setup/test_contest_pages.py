"""Can an organiser make and change a contest on a page, with nothing lost and nothing overwritten?"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import reading, transaction
from festival.setup import pieces
from festival.setup.saving import begin, document_of, save
from festival.setup.templates import offered
from tests.house.test_access import come_as
from tests.house.test_statements import statements
from tests.setup.test_contest_form import kept
from tests.setup.test_saving import the_document

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

CODE = "hon-quan-2024"
EDITOR = f"/office/setup/{CODE}/contest/tai-nang"
NEW = f"/office/setup/{CODE}/contests/new"


class Fields(HTMLParser):
    """What a browser would send of the form of the editor, and what stands on the page beside it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.names: set[str] = set()
        self.inside = False
        self.select = self.area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "data-editor" in found
        if not self.inside:
            return
        if tag == "select":
            self.select = found["name"]
            self.names.add(self.select)
        if tag == "option" and self.select:
            self.sent.setdefault(self.select, found.get("value", ""))
        if tag == "textarea":
            self.area = found["name"]
            self.names.add(self.area)
            self.sent[self.area] = ""
        if tag == "input" and found.get("name", "csrf_token") != "csrf_token":
            self.names.add(found["name"])
            if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                self.sent[found["name"]] = found.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag in ("textarea", "select"):
            self.area = self.select = ""


def page_of(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def fields(answer: TestResponse) -> dict[str, str]:
    return Fields(answer.get_data(as_text=True)).sent


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    """At the pages of the edition of Hớn Quản."""
    with app.app_context(), transaction():
        begin(the_document())
    return come_as(app, "organiser")[0]


def post(client: FlaskClient, path: str, typed: dict[str, str], do: str = "save") -> TestResponse:
    return send(client, path, typed | {"do": do})


def send(client: FlaskClient, path: str, typed: dict[str, str]) -> TestResponse:
    """With the token every page carries."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(NEW).get_data(as_text=True))
    assert token is not None
    return client.post(path, data=typed | {"csrf_token": token[1]})


def stands(app: Flask, code: str = "tai-nang") -> Any:
    with app.app_context():
        return pieces.contest(document_of(CODE), code)


def test_a_page_that_is_saved_untouched_changes_nothing(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        before = document_of(CODE)
    for piece in before["contests"]:
        path = f"/office/setup/{CODE}/contest/{piece['code']}"
        answer = post(organiser, path, fields(organiser.get(path)))
        assert answer.status_code == 302, page_of(answer)
    with app.app_context():
        assert document_of(CODE) == before


# ------------------------------------------------------------------------------------------------ forward


def test_a_template_unchanged_is_one_press(app: Flask, organiser: FlaskClient) -> None:
    page = page_of(organiser.get(NEW))
    assert page.count("Lấy nguyên mẫu</button>") == len(offered())
    answer = send(organiser, f"/office/setup/{CODE}/contests/take", {"template": "cau-long"})
    assert answer.status_code == 302
    assert stands(app, "cau-long")["place_points"] == [7, 6, 5, 4, 3, 2, 1]
    with app.app_context():
        assert len(document_of(CODE)["sources"]) > len(the_document()["sources"])
    assert send(organiser, f"/office/setup/{CODE}/contests/take", {"template": "x"}).status_code == 400
    assert send(organiser, f"/office/setup/{CODE}/contest/cau-long", {}).status_code == 400, "a form that sends nothing"


def test_a_template_is_changed_before_it_is_saved(app: Flask, organiser: FlaskClient) -> None:
    path = f"{NEW}?template=tai-nang"
    typed = fields(organiser.get(path))
    assert stands(app, "tai-nang-2") is None
    answer = post(organiser, path, typed | {"name": "Tiếng hát gia đình", "scoring.delta": "12,5"})
    assert answer.headers["Location"].endswith("/contest/tai-nang-2")
    saved = stands(app, "tai-nang-2")
    assert (saved["name"], saved["scoring"]["delta"]) == ("Tiếng hát gia đình", 12.5)


@pytest.mark.parametrize("kind", ["rubric", "count", "time", "match", "quiz"])
def test_a_contest_from_a_white_page(app: Flask, organiser: FlaskClient, kind: str) -> None:
    path = f"{NEW}?kind={kind}"
    typed = fields(organiser.get(path)) | {"name": "Cờ tướng"}
    if kind == "rubric":
        typed |= {"criteria.0.name": "Nước đi", "criteria.0.max": "10"}
    answer = post(organiser, path, typed)
    assert answer.status_code == 302, page_of(answer)
    assert stands(app, "co-tuong")["kind"] == kind
    assert organiser.get(f"{NEW}?kind=x").status_code == 404


def test_rows_and_kind_are_drawn_again_and_nothing_is_saved(app: Flask, organiser: FlaskClient) -> None:
    typed = fields(organiser.get(EDITOR)) | {"name": "Tên đang gõ"}
    added = post(organiser, EDITOR, typed, "add:criteria")
    assert "criteria.3.name" in fields(added)
    assert re.search(r'id="criteria\.3\.name"[^>]* autofocus', added.get_data(as_text=True))
    assert fields(added)["name"] == "Tên đang gõ"
    other = post(organiser, EDITOR, fields(added) | {"kind": "count"}, "draw")
    assert "unit_label" in fields(other)
    assert 'label for="criteria.0.name"' not in page_of(other)
    back = post(organiser, EDITOR, fields(other) | {"kind": "rubric"}, "draw")
    assert fields(back)["criteria.0.name"] == fields(added)["criteria.0.name"]
    assert stands(app)["name"] == the_document()["contests"][0]["name"]


def test_a_rung_is_added_and_moved_up(app: Flask, organiser: FlaskClient) -> None:
    typed = fields(organiser.get(EDITOR))
    added = fields(post(organiser, EDITOR, typed | {"rung": "members"}, "add:ties"))
    moved = fields(post(organiser, EDITOR, added, "up:ties:1"))
    assert post(organiser, EDITOR, moved).status_code == 302
    assert stands(app)["ties"] == [
        {"by": "members"},
        {"by": "criterion", "criterion": "noi-dung"},
        {"by": "jury"},
    ]


def test_a_piece_of_the_page_says_what_is_computed(organiser: FlaskClient) -> None:
    typed = fields(organiser.get(EDITOR)) | {"fragment": "yes", "scoring.rule": "one", "scoring.delta": "15"}
    page = page_of(post(organiser, EDITOR, typed, "draw"))
    assert "<html" not in page
    assert "Tổng: 100 điểm của 3 tiêu chí." in page
    assert "Bỏ điểm lệch quá 15 điểm so với trung bình, xét một lần" in page
    assert re.search(r"Điểm \S+ của giám khảo C lệch \S+ so với trung bình \(mức 15\): bỏ\.", page)


# ------------------------------------------------------------------------------------------------ refused


def test_criteria_that_do_not_add_up_keep_what_was_typed(app: Flask, organiser: FlaskClient) -> None:
    typed = fields(organiser.get(EDITOR)) | {"total": "40", "name": "Mới"}
    answer = post(organiser, EDITOR, typed)
    assert answer.status_code == 400
    page = page_of(answer)
    assert page.count("Tổng ghi là 40 nhưng các tiêu chí cộng lại là 100.") == 2  # on top and beside the field
    assert '<a href="#total">' in page
    assert fields(answer) == typed
    assert stands(app)["name"] != "Mới"


def test_a_part_that_another_contest_calls_otherwise_is_told(organiser: FlaskClient) -> None:
    path = f"/office/setup/{CODE}/contest/bong-da"
    answer = post(organiser, path, fields(organiser.get(path)) | {"part.name": "Trò chơi"})
    assert answer.status_code == 400
    assert "Phần thi khác cùng mã phần «van-dong» ghi tên phần khác." in page_of(answer)


def test_after_the_first_mark_the_page_says_so_and_loses_nothing(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "tai-nang").values(rules_fixed_at=now()))
    page = page_of(organiser.get(EDITOR))
    assert "Phần thi đã có điểm: chỉ những ô có ghi chú riêng còn đổi được." in page
    typed = fields(organiser.get(EDITOR)) | {"judges": "5"}
    answer = post(organiser, EDITOR, typed)
    assert answer.status_code == 409
    assert fields(answer) == typed
    assert stands(app)["judges"] == 3


def test_the_second_of_two_organisers_sees_both(app: Flask, organiser: FlaskClient) -> None:
    mine = fields(organiser.get(EDITOR)) | {"name": "Tên của tôi"}
    theirs = fields(organiser.get(EDITOR)) | {"name": "Tên của chị Lan", "duration_min": "12"}
    assert post(organiser, EDITOR, theirs).status_code == 302
    told = post(organiser, EDITOR, mine)
    assert told.status_code == 409
    page = page_of(told)
    assert "Người khác vừa lưu phần này." in page
    assert "Tên của chị Lan" in page
    assert fields(told)["name"] == "Tên của tôi"
    assert stands(app)["name"] == "Tên của chị Lan"
    # now seen, what was typed may be saved over it
    assert post(organiser, EDITOR, fields(told)).status_code == 302
    assert stands(app)["name"] == "Tên của tôi"


def test_without_the_mark_the_second_would_overwrite_the_first(app: Flask, organiser: FlaskClient) -> None:
    """The control: the same two saves by a save that does not look."""
    with app.app_context():
        drawn = pieces.contest(document_of(CODE), "tai-nang")
        assert drawn is not None
        for name in ("Tên của chị Lan", "Tên của tôi"):
            with transaction():
                save(
                    CODE, lambda document, name=name: pieces.with_contest(document, drawn | {"name": name}, "tai-nang")
                )
    assert stands(app)["name"] == "Tên của tôi"


def test_a_contest_removed_meanwhile_is_told_and_may_be_added_again(app: Flask, organiser: FlaskClient) -> None:
    typed = fields(organiser.get(EDITOR))
    assert send(organiser, f"{EDITOR}/remove", {}).status_code == 200
    told = post(organiser, EDITOR, typed)
    assert told.status_code == 409
    assert "Phần thi này vừa bị xóa." in page_of(told)
    assert post(organiser, EDITOR, fields(told)).status_code == 302
    assert kept(stands(app)) == kept(the_document()["contests"][0])


def hidden(answer: TestResponse) -> dict[str, str]:
    """What the page that asks sends again."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.get_data(as_text=True))
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def test_what_follows_is_asked_first_and_the_way_back_keeps_what_was_typed(app: Flask, organiser: FlaskClient) -> None:
    typed = fields(organiser.get(EDITOR)) | {"secrecy": "công bố ngay", "name": "Tên mới"}
    asked = post(organiser, EDITOR, typed)
    assert "điểm sẽ hiện công khai ngay khi ghi" in page_of(asked)
    assert stands(app)["secrecy"] == "kín"
    back = send(organiser, EDITOR, hidden(asked) | {"back_to_form": "y"})
    assert fields(back) == typed
    assert send(organiser, EDITOR, hidden(asked)).status_code == 302
    assert (stands(app)["secrecy"], stands(app)["name"]) == ("công bố ngay", "Tên mới")


def test_a_name_may_still_change_after_the_first_mark(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "tai-nang").values(rules_fixed_at=now()))
    asked = post(organiser, EDITOR, fields(organiser.get(EDITOR)) | {"name": "Tên đúng"})
    assert "việc đổi tên được ghi lại" in page_of(asked)
    assert send(organiser, EDITOR, hidden(asked)).status_code == 302
    assert stands(app)["name"] == "Tên đúng"


def test_what_is_typed_is_tried_on_sample_marks_and_not_saved(app: Flask, organiser: FlaskClient) -> None:
    typed = fields(organiser.get(EDITOR)) | {"name": "Chưa lưu"}
    tried = post(organiser, EDITOR, typed, "try")
    assert tried.status_code == 200
    assert "Thử trước: Chưa lưu" in page_of(tried)
    assert post(organiser, EDITOR, typed | {"criteria.0.step": "7"}, "try").status_code == 422
    assert stands(app)["name"] != "Chưa lưu"


# ------------------------------------------------------------------------------------------------ size


def test_the_largest_page_is_small_and_asks_little(app: Flask, organiser: FlaskClient) -> None:
    levels = [{"from": at, "text": f"Mức {at}: thể hiện rõ sự gắn bó của các thế hệ"} for at in range(4)]
    long = "Sự tham gia của các thành viên, các thế hệ trong gia đình"
    criteria = [
        {"code": f"c{at}", "name": f"{long} {at}", "max": 10, "step": 0.25, "descriptors": levels} for at in range(12)
    ]

    def large(document: pieces.Document) -> pieces.Document:
        piece = pieces.contest(document, "tai-nang")
        assert piece is not None
        piece |= {"criteria": criteria, "total": 120, "ties": [{"by": "jury"}], "place_points": list(range(15, 0, -1))}
        return pieces.with_contest(document, piece, "tai-nang")

    with app.app_context(), transaction():
        save(CODE, large)
    with statements(app) as seen:
        answer = organiser.get(EDITOR)
    assert answer.status_code == 200
    assert len(answer.data) <= 60 * 1024
    assert len(seen) <= 20
    before = lines_of_ledger(app)
    post(organiser, EDITOR, fields(answer), "add:criteria")
    assert lines_of_ledger(app) == before


def lines_of_ledger(app: Flask) -> int | None:
    with app.app_context(), reading():
        return db.session.scalar(select(func.count()).select_from(LedgerEntry))
