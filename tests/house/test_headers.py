"""Does every answer forbid what no page needs: foreign scripts, frames, sniffing, referrers, caching of what is private?"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from festival.core.web.static_files import SECURITY_HEADERS, security_headers

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

PAGES = ("/", "/sign-in", "/healthz", "/no-such-page", "/api/v1/no-such-thing", "/office", "/api/v1/sync/state")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code < 500
    assert {name: answer.headers.get(name) for name in security_headers()} == security_headers()
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_static_files_and_the_service_worker_carry_them_too(app: Flask, client: FlaskClient) -> None:
    digest = app.extensions["static_tree"]
    for path in (f"/static/{digest}/css/tokens.css", "/sw.js"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy
    assert "immutable" in client.get(f"/static/{digest}/css/tokens.css").headers["Cache-Control"]
    assert client.get("/sw.js").headers["Cache-Control"] == "no-cache"


def test_a_page_behind_a_sign_in_is_never_cached(client: FlaskClient) -> None:
    assert client.get("/office").headers["Cache-Control"] == "no-store"


def test_headers_are_not_doubled(client: FlaskClient) -> None:
    names = [name.lower() for name, _value in client.get("/sign-in").headers if name.lower() != "set-cookie"]
    assert sorted(names) == sorted(set(names))
