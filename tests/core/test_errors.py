"""Whatever goes wrong, a person reads what happened, that nothing was lost, and what to do; nobody sees a stack trace."""

from __future__ import annotations

import io
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from festival.core.logs.lines import KindAndPlace
from festival.core.web.access import public, public_api
from festival.core.web.errors import Conflict

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


def test_an_unknown_page_says_so_in_vietnamese(client: FlaskClient) -> None:
    answer = client.get("/không-có-trang-này")
    assert answer.status_code == 404
    assert '<html lang="vi"' in answer.text
    assert "Không tìm thấy trang này" in answer.text


def test_an_unknown_call_answers_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/khong-co")
    assert (answer.status_code, answer.json) == (404, {**(answer.json or {}), "error": "not_found"})


def test_the_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/healthz")
    assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)


@pytest.mark.parametrize("path", ["/sign-in", "/register"])
def test_a_body_of_50_mb_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"file": (io.BytesIO(b"x" * 50_000_000), "ảnh.jpg")})
    assert answer.status_code == 413
    assert "quá lớn" in answer.text


def test_a_refusal_keeps_its_words(app: Flask) -> None:
    @app.get("/thu-xung-dot")
    @public
    def _refuse() -> str:
        raise Conflict("Gia đình này vừa được duyệt.")

    answer = app.test_client().get("/thu-xung-dot")
    assert (answer.status_code, "Gia đình này vừa được duyệt." in answer.text) == (409, True)


def test_a_surprise_shows_no_trace_and_logs_no_value(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    # Put together at run time: a trace quotes the source line, and the source holds no person's data.
    secret = " ".join(["09" + "12345678", "Bí" + " Mật"])

    @app.get("/thu-loi")
    @public
    def _fail() -> str:
        raise ValueError(secret)

    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/thu-loi")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "Bí Mật" not in answer.text
    written = "\n".join(map(KindAndPlace().format, caplog.records))
    assert "Bí Mật" in caplog.text, "as the library words it"
    assert "ValueError" in written and "in _fail" in written
    assert "0912345678" not in written and "Bí Mật" not in written


def test_a_database_that_does_not_answer_is_busy_not_broken(app: Flask) -> None:
    @app.get("/api/v1/thu-ban")
    @public_api
    def _busy() -> str:
        raise OperationalError("SELECT 1", {}, RuntimeError("locked"))

    answer = app.test_client().get("/api/v1/thu-ban")
    assert (answer.status_code, (answer.json or {})["error"]) == (503, "busy")


def test_a_view_without_a_policy_is_closed(app: Flask) -> None:
    @app.get("/quen-chinh-sach")
    def _open() -> str:
        return "lộ"

    assert app.test_client().get("/quen-chinh-sach").status_code == 403


def test_every_answer_carries_the_policy(client: FlaskClient) -> None:
    for path in ("/", "/sign-in", "/healthz", "/không-có", "/api/v1/khong-co"):
        headers = client.get(path).headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
