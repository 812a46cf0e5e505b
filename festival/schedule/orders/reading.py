"""What does a file of one running order say (`festival-order 1`), and where is it wrong?

Strict: a key that is not known is refused, so is one that is missing; every fault has its path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from festival.core.sentence import N_
from festival.editions.rules.document import BrokenRuleset, FileFault, Node
from festival.schedule.orders.wanted import FORMAT, OrderObjective, OrderPerson, WantedOrder, contradiction

MOST_ACTS, MOST_PEOPLE, MOST_MINUTES, MOST_COST = 200, 5_000, 1_440, 1_000_000
SHAPES: Mapping[str, Mapping[str, bool]] = {
    "file": {"format": True, "acts": True, "people": True, "objective": True, "fixed": False, "before": False},
    "act": {"code": True, "minutes": True},
    "person": {"code": True, "cost": False, "acts": True},
    "fixed": {"first": False, "last": False},
}


def read_order(document: object) -> WantedOrder:
    """The order that is wanted, or BrokenRuleset with every fault."""
    problems: list[FileFault] = []
    root = Node(document, "$", problems)
    if root.shaped("file", SHAPES):
        if root.at("format").value != FORMAT:
            root.at("format").wrong(
                N_("phải là «%(schema)s», không phải «%(stated)s»", schema=FORMAT, stated=str(root.at("format").value))
            )
        found = _read(root)
        if not problems and (wishes := contradiction(found)):
            listed = wishes[0]
            for wish in wishes[1:]:
                listed = N_("%(first)s; %(rest)s", first=listed, rest=wish)
            root.wrong(N_("các điều sau không thể cùng giữ, hãy bỏ bớt một điều: %(wishes)s", wishes=listed))
        if not problems:
            return found
    raise BrokenRuleset(problems)


def _read(root: Node) -> WantedOrder:
    objective = root.at("objective").one_of(OrderObjective)
    acts = [node for node in _listed(root.at("acts"), MOST_ACTS) if node.shaped("act", SHAPES)]
    if root.at("acts").value == []:
        root.at("acts").wrong(N_("chưa có tiết mục nào; hãy ghi ít nhất một tiết mục"))
    codes = _codes(acts)
    people = [node for node in _listed(root.at("people"), MOST_PEOPLE) if node.shaped("person", SHAPES)]
    _codes(people)
    fixed = root.at("fixed") if root.has("fixed") and root.at("fixed").shaped("fixed", SHAPES) else None
    return WantedOrder(
        codes=tuple(codes),
        minutes=tuple(node.at("minutes").whole(0, MOST_MINUTES) for node in acts),
        people=tuple(_person(node, codes, objective) for node in people),
        objective=objective,
        first=_act(fixed.at("first"), codes) if fixed and fixed.has("first") else None,
        last=_act(fixed.at("last"), codes) if fixed and fixed.has("last") else None,
        before=tuple(pair for node in root.at("before").items() if (pair := _pair(node, codes))),
    )


def _listed(node: Node, most: int) -> list[Node]:
    found = node.items()
    if len(found) > most:
        node.wrong(N_("nhiều nhất %(most)s mục, tệp có %(count)s", most=most, count=len(found)))
        return []
    return found


def _codes(nodes: Sequence[Node]) -> list[str]:
    codes: list[str] = []
    for node in nodes:
        code = node.at("code").text()
        if code and code in codes:
            node.at("code").wrong(N_("mã «%(code)s» có hai lần", code=code))
        codes.append(code)
    return codes


def _act(node: Node, codes: Sequence[str]) -> int:
    code = node.text()
    if code and code not in codes:
        node.wrong(N_("không có tiết mục «%(code)s» trong «acts»", code=code))
    return codes.index(code) if code in codes else 0


def _person(node: Node, codes: Sequence[str], objective: OrderObjective) -> OrderPerson:
    if objective is OrderObjective.PRESENCE and not node.has("cost"):
        node.at("cost").wrong(N_("thiếu khóa bắt buộc"))
    cost, acts = node.at("cost").whole(0, MOST_COST) if node.has("cost") else 1, 0
    for each in node.at("acts").items():
        bit = 1 << _act(each, codes)
        if acts & bit and each.value in codes:
            each.wrong(N_("tiết mục «%(code)s» ghi hai lần cho một người", code=str(each.value)))
        acts |= bit
    return OrderPerson(cost, acts)


def _pair(node: Node, codes: Sequence[str]) -> tuple[int, int] | None:
    both = node.items() if isinstance(node.value, list) else []
    if len(both) != 2:
        node.wrong(N_("phải là một cặp [tiết mục trước, tiết mục sau]"))
        return None
    one, other = (_act(each, codes) for each in both)
    return one, other
