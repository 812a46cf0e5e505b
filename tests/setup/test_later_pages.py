"""Are the settings of an edition saved from pages as a file would, with two organisers, and is it copied into the next?"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.actions import fix_rules
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code, state_of
from festival.papers.models import SignedPaper
from festival.roster.models import Delegation, Family
from festival.setup.later.copying import next_ordinal, proposed
from festival.setup.pieces import with_contest
from festival.setup.saving import begin, document_of, save
from tests.setup.test_saving import the_document

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

CODE = "hon-quan-2024"
DATA = Path(__file__).parents[2] / "festival/editions/data"
UNIT_FILES = [str(DATA / "units" / name) for name in
              ("kien-giang-2024.json", "an-giang-2025.json", "kien-giang-to-an-giang.json")]  # fmt: skip


def signed_in(app: Flask, login: str, role: Role = Role.ORGANISER) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), transaction():
        user = create_user(login, f"Người {login}", "", [role])
        client.set_cookie(SESSION_COOKIE, open_sign_in(user.id, 1).token)
    return client


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    with app.app_context():
        with transaction():
            begin(the_document())
        db.session.remove()
    return signed_in(app, "btc")


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the page's form, with its first button."""
    form = page[page.index("<main") :]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and not (kind and kind[1] == "checkbox" and " checked" not in tag):
            found[html.unescape(name[1])] = html.unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, inside in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(inside)
    return found


