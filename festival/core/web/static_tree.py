"""What did the style sheets and scripts say when this program started?

They are read once, under a digest of all of them, and served from memory: whatever is pulled, unpacked or half written into
the folder of a running server, a page and its modules are those of one release. Workers are forked after it and share it.
"""

from __future__ import annotations

import logging
import re
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise
from whitenoise.responders import NOT_ALLOWED_RESPONSE, Response, StaticFile

from config import ROOT
from festival.core.web.static_packing import PACKED, SUFFIXES

log = logging.getLogger(__name__)

STATIC = ROOT / "static"
ENCODINGS = ("br", "gzip")  # in the order of SUFFIXES
DIGEST = re.compile(r"[0-9a-f]{16}")
# Of releases before, so that a page that a phone still shows finds its files; one comes back and one is left by an upgrade.
KEPT_TREES = 2


@dataclass(frozen=True, slots=True, eq=False)
class StaticTree:
    """Every file by its name, `css/tokens.css`; beside it `css/tokens.css.br` and `.gz` where the tree was packed."""

    digest: str
    files: Mapping[str, bytes]

    def text(self, name: str) -> str:
        """A style sheet's or a script's words."""
        return self.files[name].decode("utf-8")


def digest_of(files: Mapping[str, bytes]) -> str:
    """16 hex digits over names and contents; compressed copies are not counted."""
    whole = sha256()
    for name in sorted(files, key=lambda name: name.split("/")):
        if not _is_copy(name, files):
            whole.update(name.encode() + b"\0" + sha256(files[name]).digest())
    return whole.hexdigest()[:16]


def tree_digest(folder: Path = STATIC) -> str:
    """The same of what lies there now."""
    return digest_of(_read(folder))


@cache
def read_tree(folder: Path) -> StaticTree:
    """What lay there when it was asked for first; what changes afterwards is of another release."""
    files = _read(folder)
    return StaticTree(digest_of(files), files)


def packed_tree() -> StaticTree:
    """This release's own, with its compressed copies if the set-up made them of this very tree."""
    own = read_tree(STATIC)
    return _whole(PACKED / own.digest) or own


def earlier_trees() -> list[StaticTree]:
    """Of the releases before, the newest first: of this folder, of those beside it, of the one folder there was before."""
    own, beside = read_tree(STATIC).digest, ROOT.parent
    others = [*beside.iterdir(), beside.parent] if beside.name == "releases" else []
    folders = {PACKED, *(other / PACKED.relative_to(ROOT) for other in others)}
    found = {
        tree.name: tree
        for folder in folders
        for tree in folder.glob("*")
        if DIGEST.fullmatch(tree.name) and tree.name != own and tree.is_dir()
    }
    in_order = sorted(found.values(), key=lambda tree: tree.stat().st_mtime, reverse=True)
    return [tree for folder in in_order[:KEPT_TREES] if (tree := _whole(folder)) is not None]


class ServedTrees(WhiteNoise):  # type: ignore[misc]
    """Answers for the files of trees, from memory."""

    def add_tree(self, tree: StaticTree) -> None:
        """From now on `/static/<its digest>/…` is this tree."""
        self.files.update(_answers(tree, self.add_headers_function))

    @staticmethod
    def serve(static_file: _InMemory, environ: Any, start_response: Any) -> list[bytes]:
        """In one piece: what is in memory need not be read bit by bit."""
        answer = static_file.get_response(environ["REQUEST_METHOD"], environ)
        start_response(f"{answer.status} {answer.status.phrase}", list(answer.headers))
        return [answer.file.read()] if answer.file is not None else []


class _InMemory(StaticFile):  # type: ignore[misc]
    """WhiteNoise's answer (encodings, ranges, what a browser has already) with the bytes that were read."""

    def __init__(self, name: str, headers: list[tuple[str, str]], tree: StaticTree, sizes: dict[str, _Size]) -> None:
        copies = {encoding: f"{name}{suffix}" for encoding, suffix in zip(ENCODINGS, SUFFIXES, strict=True)}
        super().__init__(name, headers, copies, sizes)
        self._files = tree.files

    def get_response(self, method: str, environ: Mapping[str, str]) -> Any:
        if method not in {"GET", "HEAD"}:
            return NOT_ALLOWED_RESPONSE
        if self.is_not_modified(environ):
            return self.not_modified_response
        name, headers = self.get_path_and_headers(environ)
        content = BytesIO(self._files[name]) if method == "GET" else None
        asked = environ.get("HTTP_RANGE")
        if asked:
            with suppress(ValueError):  # a range that cannot be read is passed over, as HTTP wants it
                return self.get_range_response(asked, headers, content)
        return Response(HTTPStatus.OK, headers, content)


class _Size:
    """What WhiteNoise asks of a file on a disk; it has no time: its digest says which one it is."""

    st_mtime = 0
    st_mode = stat.S_IFREG

    def __init__(self, size: int) -> None:
        self.st_size = size


@cache
def _answers(tree: StaticTree, add_headers: Callable[[Headers, str, str], None]) -> dict[str, _InMemory]:
    sizes = {name: _Size(len(content)) for name, content in tree.files.items()}
    kinds = WhiteNoise(None)
    found = {}
    for name in tree.files:
        if not _is_copy(name, tree.files):
            url = f"/static/{tree.digest}/{name}"
            headers = Headers([("ETag", f'"{tree.digest}"')])
            kinds.add_mime_headers(headers, name, url)
            add_headers(headers, name, url)
            found[url] = _InMemory(name, headers.items(), tree, sizes)
    return found


def _whole(folder: Path) -> StaticTree | None:
    """A packed tree whose files are those its name was made of; nothing when a disk or a hand has changed one."""
    if not folder.is_dir():
        return None
    tree = read_tree(folder)
    if tree.digest != folder.name:
        log.warning("%s does not hold the files it is named after; it is not served", folder)
        return None
    return tree


def _is_copy(name: str, files: Mapping[str, bytes]) -> bool:
    return name.endswith(SUFFIXES) and name[:-3] in files


def _read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
