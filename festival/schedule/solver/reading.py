"""What does a file of a whole festival say (`festival-timetable 1`), and where is it wrong?

Strict: a key that is not known is refused, so is one that is missing; every fault has its path. What is locked must be possible
by itself, and says so here: nothing that is solved afterwards could mend it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from festival.core.sentence import N_
from festival.editions.rules.document import BrokenRuleset, FileFault, Node
from festival.schedule.solver.checker import broken_rules
from festival.schedule.solver.shapes import (
    DAY,
    FORMAT,
    ActToTime,
    AwaySpan,
    ContestToTime,
    OpenWindow,
    PlaceOfAct,
    SittingPanel,
    StageToFill,
    WholeFestival,
    moment,
)

MOST_ACTS, MOST_OTHERS, MOST_MINUTES = 5_000, 20_000, 100_000
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
AWAY_KINDS = ("family", "person", "panel")
SHAPES: Mapping[str, Mapping[str, bool]] = {
    "file": {
        "format": True, "acts": True, "contests": True, "stages": True, "panels": True, "windows": True, "away": False,
        "family_gap_min": True, "longest_wait_min": False, "day_cost_min": True, "locked": False,
    },
    "act": {"code": True, "contest": True, "minutes": True, "families": True, "people": False, "number": False},
    "contest": {"code": True, "changeover_min": True, "order_binds": True},
    "stage": {"code": True, "takes": True},
    "panel": {"code": True, "contests": True},
    "window": {"stage": True, "from": True, "to": True, "contests": False},
    "away": {"family": False, "person": False, "panel": False, "from": True, "to": True},
    "locked": {"act": True, "stage": True, "at": True},
}  # fmt: skip

T = TypeVar("T")


def read_festival(document: object) -> WholeFestival:
    """The festival, or BrokenRuleset with every fault."""
    problems: list[FileFault] = []
    root = Node(document, "$", problems)
    if root.shaped("file", SHAPES):
        if root.at("format").value != FORMAT:
            root.at("format").wrong(
                N_("phải là «%(schema)s», không phải «%(stated)s»", schema=FORMAT, stated=str(root.at("format").value))
            )
        found = _read(root)
        if not problems:
            _possible(root, found)
        if not problems:
            return found
    raise BrokenRuleset(problems)


def _read(root: Node) -> WholeFestival:
    contests = _many(root, "contests", "contest", _contest)
    known = {each.code for each in contests}
    stages = _many(
        root, "stages", "stage", lambda node: StageToFill(node.at("code").text(), _known(node.at("takes"), known))
    )
    acts = _many(root, "acts", "act", _act, MOST_ACTS)
    panels = _many(
        root, "panels", "panel", lambda node: SittingPanel(node.at("code").text(), _known(node.at("contests"), known))
    )
    for key, codes in (
        ("acts", [each.code for each in acts]),
        ("contests", [each.code for each in contests]),
        ("stages", [each.code for each in stages]),
        ("panels", [each.code for each in panels]),
    ):
        _once(root.at(key), codes)
    for at, act in enumerate(acts):
        if act.contest not in known:
            _inside(root, f"acts[{at}].contest").wrong(N_("không có phần thi «%(code)s»", code=act.contest))
    who = {
        "family": {each for act in acts for each in act.families},
        "person": {each for act in acts for each in act.people},
        "panel": {each.code for each in panels},
    }
    return WholeFestival(
        acts=acts,
        contests=contests,
        stages=stages,
        panels=panels,
        windows=_many(root, "windows", "window", lambda node: _window(node, known, {each.code for each in stages})),
        away=_many(root, "away", "away", lambda node: _away(node, who)),
        family_gap_min=root.at("family_gap_min").whole(0, DAY),
        longest_wait_min=root.at("longest_wait_min").whole(0, DAY) if root.has("longest_wait_min") else None,
        day_cost_min=root.at("day_cost_min").whole(0, MOST_MINUTES),
        locked=_many(root, "locked", "locked", _place),
    )


def _possible(root: Node, found: WholeFestival) -> None:
    """Faults that need the whole file: each part is right, together they are not."""
    if not found.acts:
        root.at("acts").wrong(N_("chưa có tiết mục nào; hãy ghi ít nhất một tiết mục"))
    for at, stage in enumerate(found.stages):
        if not any(each.stage == stage.code for each in found.windows):
            _inside(root, f"stages[{at}]").wrong(
                N_("sân khấu «%(code)s» chưa có giờ nào; hãy ghi giờ ở «windows» hoặc bỏ sân khấu này", code=stage.code)
            )
    _windows_apart(root, found)
    longest = {
        each.code: max((w.ends - w.begins for w in found.windows if found.takes(w, each.code)), default=None)
        for each in found.contests
    }
    contested = {each.contest for each in found.acts}
    for at, contest in enumerate(found.contests):
        if contest.code in contested and longest[contest.code] is None:
            _inside(root, f"contests[{at}]").wrong(
                N_("không sân khấu nào, vào giờ nào, nhận phần thi «%(code)s»", code=contest.code)
            )
    for at, act in enumerate(found.acts):
        room = longest[act.contest]
        if room is not None and act.minutes > room:
            _inside(root, f"acts[{at}].minutes").wrong(
                N_(
                    "«%(act)s» dài %(minutes)s phút, dài hơn mọi khung giờ có thể nhận (dài nhất %(longest)s phút)",
                    act=act.code,
                    minutes=act.minutes,
                    longest=room,
                )
            )
    _numbers(root, found)
    _locks(root, found)


def _windows_apart(root: Node, found: WholeFestival) -> None:
    order = sorted(range(len(found.windows)), key=lambda at: (found.windows[at].stage, found.windows[at].begins))
    for first, second in pairwise(order):
        before, after = found.windows[first], found.windows[second]
        if before.stage == after.stage and after.begins < before.ends:
            _inside(root, f"windows[{second}]").wrong(
                N_("khung giờ chồng lên windows[%(at)s] của cùng sân khấu «%(stage)s»", at=first, stage=after.stage)
            )


def _numbers(root: Node, found: WholeFestival) -> None:
    binding = {each.code for each in found.contests if each.order_binds}
    seen: dict[tuple[str, int], str] = {}
    for at, act in enumerate(found.acts):
        if act.number is not None and act.contest in binding:
            other = seen.setdefault((act.contest, act.number), act.code)
            if other != act.code:
                _inside(root, f"acts[{at}].number").wrong(
                    N_("số %(number)s đã là của «%(other)s» trong cùng phần thi", number=act.number, other=other)
                )


def _locks(root: Node, found: WholeFestival) -> None:
    acts, stages = {each.code for each in found.acts}, {each.code for each in found.stages}
    where = {each.act: at for at, each in reversed(list(enumerate(found.locked)))}
    for at, each in enumerate(found.locked):
        if each.act not in acts:
            _inside(root, f"locked[{at}].act").wrong(N_("không có tiết mục «%(code)s»", code=each.act))
        elif each.stage not in stages:
            _inside(root, f"locked[{at}].stage").wrong(N_("không có sân khấu «%(code)s»", code=each.stage))
        elif where[each.act] != at:
            _inside(root, f"locked[{at}].act").wrong(
                N_("«%(act)s» đã có giờ cố định ở locked[%(at)s]", act=each.act, at=where[each.act])
            )
    if root.problems:
        return
    for fault in broken_rules(found, found.locked, whole=False):
        _inside(root, f"locked[{max(where[act] for act in fault.acts)}]").wrong(fault.reason)


# ------------------------------------------------------------------------------------------------ one thing each


def _act(node: Node) -> ActToTime:
    return ActToTime(
        code=node.at("code").text(),
        contest=node.at("contest").text(),
        minutes=node.at("minutes").whole(1, DAY),
        families=_names(node.at("families")),
        people=_names(node.at("people")),
        number=node.at("number").whole(1, MOST_OTHERS) if node.has("number") else None,
    )


def _contest(node: Node) -> ContestToTime:
    return ContestToTime(
        node.at("code").text(), node.at("changeover_min").whole(0, DAY), node.at("order_binds").truth(default=False)
    )


def _window(node: Node, contests: Iterable[str], stages: set[str]) -> OpenWindow:
    stage = node.at("stage").text()
    if stage and stage not in stages:
        node.at("stage").wrong(N_("không có sân khấu «%(code)s»", code=stage))
    begins, ends = _span(node)
    if ends - begins > DAY:
        node.wrong(N_("một khung giờ không dài quá 24 giờ; hãy chia theo ngày"))
    only = _known(node.at("contests"), contests) if node.has("contests") else None
    return OpenWindow(stage, begins, ends, only)


def _away(node: Node, known: Mapping[str, set[str]]) -> AwaySpan:
    kinds = [kind for kind in AWAY_KINDS if node.has(kind)]
    begins, ends = _span(node)
    if len(kinds) != 1:
        node.wrong(N_("phải có đúng một trong: %(keys)s", keys=", ".join(AWAY_KINDS)))
        return AwaySpan("", "", begins, ends)
    kind, code = kinds[0], node.at(kinds[0]).text()
    if code and code not in known[kind]:
        node.at(kind).wrong(N_("«%(code)s» không có ở đâu khác trong tệp", code=code))
    return AwaySpan(kind, code, begins, ends)


def _place(node: Node) -> PlaceOfAct:
    return PlaceOfAct(node.at("act").text(), node.at("stage").text(), _moment(node.at("at")))


# ------------------------------------------------------------------------------------------------ its pieces


def _many(root: Node, key: str, shape: str, read: Callable[[Node], T], most: int = MOST_OTHERS) -> tuple[T, ...]:
    nodes = root.at(key).items()
    if len(nodes) > most:
        root.at(key).wrong(N_("nhiều nhất %(most)s mục", most=most))
        return ()
    return tuple(read(node) for node in nodes if node.shaped(shape, SHAPES))


def _inside(node: Node, path: str) -> Node:
    return Node(None, f"{node.path}.{path}", node.problems)


def _names(node: Node) -> tuple[str, ...]:
    found = [each.text() for each in node.items()]
    _once(node, found)
    return tuple(found)


def _once(node: Node, codes: Iterable[str]) -> None:
    for code, times in Counter(codes).items():
        if code and times > 1:
            node.wrong(N_("mã «%(code)s» có hai lần", code=code))


def _known(node: Node, contests: Iterable[str]) -> frozenset[str]:
    found = frozenset(_names(node))
    for each in sorted(found.difference(contests, {""})):
        node.wrong(N_("không có phần thi «%(code)s»", code=each))
    return found


def _span(node: Node) -> tuple[int, int]:
    begins, ends = _moment(node.at("from")), _moment(node.at("to"))
    if begins and ends and ends <= begins:
        node.at("to").wrong(N_("giờ kết thúc phải sau giờ bắt đầu"))
    return begins, ends


def _moment(node: Node) -> int:
    text = node.text()
    try:
        if MOMENT.fullmatch(text):
            return moment(datetime.fromisoformat(text))
    except ValueError:
        pass
    if text:
        node.wrong(N_("giờ phải viết dạng 2024-06-14T07:30"))
    return 0
