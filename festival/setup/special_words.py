"""In which words is a special prize told, with the fact that proposes who receives it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festival.core.sentence import N_, Sentence

SPECIAL_BY: Mapping[str, Sentence] = {
    "most_generations": N_("nhiều thế hệ cùng dự thi nhất"),
    "youngest_performer": N_("người dự thi nhỏ tuổi nhất"),
    "oldest_performer": N_("người dự thi cao tuổi nhất"),
    "most_members": N_("nhiều người dự thi nhất"),
}
BY_CRITERION = N_("điểm cao nhất ở tiêu chí «%(criterion)s»")


def by_said(by: str, criterion: str) -> Sentence:
    """How it is found who is proposed; `criterion`: its name."""
    if by == "criterion":
        return BY_CRITERION.filled(criterion=criterion)
    words = SPECIAL_BY.get(by) or N_("«%(text)s»", text=by)
    # a document that is not sound yet may name one where none is asked
    return N_("%(one)s, %(two)s", one=words, two=N_("«%(text)s»", text=criterion)) if criterion else words


def special_said(each: Mapping[str, Any], names: Mapping[str, str]) -> Sentence:
    """A special prize of the rules; `names`: of contests and criteria by code."""
    of, by, criterion = each.get("contest"), each.get("by"), str(each.get("criterion", ""))
    said = N_("«%(text)s»", text=str(each.get("name")))
    if of:
        said = N_("«%(name)s» của phần thi «%(contest)s»", name=str(each.get("name")), contest=names.get(of, of))
    if by is None and not criterion:
        return said
    return N_("%(said)s: %(by)s", said=said, by=by_said(str(by), names.get(criterion, criterion)))
