"""How does the published reconstruction of the 2024 edition become a rule set of our own schema?

The public sources of the edition name its title, dates, host and parts; points, minutes and prizes were never
published. `data/sources/kien-giang-2024-likely.json` keeps what is known, what is inferred and what was invented for
tests (`fixture_suggestion`) apart; this module turns that shape into a document for `ruleset.read`, and writes into
`invented` which of it nobody published. Names of the parts come from the third edition, one year before, by the same
organiser (data/sources names the page).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from festival.core.sentence import N_
from festival.editions.rules.document import BrokenRuleset, FileFault
from festival.editions.rules.shapes import SCHEMA

# code in the reconstruction -> name of the part, as the third edition published it
PART_NAMES = {
    "tai-nang": "Gia đình tài năng",
    "trang-phuc": "Biểu diễn trang phục về gia đình",
    "nau-an": "Thi nấu ăn «Khéo tay cuối tuần»",
    "the-thao": "Gia đình thể thao",
}
CRITERION_CODES = {
    "Nội dung, chủ đề": "noi-dung",
    "Diễn xuất, kỹ thuật": "dien-xuat",
    "Sự tham gia của các thành viên, các thế hệ": "tham-gia",
    "Trang phục, đạo cụ": "trang-phuc-dao-cu",
    "Sáng tạo": "sang-tao",
    "Trang phục phù hợp thuần phong mỹ tục": "thuan-phong",
    "Phong cách trình diễn": "phong-cach",
    "Ý tưởng, thuyết minh": "y-tuong",
    "Chất lượng, hương vị": "huong-vi",
    "Trình bày": "trinh-bay",
    "An toàn vệ sinh thực phẩm": "ve-sinh",
    "Thuyết trình": "thuyet-trinh",
    "Phối hợp nam nữ, các thành viên": "phoi-hop",
}
ITEM_CODES = {
    "Ném bóng vào rổ": "bong-ro",
    "Đá bóng vào cầu môn": "bong-da",
    "Cầu lông nam nữ phối hợp": "cau-long",
}
INVENTED = (
    "points and criteria",
    "minutes, changeover and overtime",
    "the step of marks and the rule that drops a deviating mark",
    "place points, prizes and special prizes",
    "one entry of each delegation in each contest",
    "third and later places of the knock-out may be shared",
)
# Changeover after an act, by part: the sources' own estimate is 3 minutes for a stage act of 15.
CHANGEOVER_MIN = {"tai-nang": 3, "trang-phuc": 2, "nau-an": 1, "the-thao": 2}


def is_reconstruction(document: object) -> bool:
    """Does the file have the raw shape (so that the import converts it first)?"""
    return isinstance(document, Mapping) and "fixture_suggestion" in document and "schema" not in document


def convert(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document in the schema of `ruleset`, numbers untouched.

    Raises BrokenRuleset when the raw shape lacks what the conversion needs.
    """
    try:
        return _convert(document["known"], document["fixture_suggestion"], document.get("inferred", {}), document)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        reason = N_("bản dựng lại thiếu hoặc sai ở «%(what)s»", what=str(error).strip("'"))
        raise BrokenRuleset([FileFault("$", reason)]) from error


