"""What is each key of a rule document called, and how is a value of it said? Pure.

A name for every key of `editions.rules.shapes.SHAPES`; a value that is a list or an object is said as a person would read it
out («Nhất: 1, Nhì: 2, Khuyến khích: tất cả còn lại»).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from festival.core.sentence import N_, Points, Sentence, Value
from festival.setup.special_words import special_said

NOT_SAID = N_("không ghi")
QUOTED = N_("«%(text)s»")
REST = N_("tất cả còn lại")
YES, NO = N_("có"), N_("không")

LABELS: Mapping[str, Mapping[str, Sentence]] = {
    "ruleset": {
        "schema": N_("Phiên bản tệp"),
        "about": N_("Ghi chú về tệp"),
        "invented": N_("Điều chưa ai công bố"),
        "sources": N_("Nguồn"),
        "festival": N_("Ngày hội"),
        "quotas": N_("Chỉ tiêu"),
        "delegations": N_("Đoàn"),
        "contests": N_("Phần thi"),
        "whole_delegation": N_("Xếp hạng toàn đoàn"),
        "special_prizes": N_("Giải phụ"),
    },
    "festival": {
        "code": N_("Mã"),
        "name": N_("Tên"),
        "short_name": N_("Tên ngắn"),
        "ordinal": N_("Lần thứ"),
        "theme": N_("Chủ đề"),
        "organiser": N_("Đơn vị tổ chức"),
        "host": N_("Đơn vị đăng cai"),
        "venue": N_("Địa điểm"),
        "starts_on": N_("Ngày khai mạc"),
        "ends_on": N_("Ngày kết thúc"),
        "registration_closes_on": N_("Hạn đăng ký"),
        "data_kept_until": N_("Ngày cuối giữ dữ liệu cá nhân"),
        "help_line": N_("Điện thoại hỗ trợ"),
        "commune_contest": N_("Hội thi cấp xã"),
        "petitions_after": N_("Nhận kiến nghị tính từ bước"),
        "petitions_minutes": N_("Số phút ban giám khảo nhận kiến nghị"),
    },
    "quotas": {
        "families_per_delegation": N_("Số gia đình mỗi đoàn"),
        "members_per_family": N_("Số thành viên mỗi gia đình"),
        "contests_per_family": N_("Số phần thi mỗi gia đình"),
    },
    "delegation": {"code": N_("Mã"), "name": N_("Tên"), "unit_code": N_("Mã đơn vị hành chính")},
    "contest": {
        "code": N_("Mã"),
        "name": N_("Tên"),
        "part": N_("Nhóm phần thi"),
        "kind": N_("Loại kết quả"),
        "secrecy": N_("Công khai"),
        "published": N_("Công bố đến đâu"),
        "shown_to_heads": N_("Trưởng đoàn xem của đoàn mình"),
        "entry": N_("Ai dự thi"),
        "entries_per_delegation": N_("Số tiết mục mỗi đoàn"),
        "performers": N_("Số người lên sân khấu"),
        "composition": N_("Thành phần của đội ghép"),
        "duration_min": N_("Số phút mỗi tiết mục"),
        "changeover_min": N_("Số phút chuyển tiết mục"),
        "together_min": N_("Số phút cùng làm"),
        "lanes": N_("Số đường thi một đợt"),
        "overtime": N_("Quá giờ"),
        "undertime": N_("Thiếu giờ"),
        "deductions": N_("Các khoản trừ điểm"),
        "judges": N_("Số giám khảo"),
        "criteria": N_("Tiêu chí"),
        "total": N_("Tổng điểm ghi để kiểm"),
        "scoring": N_("Cách tính điểm"),
        "corrections": N_("Giám khảo sửa phiếu"),
        "comments": N_("Lời nhận xét gửi gia đình"),
        "marked_by_both": N_("Tiết mục hai người cùng ghế đã chấm"),
        "better": N_("Thắng khi"),
        "attempts": N_("Số lượt"),
        "attempts_count": N_("Tính lượt nào"),
        "unit_label": N_("Đơn vị đếm"),
        "best_possible": N_("Nhiều nhất đạt được"),
        "points_per_answer": N_("Điểm mỗi câu đúng"),
        "questions": N_("Các câu hỏi"),
        "points_scale": N_("Thang quy đổi ra điểm"),
        "shared_from": N_("Đồng hạng từ hạng"),
        "bracket": N_("Bảng đấu"),
        "counters": N_("Số người đếm"),
        "counters_apart": N_("Hai người đếm lệch nhau nhiều nhất"),
        "counters_take": N_("Hai người đếm gần nhau thì lấy"),
        "paper": N_("Phiếu giấy gõ mấy lần"),
        "confirming": N_("Giám khảo xác nhận phiếu đã khóa"),
        "plates_of": N_("Chấm kín theo mâm của phần thi"),
        "dishes": N_("Số món"),
        "budget_vnd": N_("Mức tiền mua thực phẩm (đồng)"),
        "of": N_("Các phần thi được cộng"),
        "sum": N_("Cộng cái gì"),
        "ties": N_("Khi bằng điểm, xét lần lượt"),
        "place_points": N_("Điểm theo hạng"),
        "prizes": N_("Giải"),
        "after": N_("Vòng trước"),
    },
    "after": {
        "contest": N_("Lấy từ phần thi"),
        "take": N_("Số lượt thi vào vòng này"),
        "weight": N_("Mang sang bao nhiêu phần trăm điểm"),
    },
    "part": {"code": N_("Mã"), "name": N_("Tên")},
    "summed": {"contest": N_("Phần thi"), "weight": N_("Hệ số")},
    "overtime": {
        "grace_s": N_("Số giây cho quá"),
        "minus_per_started_minute": N_("Trừ mỗi phút quá giờ"),
        "limit": N_("Trừ nhiều nhất"),
    },
    "bracket": {
        "best_of": N_("Số hiệp nhiều nhất"),
        "points": N_("Điểm thắng hiệp"),
        "lead": N_("Cách biệt"),
        "cap": N_("Điểm cao nhất của hiệp"),
        "third": N_("Hạng ba"),
    },
    "question": {
        "points": N_("Điểm khi đúng"),
        "seconds": N_("Số giây"),
        "minus": N_("Trừ khi sai"),
        "code": N_("Mã"),
        "name": N_("Tên"),
        "count": N_("Số câu"),
        "seconds_together": N_("Số giây cho cả gói"),
    },
    "undertime": {
        "least_s": N_("Số giây ít nhất"),
        "minus_per_started_minute": N_("Trừ mỗi phút thiếu"),
        "limit": N_("Trừ nhiều nhất"),
    },
    "dishes": {"least": N_("Ít nhất"), "most": N_("Nhiều nhất")},
    "composed": {
        "what": N_("Đếm gì"),
        "least": N_("Ít nhất"),
        "most": N_("Nhiều nhất"),
        "from": N_("Từ tuổi"),
        "to": N_("Đến tuổi"),
        "on": N_("Tính tuổi vào ngày"),
        "otherwise": N_("Nếu khác"),
    },
    "criterion": {
        "code": N_("Mã"),
        "name": N_("Tên"),
        "min": N_("Điểm thấp nhất"),
        "max": N_("Điểm tối đa"),
        "step": N_("Bước điểm"),
        "weight": N_("Hệ số"),
        "part": N_("Nhóm tiêu chí"),
        "descriptors": N_("Lời bên điểm"),
    },
    "scoring": {
        "rule": N_("Cách tính"),
        "delta": N_("Mức lệch"),
        "delta_percent": N_("Mức lệch theo phần trăm thang điểm"),
        "strict": N_("Lệch đúng mức thì giữ"),
        "passes": N_("Số lần xét"),
        "smallest_panel": N_("Số phiếu ít nhất"),
        "below": N_("Khi thiếu phiếu"),
        "all_dropped": N_("Khi mọi phiếu đều lệch"),
        "drop_high": N_("Bỏ mấy điểm cao nhất"),
        "drop_low": N_("Bỏ mấy điểm thấp nhất"),
        "drop_by_panel": N_("Bỏ điểm theo số phiếu"),
        "round": N_("Làm tròn đến"),
        "rounding": N_("Cách làm tròn"),
    },
    "whole_delegation": {
        "sum": N_("Cộng"),
        "ties": N_("Khi bằng điểm, xét lần lượt"),
        "prizes": N_("Giải"),
        "medals": N_("Các giải được đếm"),
        "scaled_to": N_("Quy về thang"),
        "scaled_by": N_("Điểm cao nhất của thang"),
        "best": N_("Tính mấy kết quả tốt nhất của đoàn"),
        "best_of_contest": N_("Tính mấy kết quả tốt nhất mỗi phần thi"),
        "credit": N_("Nhiều lượt ở một phần thi"),
        "missing": N_("Khi không dự thi"),
        "withdrawn": N_("Khi bỏ cuộc"),
        "disqualified": N_("Khi bị loại"),
        "points_need_scan": N_("Chờ bản chụp văn bản của điểm cộng, trừ"),
    },
}

CHOICES: Mapping[str, Mapping[str, Sentence]] = {
    "kind": {
        "rubric": N_("Ban giám khảo chấm theo tiêu chí"),
        "count": N_("Đếm số lần đạt"),
        "time": N_("Tính thời gian"),
        "match": N_("Đấu loại trực tiếp"),
        "quiz": N_("Đếm câu trả lời đúng"),
        "sum": N_("Cộng kết quả các phần thi khác"),
    },
    "secrecy": {"kín": N_("Kín đến khi công bố"), "công bố ngay": N_("Công bố ngay")},
    "published": {
        "prizes": N_("giải"),
        "standings": N_("giải, hạng và điểm"),
        "marks": N_("giải, hạng và điểm từng giám khảo"),
    },
    "shown_to_heads": {
        "none": N_("như mọi người"),
        "sums": N_("điểm chung"),
        "marks": N_("điểm từng giám khảo"),
        "comments": N_("điểm từng giám khảo và lời nhận xét"),
    },
    "entry": {"family": N_("từng gia đình"), "team": N_("đội ghép của đoàn")},
    "what": {
        "members": N_("người"),
        "families": N_("gia đình"),
        "generations": N_("thế hệ"),
        "men": N_("nam"),
        "women": N_("nữ"),
        "ages": N_("người theo tuổi"),
    },
    "otherwise": {"refuse": N_("không nhận"), "warn": N_("nhận khi có lý do")},
    "corrections": {
        "until_lock": N_("đến khi khóa điểm"),
        "next_act": N_("đến khi tiết mục sau bắt đầu"),
        "secretary": N_("chỉ qua thư ký, có lý do"),
    },
    "paper": {"once": N_("một lần"), "twice": N_("hai lần, do hai người")},
    "confirming": {"required": N_("phải đủ rồi mới ký")},
    "marked_by_both": {"first": N_("tính phiếu của người trước"), "substitute": N_("tính phiếu của người thay")},
    "better": {"less": N_("nhanh hơn"), "more": N_("chậm hơn")},
    "counters_take": {"later": N_("số của người ghi sau"), "mean": N_("trung bình của hai số")},
    "rule": {
        "mean": N_("trung bình cộng"),
        "deviation_drop": N_("bỏ điểm lệch rồi lấy trung bình"),
        "trimmed_mean": N_("bỏ điểm cao và thấp nhất rồi lấy trung bình"),
        "median": N_("điểm đứng giữa"),
        "rank_sum": N_("tổng thứ hạng"),
    },
    "rounding": {"half_up": N_("làm tròn"), "truncate": N_("cắt bỏ phần lẻ")},
    "attempts_count": {"best": N_("lượt tốt nhất"), "sum": N_("tổng các lượt"), "mean": N_("trung bình các lượt")},
    "passes": {"one": N_("một lần"), "repeated": N_("đến khi không còn điểm lệch")},
    "below": {"keep_all": N_("không bỏ phiếu nào"), "not_valid": N_("chưa có kết quả hợp lệ")},
    "all_dropped": {"keep_all": N_("không bỏ phiếu nào"), "not_valid": N_("chưa có kết quả hợp lệ")},
    "third": {"played": N_("đấu tranh hạng ba"), "shared": N_("hai đội thua bán kết đồng hạng")},
    "sum": {"points": N_("điểm của các phần thi"), "place_points": N_("điểm theo hạng"), "medals": N_("số giải")},
    "scaled_by": {"possible": N_("cao nhất có thể"), "reached": N_("cao nhất đã đạt")},
    "credit": {"all": N_("tính mọi lượt"), "best": N_("tính lượt tốt nhất"), "mean": N_("tính trung bình")},
    **{key: {"last": N_("bằng điểm hạng cuối")} for key in ("missing", "withdrawn", "disqualified")},
    "by": {
        "criterion": N_("tiêu chí «%(name)s»"),
        "less_overtime": N_("ít quá giờ hơn"),
        "best_attempt": N_("lượt tốt tiếp theo"),
        "contest": N_("phần thi «%(name)s»"),
        "first_places": N_("nhiều hạng nhất hơn"),
        "medals": N_("nhiều giải hơn"),
        "members": N_("nhiều thành viên hơn"),
        "firsts": N_("nhiều giám khảo xếp thứ nhất hơn"),
        "chair": N_("điểm của trưởng ban"),
        "head_to_head": N_("được nhiều giám khảo xếp trên hơn"),
        "third_marking": N_("chấm lại"),
        "draw": N_("bốc thăm"),
        "jury": N_("ban giám khảo quyết định"),
    },
}

Names = Mapping[str, str]  # of criteria and contests by code, for the rungs that speak of one


def value_words(key: str, value: Any, names: Names) -> Value:
    """A value as it is said after the name of its key."""
    if value is None:
        return NOT_SAID
    if key in LISTS and isinstance(value, Sequence) and not isinstance(value, str):
        return _listed([LISTS[key](each, names) for each in value])
    if isinstance(value, Mapping) and {"min", "max"} >= value.keys():
        return N_("%(least)s–%(most)s", least=plain(value.get("min")), most=plain(value.get("max")))
    if isinstance(value, str) and value in CHOICES.get(key, {}):
        return CHOICES[key][value]
    if isinstance(value, str) and (key == "on" or key.endswith(("_on", "_until"))):
        return _day(value)
    return plain(value)


def plain(value: Any) -> Value:
    """A text in quotes, a number with the decimal sign of the reader, yes and no in words."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, (int, float, Decimal)):
        milli = Decimal(str(value)) * 1000
        return Points(int(milli)) if milli == milli.to_integral_value() else str(value)
    return QUOTED.filled(text=str(value))


