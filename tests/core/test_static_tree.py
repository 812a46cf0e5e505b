"""Is a file served as it was when the server started, whatever is done to the folder, and are those of the releases before there?"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client
from whitenoise import WhiteNoise

from config import Config
from festival.core.web import static_tree
from festival.core.web.static_packing import pack
from festival.core.web.static_tree import KEPT_TREES, ServedTrees, earlier_trees, packed_tree, read_tree, tree_digest

LONG = "body { color: black }\n" * 200


def written(folder: Path, words: str = LONG) -> Path:
    (folder / "css").mkdir(parents=True, exist_ok=True)
    (folder / "css" / "tokens.css").write_text(words, "utf-8")
    (folder / "mark.svg").write_text(f"<svg>{words}</svg>", "utf-8")
    return folder


def nothing(_environ: object, start_response: object) -> list[bytes]:
    start_response("404 Not Found", [])  # type: ignore[operator]
    return [b""]


def named(headers: object, path: str, url: str) -> None:
    headers["X-Name"] = path  # type: ignore[index]


def test_a_folder_that_changes_under_the_server_changes_no_byte(tmp_path: Path) -> None:
    folder = written(tmp_path / "static")
    tree = read_tree(folder)
    served = ServedTrees(nothing, add_headers_function=named)
    served.add_tree(tree)
    naive = WhiteNoise(nothing, str(folder), prefix=f"static/{tree.digest}/")
    written(folder, LONG + "later")
    (folder / "mark.svg").unlink()
    address = f"/static/{tree.digest}/css/tokens.css"
    assert Client(served).get(address).text == LONG
    assert Client(served).get(f"/static/{tree.digest}/mark.svg").text == f"<svg>{LONG}</svg>"
    assert tree_digest(folder) != tree.digest == read_tree(folder).digest
    # Without it: the new file under the old address and the old length.
    cut = Client(naive).get(address)
    assert (int(cut.headers["Content-Length"]), cut.text) == (len(LONG), LONG + "later")


def test_encodings_ranges_and_what_a_browser_has_are_answered(tmp_path: Path) -> None:
    digest = tree_digest(written(tmp_path / "static"))
    pack(tmp_path / "static", tmp_path / "packed" / digest)
    tree = read_tree(tmp_path / "packed" / digest)
    assert tree.digest == digest, "compressed copies are not counted"
    served = ServedTrees(nothing, add_headers_function=named)
    served.add_tree(tree)
    client, address = Client(served), f"/static/{digest}/css/tokens.css"
    small = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert (small.headers["Content-Encoding"], brotli.decompress(small.data).decode()) == ("br", LONG)
    assert int(small.headers["Content-Length"]) == len(small.data)
    whole = client.get(address)
    assert (whole.text, whole.headers["Vary"], whole.headers["X-Name"]) == (LONG, "Accept-Encoding", "css/tokens.css")
    part = client.get(address, headers={"Range": "bytes=5-10"})
    assert (part.status_code, part.text) == (206, LONG[5:11])
    assert client.get(address, headers={"Range": "bytes=x"}).text == LONG
    assert client.get(address, headers={"Range": f"bytes={len(LONG)}-"}).status_code == 416
    again = client.get(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.data, int(head.headers["Content-Length"])) == (200, b"", len(LONG))
    assert client.post(address).status_code == 405
    assert client.get(f"{address}.br").status_code == client.get(f"/static/{digest}/../x").status_code == 404


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release's folder of its own, `releases/two`, with nothing beside it."""
    root = tmp_path / "opt" / "releases" / "two"
    written(root / "static")
    for name, value in {"ROOT": root, "STATIC": root / "static", "PACKED": root / "build" / "static"}.items():
        monkeypatch.setattr(static_tree, name, value)
    return root


def packed(root: Path, words: str) -> str:
    """What the set-up of another release has left."""
    digest = tree_digest(written(root / "source", words))
    pack(root / "source", root / "build" / "static" / digest)
    return digest


def test_releases_beside_and_before_stay_reachable(own: Path) -> None:
    assert (earlier_trees(), packed_tree()) == ([], read_tree(own / "static"))
    beside = packed(own.parent / "one", "one" * 99)
    here = packed(own, "here" * 99)
    assert {tree.digest for tree in earlier_trees()} == {beside, here}
    single = packed(own.parent.parent, "single" * 99)
    newest = own.parent.parent / "build" / "static" / single
    os.utime(newest, (2**32, 2**32))
    found = [tree.digest for tree in earlier_trees()]
    assert (found[0], len(found)) == (single, KEPT_TREES), "the newest, and no more than are wanted"


def test_a_packed_tree_that_was_changed_is_not_served(own: Path, caplog: pytest.LogCaptureFixture) -> None:
    digest = tree_digest(own / "static")
    pack(own / "static", own / "build" / "static" / digest)
    hurt = own.parent / "one" / "build" / "static" / packed(own.parent / "one", "one" * 99)
    (hurt / "mark.svg").write_text("half", "utf-8")
    assert packed_tree().files.keys() > read_tree(own / "static").files.keys()
    assert (earlier_trees(), hurt.name in caplog.text) == ([], True)
    shutil.rmtree(own / "build")
    own_hurt = own / "build" / "static" / digest
    written(own_hurt, "other")
    static_tree.read_tree.cache_clear()
    assert packed_tree() is read_tree(own / "static"), "what lies uncompressed is right"


@pytest.mark.either_database
def test_the_ready_answer_names_no_release_where_none_is_installed(
    app: Flask, client: FlaskClient, config: Config
) -> None:
    assert client.get("/readyz").get_json()["release"] == ""
