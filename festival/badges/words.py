"""In which words, with which icon and in which tone do pages show a class of badges? The words are those that are printed."""

from __future__ import annotations

from festival.core.sentence import Sentence
from festival.passes.badge_words import CLASS_WORDS
from festival.roster.models import BadgeClass

BADGE_WORDS: dict[BadgeClass, Sentence] = {badge: CLASS_WORDS[badge.value] for badge in BadgeClass}

# A class is read by its word and icon as well as by its colour.
BADGE_LOOKS: dict[BadgeClass, tuple[str, str]] = {
    BadgeClass.FAMILY: ("family", "accent"),
    BadgeClass.OFFICER: ("people", "note"),
    BadgeClass.GUEST: ("star", "accent"),
    BadgeClass.PRESS: ("camera", "warn"),
    BadgeClass.PANEL: ("judge", "note"),
    BadgeClass.COMMITTEE: ("shield", "bad"),
    BadgeClass.VOLUNTEER: ("check", "good"),
    BadgeClass.CREW: ("stage", "quiet"),
    BadgeClass.SERVICE: ("home", "quiet"),
}