def _day(iso: str) -> Value:
    parts = iso.split("-")
    return "/".join(part.lstrip("0") for part in reversed(parts)) if len(parts) == 3 else plain(iso)


def _listed(said: Sequence[Value]) -> Value:
    if not said:
        return NOT_SAID
    whole = said[0]
    for each in said[1:]:
        whole = N_("%(one)s, %(two)s", one=whole, two=each)
    return whole


def _tie(rung: Any, names: Names) -> Value:
    named = ", ".join(names.get(of, of) for key in ("criterion", "contest") if (of := rung.get(key)))
    words = CHOICES["by"].get(rung.get("by"))
    return words.filled(name=named) if words else plain(rung.get("by"))


def _summed(each: Any, names: Names) -> Value:
    name = names.get(str(each.get("contest")), str(each.get("contest")))
    if each.get("weight") is None:
        return QUOTED.filled(text=name)
    return N_("«%(name)s» hệ số %(weight)s", name=name, weight=plain(each["weight"]))


def _pair(first: str, second: str) -> Callable[[Any, Names], Value]:
    def said(each: Any, names: Names) -> Value:
        name, value = each.get(first), plain(each.get(second))
        return N_("%(name)s: %(value)s", name=name if isinstance(name, str) else plain(name), value=value)

    return said


