"""What does a post's Markdown look like as a page, and what of it is shown as plain text? Pure.

Two guards, one behind the other: the parser knows no HTML and no pictures (markdown-it, html off), and what it made is cleaned
once more by a list of what may stand in a page (nh3). Links lead to web addresses, letters, telephones and own pages, nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from festival.core.sentence import N_, Sentence

LONGEST_BODY = 12_000
DEEPEST = 16  # a quote is one level, a list two; the parser would drop what is deeper than 20
TAGS = {"p", "br", "h2", "h3", "ul", "ol", "li", "blockquote", "em", "strong", "hr", "a"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_OFF = ["code", "fence", "backticks", "html_block", "html_inline", "image", "lheading", "reference"]
_LINK = re.compile(r"\]\(\s*<?([^\s)>]*)|<([a-z][a-z0-9+.-]*:[^\s<>]*)>", re.IGNORECASE)
_HTML = re.compile(r"<[a-z!/?](?![a-z0-9+.-]*:)", re.IGNORECASE)


def leads_somewhere_good(href: str) -> bool:
    """Whether a link may lead there: http(s), mailto, tel, or a page of our own."""
    if re.search(r"[\\\x00-\x20\x7f]", href):
        return False
    if href.startswith(("/", "#")):
        return not href.lower().startswith(("//", "/%5c"))  # the parser writes a backslash so
    return re.match(r"(https?://[^/?#@]+([/?#]|$)|mailto:[^/]|tel:\+?\d)", href, re.IGNORECASE) is not None


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(_OFF)
    made.validateLink = leads_somewhere_good  # type: ignore[method-assign, assignment]
    return made


_PARSER = _parser()


def drawn_post(body: str) -> Markup:
    """The page's part, safe to stand in it."""
    tokens = _PARSER.parse(body)
    _headings(tokens)
    made = _PARSER.renderer.render(tokens, _PARSER.options, {})
    cleaned = nh3.clean(
        made,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(cleaned)  # noqa: S704 - cleaned in the line before


def _headings(tokens: Sequence[Token]) -> None:
    """The title of the page is the only first one; none is skipped below it."""
    begun = False
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3" if begun and token.tag not in {"h1", "h2"} else "h2"
            begun = begun or token.type == "heading_close"


def fault_of(body: str) -> Sentence | None:
    """Why this text cannot be kept."""
    if len(body) > LONGEST_BODY:
        return N_("Bài dài quá %(n)s chữ cái. Tách thành hai bài.", "post_long", n=LONGEST_BODY)
    if max((token.level for token in _PARSER.parse(body)), default=0) > DEEPEST:
        return N_("Bài lồng danh sách hoặc trích dẫn quá sâu. Bỏ bớt dấu > và dấu - ở đầu dòng.", "post_deep")
    return None


def shown_as_text(body: str) -> list[Sentence]:
    """What its writer may have meant otherwise: it stands in the page letter by letter."""
    told = []
    if _HTML.search(body):
        told.append(N_("Mã HTML hiện nguyên thành chữ, không chạy.", "post_html"))
    if "![" in body:
        told.append(
            N_("Ảnh chèn bằng dấu ![…] không hiện, chỉ còn một liên kết. Thêm ảnh ở mục Thêm ảnh.", "post_image")
        )
    bad = {each for found in _LINK.findall(body) for each in found if each and not leads_somewhere_good(each)}
    told += [
        N_(
            "Liên kết “%(to)s” hiện thành chữ: chỉ dùng https://, mailto:, tel: hoặc trang của ngày hội.",
            "post_link",
            to=each[:80],
        )
        for each in sorted(bad)[:5]
    ]
    return told
