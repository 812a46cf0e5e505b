"""What does this room add to every page? The filter that says a pure rule's sentence in the reader's language."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext

from festival.editions.sentence import Sentence


def init_room(app: Flask) -> None:
    """Register the filter `spoken`."""
    app.jinja_env.filters["spoken"] = spoken


def spoken(sentence: Sentence) -> str:
    """The sentence in the language of the request."""
    return str(gettext(sentence.template, **sentence.values))
