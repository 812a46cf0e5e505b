"""What are the files of a ZIP called, so that every player and every system opens them in the running order? Pure."""

from __future__ import annotations

import re
from unicodedata import normalize

# What Windows, macOS or a ZIP reads as something else than a letter of a name.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
LONGEST_BYTES = 150


def plain_name(text: str) -> str:
    """The text as a part of a file's name: composed letters, no part of a path, nothing hidden, not too long."""
    name = " ".join(_UNSAFE.sub(" ", normalize("NFC", text)).split())
    name = name.encode("utf-8")[:LONGEST_BYTES].decode("utf-8", "ignore")
    return name.strip(" .")


def last_part(name: str) -> str:
    """What a browser calls a file, without the folders some send with it."""
    return plain_name(re.split(r"[\\/]", name)[-1])


def numbered_name(number: int, entry: str, title: str, end: str) -> str:
    """«007 Gia đình ông Danh Chung - Hát ru.mp3»."""
    return f"{number:03d} {plain_name(f'{entry} - {title}' if title else entry) or 'tiết mục'}.{end}"
