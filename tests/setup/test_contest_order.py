"""Is a contest moved, copied, taken out and put back from its page, and does what speaks of it go along?"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from festival.core.transaction import transaction
from festival.setup import pieces
from festival.setup.saving import document_of, save
from tests.setup.test_contest_pages import CODE, EDITOR, NEW, fields, organiser, page_of, post, send  # noqa: F401

pytestmark = pytest.mark.either_database


@pytest.mark.both_databases
def test_of_two_at_the_same_moment_one_is_saved_and_one_is_told(app: Flask, organiser: FlaskClient) -> None:  # noqa: F811
    """Both drew the same page; however they meet, nobody overwrites unseen."""
    typed = fields(organiser.get(EDITOR))
    token = re.search(r'name="csrf_token" value="([^"]+)"', organiser.get(NEW).get_data(as_text=True))
    cookies = [organiser.get_cookie(name) for name in ("session", "signin")]
    assert token is not None
    together = Barrier(2)

    def saving(name: str) -> int:
        client = app.test_client()
        for cookie in cookies:
            assert cookie is not None
            client.set_cookie(cookie.key, cookie.value)
        together.wait()
        sent = typed | {"name": name, "do": "save", "csrf_token": token[1]}
        return client.post(EDITOR, data=sent).status_code

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(saving, ["Tên của chị Lan", "Tên của tôi"]))
    assert sorted(answers) == [302, 409]
    saved = ["Tên của chị Lan", "Tên của tôi"][answers.index(302)]
    with app.app_context():
        assert (pieces.contest(document_of(CODE), "tai-nang") or {})["name"] == saved


def order(app: Flask) -> list[str]:
    with app.app_context():
        return [each["code"] for each in document_of(CODE)["contests"]]


def test_a_contest_moves_among_the_others(app: Flask, organiser: FlaskClient) -> None:  # noqa: F811
    send(organiser, f"{EDITOR}/move", {"to": "down"})
    assert order(app) == ["doc-sach", "tai-nang", "bao-bo", "bong-da"]
    send(organiser, f"{EDITOR}/move", {"to": "up"})
    send(organiser, f"{EDITOR}/move", {"to": "up"})
    assert order(app) == ["tai-nang", "doc-sach", "bao-bo", "bong-da"]


def test_a_copy_has_a_code_of_its_own_and_is_saved_when_somebody_says_so(app: Flask, organiser: FlaskClient) -> None:  # noqa: F811
    path = f"{NEW}?copy=tai-nang"
    typed = fields(organiser.get(path))
    assert (typed["code"], typed["name"]) == ("tai-nang-2", "Biểu diễn nghệ thuật «Gia đình tài năng» (bản sao)")
    assert order(app) == ["tai-nang", "doc-sach", "bao-bo", "bong-da"]
    post(organiser, path, typed)
    assert order(app)[-1] == "tai-nang-2"
    assert organiser.get(f"{NEW}?copy=x").status_code == 404


def test_a_removed_contest_comes_back_as_it_was(app: Flask, organiser: FlaskClient) -> None:  # noqa: F811
    with app.app_context(), transaction():
        save(CODE, with_what_speaks_of_it)
    with app.app_context():
        before = document_of(CODE)
    asked = page_of(organiser.get(f"{EDITOR}/remove"))
    assert "Giải ngoài xếp hạng “Tiết mục vui nhất”." in asked
    assert "Bậc xét toàn đoàn dựa vào phần thi này." in asked
    seen = re.search(r'name="seen" value="(\w+)"', asked)
    assert seen is not None
    gone = send(organiser, f"{EDITOR}/remove", {"seen": seen[1]})
    assert order(app) == ["doc-sach", "bao-bo", "bong-da"]
    with app.app_context():
        assert "special_prizes" not in document_of(CODE)
    way_back = re.search(r'name="kept" value="([^"]+)"', gone.get_data(as_text=True))
    assert way_back is not None
    back = send(organiser, f"/office/setup/{CODE}/contests/restore", {"kept": unescape(way_back[1])})
    assert back.headers["Location"].endswith("/contest/tai-nang")
    with app.app_context():
        assert document_of(CODE) == before


def with_what_speaks_of_it(document: pieces.Document) -> pieces.Document:
    changed = pieces.with_part(document, "special_prizes", [{"name": "Tiết mục vui nhất", "contest": "tai-nang"}])
    changed["whole_delegation"]["ties"].insert(1, {"by": "contest", "contest": "tai-nang"})
    return changed


def test_a_removal_of_what_was_changed_since_asks_again(app: Flask, organiser: FlaskClient) -> None:  # noqa: F811
    answer = send(organiser, f"{EDITOR}/remove", {"seen": "0123456789abcdef"})
    assert answer.status_code == 302
    assert "tai-nang" in order(app)


@pytest.mark.parametrize("kept_text", ["", "{", "[]", "{}", '{"contest": {}, "at": 0, "special_prizes": [], "ties": []}',
    '{"contest": {"code": 1}, "at": 0, "special_prizes": [], "ties": []}', "[" * 3000,
    '{"contest": {"code": "x"}, "at": 0, "special_prizes": [1], "ties": []}',
])  # fmt: skip
def test_a_way_back_that_is_none_is_refused(app: Flask, organiser: FlaskClient, kept_text: str) -> None:  # noqa: F811
    assert send(organiser, f"/office/setup/{CODE}/contests/restore", {"kept": kept_text}).status_code == 400
    assert len(order(app)) == 4


def test_another_code_takes_along_what_speaks_of_the_contest(app: Flask, organiser: FlaskClient) -> None:  # noqa: F811
    with app.app_context(), transaction():
        save(CODE, with_what_speaks_of_it)
    answer = post(organiser, EDITOR, fields(organiser.get(EDITOR)) | {"code": "tieng-hat"})
    assert answer.headers["Location"].endswith("/contest/tieng-hat")
    with app.app_context():
        document = document_of(CODE)
    assert document["special_prizes"] == [{"name": "Tiết mục vui nhất", "contest": "tieng-hat"}]
    assert document["whole_delegation"]["ties"][1] == {"by": "contest", "contest": "tieng-hat"}
    assert order(app)[0] == "tieng-hat"
