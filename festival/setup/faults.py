"""Which field of a page does a fault of the rule document belong to? Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from festival.core.sentence import Sentence
from festival.editions.rules.document import FileFault


def by_field(problems: Sequence[FileFault], prefix: str) -> tuple[Mapping[str, list[Sentence]], list[FileFault]]:
    """The reasons by the path below `prefix` (`criteria[1].step` of `$.contests[3]`), and the faults elsewhere.

    A fault of the prefix itself stands under "".
    """
    own: dict[str, list[Sentence]] = defaultdict(list)
    elsewhere = []
    for fault in problems:
        if fault.path == prefix:
            own[""].append(fault.reason)
        elif fault.path.startswith((f"{prefix}.", f"{prefix}[")):
            own[fault.path.removeprefix(prefix).lstrip(".")].append(fault.reason)
        else:
            elsewhere.append(fault)
    return dict(own), elsewhere
