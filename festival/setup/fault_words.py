"""What is a fault of the rule document called on a page that does not hold its field? Pure.

«Phần thi «Gia đình đọc sách» › Điểm theo hạng cho đoàn», not the path and the keys of the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from festival.core.sentence import N_, Sentence
from festival.editions.rules.document import FileFault
from festival.setup.contest_editor.field_words import for_page
from festival.setup.path_words import STEP, path_words

ELSEWHERE = N_("Ở chỗ khác của thể lệ (%(path)s): %(reason)s")
NAMED = N_("Phần thi «%(name)s»")
_CONTEST = re.compile(r"\$\.contests\[(\d+)\]\.?(.*)")


def elsewhere(faults: Sequence[FileFault], document: Mapping[str, Any] | None = None) -> list[Sentence]:
    """Each with its place in words; a contest by its name where `document` is the edition it stands in."""
    names = [str(each.get("name") or "") for each in (document or {}).get("contests") or ()]
    found = []
    for each in faults:
        place, reason = _place(each.path, names), for_page(each.reason)
        found.append(ELSEWHERE.filled(path=place, reason=reason) if place else reason)
    return found


def _place(path: str, names: Sequence[str]) -> Sentence | None:
    inside = _CONTEST.fullmatch(path)
    if inside is None or int(inside[1]) >= len(names) or not names[int(inside[1])]:
        return path_words(path)
    named, rest = NAMED.filled(name=names[int(inside[1])]), path_words(inside[2], "contest")
    return named if rest is None else STEP.filled(one=named, two=rest)
