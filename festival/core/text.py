"""Which characters may stand in a text that somebody sends, and where may a long one be cut?

One answer for forms, addresses, JSON, Excel and commands. Kept: what a person can type and another can read, in NFC, and whole
emoji (families joined by ZWJ, flags, keycaps: Unicode Technical Standard 51). Dropped: control characters, marks of
direction, other invisible ones, tags outside of a flag, halves of a surrogate pair, noncharacters, and of a heap of
combining marks all beyond `MOST_MARKS`. What no database of ours can hold is `unstorable`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Khmer, written in the province too, stacks at most four marks on a letter; Vietnamese needs none after NFC.
MOST_MARKS = 4

_PICTURE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_SKIN = "[\U0001f3fb-\U0001f3ff]"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_REGION = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
_ONE = f"(?:[{_PICTURE}](?:\ufe0f?{_SKIN}|[\ufe0e\ufe0f])?)"
_EMOJI = f"(?:{_REGION}|{_FLAG}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE})*)"

_EMOJI_OR_CHARACTER = re.compile(f"({_EMOJI})|(.)", re.DOTALL)
_EMOJI_ONLY = re.compile(_EMOJI)

# Letters to a program that show nothing: fillers of Hangul, and the empty pattern of Braille.
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SUSPECT = re.compile(
    f"[^\n\t -~\u00a0-\u00ac\u00ae-\u02ff\u1e00-\u1eff\u2010-\u2027]|[{_BLANKS}\u034f\u180b-\u180f]|\r"
)


def unstorable(text: str) -> bool:
    """Whether a text holds NUL or half of a surrogate pair: PostgreSQL keeps neither, and UTF-8 has no second one."""
    return _UNSTORABLE.search(text) is not None


def clean(text: str) -> str:
    """The text as it is kept: see above; a line ends as in Unix. Cleaning twice changes nothing."""
    if _SUSPECT.search(text) is None:
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = unicodedata.normalize("NFC", _sifted(unicodedata.normalize("NFC", lines)))
    # Taking something out may bring a mark to its letter, and that once more beside its neighbours.
    while (again := unicodedata.normalize("NFC", _sifted(kept))) != kept:
        kept = again
    return kept


def _sifted(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for emoji, character in _EMOJI_OR_CHARACTER.findall(text):
        if emoji:
            kept.append(emoji)
            marks = 0
        elif not _dropped(character):
            marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
            if marks <= MOST_MARKS:
                kept.append(character)
    return "".join(kept)


def _dropped(character: str) -> bool:
    point = ord(character)
    if character in "\n\t":
        return False
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF or character in _BLANKS:
        return True
    # Selectors of another shape say nothing beside anything but a picture; the grapheme joiner says nothing at all.
    if 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF or 0x180B <= point <= 0x180F or point == 0x34F:
        return True
    # Line and paragraph separators would end a line where nobody sees it.
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def line(text: str) -> str:
    """The same for what stands in one line: single spaces, none at the ends."""
    return " ".join(clean(text).split())


def cut(text: str, most: int) -> str:
    """At most `most` code points of the text, never ending inside an emoji or between a letter and its marks."""
    if len(text) <= most:
        return text
    end = most
    for found in _EMOJI_ONLY.finditer(text):
        if found.start() >= end:
            break
        if found.end() > end:
            end = found.start()
            break
    while end and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return text[:end]


def cleaned(value: Any) -> Any:
    """A JSON value whose texts, the names of its members too, are clean. Depth is the reader's concern."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(each) for each in value]
    if isinstance(value, dict):
        return {clean(key): cleaned(each) for key, each in value.items()}
    return value


def any_unstorable(value: Any) -> bool:
    """Whether a text anywhere in a JSON value is `unstorable`."""
    if isinstance(value, str):
        return unstorable(value)
    if isinstance(value, list):
        return any(map(any_unstorable, value))
    if isinstance(value, dict):
        return any(unstorable(key) or any_unstorable(each) for key, each in value.items())
    return False
