"""How are the choices of the settings pages called?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from festival.core.web.i18n import say
from festival.setup.difference_words import value_words
from festival.setup.later.forms import written
from festival.setup.pieces import Document
from festival.setup.special_words import SPECIAL_BY, by_said, special_said

SUMS: Mapping[str, LazyString] = {
    "": _l("Không xếp hạng toàn đoàn"),
    "place_points": _l("Cộng điểm theo hạng ở từng phần thi"),
    "points": _l("Cộng điểm đạt được ở từng phần thi"),
    "medals": _l("Theo số giải: giải cao nhất trước, bằng nhau thì giải tiếp theo"),
}
SCALED_BY: Mapping[str, LazyString] = {
    "possible": _l("Điểm cao nhất thể lệ cho phép"),
    "reached": _l("Điểm cao nhất có người đạt"),
}
CREDIT: Mapping[str, LazyString] = {
    "all": _l("Mọi lượt của đoàn"),
    "best": _l("Lượt tốt nhất của đoàn"),
    "mean": _l("Trung bình các lượt của đoàn"),
}
STEPS: Mapping[str, LazyString] = {
    "first_places": _l("Nhiều hạng nhất hơn"),
    "medals": _l("Nhiều giải hơn, xét từ giải cao nhất"),
    "members": _l("Nhiều thành viên lên sân khấu hơn"),
    "draw": _l("Bốc thăm trước mặt mọi người"),
}


FIELDS: Mapping[str, LazyString] = {
    "sum": _l("Cách tính"),
    "whole_delegation": _l("Xếp hạng toàn đoàn"),
    "ties": _l("Khi bằng nhau, xét lần lượt"),
    "medals": _l("Các giải được đếm"),
    "scaled_to": _l("Quy điểm mỗi phần thi về thang"),
    "scaled_by": _l("Điểm nào thành điểm cao nhất của thang"),
    "best": _l("Chỉ tính mấy kết quả tốt nhất của đoàn"),
    "best_of_contest": _l("Chỉ tính mấy kết quả tốt nhất ở mỗi phần thi"),
    "credit": _l("Đoàn có nhiều lượt ở một phần thi"),
    "missing": _l("Không dự thi"),
    "withdrawn": _l("Bỏ cuộc"),
    "disqualified": _l("Bị loại"),
    "points_need_scan": _l("Điểm cộng, trừ phải có bản chụp văn bản"),
    "prizes": _l("Giải toàn đoàn"),
    "special_prizes": _l("Giải phụ"),
    "about": _l("Ghi chú"),
    "invented": _l("Điều chưa ai công bố"),
    "sources": _l("Nguồn"),
    "name": _l("Tên ngày hội, như trên giấy tờ"),
    "starts_on": _l("Ngày khai mạc"),
    "code": _l("Mã, dùng trong địa chỉ"),
    "short_name": _l("Tên gọn, dùng ở đầu trang"),
    "ordinal": _l("Lần thứ"),
}


COUNTING = (
    "medals",
    "scaled_to",
    "scaled_by",
    "best",
    "best_of_contest",
    "credit",
    "missing",
    "withdrawn",
    "disqualified",
    "points_need_scan",
)


def called(field: str) -> object:
    """The name of a field in a message: `prize-1-count` is the number of the second prize."""
    of, _dash, rest = field.partition("-")
    at, _dash, key = rest.partition("-")
    if not at.isdigit():
        return FIELDS.get(field, field)
    number = int(at) + 1
    if of == "source":
        return _("Nguồn thứ %(n)s", n=number)
    if of == "special":
        return _("Giải phụ thứ %(n)s", n=number)
    named = {
        "count": _("Số giải của giải thứ %(n)s", n=number),
        "from": _("Mức điểm của giải thứ %(n)s", n=number),
        "share_percent": _("Tỷ lệ của giải thứ %(n)s", n=number),
    }
    return named.get(key) or _("Giải thứ %(n)s", n=number)


def step_choices(document: Document) -> list[tuple[str, str]]:
    """The rungs a ladder of delegations may have."""
    contests = [
        (f"contest:{each['code']}", _("Hơn ở phần thi %(name)s", name=each["name"])) for each in document["contests"]
    ]
    return [*((key, str(words)) for key, words in STEPS.items()), *contests]


def prizes_said(document: Document) -> list[tuple[str, str]]:
    """What stands now, to be read beside what somebody typed."""
    whole = document.get("whole_delegation") or {}
    choices = dict(step_choices(document))
    steps = [
        choices.get(f"contest:{each['contest']}" if each["by"] == "contest" else each["by"], "")
        for each in whole.get("ties", [])
        if each["by"] != "jury"
    ]
    names = {each["code"]: each["name"] for each in document["contests"]}
    special = [
        say(special_said(each, names | criteria_names(document, each.get("contest"))))
        for each in document.get("special_prizes") or []
    ]
    return [
        (_("Xếp hạng toàn đoàn"), str(SUMS.get(whole.get("sum", ""), ""))),
        *_counting_said(whole),
        (_("Khi bằng nhau"), _list(steps)),
        (_("Giải toàn đoàn"), str(say(value_words("prizes", whole.get("prizes", []), names)))),
        (_("Giải phụ"), _list(special)),
    ]


def criteria_names(document: Document, contest: str | None) -> dict[str, str]:
    """The criteria of a contest by code."""
    own = [each for each in document["contests"] if each["code"] == contest]
    return {each["code"]: each["name"] for held in own for each in held.get("criteria") or []}


def by_choices(document: Document, contest: str | None) -> list[tuple[str, str]]:
    """How it can be found who a special prize is proposed for; of a contest that is judged also by each criterion."""
    criteria = criteria_names(document, contest)
    return [
        *((key, say(words)) for key, words in SPECIAL_BY.items()),
        *((f"criterion:{code}", say(by_said("criterion", name))) for code, name in criteria.items()),
    ]


def _counting_said(whole: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Only what is stated of which results count."""
    choices = {"scaled_by": SCALED_BY, "credit": CREDIT}
    said = []
    for key in COUNTING:
        value = whole.get(key)
        if value is None or value == []:
            continue
        if isinstance(value, bool):
            words = _("có") if value else _("không")
        elif isinstance(value, list):
            words = ", ".join(value)
        elif key in choices:
            words = str(choices[key].get(value, value))
        else:
            words = _("điểm của hạng cuối") if value == "last" else written(value)
        said.append((str(FIELDS[key]), words))
    return said


def about_said(document: Document) -> list[tuple[str, str]]:
    """The same for the notes."""
    sources = [" · ".join(str(value) for value in each.values()) for each in document.get("sources") or []]
    return [
        (_("Ghi chú"), document.get("about") or _("(trống)")),
        (_("Điều chưa ai công bố"), _list(document.get("invented") or [])),
        (_("Nguồn"), _list(sources)),
    ]


def _list(said: Sequence[str]) -> str:
    return "; ".join(said) or _("(trống)")
