"""Which questions does a quiz ask, how many points has each, and how long may the answer take?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from festival.core.sentence import N_
from festival.editions.rules.document import Node

MOST_QUESTIONS = 200
MOST_POINTS = 1000
MOST_SUM = 9999  # a result has four digits
LONGEST_S = 3600


@dataclass(frozen=True, slots=True)
class QuestionRule:
    """One question. `package`: the number of the package that it is answered in, all of it within `package_s`; 0: alone."""

    code: str
    points: int
    minus: int = 0
    name: str | None = None
    seconds: int | None = None
    package: int = 0
    package_s: int | None = None


# What contests of knowledge also do, and this house does not: by the key somebody would write.
NOT_HERE = {
    "bell": N_("chuông trả lời nhanh (ai bấm trước được trả lời) chưa có ở đây; ghi câu hỏi đó cho đội đã trả lời"),
    "stake": N_("đặt cược, ngôi sao hy vọng chưa có ở đây; ghi câu hỏi đó với số điểm cố định"),
    "pass_on": N_("nhường câu cho đội khác chưa có ở đây; mỗi đội có danh sách câu hỏi của mình"),
}


def read_questions(node: Node) -> tuple[QuestionRule, ...]:
    """In the order in which they are asked; a line with `count` stands for so many of them."""
    if node.value is None:
        return ()
    asked: list[QuestionRule] = []
    packages = 0
    for stated in node.items():
        each = _without_what_is_not_here(stated)
        if not each.shaped("question"):
            continue
        count = each.at("count").whole(1, MOST_QUESTIONS) if each.has("count") else 1
        if each.has("seconds_together"):
            packages += 1
        first = _question(each, packages)
        for _again in range(count):
            number = str(len(asked) + 1)
            asked.append(first if first.code else replace(first, code=number))
    _check(node, asked)
    return tuple(asked)


def _without_what_is_not_here(node: Node) -> Node:
    if not isinstance(node.value, Mapping):
        return node
    for key in NOT_HERE.keys() & node.value.keys():
        node.at(key).wrong(NOT_HERE[key])
    return node._replace(value={key: value for key, value in node.value.items() if key not in NOT_HERE})


def _question(node: Node, package: int) -> QuestionRule:
    together = node.has("seconds_together")
    rule = QuestionRule(
        code=node.at("code").code() if node.has("code") else "",
        points=node.at("points").whole(0, MOST_POINTS),
        minus=node.at("minus").whole(0, MOST_POINTS) if node.has("minus") else 0,
        name=node.at("name").maybe_text(),
        seconds=node.at("seconds").whole(1, LONGEST_S) if node.has("seconds") else None,
        package=package if together else 0,
        package_s=node.at("seconds_together").whole(1, LONGEST_S) if together else None,
    )
    if node.has("count"):
        for key in ("code", "name"):
            if node.has(key):
                node.at(key).wrong(N_("nhiều câu (count) thì đánh số theo thứ tự; khóa này chỉ dùng cho một câu"))
    if rule.seconds and together:
        node.at("seconds").wrong(N_("đã có thời gian cho cả gói (seconds_together); chỉ giữ một trong hai khóa"))
    return rule


def _check(node: Node, asked: Sequence[QuestionRule]) -> None:
    if not asked:
        node.wrong(N_("phải có ít nhất một câu hỏi"))
        return
    codes = [each.code for each in asked]
    for code in dict.fromkeys(code for at, code in enumerate(codes) if code in codes[:at]):
        node.wrong(N_("câu hỏi «%(code)s» có hai lần", code=code))
    most = sum(each.points for each in asked)
    if len(asked) > MOST_QUESTIONS:
        node.wrong(N_("nhiều nhất %(most)s câu hỏi", most=MOST_QUESTIONS))
    elif not most:
        node.wrong(N_("mọi câu đều 0 điểm nên không xếp hạng được; ít nhất một câu phải có điểm"))
    elif most > MOST_SUM:
        node.wrong(N_("các câu cộng lại là %(sum)s điểm; nhiều nhất %(most)s", sum=most, most=MOST_SUM))
