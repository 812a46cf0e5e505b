"""Do the rounds of a file fit together: the round before is there, is alone, and has points where they are carried?"""

from __future__ import annotations

from collections.abc import Sequence

from festival.core.sentence import N_
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import Node
from festival.editions.rules.kinds import ResultKindRule
from festival.editions.rules.scoring import ScoringKind

NOT_BEFORE = N_("vòng trước phải là phần thi khác, đứng trước phần thi này trong tệp: không có «%(code)s» ở trên")
OF_MATCHES = N_("phần thi đấu loại tự lấy đội vào vòng sau theo bảng đấu, nên không làm vòng trước được")
OF_SUMS = N_("phần thi cộng chỉ có tổng, không có tiết mục để vào vòng sau; hãy lấy từ một phần thi thành phần")
BLIND_FINAL = N_(
    "phần thi lấy lượt thi từ một nơi: hoặc từ vòng trước (after), hoặc theo mâm (plates_of); hãy bỏ một khóa"
)
OTHER_ENTRANTS = N_("vòng trước và vòng sau phải cùng loại người dự thi (gia đình hoặc đội)")
ONE_FINAL = N_("«%(code)s» đã là vòng trước của «%(name)s»; mỗi vòng trước chỉ có một vòng sau")
ONLY_POINTS = N_(
    "chỉ mang điểm sang khi cả hai vòng đều do ban giám khảo chấm điểm (không phải tổng thứ hạng); hãy bỏ weight"
)
NO_QUOTA = N_("phần thi lấy lượt thi từ phần thi khác nên không nhận đăng ký và không dùng khóa này")


def check_rounds(root: Node, contests: Sequence[ContestRule]) -> None:
    """Note what only the whole file shows."""
    taken: dict[str, str] = {}
    for at, contest in enumerate(contests):
        node = root._replace(path=f"$.contests[{at}]")
        if contest.after is None:
            continue
        if contest.entries_per_delegation is not None:
            node._replace(path=f"{node.path}.entries_per_delegation").wrong(NO_QUOTA)
        here = node._replace(path=f"{node.path}.after.contest")
        before = next((each for each in contests[:at] if each.code == contest.after.contest), None)
        if before is None:
            here.wrong(NOT_BEFORE.filled(code=contest.after.contest))
            continue
        if before.kind is ResultKindRule.MATCH:
            here.wrong(OF_MATCHES)
        if before.kind is ResultKindRule.SUM:
            here.wrong(OF_SUMS)
        if contest.plates_of is not None:
            here.wrong(BLIND_FINAL)
        if before.entry is not contest.entry:
            here.wrong(OTHER_ENTRANTS)
        if before.code in taken:
            here.wrong(ONE_FINAL.filled(code=before.code, name=taken[before.code]))
        taken[before.code] = contest.name
        if contest.after.weight_milli and not (_in_points(before) and _in_points(contest)):
            node._replace(path=f"{node.path}.after.weight").wrong(ONLY_POINTS)


def _in_points(contest: ContestRule) -> bool:
    return contest.scoring is not None and contest.scoring.kind is not ScoringKind.RANK_SUM
