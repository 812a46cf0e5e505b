"""The cards of a list: each with a one-time QR, made now, shown once, kept only as a hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, request, url_for
from markupsafe import Markup

from config import Config
from festival.accounts.actions import CODE_DAYS, issue_code
from festival.accounts.models import User
from festival.accounts.words import ROLE_WORDS
from festival.core import qr
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.editions.models import Festival
from festival.office.people.ground import places_of

USUAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class SignInCard:
    """What stands on one card."""

    name: str
    login: str
    roles: str
    places: tuple[str, ...]
    address: str
    picture: Markup


def days_typed(usual: int = USUAL_DAYS) -> int:
    """For how many days codes are to be good, as chosen in the form."""
    days = typed_number(request.form.get("days", ""))
    return days if days in CODE_DAYS else usual


def until_of(days: int) -> datetime:
    """When a code made now ends."""
    return now() + timedelta(days=days)


def sign_in_cards(users: Sequence[User], festival: Festival | None, by: int, until: datetime) -> list[SignInCard]:
    """A new code for each of these accounts; the ones they had end."""
    places = places_of([user.id for user in users], festival)
    config: Config = current_app.config["FESTIVAL"]
    cards = []
    for user in users:
        address = f"{config.public_url}{url_for('accounts.once', token=issue_code(user.id, by, until))}"
        cards.append(
            SignInCard(
                user.name,
                user.login,
                ", ".join(str(ROLE_WORDS[item.role]) for item in sorted(user.roles, key=lambda item: item.role)),
                tuple(places.get(user.id, ())),
                address,
                qr.picture(address),
            )
        )
    return cards
