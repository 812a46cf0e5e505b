"""In which language, with which words and numerals does a page speak?

Vietnamese is the source language of all messages; English is a catalogue. A person chooses with a cookie; the
browser's wish is not asked, because phones in the province often stand on English without their owner knowing.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from flask import Flask, has_request_context, request
from flask_babel import Babel, LazyString, get_locale, gettext
from markupsafe import Markup

from config import ROOT
from festival.core.clock import local
from festival.core.sentence import Points, Sentence, Stopped, Value

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
LANGUAGE_COOKIE = "lang"
TRANSLATIONS = ROOT / "festival" / "translations"


def chosen_language() -> str:
    """The language of this request: the address's `?lang=` (the shells a phone keeps), the cookie's, else Vietnamese."""
    if not has_request_context():
        return "vi"
    wished = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "vi")
    return wished if wished in LANGUAGES else "vi"


def say(said: object) -> str:
    """A sentence in the reader's language, its values too; what is no sentence is said as it stands."""
    if not isinstance(said, Sentence):
        return str(said)
    if not said.template:
        return ""  # for gettext the empty message is the head of the catalogue
    return str(gettext(said.template, **{name: _worded(value) for name, value in said.values.items()}))


def _worded(value: Value) -> str | int:
    match value:
        case Sentence():
            return say(value)
        case Points() | Stopped():
            return value.written(_separator())
        case str() | int():
            return value


def say_later(said: Sentence) -> LazyString:
    """The same for what is made before there is a reader: the choices of a form."""
    return LazyString(say, said)


def points(milli: int | None, places: int = 2) -> str:
    """1/1000 points as a person writes them: 8750 → "8,75"; at least `places` decimals, no more than needed."""
    if milli is None:
        return "—"
    sign, whole, rest = ("-" if milli < 0 else ""), abs(milli) // 1000, f"{abs(milli) % 1000:03d}"
    digits = rest.rstrip("0").ljust(places, "0")
    text = f"{whole}{_separator()}{digits}" if digits else str(whole)
    return sign + text


def number(value: int) -> str:
    """1500000 → "1.500.000"."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if _language() == "vi" else grouped


def day(value: date | datetime) -> str:
    """14/6/2024."""
    shown = local(value) if isinstance(value, datetime) else value
    return f"{shown.day}/{shown.month}/{shown.year}"


def clock(value: datetime) -> str:
    """7 giờ 30 (or 7:30 in English)."""
    shown = local(value)
    if _language() == "en":
        return f"{shown.hour}:{shown.minute:02d}"
    return f"{shown.hour} giờ {shown.minute:02d}" if shown.minute else f"{shown.hour} giờ"


def moment(value: datetime) -> str:
    """7 giờ 30, 14/6/2024."""
    return f"{clock(value)}, {day(value)}"


def js_words() -> Markup:
    """The catalogue of the scripts for the page's language, as JSON safe inside a <script> element."""
    language = _language()
    path = TRANSLATIONS / f"js-{language}.json"
    words = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return Markup(json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 (escaped above)


def _language() -> str:
    locale = get_locale()
    return "vi" if locale is None else str(locale.language)


def _separator() -> str:
    return "," if _language() == "vi" else "."


def init_i18n(app: Flask) -> None:
    """Set the languages and the filters of the templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=chosen_language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    for name, filter_ in {
        "say": say,
        "points": points,
        "number": number,
        "day": day,
        "clock": clock,
        "moment": moment,
    }.items():
        app.jinja_env.filters[name] = filter_
