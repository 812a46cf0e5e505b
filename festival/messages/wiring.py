"""What does this room tell the house? The banner of every page, what the public reads, and its seal."""

from __future__ import annotations

from flask import Flask

from festival.core.post import outbox
from festival.core.seal.checks import register_seal
from festival.core.work.making import register_maker
from festival.messages import queries, words
from festival.messages.gathered import pictures
from festival.messages.seal import rows
from festival.programme.notices import register_news


def init_room(app: Flask) -> None:
    """Pages of other rooms ask for the news of whoever reads them; the public pages have them in their state."""
    register_news(app, queries.public_news)
    register_seal(app, rows.SEAL)
    register_maker(app, pictures.MAKER)
    app.jinja_env.globals.update(
        news_for_all=lambda festival_id: list(queries.public_news(festival_id)),
        news_of_family=queries.news_of_family,
        news_of_delegation=queries.news_of_delegation,
        news_of_stage=queries.news_of_stage,
        letters_refused=outbox.refused,
        news_heading=words.heading,
        news_tone=words.tone,
    )