def _convert(
    known: Mapping[str, Any], suggested: Mapping[str, Any], inferred: Mapping[str, Any], document: Mapping[str, Any]
) -> dict[str, Any]:
    judges, step = suggested["judges"], suggested["step"]
    prizes = _prizes(suggested["prizes"]["per_part"])
    contests: list[dict[str, Any]] = []
    for part in suggested["parts"]:
        contests += _sport(part, prizes) if "results" in part else [_judged(part, judges, step, prizes)]
    theme = inferred.get("theme", {}).get("value")
    festival = {
        "code": "kien-giang-2024",
        "name": known["title"],
        "short_name": "Ngày hội Gia đình tiêu biểu Kiên Giang 2024",
        "ordinal": "IV",
        "organiser": known["organiser"],
        "host": known["host"],
        "starts_on": known["dates"][0],
        "ends_on": known["dates"][1],
    } | ({"theme": theme} if theme else {})
    low, high = inferred["families_each"]["value"]
    smallest, largest = inferred["family_members"]["value"]
    return {
        "schema": SCHEMA,
        "about": "Reconstruction of the fourth edition: title, dates and host are published; see `invented`.",
        "invented": list(INVENTED),
        "sources": [dict(source) for source in document["sources"]],
        "festival": festival,
        "quotas": {
            "families_per_delegation": {"min": low, "max": high},
            "members_per_family": {"min": smallest, "max": largest},
        },
        "contests": contests,
        "whole_delegation": {
            "sum": "place_points",
            "ties": [{"by": "contest", "contest": "tai-nang"}, {"by": "members"}, {"by": "jury"}],
            "prizes": _prizes(suggested["prizes"]["whole_delegation"]),
        },
        "special_prizes": [
            {"name": name} | ({"contest": "trang-phuc"} if name == "Trang phục ấn tượng" else {})
            for name in suggested["prizes"]["special"]
        ],
    }


def _prizes(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in counts.items()]


def _place_points() -> list[int]:
    """15 delegations: 15 points for the first place down to 1 (ours; how the edition added up is not published)."""
    return list(range(15, 0, -1))


def _judged(part: Mapping[str, Any], judges: int, step: Any, prizes: Sequence[Any]) -> dict[str, Any]:
    code = part["code"]
    criteria = [
        {"code": CRITERION_CODES[name], "name": name, "max": most, "step": step} for name, most in part["criteria"]
    ]
    total = sum(criterion["max"] for criterion in criteria)
    # The reconstruction says: a score further than 15 % of the scale from the mean is dropped.
    delta = Decimal(total) * 15 / 100
    cooking = "presentation_minutes" in part
    return {
        "code": code,
        "name": PART_NAMES[code],
        "kind": "rubric",
        "secrecy": "kín",
        "entry": "family",
        "entries_per_delegation": {"min": 0, "max": 1},
        "duration_min": part["presentation_minutes"] if cooking else part["minutes"],
        "changeover_min": CHANGEOVER_MIN[code],
        **({"together_min": part["minutes"]} if cooking else {}),
        **({"overtime": dict(part["overtime"])} if "overtime" in part else {}),
        "judges": judges,
        "criteria": criteria,
        "total": total,
        "scoring": {
            "rule": "deviation_drop",
            "delta": int(delta) if delta == delta.to_integral_value() else delta,
            "strict": True,
            "passes": "one",
            "smallest_panel": 3,
        },
        "ties": [{"by": "criterion", "criterion": criteria[0]["code"]}, {"by": "members"}, {"by": "jury"}],
        "place_points": _place_points(),
        "prizes": list(prizes),
    }


def _sport(part: Mapping[str, Any], prizes: Sequence[Any]) -> list[dict[str, Any]]:
    contests = []
    for item in part["results"]:
        kind = "match" if "match" in item["type"] else item["type"]
        contests.append(
            {
                "code": ITEM_CODES[item["name"]],
                "name": item["name"],
                "part": {"code": part["code"], "name": PART_NAMES[part["code"]]},
                "kind": kind,
                "secrecy": "công bố ngay",
                "entry": "team" if kind == "match" else "family",
                "entries_per_delegation": {"min": 0, "max": 1},
                "duration_min": 15 if kind == "match" else 3,
                "changeover_min": CHANGEOVER_MIN[part["code"]],
                **({"unit_label": "quả"} if kind == "count" else {}),
                **({"shared_from": 3} if kind == "match" else {}),
                **({"best_possible": item["kicks"]} if "kicks" in item else {}),
                "ties": [{"by": "jury"}],
                "place_points": _place_points(),
                "prizes": list(prizes),
            }
        )
    return contests