def sent(client: FlaskClient, path: str, status: int = 200, **changes: str) -> str:
    """The page as it is opened, changed, sent."""
    typed = (
        fields(client.get(path).text)
        | {"do": "save"}
        | {name.replace("__", "-"): each for name, each in changes.items()}
    )
    answer = client.post(path, data=typed, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return answer.text


def document(app: Flask, code: str = CODE) -> dict[str, Any]:
    with app.app_context():
        return document_of(code)


PRIZES = f"/office/setup/{CODE}/prizes"
ABOUT = f"/office/setup/{CODE}/about"
COPY = f"/office/setup/{CODE}/copy"


def test_a_page_that_is_sent_as_it_was_opened_changes_nothing(app: Flask, desk: FlaskClient) -> None:
    before = document(app)
    for path in (PRIZES, ABOUT):
        assert "Đã lưu." in sent(desk, path)
    after = document(app)
    assert after.pop("whole_delegation")["ties"] == [
        each for each in before["whole_delegation"]["ties"] if each["by"] != "jury"
    ]
    before.pop("whole_delegation")
    assert after == before


def test_prizes_of_the_whole_and_special_ones_are_set(app: Flask, desk: FlaskClient) -> None:
    said = sent(
        desk, PRIZES, sum="place_points", tie__0="members", tie__1="contest:bong-da", tie__2="",
        prize__0__name="Cờ đầu", prize__0__count="1", prize__1__name="Khuyến khích", prize__1__count=" Còn lại ",
        prize__2__name="", prize__2__count="", prize__3__name="", prize__3__count="",
        special__0__name="Cú sút  đẹp", special__0__contest="bong-da", special__1__name="Trang phục", special__1__by="most_members",
        special__2__name="Diễn hay", special__2__contest="tai-nang", special__2__by="criterion:noi-dung",
    )  # fmt: skip
    assert "Đã lưu." in said
    found = document(app)
    assert found["whole_delegation"] == {
        "sum": "place_points",
        "ties": [{"by": "members"}, {"by": "contest", "contest": "bong-da"}],
        "prizes": [{"name": "Cờ đầu", "count": 1}, {"name": "Khuyến khích", "count": "rest"}],
    }
    assert found["special_prizes"] == [
        {"name": "Cú sút đẹp", "contest": "bong-da"},
        {"name": "Trang phục", "by": "most_members"},
        {"name": "Diễn hay", "contest": "tai-nang", "by": "criterion", "criterion": "noi-dung"},
    ]
    with app.app_context(), reading():
        contest = db.session.scalars(select(Contest).where(Contest.code == "bong-da")).one()
        assert contest.special_prizes == ["Cú sút đẹp"]
    page = desk.get(PRIZES).text
    assert "Đổi được đến khi có điểm đầu tiên." in page
    # by levels: a prize needs no number of its own then
    wrong = sent(desk, PRIZES, 422, sum="points", prize__0__name="Xuất sắc", prize__0__from="nhiều")
    assert '<a href="#prize-0-from">Mức điểm của giải thứ 1</a>' in wrong and 'value="nhiều"' in wrong
    levels = {
        "prize__0__name": "Xuất sắc",
        "prize__0__from": "28,5",
        "prize__0__share_percent": "35",
        "prize__0__count": "",
    }
    assert "Đã lưu." in sent(
        desk, PRIZES, sum="points", prize__1__name="Khá", prize__1__count="", prize__1__from="20", **levels
    )
    assert document(app)["whole_delegation"]["prizes"] == [
        {"name": "Xuất sắc", "from": 28.5, "share_percent": 35},
        {"name": "Khá", "from": 20},
    ]
    shown = desk.get(PRIZES).text
    assert 'value="28,5"' in shown and 'value="35"' in shown
    assert "Đổi được đến khi ký biên bản." in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(app: Flask, desk: FlaskClient) -> None:
    before = document(app)
    said = sent(desk, PRIZES, 422, prize__0__name="Cờ đầu", prize__0__count="nhiều", special__0__name="Trang phục")
    assert 'id="prize-0-count-error"' in said
    assert '<a href="#prize-0-count">Số giải của giải thứ 1</a>: Hãy ghi số nguyên, ví dụ 5.' in said
    assert 'value="nhiều"' in said
    assert 'value="Trang phục"' in said
    more = sent(desk, PRIZES, special__0__name="Trang phục", do="rows")
    assert 'name="special-2-name"' in more
    assert 'value="Trang phục"' in more
    wrong = sent(desk, ABOUT, 422, source__2__date="2024")
    assert "Hãy ghi nguồn là gì, hoặc địa chỉ trang." in wrong
    assert document(app) == before


def test_how_delegations_rank_stands_after_a_mark(app: Flask, desk: FlaskClient) -> None:
    with app.app_context(), transaction():
        fix_rules(db.session.scalars(select(Contest.id).where(Contest.code == "bong-da")).one())
    said = sent(desk, PRIZES, 409, sum="points", prize__0__name="Cờ đầu")
    assert "cách cộng điểm toàn đoàn" in said or "điểm" in said
    assert 'value="Cờ đầu"' in said
    assert "Đã lưu." in sent(desk, PRIZES, prize__0__name="Cờ đầu")
    assert document(app)["whole_delegation"]["prizes"][0]["name"] == "Cờ đầu"


def test_the_second_of_two_organisers_sees_theirs_beside_what_was_typed(app: Flask, desk: FlaskClient) -> None:
    other = signed_in(app, "pho")
    typed = fields(desk.get(PRIZES).text) | {"do": "save", "special-0-name": "Trang phục"}
    assert "Đã lưu." in sent(other, PRIZES, special__0__name="Cú sút đẹp", special__0__contest="bong-da")
    told = desk.post(PRIZES, data=typed)
    assert told.status_code == 409
    assert "Người khác vừa lưu phần này" in told.text
    assert "«Cú sút đẹp» của phần thi «" in told.text
    assert 'value="Trang phục"' in told.text
    assert document(app)["special_prizes"] == [{"name": "Cú sút đẹp", "contest": "bong-da"}]
    # whoever has seen both saves once more
    answer = desk.post(PRIZES, data=fields(told.text) | {"do": "save"}, follow_redirects=True)
    assert "Đã lưu." in answer.text
    assert document(app)["special_prizes"] == [{"name": "Trang phục"}]


def test_what_follows_is_asked_first_and_the_way_back_keeps_what_was_typed(app: Flask, desk: FlaskClient) -> None:
    """A printed paper of a contest whose special prizes change has to be printed again."""
    with app.app_context(), transaction():
        held = db.session.scalars(select(Contest).where(Contest.code == "bong-da")).one()
        user = create_user("thuky", "Thư Ký", "", [Role.SECRETARY])
        db.session.add(Judge(contest_id=held.id, user_id=user.id, seat=PanelSeat.SECRETARY, marks=False))
    assert "Đã lưu." in sent(desk, ABOUT, about="Bản nháp")
    assert document(app)["about"] == "Bản nháp"
    back = desk.post(ABOUT, data=fields(desk.get(ABOUT).text) | {"about": "Khác", "back_to_form": "y"})
    assert back.status_code == 200
    assert 'value="Khác"' in back.text
    assert document(app)["about"] == "Bản nháp"


def test_only_who_may_run_the_office_opens_them(app: Flask, desk: FlaskClient) -> None:
    officer = signed_in(app, "canbo", Role.OFFICER)
    for path in (PRIZES, ABOUT, COPY):
        assert officer.get(path).status_code == 403
        assert officer.post(path, data={}).status_code in (400, 403)
        assert desk.get(path.replace(CODE, "khong-co")).status_code == 404


# -------------------------------------------------------------------------------------------------- a copy


def copied(client: FlaskClient, path: str, status: int = 200, **changes: str) -> tuple[str, str]:
    """Look, then make; both pages."""
    typed = fields(client.get(path).text) | changes
    look = client.post(path, data=typed)
    assert look.status_code == status, look.text
    if status != 200:
        return look.text, ""
    keep = re.findall(r'name="keep" value="([^"]+)" checked', look.text)
    data: dict[str, Any] = {name: each for name, each in fields(look.text).items() if name != "keep"}
    made = client.post(path, data=data | {"keep": keep, "do": "make"}, follow_redirects=True)
    assert made.status_code == 200, made.text
    return look.text, made.text


def test_a_copy_takes_the_rules_and_moves_the_days_and_nobody(app: Flask, desk: FlaskClient) -> None:
    look, made = copied(desk, COPY, starts_on="11/6/2025")
    assert "Chưa ghi gì" in look
    assert "Đã sao chép" in made
    assert "Đang chuẩn bị, công chúng chưa thấy" in made
    before, after = document(app), document(app, "hon-quan-2025")
    assert after["contests"] == before["contests"]
    assert after["whole_delegation"] == before["whole_delegation"]
    assert after.get("quotas") == before.get("quotas")
    festival = after["festival"]
    assert (festival["starts_on"], festival["ends_on"]) == ("2025-06-11", "2025-06-11")
    assert after["sources"][0]["what"].startswith("Thể lệ sao chép từ ")
    assert "invented" not in after
    with app.app_context(), reading():
        new = festival_by_code("hon-quan-2025")
        assert new is not None
        assert state_of(new) == "archived"
        for table in (Family, Judge, Device, SignedPaper):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
    # the way back
    token = fields(made)["csrf_token"]
    for step in ("put-away", "remove"):
        desk.post(f"/office/editions/hon-quan-2025/{step}", data={"csrf_token": token, "reason": "thử"})
    with app.app_context():
        with reading():
            assert [each.code for each in db.session.scalars(select(Festival))] == [CODE]
        with seals.snapshot():
            assert [each.name for each in seals.inspect().streams if not each.clean] == []


def test_a_copy_that_cannot_be_is_told_beside_its_field(app: Flask, desk: FlaskClient) -> None:
    assert "Ghi ngày khai mạc như" in copied(desk, COPY, 422, starts_on="mai")[0]
    assert 'id="code-error"' in copied(desk, COPY, 422, code="Có Dấu")[0]
    typed = fields(desk.get(COPY).text) | {"code": CODE, "do": "make", "looked": "y"}
    taken = desk.post(COPY, data=typed)
    assert (taken.status_code, "Đã có ngày hội mang mã" in taken.text) == (409, True)
    assert "Đã có ngày hội mang mã" in desk.post(COPY, data=typed | {"do": "look"}).text
    back = desk.post(COPY, data=typed | {"do": "back", "name": "Tên mới"})
    assert 'value="Tên mới"' in back.text
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count(Festival.id))) == 1


