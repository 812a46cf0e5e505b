"""Which files does the service worker keep, so that the apps open without a network?"""

from __future__ import annotations

import json

from flask import current_app

from festival.core.static_files import STATIC

PAGES = ("/gate", "/judge", "/enrol", "/offline")
KEPT = (
    "js/**/*.js",
    "css/**/*.css",
    "img/*.svg",
    "img/icon-192.png",
    "vendor/be-vietnam-pro/*.woff2",
    "vendor/zxing/*",
)


def worker_source() -> str:
    """The worker with its release in front: another release is another worker, byte by byte."""
    name = current_app.extensions["release"]
    found = sorted({path.relative_to(STATIC).as_posix() for pattern in KEPT for path in STATIC.glob(pattern)})
    rules = {rule.rule for rule in current_app.url_map.iter_rules()}
    release = {
        "name": name,
        "files": [f"/static/{name}/{path}" for path in found],
        "pages": [page for page in PAGES if page in rules],
    }
    return f"self.RELEASE = {json.dumps(release)};\n" + (STATIC / "sw.js").read_text(encoding="utf-8")
