"""May a contest be judged blind, by the plates of another: whose plates are they?"""

from __future__ import annotations

from collections.abc import Sequence

from festival.core.sentence import N_
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import Node
from festival.editions.rules.kinds import ResultKindRule

NO_BASE = N_("phải là mã của một phần thi chấm theo tiêu chí đứng trước phần thi này")
BLIND_BASE = N_("phần thi «%(code)s» cũng lấy lượt thi từ phần thi khác; hãy ghi phần thi gốc")
NO_QUOTA = N_("lượt thi lấy từ phần thi «%(code)s» nên khóa này không dùng; hãy bỏ khóa này")


def check_plates(root: Node, contests: Sequence[ContestRule]) -> None:
    """`plates_of` names a rubric contest before it, in which families register; nobody registers for the blind one."""
    for at, contest in enumerate(contests):
        if contest.plates_of is None:
            continue
        node = root._replace(path=f"$.contests[{at}].plates_of")
        base = next((each for each in contests[:at] if each.code == contest.plates_of), None)
        if base is None or base.kind is not ResultKindRule.RUBRIC:
            node.wrong(NO_BASE)
        elif base.entries_from is not None:
            node.wrong(BLIND_BASE.filled(code=base.code))
        if contest.entries_per_delegation is not None:
            root._replace(path=f"$.contests[{at}].entries_per_delegation").wrong(
                NO_QUOTA.filled(code=contest.plates_of)
            )