def test_districts_that_ended_go_over_to_what_they_became(app: Flask) -> None:
    """Fifteen delegations of 2024 and their heirs on a day after 1 July 2025; one is left out."""
    assert app.test_cli_runner().invoke(args=["units", "import", *UNIT_FILES]).exit_code == 0
    old = json.loads((DATA / "rulesets/kien-giang-2024.json").read_text("utf-8"))
    with app.app_context():
        with transaction():
            begin(old)
        db.session.remove()
    client = signed_in(app, "btc")
    path = "/office/setup/kien-giang-2024/copy"
    same = client.post(path, data=fields(client.get(path).text) | {"starts_on": "14/6/2025", "do": "look"}).text
    assert "không còn vào ngày khai mạc" not in same
    look = client.post(path, data=fields(client.get(path).text) | {"starts_on": "14/8/2025"}).text
    assert "15 đơn vị không còn vào ngày khai mạc" in look
    assert "Tên còn ghi năm" not in look
    later = client.post(path, data=fields(client.get(path).text) | {"starts_on": "14/8/2026"}).text
    assert "Tên còn ghi năm 2025" in later
    assert "Thay Đoàn huyện Hòn Đất" in look
    keep = re.findall(r'name="keep" value="([^"]+)" checked', look)
    assert len(keep) == len(set(keep)) == 48, "the communes, wards and special zones of what was Kiên Giang"
    data: dict[str, Any] = {name: each for name, each in fields(look).items() if name != "keep"}
    made = client.post(path, data=data | {"keep": keep[1:], "do": "make"}, follow_redirects=True)
    assert "Đã sao chép" in made.text
    code = fields(look)["code"]
    with app.app_context(), reading():
        new = festival_by_code(code)
        assert new is not None
        rows = db.session.scalars(select(Delegation).where(Delegation.festival_id == new.id)).all()
        assert len(rows) == len(keep) - 1
        assert {row.unit.valid_to for row in rows} == {None}
        assert all(row.name.startswith("Đoàn ") for row in rows)


@pytest.mark.parametrize(
    ("ordinal", "later"), [("IV", "V"), ("VIII", "IX"), ("XXXIX", "XL"), ("4", "5"), ("", ""), ("đầu tiên", "")]
)
def test_the_next_ordinal(ordinal: str, later: str) -> None:
    assert next_ordinal(ordinal) == later


