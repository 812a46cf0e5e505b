"""What stands on a card or a badge of paper, and how do some of them become one PDF?

A card is a value: whoever made it has read the database, so that the worker draws from a plan. Templates: passes/cards.typ.
Rooms above tell what only they know: `register_titles` how a person outside the families is addressed, `register_turns`
when a family is on stage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote_plus

from flask import Flask, current_app
from flask_babel import gettext as _

from festival.core import qr
from festival.core.clock import local
from festival.core.web.i18n import clock, day, say
from festival.documents import paper
from festival.editions.help_lines import on_cards
from festival.editions.help_table import help_numbers
from festival.editions.models import Festival
from festival.passes import tokens
from festival.passes.badge_words import CLASS_WORDS, DELEGATION
from festival.passes.models import Pass

TEMPLATE = "passes/cards.typ"
TURNS_SHOWN = 5
MAP = "https://www.google.com/maps/search/?api=1&query="
Sides = Literal["both", "front"]


@dataclass(frozen=True, slots=True)
class CardTurn:
    """One published turn on stage: an ISO moment, so that it can lie in a plan."""

    at: str
    contest: str
    stage: str
    number: int


@dataclass(frozen=True, slots=True)
class BadgeWords:
    """How a person outside the families is addressed on the badge, above the name and below it."""

    title: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `badge` is a class of badge, "delegation" or "blank"; `text` is what its QR says."""

    badge: str
    name: str
    unit: str
    text: str
    typed: str
    over: str = ""
    number: str = ""
    people: int = 1
    no_pictures: int = 0
    issue: int = 1
    turns: tuple[CardTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Whom to call when help is needed."""

    words: str
    number: str


@dataclass(frozen=True, slots=True)
class PrintedBack:
    """What stands on the back of every card of an edition."""

    help: tuple[HelpLine, ...]
    venue: str
    directions: str = ""
    map_link: str = ""


def standard_back(festival: Festival) -> PrintedBack:
    """Unless the organiser wrote another: help lines that are for cards, the edition's own, the venue and a search on the map."""
    own = (HelpLine(_("Ban Tổ chức"), festival.help_line),) if festival.help_line else ()
    lines = tuple(HelpLine(say(each.name), each.number) for each in on_cards(help_numbers(festival)))
    venue = festival.venue or festival.host
    return PrintedBack((*lines, *own), venue, map_link=MAP + quote_plus(venue) if venue else "")


Titles = Callable[[Sequence[int]], Mapping[int, BadgeWords]]
Turns = Callable[[Festival], Mapping[int, Sequence[CardTurn]]]


def register_titles(app: Flask, titles: Titles) -> None:
    """Let a room tell how people are addressed, by the id of the person."""
    app.extensions["titles_on_cards"] = titles


def register_turns(app: Flask, turns: Turns) -> None:
    """Let a room tell the published turns, by the id of the family."""
    app.extensions["turns_on_cards"] = turns


def titles_of(people: Sequence[int]) -> Mapping[int, BadgeWords]:
    """How these people are addressed, as far as a room knows."""
    titles: Titles | None = current_app.extensions.get("titles_on_cards")
    return titles(people) if titles is not None and people else {}


def turns_of(festival: Festival) -> Mapping[int, Sequence[CardTurn]]:
    """The turns of families, as far as they are published."""
    turns: Turns | None = current_app.extensions.get("turns_on_cards")
    return turns(festival) if turns is not None else {}


def badge_card(row: Pass, *, badge: str, name: str, unit: str, words: BadgeWords | None = None, **more: Any) -> Card:
    """The badge of a person outside the families."""
    said = words or BadgeWords()
    return Card(
        badge=badge,
        over=said.title,
        name=name,
        unit=said.line or unit,
        text=tokens.qr_text(row),
        typed=tokens.typed_of(row),
        issue=row.issue,
        **more,
    )


def pdf(festival: str, cards: Sequence[Card], back: PrintedBack, sides: Sides = "both") -> bytes:
    """Some cards as one PDF."""
    return paper.pdf(TEMPLATE, values(festival, cards, back, sides), tagged=False)


def values(festival: str, cards: Sequence[Card], back: PrintedBack, sides: Sides = "both") -> dict[str, Any]:
    """All that the template draws, in the language of whoever asks."""
    return {
        "title": _("Thẻ ngày hội"),
        "festival": festival,
        "sides": sides,
        "cards": [_card_values(each) for each in cards],
        "back": {
            "help_title": _("Cần giúp đỡ, hãy gọi"),
            "help": [asdict(each) for each in back.help],
            "turns_title": _("Lượt của gia đình"),
            "place_title": _("Nơi diễn ra"),
            "venue": back.venue,
            "directions": back.directions,
            "map": _code(back.map_link, "M") if back.map_link else {},
            "map_words": _("Quét mã này bằng điện thoại để mở bản đồ."),
            "found": _("Nhặt được thẻ này, xin đưa đến bàn tiếp đón."),
        },
    }


def _code(text: str, level: str = "Q") -> dict[str, Any]:
    rows = qr.matrix(text, level)
    return {"path": qr.outline(rows), "modules": len(rows)}


def _card_values(card: Card) -> dict[str, Any]:
    return {
        "badge": card.badge,
        "class": say(CLASS_WORDS[card.badge]) if card.badge in CLASS_WORDS else card.badge,
        "over": card.over,
        "name": card.name,
        "unit": card.unit,
        "number": card.number,
        "typed": card.typed,
        "sign": _sign(card),
        "foot": _foot(card),
        "turns": [_turn(each) for each in card.turns[:TURNS_SHOWN]] + _more_turns(card),
        **_code(card.text),
    }


def _sign(card: Card) -> str:
    if not card.no_pictures:
        return ""
    if card.people == 1 or card.no_pictures >= card.people:
        return str(_("Không đăng hình ảnh"))
    return str(_("Không đăng hình ảnh: %(n)s người", n=card.no_pictures))


def _foot(card: Card) -> str:
    said = []
    if card.badge in ("family", DELEGATION):
        said.append(_("%(n)s người", n=card.people))
    if card.issue > 1:
        said.append(_("cấp lần %(n)s", n=card.issue))
    said.append(_("Mất thẻ, báo bàn tiếp đón"))
    return " · ".join(said)


def _turn(turn: CardTurn) -> dict[str, str]:
    at = local(datetime.fromisoformat(turn.at))
    what = f"{turn.contest}, {turn.stage}"
    said = _("%(what)s, số %(n)s", what=what, n=turn.number) if turn.number else what
    return {"when": f"{clock(at)}, {day(at)}", "what": said}


def _more_turns(card: Card) -> list[dict[str, str]]:
    more = len(card.turns) - TURNS_SHOWN
    return [{"when": "", "what": _("và %(n)s lượt nữa, xem trang của gia đình", n=more)}] if more > 0 else []
