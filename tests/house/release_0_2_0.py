"""What a database of release 0.2.0 held (data/release-0.2.0.json.gz), and what people and devices hold outside of it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

from tests.house import as_stored

LAST_REVISION = "0002"
KEPT = Path(__file__).parent / "data" / "release-0.2.0.json.gz"


@cache
def kept() -> dict[str, Any]:
    """The file: `tables`, what is `held` outside of them, what release 0.2.0 `told` of them."""
    whole: dict[str, Any] = json.loads(gzip.decompress(KEPT.read_bytes()))
    return whole


@cache
def rows_as_they_were() -> dict[str, list[as_stored.Row]]:
    """Every row of release 0.2.0, table by table."""
    return {
        name: as_stored.in_order(dict(zip(table["columns"], row, strict=True)) for row in table["rows"])
        for name, table in kept()["tables"].items()
        if name not in as_stored.NOT_OURS
    }


@dataclass(frozen=True)
class BroughtUp:
    """The database after the upgrade: the application on it, and all it held before anybody did anything."""

    app: Flask
    rows: dict[str, list[as_stored.Row]]


# The values are kept as that release worded them, here by somebody who read English.
OLD_REASONS = {
    "Loại phiếu B: lệch quá 15 điểm so với trung bình 80,45.": "Sheets B dropped: more than 15 points from the mean 80,45.",
    "Chỉ có 2 giám khảo chấm, dưới mức 3: không loại điểm nào.": "Only 2 judges marked, fewer than 3: no mark is dropped.",
    "Trừ 2 điểm do quá giờ.": "2 points deducted for overtime.",
    "Bằng điểm, xét «number of members taking part»: 4.": "Tie; decided by “number of members taking part”: 4.",
    "Bằng điểm, ban giám khảo quyết định: tròn vai hơn (Danh Thị Chung, Lê Hoàng Phúc).": (
        "Tie; the jury decided: tròn vai hơn (Danh Thị Chung, Lê Hoàng Phúc)."
    ),
    "Bằng điểm, ban giám khảo cho đồng hạng: tròn vai hơn (Danh Thị Chung, Lê Hoàng Phúc).": (
        "Tie; the jury lets them share the place: tròn vai hơn (Danh Thị Chung, Lê Hoàng Phúc)."
    ),
    "Không dự thi.": "Did not take part.",
    "Không hoàn thành phần thi.": "Did not finish the contest.",
    "Chưa có kết quả.": "No result yet.",
}


def as_told(before: Any, now: Any) -> Any:
    """Of what is said now, only what was said of the same things before."""
    if isinstance(before, dict) and isinstance(now, dict):
        return {name: as_told(before[name], each) for name, each in now.items() if name in before}
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [as_told(old, each) for old, each in zip(before, now, strict=True)]
    return now
