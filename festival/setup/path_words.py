"""What does a path of a rule document say to a person: `$.contests[2].criteria[0].max`? Pure.

«Phần thi 3 › Tiêu chí 1 › Điểm tối đa», by the names of the keys; what has no name stays as the file writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from festival.core.sentence import N_, Sentence
from festival.setup.difference_words import LABELS

STEP = N_("%(one)s › %(two)s")
NUMBERED = N_("%(name)s %(number)s")
_PART = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)")

# What stands below a key; below any other key its own words are enough.
BELOW: Mapping[str, str] = {
    "festival": "festival",
    "quotas": "quotas",
    "delegations": "delegation",
    "contests": "contest",
    "whole_delegation": "whole_delegation",
    "part": "part",
    "of": "summed",
    "after": "after",
    "overtime": "overtime",
    "bracket": "bracket",
    "questions": "question",
    "undertime": "undertime",
    "dishes": "dishes",
    "composition": "composed",
    "criteria": "criterion",
    "scoring": "scoring",
}


def path_words(path: str, shape: str = "ruleset") -> Sentence | None:
    """The path in words, counted from 1; None where it names nothing that has a name (the whole file)."""
    said: Sentence | None = None
    for key, numbers in _PART.findall(path.removeprefix("$")):
        name = LABELS.get(shape, {}).get(key)
        if name is None:
            return said
        for number in re.findall(r"\d+", numbers):
            name = NUMBERED.filled(name=name, number=int(number) + 1)
        said = name if said is None else STEP.filled(one=said, two=name)
        shape = BELOW.get(key, "")
    return said