BOUNDS = {"count": N_("%(n)s"), "from": N_("từ %(n)s điểm"), "share_percent": N_("chung với giải trên ≤ %(n)s %%")}


def _prize(each: Any, names: Names) -> Value:
    """Its number, the level of points, the share with those above; a prize of a level alone has no number."""
    stated = {key: REST if each[key] == "rest" else plain(each[key]) for key in BOUNDS if each.get(key) is not None}
    bounds = [BOUNDS[key].filled(n=value) for key, value in stated.items()]
    return N_("%(name)s: %(value)s", name=str(each.get("name")), value=_listed(bounds))


def _source(each: Any, names: Names) -> Value:
    return QUOTED.filled(text=" · ".join(str(each[key]) for key in ("what", "date", "url") if each.get(key)))


def _deduction(each: Any, names: Names) -> Value:
    name, code = str(each.get("name")), str(each.get("code"))
    return N_("%(name)s (%(code)s): %(points)s", name=name, code=code, points=plain(each.get("points")))


def _composed(each: Any, names: Names) -> Value:
    labels = LABELS["composed"]
    said = [
        N_("%(name)s %(value)s", name=labels[key], value=value_words(key, each[key], names))
        for key in labels
        if each.get(key) is not None
    ]
    return N_("(%(said)s)", said=_listed(said))


