"""Is the page that tries the rules only a page: typed marks stay on it, and nothing of them is kept or counted?"""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config import ROOT
from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.database import Base, db
from festival.core.transaction import reading, transaction
from festival.setup.pieces import contest
from festival.setup.saving import begin, document_of
from festival.setup.templates import offered, template
from festival.setup.trying.sample import mark_cell

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

RULES = ROOT / "festival" / "editions" / "data" / "rulesets" / "an-giang-2025-doc-sach.json"
CODE = "an-giang-2025-doc-sach"


@pytest.fixture
def organiser(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context(), transaction():
        begin(json.loads(RULES.read_text(encoding="utf-8")))
        user = create_user("toc", "Trần Thị Ngọc Bích Phương Uyên", "", [Role.ORGANISER])
        opened = open_sign_in(user.id, 1)
    client.set_cookie(SESSION_COOKIE, opened.token)
    return client


def token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"', 1)[0]


def rows(app: Flask) -> dict[str, Any]:
    with app.app_context(), reading():
        return {
            name: db.session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
            if name not in ("sign_in", "session")
        }


def test_a_saved_contest_is_tried_and_nothing_is_kept(app: Flask, organiser: FlaskClient) -> None:
    before = rows(app)
    with app.app_context():
        document = document_of(CODE)
    page = organiser.get(f"/office/setup/{CODE}/try/tai-nang").get_data(as_text=True)
    assert "Thử trước: Gia đình tài năng" in page
    assert "Bằng điểm, xét «Kỹ thuật biểu diễn»" in page
    typed = {"csrf_token": token(page), "seed": "1"}
    typed |= {mark_cell(0, judge, at): "2" for judge in range(3) for at in range(3)}
    typed |= {mark_cell(1, 0, 0): "3,3", mark_cell(1, 0, 1): "4", mark_cell(1, 0, 2): "2"}
    answer = organiser.post(f"/office/setup/{CODE}/try/tai-nang", data=typed)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert 'value="3,3"' in page
    assert "Điểm lẻ theo bước 0,5, tính từ 0." in page
    assert "Còn 1 ô cần sửa" in page
    assert '<a href="#m-1-0-0">Gia đình mẫu 2, A, Nội dung: Điểm lẻ theo bước 0,5, tính từ 0.</a>' in page
    typed["again"] = "2"
    assert "3,3" not in organiser.post(f"/office/setup/{CODE}/try/tai-nang", data=typed).get_data(as_text=True)
    assert rows(app) == before
    with app.app_context():
        assert document_of(CODE) == document


@pytest.mark.parametrize("chosen", offered(), ids=lambda each: each.code)
def test_every_template_is_tried_before_it_is_saved(app: Flask, organiser: FlaskClient, chosen: Any) -> None:
    first = organiser.get(f"/office/setup/{CODE}/try/tai-nang").get_data(as_text=True)
    piece = {key: value for key, value in chosen.piece.items() if key not in ("place_points", "points_scale")}
    before = rows(app)
    sent = {"csrf_token": token(first), "piece": json.dumps(piece)}
    if chosen.kind not in ("rubric", "quiz"):
        # the whole delegation of this edition sums points: balls and seconds need a conversion, and the page says so
        refused = organiser.post(f"/office/setup/{CODE}/try", data=sent)
        assert (refused.status_code, "Ngày hội cộng điểm" in refused.get_data(as_text=True)) == (422, True)
        sent["piece"] = json.dumps(piece | {"place_points": [7, 6, 5]})
    answer = organiser.post(f"/office/setup/{CODE}/try", data=sent)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, chosen.piece["name"] in unescape(page)) == (200, True)
    assert len(page.encode()) < 60_000
    assert "Đang thử bản chưa lưu" in page
    assert f'<form method="post" action="/office/setup/{CODE}/try"' in page
    assert rows(app) == before


def test_what_is_no_contest_is_refused_in_words(organiser: FlaskClient) -> None:
    first = organiser.get(f"/office/setup/{CODE}/try/tai-nang").get_data(as_text=True)
    for piece, status in (("", 400), ("[1]", 400), ('{"code": "x"}', 422), ('{"code": "x", "code": "y"}', 400)):
        sent = {"csrf_token": token(first), "piece": piece}
        assert organiser.post(f"/office/setup/{CODE}/try", data=sent).status_code == status
    assert organiser.get(f"/office/setup/{CODE}/try/khong-co").status_code == 404
    assert organiser.get("/office/setup/khong-co/try/tai-nang").status_code == 404


def test_only_who_looks_after_contests_tries_them(app: Flask, organiser: FlaskClient) -> None:
    other = app.test_client()
    assert other.get(f"/office/setup/{CODE}/try/tai-nang").status_code in (302, 401)
    with app.app_context(), transaction():
        user = create_user("can-bo", "Lâm Thị Sô Phia", "", [Role.OFFICER])
        other.set_cookie(SESSION_COOKIE, open_sign_in(user.id, 1).token)
    assert other.get(f"/office/setup/{CODE}/try/tai-nang").status_code == 403


def test_the_largest_table_is_no_heavy_page(app: Flask, organiser: FlaskClient) -> None:
    first = organiser.get(f"/office/setup/{CODE}/try/tai-nang").get_data(as_text=True)
    with app.app_context():
        piece = contest(document_of(CODE), "tai-nang")
    assert piece is not None
    many = [piece["criteria"][0] | {"code": f"c{at}", "name": f"Tiêu chí thứ {at} của phần thi"} for at in range(12)]
    piece |= {"criteria": many, "total": 48, "judges": 99, "ties": []}
    answer = organiser.post(f"/office/setup/{CODE}/try", data={"csrf_token": token(first), "piece": json.dumps(piece)})
    assert answer.status_code == 200
    assert "Bảng thử dùng 8 trên 99 giám khảo." in answer.get_data(as_text=True)
    assert len(answer.data) < 60_000, len(answer.data)


def test_what_is_wrong_with_a_piece_is_said_by_its_place(organiser: FlaskClient) -> None:
    first = organiser.get(f"/office/setup/{CODE}/try/tai-nang").get_data(as_text=True)
    chosen = template("thoi-trang")
    assert chosen is not None
    piece = chosen.piece
    piece["criteria"][1]["step"] = 0.3
    answer = organiser.post(f"/office/setup/{CODE}/try", data={"csrf_token": token(first), "piece": json.dumps(piece)})
    assert answer.status_code == 422
    assert "Tiêu chí 2 › Bước điểm: Bước điểm không chia hết điểm tối đa" in unescape(answer.get_data(as_text=True))
