"""Do strange bytes in an address, a form, a cookie or JSON reach a room only as clean text, on both databases alike?"""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from flask.wrappers import Response
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from festival.accounts.models import User
from festival.core.database import db
from festival.core.text import clean
from festival.core.transaction import reading
from festival.core.types import Unstorable
from festival.core.web.access import public, public_api
from festival.core.web.incoming import local_path

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


def echoing(app: Flask) -> FlaskClient:
    @app.route("/thu-nhan", methods=["GET", "POST"])
    @public
    def _echo() -> Response:
        files = [sent.filename for sent in request.files.values()]
        return jsonify(args=request.args, form=request.form, cookies=request.cookies, files=files)

    @app.post("/api/v1/thu-nhan")
    @public_api
    def _json() -> Response:
        return jsonify(sent=request.get_json(silent=True))

    @app.get("/thu-so/<int:number>/<text>")
    @public
    def _parts(number: int, text: str) -> Response:
        return jsonify(number=number, text=text)

    app.config["WTF_CSRF_METHODS"] = set()
    return app.test_client()


def test_query_form_cookie_and_file_name_come_clean(app: Flask) -> None:
    client = echoing(app)
    client.set_cookie("c", "x")
    got: Any = client.post(
        "/thu-nhan?q=a%00b&q=%E2%80%AEc&q=%FF&q%00=%ED%A0%80",
        data={
            "name": "Nguye\u0302\u0303n\x00",
            "password": "ma\u0323\u0302t\x07",
            "file": (io.BytesIO(b"x"), "a\u202eb.xlsx"),
        },
    ).json
    assert got["args"]["q"] == "ab" and "\x00" not in str(got)
    assert got["form"] == {"name": "Nguyễn", "password": "ma\u0323\u0302t\x07"}
    assert (got["files"], got["cookies"]) == (["ab.xlsx"], {"c": "x"})


@pytest.mark.parametrize(
    "raw", ["q=\xff\xfe", "q=\xe1\xba\xa5", "\x00", "q=%", "q=%u1234", "&&==&", "q=" + "%00" * 1000]
)
def test_raw_bytes_in_an_address_and_a_cookie_stop_nothing(app: Flask, raw: str) -> None:
    client = echoing(app)
    answer = client.get("/thu-nhan", environ_overrides={"QUERY_STRING": raw, "HTTP_COOKIE": f"lang={raw}; signin=\xff"})
    assert answer.status_code == 200
    # Whoever must sign in first is sent there with the address, whatever it holds.
    assert client.get("/office", environ_overrides={"QUERY_STRING": raw}).status_code == 302


def test_json_is_clean_and_never_too_deep(app: Flask) -> None:
    client = echoing(app)

    def sent(body: bytes) -> Any:
        return client.post("/api/v1/thu-nhan", data=body, content_type="application/json").json["sent"]

    assert sent(rb'{"phone": "0912\u0000\ud800", "\u202ekey": ["a\u200bb"]}') == {"phone": "0912", "key": ["ab"]}
    assert [sent(body) for body in (b"[" * 100_000, b"9" * 5_000, b"\xff", b'"\xed\xa0\x80"')] == [None] * 3 + [""]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("1/a", 200), ("9007199254740991/a", 200), ("9007199254740992/a", 404), ("9" * 24 + "/a", 404), ("9" * 5000 + "/a", 404),
        ("-1/a", 404), ("%D9%A3/a", 404), ("1/a%00b", 404), ("1/%E2%80%AEa", 404), ("1/a%0D%0Ab", 404), ("1/%20a", 404), ("1/Đoàn", 200),
    ],
)  # fmt: skip
def test_a_part_of_an_address_is_clean_and_within_bounds_or_no_page(app: Flask, path: str, status: int) -> None:
    assert echoing(app).get(f"/thu-so/{path}").status_code == status


ELSEWHERE = (
    "", None, "office", "https://x.example", "//x.example", "/\\x.example", "/a\\b", "/a\r\nX: 1", "/a\nb", "/\t/x.example",
    "/a b", "/\x00", "/a\u202eb", "/" + "a" * 3000, "javascript:alert(1)",
)  # fmt: skip


def test_only_a_path_of_this_site_is_followed(client: FlaskClient) -> None:
    assert [path for path in ELSEWHERE if local_path(path)] == []
    for path in ELSEWHERE:
        answer = client.get("/sign-in", query_string={"next": path or ""})
        # What is left of it once cleaned may be a path of ours; nothing else is passed on.
        kept = local_path(clean(path or ""))
        assert (answer.status_code, f'name="next" value="{kept}"' in answer.text) == (200, bool(kept)), path


def test_a_path_of_this_site_is_kept() -> None:
    for path in ("/", "/office?q=a%0Ab&page=2", "/programme/2024-06-14", "/contests/đất#phần"):
        assert local_path(path) == path


def test_cr_lf_in_next_leads_home(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    answer = client.post("/language", data={"language": "en", "next": "/\r\nX-Evil: 1"})
    assert (answer.status_code, answer.headers["Location"], "X-Evil" in answer.headers) == (302, "/", False)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udfffb"])
def test_neither_database_is_asked_about_what_one_of_them_cannot_hold(app: Flask, text: str) -> None:
    @app.get("/thu-ghi")
    @public
    def _ask() -> str:
        return str(db.session.scalar(select(User.id).where(User.login == text)))

    with app.app_context(), reading(), pytest.raises(StatementError) as refused:
        db.session.scalar(select(User.id).where(User.login == text))
    assert isinstance(refused.value.orig, Unstorable)
    assert app.test_client().get("/thu-ghi").status_code == 400


def test_a_number_no_database_holds_is_refused(app: Flask) -> None:
    @app.get("/thu-so-lon")
    @public
    def _ask() -> str:
        return str(db.session.scalar(select(User.id).where(User.id == 10**30)))

    assert app.test_client().get("/thu-so-lon").status_code == 400


@pytest.mark.parametrize(
    ("stands_at", "opens"),
    [
        ("/office/schedule/stages", "/office/schedule"),
        ("/office/setup/hon-dat/contests/add", "/office/setup/hon-dat/contests"),
        ("/office/schedule?page=2", "/office/schedule?page=2"),
        ("/setup/abc", "/setup/abc"),
        ("/nothing/here", "/nothing/here"),
    ],
)
def test_a_language_chosen_on_a_refused_form_leads_to_a_page_that_opens(
    app: Flask, client: FlaskClient, stands_at: str, opens: str
) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    assert client.post("/language", data={"language": "en", "next": stands_at}).headers["Location"] == opens
