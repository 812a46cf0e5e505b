"""What does this room tell the house? Its seal, which files its rows hold, what the worker sweeps, words for every page."""

from __future__ import annotations

from flask import Flask

from festival.acts import keeping, queries, uploading, words
from festival.acts.seal import rows
from festival.core.chores import register_chore
from festival.core.files import store
from festival.core.seal.checks import register_seal
from festival.core.web.i18n import say

HOUR_S = 3600


def init_room(app: Flask) -> None:
    """Register seal, files and chores; pages of families and delegations ask for what they are asked about."""
    register_seal(app, rows.SEAL)
    store.register_files(app, keeping.keys_held)
    register_chore(app, "forget earlier files of acts", HOUR_S, keeping.forget_earlier)
    register_chore(app, "forget uploads", HOUR_S, uploading.forget_old)
    register_chore(app, "sweep files of acts", HOUR_S, store.sweep)
    app.jinja_env.filters["act_asked"] = lambda asked: say(words.ASKED[asked])
    app.jinja_env.globals.update(
        acts_of_family=queries.acts_of_family,
        act_asked_words=words.ASKED,
        act_file_words=words.file_words,
        act_how_words=words.HOW_WORDS,
    )
