"""Which answers travel compressed, and can the length of a page with a secret be measured?"""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Config
from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.compression import RANDOM_BYTES, gzip_of_secret, init_compression
from festival.core.web.static_packing import pack
from festival.factory import create_app
from tests.harness.packed import packed_as_set_up
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

BROWSER = "gzip, deflate, br, zstd"
LONG = "Ngày hội Gia đình tiêu biểu. " * 100


def plain(answer: TestResponse) -> str:
    """The words of an answer."""
    open_ = {None: bytes, "br": brotli.decompress, "gzip": gzip.decompress}
    return open_[answer.headers.get("Content-Encoding")](answer.data).decode()


def ask(client: FlaskClient, path: str, encodings: str = BROWSER, **more: str) -> TestResponse:
    """A GET with this Accept-Encoding."""
    return client.get(path, headers={"Accept-Encoding": encodings, **more})


def test_a_public_page_travels_as_the_best_the_phone_reads(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make_festival(families=3, first_day=today())
    words = client.get("/programme").get_data(as_text=True)
    for encodings, used in (
        (BROWSER, "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ):
        answer = ask(client, "/programme", encodings)
        assert answer.headers.get("Content-Encoding") == used, encodings
        assert plain(answer) == words
        assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
        again = ask(client, "/programme", encodings, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_page_with_a_token_is_gzip_of_no_fixed_length(client: FlaskClient) -> None:
    answers = [ask(client, "/sign-in") for _ in range(3)]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert all("csrf_token" in plain(answer) for answer in answers)
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in answers)
    assert all(len(answer.data) < len(plain(answer).encode()) / 2 for answer in answers)
    lengths = {len(gzip_of_secret(LONG.encode())) for _ in range(200)}
    assert len(lengths) > 20
    assert max(lengths) - min(lengths) <= RANDOM_BYTES


def test_what_is_sent_short_or_in_answer_to_a_form_stays_plain(client: FlaskClient) -> None:
    assert "Content-Encoding" not in ask(client, "/healthz").headers
    refused = client.post("/sign-in", data={"login": "x" * 700}, headers={"Accept-Encoding": BROWSER})
    assert "Content-Encoding" not in refused.headers


def test_a_made_answer_is_compressed_once_and_a_strong_tag_becomes_weak() -> None:
    app = Flask(__name__)
    init_compression(app)
    ready = gzip.compress(LONG.encode())

    @app.get("/tagged")
    def _tagged() -> Response:
        answer = Response(LONG, mimetype="application/json", headers={"ETag": '"one"'})
        answer.headers["Cache-Control"] = "public, max-age=10"
        return answer

    @app.get("/ready")
    def _ready() -> Response:
        return Response(ready, mimetype="text/html", headers={"Content-Encoding": "gzip"})

    @app.get("/picture")
    def _picture() -> Response:
        return Response(LONG, mimetype="image/png")

    @app.get("/pieces")
    def _pieces() -> Response:
        return Response((letter for letter in LONG), mimetype="text/html")

    client = app.test_client()
    tagged = ask(client, "/tagged")
    assert (tagged.headers["Content-Encoding"], tagged.headers["ETag"], plain(tagged)) == ("br", 'W/"one"', LONG)
    assert tagged.headers["Content-Length"] == str(len(tagged.data))
    assert ask(client, "/tagged", "").headers["ETag"] == '"one"'
    assert ask(client, "/ready").data == ready
    assert [ask(client, path).headers.get("Content-Encoding") for path in ("/picture", "/pieces")] == [None, None]


def test_a_packed_tree_holds_both_encodings_and_takes_unchanged_ones_from_the_copy_before(tmp_path: Path) -> None:
    source = tmp_path / "static"
    source.mkdir()
    (source / "same.css").write_text(LONG)
    (source / "changed.css").write_text(LONG)
    (source / "icon.png").write_bytes(bytes(5000))
    first = tmp_path / "packed" / "first"
    pack(source, first)
    assert sorted(path.name for path in first.iterdir()) == [
        "changed.css", "changed.css.br", "changed.css.gz", "icon.png", "same.css", "same.css.br", "same.css.gz",
    ]  # fmt: skip
    assert brotli.decompress((first / "same.css.br").read_bytes()).decode() == LONG
    (first / "same.css.br").write_bytes(b"taken over")
    (source / "changed.css").write_text(LONG + "!")
    second = tmp_path / "packed" / "second"
    pack(source, second, earlier=[first])
    assert (second / "same.css.br").read_bytes() == b"taken over"
    assert brotli.decompress((second / "changed.css.br").read_bytes()).decode() == LONG + "!"
    assert sorted(path.name for path in second.parent.iterdir()) == ["first", "second"]


def test_files_are_served_as_they_were_packed(config: Config) -> None:
    packed_as_set_up()
    app = create_app(config)
    client = app.test_client()
    path = f"/static/{app.extensions['static_tree']}/css/tokens.css"
    words = client.get(path).get_data(as_text=True)
    for encodings, used in ((BROWSER, "br"), ("gzip", "gzip"), ("", None)):
        answer = ask(client, path, encodings)
        assert (answer.headers.get("Content-Encoding"), plain(answer)) == (used, words)
        assert answer.headers["Vary"] == "Accept-Encoding"
    with app.app_context():
        db.engine.dispose()
