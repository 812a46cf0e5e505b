"""What does somebody type of a post, what of it is wrong, and which address does it get? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from festival.core.canonical import canonical_json
from festival.core.names import fold
from festival.core.sentence import N_, Sentence
from festival.posts.markup import fault_of

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_ALT, LONGEST_CAPTION = 120, 300, 200, 200
MOST_PICTURES = 12
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture of a post with its words."""

    picture: int
    alt: str
    caption: str
    width: int
    height: int

    def to_json(self) -> dict[str, Any]:
        """As a version keeps it."""
        words = {"picture": self.picture, "alt": self.alt, "caption": self.caption}
        return {**words, "width": self.width, "height": self.height}


@dataclass(frozen=True, slots=True)
class PostTyped:
    """A whole text of a post."""

    title: str
    summary: str
    body: str
    pictures: tuple[PlacedPicture, ...] = ()

    @property
    def digest(self) -> str:
        """Of all that a version says."""
        pictures = [each.to_json() for each in self.pictures]
        said = {"title": self.title, "summary": self.summary, "body": self.body, "pictures": pictures}
        return sha256(canonical_json(said)).hexdigest()

    def faults(self) -> dict[str, Sentence]:
        """What is wrong, by the field it is typed in."""
        found: dict[str, Sentence] = {}
        if not self.title:
            found["title"] = N_("Ghi tên bài.", "post_no_title")
        elif len(self.title) > LONGEST_TITLE:
            found["title"] = N_("Tên bài dài quá %(n)s chữ cái.", "post_long_title", n=LONGEST_TITLE)
        if not self.summary:
            found["summary"] = N_(
                "Ghi một, hai câu tóm tắt: đó là điều người xem đọc trong danh sách.", "post_no_summary"
            )
        elif len(self.summary) > LONGEST_SUMMARY:
            found["summary"] = N_("Tóm tắt dài quá %(n)s chữ cái.", "post_long_summary", n=LONGEST_SUMMARY)
        if not self.body.strip():
            found["body"] = N_("Ghi nội dung bài.", "post_no_body")
        elif wrong := fault_of(self.body):
            found["body"] = wrong
        for each in self.pictures:
            if wrong := alt_fault(each.alt, each.caption):
                found[f"alt-{each.picture}"] = wrong
        return found


def alt_fault(alt: str, caption: str) -> Sentence | None:
    """What is wrong with the words of a picture."""
    if not alt:
        return N_("Ghi lời tả ảnh: người không thấy ảnh nghe lời này.", "post_no_alt")
    if len(alt) > LONGEST_ALT or len(caption) > LONGEST_CAPTION:
        return N_("Lời tả ảnh và chú thích dài nhất %(n)s chữ cái.", "post_long_alt", n=LONGEST_ALT)
    return None


def slugs(title: str) -> Iterator[str]:
    """Addresses for a title, the best first: without marks, then with a number behind it."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:_LONGEST_SLUG].strip("-") or "bai"
    yield plain
    for number in range(2, 10_000):
        yield f"{plain}-{number}"
