"""Does nothing but words, headings, lists and good links come out of a post, whatever somebody puts in?"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from random import Random

import pytest

from festival.editions.help_lines import MOST_NUMBERS, MOST_ON_CARDS, STANDARD, HelpNumber, faults, numbers_of
from festival.posts.markup import DEEPEST, LONGEST_BODY, TAGS, drawn_post, fault_of, leads_somewhere_good, shown_as_text
from festival.posts.typed import PlacedPicture, PostTyped, slugs

BAD = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[đây](javascript:alert(1))",
    "[đây](JaVaScRiPt&#58;alert(1))",
    "[đây](data:text/html;base64,PHNjcmlwdD4=)",
    "[đây](//xau.example/x)",
    "[đây](/\\xau.example)",
    "[đây](https://ngay-hoi.vn@xau.example)",
    "![ảnh](https://xau.example/dem.gif)",
    "<javascript:alert(1)>",
    "<iframe src=https://xau.example></iframe>",
    "<svg/onload=alert(1)>",
)


class _Parts(HTMLParser):
    """What stands in a page: its elements, with what they say of themselves."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def check(page: str) -> None:
    for tag, said in _Parts(page).found:
        assert tag in TAGS
        assert set(said) <= ({"href", "rel"} if tag == "a" else {"start"} if tag == "ol" else set())
        if tag == "a":
            assert said["href"] == "" or leads_somewhere_good(said["href"] or "")
            assert said["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize("bad", BAD)
def test_what_could_do_harm_is_words_and_its_writer_is_told(bad: str) -> None:
    page = drawn_post(f"Trước {bad} sau")
    check(page)
    # a foreign picture is no picture: a link that is followed only by a tap
    assert {tag for tag, _said in _Parts(page).found} == ({"p", "a"} if bad.startswith("![") else {"p"})
    assert "Trước" in page and "sau" in page
    assert shown_as_text(f"Trước {bad} sau") != []


def test_what_is_meant_comes_out() -> None:
    text = "# Việc nhà\n\nCả nhà **cùng** *làm*.\nMỗi tối.\n\n### Nhỏ\n\n- một\n- hai\n\n> lời\n\n[Chương trình](/programme), <https://vn.example/a?b=1>, [gọi](tel:111)"
    page = drawn_post(text)
    check(page)
    assert page.startswith(
        "<h2>Việc nhà</h2>\n<p>Cả nhà <strong>cùng</strong> <em>làm</em>.<br>\nMỗi tối.</p>\n<h3>Nhỏ</h3>"
    )
    assert re.findall(r'href="([^"]*)"', page) == ["/programme", "https://vn.example/a?b=1", "tel:111"]
    assert shown_as_text(text) == []
    assert drawn_post("### Nhỏ trước\n\n## Lớn") == "<h2>Nhỏ trước</h2>\n<h2>Lớn</h2>\n"
    assert unescape(drawn_post("    thụt vào, `a < b` & hơn")) == "<p>thụt vào, `a < b` & hơn</p>\n"


def test_of_any_pieces_in_any_order_only_good_ones_stand() -> None:
    """Seeded: 400 texts of pieces that mean something to browsers and to Markdown."""
    pieces = [
        *BAD,
        "\n\n",
        "> ",
        "- ",
        "[a](",
        ")",
        "<",
        ">",
        '"',
        "'",
        "&lt;",
        "`",
        "**",
        "#",
        "&#x3c;script&#x3e;",
        "]",
        "![",
    ]
    random = Random(20240614)
    for _ in range(400):
        check(drawn_post("".join(random.choices(pieces, k=12))))


def test_what_the_parser_would_drop_is_refused() -> None:
    deep = "> " * DEEPEST + "lời"
    assert fault_of("> " * 40 + "lời") is not None and "lời" not in drawn_post("> " * 40 + "lời")
    assert fault_of(deep) is not None and fault_of("> " * (DEEPEST - 1) + "lời") is None
    assert fault_of("a" * LONGEST_BODY) is None and fault_of("a" * (LONGEST_BODY + 1)) is not None
    for each in ("[" * LONGEST_BODY, "![[" * 4000, "*a_" * 4000, "<" * LONGEST_BODY):
        check(drawn_post(each))


def test_a_post_says_what_is_wrong_beside_its_field() -> None:
    picture = PlacedPicture(7, "", "", 10, 10)
    assert set(PostTyped("", "", " ", (picture,)).faults()) == {"title", "summary", "body", "alt-7"}
    assert set(PostTyped("a" * 121, "b" * 301, "> " * 40 + "c").faults()) == {"title", "summary", "body"}
    assert PostTyped("Tên", "Tóm tắt", "Lời").faults() == {}


def test_an_address_is_the_title_without_marks() -> None:
    found = slugs("Bố vào bếp: “Đỡ” mẹ 1/2!")
    assert [next(found), next(found)] == ["bo-vao-bep-do-me-1-2", "bo-vao-bep-do-me-1-2-2"]
    assert next(slugs("***")) == "bai" and len(next(slugs("dài " * 60))) <= 60


def test_the_help_lines_begin_with_the_national_ones_and_say_what_is_wrong() -> None:
    assert [line.dial for line in numbers_of(None)] == ["111", "1900969680", "113", "114", "115"]
    assert numbers_of([line.to_json() for line in STANDARD])[0].number == "111" and faults(STANDARD) == []
    assert faults([HelpNumber("Bàn y tế", "", about="cạnh cổng số 2")]) == []
    wrong = {
        "help_whom": [HelpNumber("", "111")],
        "help_digits": [HelpNumber("Công an", "113; 114")],
        "help_where": [HelpNumber("Bàn y tế", "")],
        "help_long": [HelpNumber("x" * 61, "111")],
        "help_none": [],
        "help_many": [HelpNumber("a", "111")] * (MOST_NUMBERS + 1),
        "help_cards": [HelpNumber("a", "111", on_card=True)] * (MOST_ON_CARDS + 1),
    }
    assert {code: [each.code for each in faults(lines)] for code, lines in wrong.items()} == {
        code: [code] for code in wrong
    }
