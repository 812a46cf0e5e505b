"""Did somebody ask for an account that is not confirmed yet?

A room above keeps what was asked and registers its question here; the sign-in asks it of a login that no account has, and tells
whoever knows the password what became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from festival.core.sentence import Sentence

_KEY = "accounts_asked"


@dataclass(frozen=True, slots=True)
class AccountAsked:
    """The password that was chosen, as it is kept, and what to say to whoever types it."""

    password_hash: str
    said: Sentence


def register_asked(app: Flask, question: Callable[[str], AccountAsked | None]) -> None:
    """`question(login)` answers what was asked for with this login."""
    app.extensions[_KEY] = question


def asked_with(login: str) -> AccountAsked | None:
    """What was asked for with this login; None where nothing was."""
    question: Callable[[str], AccountAsked | None] | None = current_app.extensions.get(_KEY)
    return question(login) if question is not None else None
