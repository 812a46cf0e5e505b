"""What does the page that hands a new link over know of it, so that its address tells nobody the link?

The address names whose link was made, which one it is and who made it, signed, for a quarter of an hour: long enough to scan
it, to copy it, to send it. It opens nothing for anybody else, and nothing once the link was replaced again.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

GOOD_FOR_S = 900


@dataclass(frozen=True, slots=True)
class HandedLink:
    """Whose link, by kind and code, which one of it, and the account that made it."""

    kind: str
    code: str
    issue: int
    by: int


def signed(handed: HandedLink) -> str:
    """What stands in the address."""
    return str(_signer().dumps([handed.kind, handed.code, handed.issue, handed.by]))


def handed_by(text: str, by: int) -> HandedLink | None:
    """What an address tells the account that made it; None for anybody else, and when the time is over."""
    try:
        found = HandedLink(*_signer().loads(text, max_age=GOOD_FOR_S))
    except (BadData, TypeError):
        return None
    return found if found.by == by else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["FESTIVAL"].secret_key, salt="link handed over")
