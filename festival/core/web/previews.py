"""Is it a program that asks, so as to draw the preview of a link somebody put into a group? It gets no cookie and nobody's page."""

from __future__ import annotations

import re

from flask import request

PREVIEWERS = re.compile(
    r"facebookexternalhit|facebot|zalo\S*(?:bot|preview)|twitterbot|whatsapp/|telegrambot|slackbot|viber|skypeuripreview"
    r"|linkedinbot|discordbot|line-poker|googlebot|bingbot|applebot",
    re.IGNORECASE,
)


def asks_for_preview() -> bool:
    """By the name it gives itself; one that lies gets what a person gets, and a person's link only shows."""
    return PREVIEWERS.search(request.user_agent.string) is not None
