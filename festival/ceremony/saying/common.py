"""What do all papers of this room say alike: their head, what they are founded on, who signs, who gets them?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from festival.core.clock import local
from festival.core.web.i18n import day as day_words
from festival.core.web.i18n import moment
from festival.documents.state_paper import LineLook, PaperProof, RuledTable, SaidLine, SigningBlock, StatePaper
from festival.editions.models import Festival
from festival.papers.keeping import PaperOccasion
from festival.results.meeting.models import FoundingKind
from festival.results.meeting.reading import founded_on, receivers_usual
from festival.results.words import EMPTY_WORDS, FEW_WORDS

Said = list[SaidLine | RuledTable]


def items(heading: str, lines: Iterable[str]) -> Said:
    """A heading with its list; nothing where nothing is listed."""
    found = [SaidLine(each, LineLook.ITEM) for each in lines]
    return [SaidLine(heading), *found] if found else []


def annex(heading: str, lines: Iterable[str], said: str = "") -> Said:
    """The same under a heading of its own, with a line that explains it."""
    found: Said = [SaidLine(each, LineLook.ITEM) for each in lines]
    explained: Said = [SaidLine(said)] if said else []
    return [SaidLine(heading, LineLook.HEADING), *explained, *found] if found else []


def founded(festival: Festival) -> Said:
    """The decisions that founded those who meet; what nobody said is not cited."""
    said: Said = []
    for what, told in founded_on(festival.id):
        values = {"number": told.number, "day": day_words(told.day), "signer": told.signer}
        if what is FoundingKind.COMMITTEE:
            words = _(
                "Căn cứ Quyết định số %(number)s ngày %(day)s của %(signer)s về việc thành lập Ban Tổ chức;", **values
            )
        elif what is FoundingKind.JURY:
            words = _(
                "Căn cứ Quyết định số %(number)s ngày %(day)s của %(signer)s về việc thành lập Ban giám khảo;", **values
            )
        else:
            words = _(
                "Căn cứ Quyết định số %(number)s ngày %(day)s của %(signer)s về việc thành lập Tổ Thư ký;", **values
            )
        said.append(SaidLine(str(words), LineLook.QUIET))
    return said


def block(role: object, name: str = "") -> SigningBlock:
    """Somebody who signs."""
    return SigningBlock(str(role), str(_("(Ký, ghi rõ họ tên)")), name)


def rows_of_three(blocks: Sequence[SigningBlock]) -> tuple[tuple[SigningBlock, ...], ...]:
    """Blocks side by side, three in a row."""
    return tuple(tuple(blocks[at : at + 3]) for at in range(0, len(blocks), 3))


def decided_lines(rows: Iterable[object], *about: object) -> list[str]:
    """Decisions of the panel in the words that its page has for them."""
    words = {"few_words": FEW_WORDS, "empty_words": EMPTY_WORDS}
    module = current_app.jinja_env.get_template("results/_decision.html").make_module(words)
    return [" ".join(Markup(module.decision_said(each, *about)).striptags().split()) for each in rows]  # type: ignore[attr-defined]  # noqa: S704


def state_paper(
    festival: Festival,
    occasion: PaperOccasion,
    title: str,
    under: Iterable[str],
    body: Iterable[SaidLine | RuledTable],
    signers: tuple[tuple[SigningBlock, ...], ...],
    *,
    receivers: Sequence[str] = (),
    proof: PaperProof | None = None,
) -> StatePaper:
    """Minutes of the panel, with the head of an office's paper."""
    later = occasion.stored_later
    kept_later = [_later(later)] if later else []
    dated = local(occasion.at).date()
    return StatePaper(
        title,
        (festival.name, *under),
        (festival.organiser or str(_("Ban Tổ chức")), "Ban giám khảo"),
        str(_("Số: %(number)s", number=occasion.number or "……/BB-BGK")),
        _place_and_day(festival, dated),
        dated.isoformat(),
        (*founded(festival), *body, *kept_later),
        signers,
        _receivers(receivers or receivers_usual()),
        proof,
    )


def _receivers(names: Sequence[str]) -> tuple[str, ...]:
    *others, last = (each.rstrip(".;") for each in names)
    return (str(_("Nơi nhận:")), *(f"- {each};" for each in others), f"- {last}.")


def _place_and_day(festival: Festival, dated: date) -> str:
    """As the decree writes it: a day below ten and the first two months with a nought."""
    return str(
        _(
            "%(place)s, ngày %(d)s tháng %(m)s năm %(y)s",
            place=festival.host or "……",
            d=f"{dated.day:02d}",
            m=f"{dated.month:02d}" if dated.month < 3 else str(dated.month),
            y=dated.year,
        )
    )


def _later(at: datetime) -> SaidLine:
    return SaidLine(
        str(
            _(
                "Tờ này ký ở bản chương trình trước, lúc đó chưa lưu tờ giấy; chương trình dựng lại từ dữ liệu và lưu lúc %(at)s.",
                at=moment(at),
            )
        ),
        LineLook.QUIET,
    )
