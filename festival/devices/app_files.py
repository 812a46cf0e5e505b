"""Which files does the service worker keep, so that the apps open without a network?"""

from __future__ import annotations

import json
import re
from functools import cache

from flask import current_app

from config import ROOT
from festival.core.web.i18n import LANGUAGES, TRANSLATIONS
from festival.core.web.static_tree import STATIC, read_tree, tree_digest

WORDS = (ROOT / "templates", TRANSLATIONS)
PAGES = tuple(
    f"/{name}"
    for name in ["gate", "desk", "lost", "missing", "judge", "ground", "stage", "enrol", "activate", "shift", "offline"]
)
KEPT = re.compile(
    r"js/.+\.js|css/.+\.css|img/[^/]+\.svg|img/icon-192\.png|vendor/be-vietnam-pro/[^/]+\.woff2|vendor/zxing/[^/]+"
)


@cache
def words_digest() -> str:
    """Of the templates and catalogues that the kept pages are made of; asked when the program starts, of what lay there then."""
    return "-".join(tree_digest(folder)[:8] for folder in WORDS)


def worker_source() -> str:
    """The worker with its release in front: another release is another worker, byte by byte.

    The kept pages are made of templates and catalogues: a release that changes only those is another one too.
    """
    name = current_app.extensions["static_tree"]
    tree = read_tree(STATIC)
    found = sorted(file for file in tree.files if KEPT.fullmatch(file))
    rules = {rule.rule for rule in current_app.url_map.iter_rules()}
    app = {
        "name": f"{name}-{words_digest()}",
        "files": [f"/static/{name}/{path}" for path in found],
        "pages": [page for page in PAGES if page in rules],
        "languages": list(LANGUAGES),
    }
    return f"self.APP = {json.dumps(app)};\n" + tree.text("sw.js")
