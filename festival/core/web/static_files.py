"""Under which address does a style sheet or script live, and what may a page load?

The whole static tree is served under a digest of its content, so a page and its modules always come from one release
and can be cached for a year. The releases before stay reachable, because a phone may still hold their page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask

from config import Config
from festival.core.web.static_tree import STATIC, ServedTrees, earlier_trees, packed_tree, read_tree

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

YEAR_S = 365 * 24 * 3600

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
WORKERS = {
    "family-worker.js": "/family",
    "head-worker.js": "/head",
    "lead-worker.js": "/mc/reveal",
    "hall-worker.js": "/hall/reveal",
}
WASM = " 'wasm-unsafe-eval'"
NEEDS_WASM = "x-needs-wasm"  # by this header a page says so; it goes no further
SPARE = re.compile(r"(?:/\*.*?\*/|[ \t\r\n])+", re.S)
# What neither the address of a style sheet nor an attribute around it takes for its own sign.
PLAIN_IN_ADDRESS = " !$()*+,-./:;=?@[]_{|}~"
IMPORT = re.compile(r'^(?:import|export) (?:.* from )?"(\.{1,2}/[^"]+)";', re.M)


@cache
def modules_of(entry: str) -> tuple[str, ...]:
    """Every script that `entry` imports, near ones first: a page names them at once, so none waits for its importer."""
    found = [entry]
    for name in found:
        for near in IMPORT.findall(read_tree(STATIC).text(name)):
            other = normpath(f"{dirname(name)}/{near}")
            if other not in found:
                found.append(other)
    return tuple(found[1:])


def embedded_styles(names: Sequence[str]) -> str:
    """These style sheets as one address that needs no server, for a page that is kept as a file.

    Without remarks and line ends, and not in base64: every kept sheet carries them all.
    """
    whole = "\n".join(read_tree(STATIC).text(f"css/{name}.css") for name in names)
    return f"data:text/css;charset=utf-8,{quote(SPARE.sub(' ', whole), safe=PLAIN_IN_ADDRESS)}"


def init_static(app: Flask, config: Config) -> None:
    """Serve `static/` under its digest, give templates `asset()`, and set the security headers everywhere."""
    tree = packed_tree()
    app.extensions["static_tree"] = tree.digest
    served = ServedTrees(_with_headers(app.wsgi_app, config), add_headers_function=_file_headers)
    for each in (tree, *earlier_trees()):
        served.add_tree(each)
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = lambda name: f"/static/{tree.digest}/{name}"
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