def _panel_step(each: Any, names: Names) -> Value:
    known = {key: plain(each.get(key, 0)) for key in ("from", "closest", "high", "low")}
    if each.get("closest") is not None:
        return N_("từ %(from)s phiếu giữ %(closest)s phiếu gần nhau nhất (%(high)s, %(low)s)", **known)
    del known["closest"]
    return N_("từ %(from)s phiếu bỏ %(high)s cao nhất, %(low)s thấp nhất", **known)


def _question(each: Any, names: Names) -> Value:
    known = {key: plain(each[key]) for key in ("points", "minus", "seconds", "seconds_together") if each.get(key)}
    said: Value = N_("%(points)s điểm", points=known.get("points", plain(0)))
    if each.get("count"):
        said = N_("%(count)s câu, mỗi câu %(points)s", count=plain(each["count"]), points=said)
    elif each.get("code") or each.get("name"):
        said = N_("câu %(name)s %(points)s", name=str(each.get("name") or each["code"]), points=said)
    if "minus" in known:
        said = N_("%(said)s, sai trừ %(points)s", said=said, points=known["minus"])
    if "seconds" in known:
        said = N_("%(said)s, %(seconds)s giây", said=said, seconds=known["seconds"])
    if "seconds_together" in known:
        said = N_("%(said)s, cả gói %(seconds)s giây", said=said, seconds=known["seconds_together"])
    return said


LISTS: Mapping[str, Callable[[Any, Names], Value]] = {
    "ties": _tie,
    "questions": _question,
    "of": _summed,
    "prizes": _prize,
    "points_scale": _pair("reach", "points"),
    "descriptors": _pair("from", "text"),
    "composition": _composed,
    "deductions": _deduction,
    "drop_by_panel": _panel_step,
    **{key: lambda each, names: plain(each) for key in ("place_points", "medals", "invented")},
    "sources": _source,
    "special_prizes": special_said,
}
