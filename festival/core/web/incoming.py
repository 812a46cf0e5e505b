"""What of a request reaches the rooms? Addresses, forms, cookies, JSON and names of files are cleaned here, once for all.

Texts are clean (`core.text`), passwords as they were typed. A number in an address fits the database, else there is no such
page; a text in an address that is not clean names nothing either. Bytes no browser sends never stop a request.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from flask import Flask, Request, current_app
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.routing import BaseConverter, IntegerConverter, PathConverter, UnicodeConverter, ValidationError
from werkzeug.utils import cached_property

from festival.core.numbers import LARGEST
from festival.core.old_fonts import arriving
from festival.core.text import clean, cleaned, line

# What a person keeps secret is compared, never read: it stays as it was typed.
_SECRET = re.compile("password|passphrase|again")
# Where a name comes in, a letter of an old font that everywhere else says nothing is kept until the name is looked at.
_NAME = re.compile("name|guardian")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class CleanRequest(Request):
    """A request whose texts are clean."""

    def __init__(self, environ: dict[str, Any], *others: Any, **more: Any) -> None:
        # Both are bytes written as latin-1. Werkzeug decodes them strictly, before anybody could be asked.
        query = environ.get("QUERY_STRING", "")
        environ["QUERY_STRING"] = query if query.isascii() else quote(query.encode("latin-1"), safe=_PRINTABLE)
        cookie = environ.get("HTTP_COOKIE", "")
        if not cookie.isascii():
            readable = cookie.encode("latin-1").decode("utf-8", "replace")
            environ["HTTP_COOKIE"] = readable.encode("utf-8").decode("latin-1")
        super().__init__(environ, *others, **more)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query."""
        return _clean_pairs(super().args)

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """The cookies."""
        return _clean_pairs(super().cookies)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = _clean_pairs(self.__dict__["form"])
        for sent in self.__dict__["files"].values():
            _name_clean(sent)

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as JSON; one nested deeper than Python goes is none."""
        try:
            return cleaned(super().get_json(force, silent, cache))
        except RecursionError as error:
            return None if silent else self.on_json_loading_failed(ValueError(str(error)))


def _clean_pairs(pairs: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict(
        [
            (clean(name), text if _SECRET.search(name) else arriving(text) if _NAME.search(name) else clean(text))
            for name, texts in pairs.lists()
            for text in texts
        ]
    )


def _name_clean(sent: FileStorage) -> None:
    if sent.filename is not None:
        sent.filename = line(sent.filename)


class _WholeNumber(IntegerConverter):
    """Digits 0 to 9, no larger than the database holds."""

    regex = "[0-9]{1,16}"

    def __init__(self, *settings: Any, **more: Any) -> None:
        super().__init__(*settings, **({"max": LARGEST} | more))


class _CleanPart(BaseConverter):
    def to_python(self, value: str) -> str:
        if line(value) != value:
            raise ValidationError()
        return value


class _CleanText(_CleanPart, UnicodeConverter):
    """A part of an address; one that is not clean is the address of nothing."""


class _CleanPath(_CleanPart, PathConverter):
    """The rest of an address, likewise."""


def init_incoming(app: Flask) -> None:
    """Before the first route is registered."""
    app.request_class = CleanRequest
    app.url_map.converters |= {"default": _CleanText, "string": _CleanText, "path": _CleanPath, "int": _WholeNumber}


def page_above(path: str) -> str:
    """`path`, or the nearest page above it where `path` only takes a form: /office/schedule of /office/schedule/stages.

    A refused form stands at such an address; who chooses a language there must not end at a page that does not open.
    """
    place = path.partition("?")[0]
    if not _takes_a_form_only(place):
        return path
    while place := place.rpartition("/")[0]:
        if current_app.url_map.bind("").test(place, "GET"):
            return place
    return "/"


def _takes_a_form_only(place: str) -> bool:
    routes = current_app.url_map.bind("")
    return routes.test(place, "POST") and not routes.test(place, "GET")


def local_path(path: str | None) -> str:
    """The path if a browser stays in this site when it follows it, else ''.

    Two slashes, or one and a backslash, begin another site to a browser, which also drops tabs and line ends before it looks.
    """
    if not path or not path.startswith("/") or len(path) > 2000:
        return ""
    if path[1:2] == "/" or "\\" in path or any(ord(letter) <= 0x20 or letter == "\x7f" for letter in path):
        return ""
    return path if clean(path) == path else ""