def test_what_is_proposed_for_the_next_year() -> None:
    festival = {"code": "kg", "name": "Ngày hội lần thứ IV năm 2024", "ordinal": "IV", "starts_on": "2024-02-29"}
    assert proposed(festival, ["kg-2025"]) == {
        "code": "kg-2025-2", "name": "Ngày hội lần thứ V năm 2025", "short_name": "", "ordinal": "V", "starts_on": "2025-03-01",
    }  # fmt: skip


def test_what_stands_in_the_way_of_a_sum_is_told_by_the_name_of_its_contest(app: Flask, desk: FlaskClient) -> None:
    held = document(app)
    with app.app_context(), transaction():
        rubric = next(each for each in held["contests"] if each["kind"] == "rubric")
        summed = {**held["whole_delegation"], "sum": "points"}
        without = {key: value for key, value in rubric.items() if key != "place_points"}
        save(CODE, lambda old: {**with_contest(old, without, replacing=rubric["code"]), "whole_delegation": summed})
    said = sent(desk, PRIZES, 422, sum="place_points")
    said = said[said.index("error-summary") :].partition("</ul>")[0]
    assert "Phần thi «" in said
    for jargon in ("$.", "contests[", "whole_delegation", "place_points", "khóa"):
        assert jargon not in said, jargon


def test_an_edition_stops_ranking_delegations_whatever_its_contests_bring(app: Flask, desk: FlaskClient) -> None:
    page = f"/office/setup/{CODE}/prizes"
    with app.app_context(), reading():
        before = document_of(CODE)
    assert any({"place_points", "points_scale", "points_per_answer"} & set(each) for each in before["contests"])
    typed = fields(desk.get(page).text) | {"sum": ""}
    answer = desk.post(page, data=typed)
    if answer.status_code == 200:  # what follows is asked first
        answer = desk.post(page, data=typed | fields(answer.text) | {"do": "save"})
    assert answer.status_code == 302, html.unescape(answer.text)
    with app.app_context(), reading():
        after = document_of(CODE)
    assert not after.get("whole_delegation")
    assert not any({"place_points", "points_scale", "points_per_answer"} & set(each) for each in after["contests"])
    assert [each["name"] for each in after["contests"]] == [each["name"] for each in before["contests"]]


def test_which_results_of_a_delegation_count_is_typed_read_again_and_taken_out(app: Flask, desk: FlaskClient) -> None:
    said = sent(
        desk, PRIZES, sum="place_points", best="5", best_of_contest=" 2 ", credit="mean", missing="Hạng cuối",
        withdrawn="0,5", disqualified="−2",
    )  # fmt: skip
    assert "Đã lưu." in said
    whole = document(app)["whole_delegation"]
    assert {key: str(whole[key]) for key in ("best", "best_of_contest", "credit", "missing", "withdrawn", "disqualified")} == {
        "best": "5", "best_of_contest": "2", "credit": "mean", "missing": "last", "withdrawn": "0.5", "disqualified": "-2",
    }  # fmt: skip
    page = desk.get(PRIZES).text
    assert "<details open>" in page and 'value="hạng cuối"' in page and 'value="0,5"' in page and 'value="-2"' in page
    refused = sent(
        desk, PRIZES, status=422, sum="place_points", credit="best", scaled_by="", scaled_to="100", missing="giữa"
    )
    for words in ("Chỉ quy về một thang khi cộng điểm đạt được", "Hãy ghi số điểm, ví dụ 8,75."):
        assert words in refused
    assert 'value="giữa"' in refused  # what was typed is still there
    empty = dict.fromkeys(("best", "best_of_contest", "credit", "missing", "withdrawn", "disqualified"), "")
    assert "Đã lưu." in sent(desk, PRIZES, sum="place_points", **empty)
    assert set(document(app)["whole_delegation"]) == {"sum", "ties", "prizes"}


def test_delegations_are_ranked_by_the_prizes_that_are_named(app: Flask, desk: FlaskClient) -> None:
    refused = sent(desk, PRIZES, status=422, sum="medals", tie__0="first_places", tie__1="")
    assert "Hãy ghi tên các giải được đếm" in refused
    name = next(each["prizes"][0]["name"] for each in document(app)["contests"] if each.get("prizes"))
    refused = sent(desk, PRIZES, status=422, sum="medals", medals=f"{name}, Kim cương", tie__0="draw", tie__1="")
    assert "có giải tên «Kim cương»" in refused
    assert "Đã lưu." in sent(desk, PRIZES, sum="medals", medals=f" {name} ", tie__0="draw", tie__1="")
    found = document(app)
    assert (found["whole_delegation"]["sum"], found["whole_delegation"]["medals"]) == ("medals", [name])
    assert not any(each.get("place_points") for each in found["contests"])
