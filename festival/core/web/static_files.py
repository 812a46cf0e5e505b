"""Under which address does a style sheet or script live, and what may a page load?

The whole static tree is served under a digest of its content, so a page and its modules always come from one release
and can be cached for a year. The previous release stays reachable, because a phone may still hold its page.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask
from whitenoise import WhiteNoise

from config import ROOT, Config
from festival.core.disk.private import private_folder
from festival.core.web.static_packing import PACKED, pack

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = ROOT / "static"
YEAR_S = 365 * 24 * 3600
KEPT_TREES = 2

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}
# A worker's own folder is the widest it may answer for, unless the server says otherwise.
WORKERS = {"family-worker.js": "/family", "head-worker.js": "/head"}
WASM = " 'wasm-unsafe-eval'"
NEEDS_WASM = "x-needs-wasm"  # by this header a page says so; it goes no further
SPARE = re.compile(r"(?:/\*.*?\*/|[ \t\r\n])+", re.S)
# What neither the address of a style sheet nor an attribute around it takes for its own sign.
PLAIN_IN_ADDRESS = " !$()*+,-./:;=?@[]_{|}~"
IMPORT = re.compile(r'^(?:import|export) (?:.* from )?"(\.{1,2}/[^"]+)";', re.M)


def tree_digest(folder: Path = STATIC) -> str:
    """16 hex digits over names and contents of every file below `folder`."""
    whole = sha256()
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        whole.update(path.relative_to(folder).as_posix().encode())
        whole.update(b"\0" + sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """Every script that `entry` imports, near ones first: a page names them at once, so none waits for its importer."""
    found = [entry]
    for name in found:
        for near in IMPORT.findall((STATIC / name).read_text(encoding="utf-8")):
            other = ((STATIC / name).parent / near).resolve().relative_to(STATIC).as_posix()
            if other not in found:
                found.append(other)
    return tuple(found[1:])


def embedded_styles(names: Sequence[str]) -> str:
    """These style sheets as one address that needs no server, for a page that is kept as a file.

    Without remarks and line ends, and not in base64: every kept sheet carries them all.
    """
    whole = "\n".join((STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in names)
    return f"data:text/css;charset=utf-8,{quote(SPARE.sub(' ', whole), safe=PLAIN_IN_ADDRESS)}"


def init_static(app: Flask, config: Config) -> None:
    """Serve `static/` under its digest, give templates `asset()`, and set the security headers everywhere."""
    digest = tree_digest()
    app.extensions["static_tree"] = digest
    served = WhiteNoise(
        _with_headers(app.wsgi_app, config), max_age=YEAR_S, allow_all_origins=False, add_headers_function=_file_headers
    )
    served.add_files(str(_tree(config, digest)), prefix=f"static/{digest}/")
    for older in _kept_trees(config, digest):
        served.add_files(str(older), prefix=f"static/{older.name}/")
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = lambda name: f"/static/{digest}/{name}"
    app.jinja_env.globals["modules_of"] = modules_of
    app.jinja_env.globals["embedded_styles"] = embedded_styles


def _with_headers(pages: WSGIApplication, config: Config) -> WSGIApplication:
    """Every answer that is no file gets the headers it has not set itself.

    Outside of Flask, which looks at each letter of each header twice: these are always the same.
    """
    # A page behind a sign-in must not come back from the cache of a shared phone.
    always = {"Cache-Control": "no-store"}
    if config.secure_cookies:
        always["Strict-Transport-Security"] = "max-age=31536000"
    usual, needs_wasm = (
        [(name.lower(), (name, value)) for name, value in (security_headers(wasm=wasm) | always).items()]
        for wasm in (False, True)
    )

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
            own = {name.lower() for name, _value in headers}
            wanted = needs_wasm if NEEDS_WASM in own else usual
            kept = [header for header in headers if header[0].lower() != NEEDS_WASM]
            return start_response(status, [*kept, *(header for name, header in wanted if name not in own)], *failed)

        return pages(environ, begin)

    return answered


def security_headers(*, wasm: bool = False) -> dict[str, str]:
    """Headers of every answer; `wasm` only for the page and the worker that read codes."""
    policy = CONTENT_SECURITY_POLICY.format(scripts=WASM if wasm else "")
    return {"Content-Security-Policy": policy, **SECURITY_HEADERS}


def _file_headers(headers: Any, path: str, url: str) -> None:
    for name, value in security_headers(wasm="scanner" in Path(path).name).items():
        headers[name] = value
    if Path(path).name in WORKERS:
        headers["Service-Worker-Allowed"] = WORKERS[Path(path).name]
    headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"


def _tree(config: Config, digest: str) -> Path:
    """The copy with compressed files, if this very tree was packed; else the tree itself."""
    copies = (config.instance / "releases" / digest, PACKED / digest)
    return next((copy for copy in copies if copy.is_dir()), STATIC)


def _kept_trees(config: Config, digest: str) -> list[Path]:
    folder = config.instance / "releases"
    return [item for item in folder.iterdir() if item.name != digest] if folder.is_dir() else []


def keep_tree(config: Config) -> None:
    """Before serving: keep a copy of this release for the next start, drop the oldest ones."""
    folder = private_folder(config.instance / "releases")
    digest = tree_digest()
    kept = folder / digest
    if not kept.is_dir():
        packed = PACKED / digest
        pack(STATIC, kept, earlier=[packed] if packed.is_dir() else [])
    kept.touch()
    for old in sorted(folder.iterdir(), key=lambda item: item.stat().st_mtime, reverse=True)[KEPT_TREES:]:
        shutil.rmtree(old)
