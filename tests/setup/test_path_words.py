"""Does a path of a rule file speak to a person?"""

from __future__ import annotations

import pytest

from festival.setup.path_words import path_words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("$.festival.ends_on", "Ngày hội › Ngày kết thúc"),
        ("$.contests[2].criteria[0].max", "Phần thi 3 › Tiêu chí 1 › Điểm tối đa"),
        ("$.contests[0].scoring.delta", "Phần thi 1 › Cách tính điểm › Mức lệch"),
        ("$.contests[0].ties[1].by", "Phần thi 1 › Khi bằng điểm, xét lần lượt 2"),
        ("$.delegations[14].unit_code", "Đoàn 15 › Mã đơn vị hành chính"),
        ("$.whole_delegation.prizes[0].count", "Xếp hạng toàn đoàn › Giải 1"),
        ("$.schema", "Phiên bản tệp"),
        ("$.contests[0].beter", "Phần thi 1"),
        ("$.nonsense", "None"),
        ("$", "None"),
        ("$..schema", "Phiên bản tệp"),
    ],
)
def test_a_path_is_said_by_the_names_of_its_keys(path: str, words: str) -> None:
    assert str(path_words(path)) == words


def test_a_piece_has_paths_of_its_own() -> None:
    assert str(path_words("criteria[1].step", "contest")) == "Tiêu chí 2 › Bước điểm"
