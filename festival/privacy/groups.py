"""Which ethnic groups can be written down, by the state's list and its codes, and how many of each may be shown? Pure.

What group somebody belongs to is sensitive: it is shown in numbers of five or more only. Smaller groups are counted together; where
even that would be fewer than five, the smallest group that could stand alone joins them, so that nothing can be worked out by
taking away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 5

GROUPS: dict[str, str] = {
    "01": "Kinh",
    "02": "Tày",
    "03": "Thái",
    "04": "Hoa",
    "05": "Khmer",
    "06": "Mường",
    "07": "Nùng",
    "08": "Hmông",
    "09": "Dao",
    "10": "Gia-rai",
    "11": "Ngái",
    "12": "Ê-đê",
    "13": "Ba-na",
    "14": "Xơ-đăng",
    "15": "Sán Chay",
    "16": "Cơ-ho",
    "17": "Chăm",
    "18": "Sán Dìu",
    "19": "Hrê",
    "20": "Mnông",
    "21": "Ra-glai",
    "22": "Xtiêng",
    "23": "Bru-Vân Kiều",
    "24": "Thổ",
    "25": "Giáy",
    "26": "Cơ-tu",
    "27": "Gié-Triêng",
    "28": "Mạ",
    "29": "Khơ-mú",
    "30": "Co",
    "31": "Ta-ôi",
    "32": "Chơ-ro",
    "33": "Kháng",
    "34": "Xinh-mun",
    "35": "Hà Nhì",
    "36": "Chu-ru",
    "37": "Lào",
    "38": "La Chí",
    "39": "La Ha",
    "40": "Phù Lá",
    "41": "La Hủ",
    "42": "Lự",
    "43": "Lô Lô",
    "44": "Chứt",
    "45": "Mảng",
    "46": "Pà Thẻn",
    "47": "Cơ Lao",
    "48": "Cống",
    "49": "Bố Y",
    "50": "Si La",
    "51": "Pu Péo",
    "52": "Brâu",
    "53": "Ơ-đu",
    "54": "Rơ-măm",
}


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """What may be shown: groups by number, the largest first, and how many belong to all others together."""

    groups: tuple[tuple[str, int], ...] = ()
    others: int = 0


def shown(counts: Mapping[str, int]) -> GroupCounts:
    """Numbers of five or more; nothing at all when there are fewer altogether."""
    alone = {code: number for code, number in counts.items() if number >= LEAST}
    others = sum(number for number in counts.values() if number < LEAST)
    if 0 < others < LEAST:
        if not alone:
            return GroupCounts()
        smallest = min(alone, key=lambda code: (alone[code], code))
        others += alone.pop(smallest)
    ordered = sorted(alone.items(), key=lambda each: (-each[1], each[0]))
    return GroupCounts(tuple((GROUPS[code], number) for code, number in ordered), others)
