"""Settings of an edition: how delegations are ranked, prizes outside the ranking, where its facts were read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.editions.rules.document import BrokenRuleset, FileFault
from festival.editions.rules.whole import WholeOrder
from festival.setup import pieces
from festival.setup.confirming import going_back, to_confirm
from festival.setup.contest_editor.field_words import for_page
from festival.setup.deadlines import until
from festival.setup.fault_words import elsewhere
from festival.setup.faults import by_field
from festival.setup.later import copy_pages, forms, words
from festival.setup.later.blueprint import bp
from festival.setup.saving import ChangedMeanwhile, document_of, save

__all__ = ["bp", "copy_pages"]

Typed = Mapping[str, str]
Told = tuple[dict[str, str], list[str]]  # by field; and what stands elsewhere


@dataclass(frozen=True, slots=True)
class _Settings:
    """One page: which keys of the document it shows, how they are typed, what stands now in words."""

    door: str
    title: LazyString
    lead: LazyString
    keys: tuple[str, ...]
    shown: Callable[[pieces.Document], Typed]
    typed: Callable[[Typed], Mapping[str, Any]]
    rows: Callable[[Typed], Mapping[str, Sequence[str]]]
    said: Callable[[pieces.Document], list[tuple[str, str]]]

    def look(self, document: pieces.Document) -> object:
        """The piece of the document."""
        return {key: pieces.part(document, key) for key in self.keys}

    def edit(self, document: pieces.Document, typed: Typed) -> pieces.Document:
        """The document with what was typed."""
        for key, piece in self.typed(typed).items():
            document = pieces.with_part(document, key, piece)
        return pieces.without_points(document) if _unranked(document) else document

    def told(self, problems: Sequence[FileFault], typed: Typed, document: pieces.Document) -> Told:
        """The faults by the field they speak of: `prizes[1].count` is a row that was typed."""
        found: dict[str, str] = {}
        rest = list(problems)
        for key in self.keys:
            own, rest = by_field(rest, f"$.{key}")
            for path, reasons in own.items():
                found[_field(key, path, self.rows(typed))] = " ".join(say(for_page(each)) for each in reasons)
        return found, [say(each) for each in elsewhere(rest, document)]


def _unranked(document: pieces.Document) -> bool:
    """Whether what contests bring has no use: delegations are not ranked, or by their prizes."""
    whole = document.get("whole_delegation")
    return not whole or whole.get("sum") == WholeOrder.MEDALS


def _field(key: str, path: str, rows: Mapping[str, Sequence[str]]) -> str:
    inside = re.fullmatch(r"(?P<list>[a-z_]*)\[(?P<at>\d+)\](?:\.(?P<key>[a-z_]+))?", path)
    if inside is None:
        return path or key
    held = rows.get(inside["list"] or key, ())
    at = int(inside["at"])
    return f"{held[at]}-{inside['key'] or 'name'}" if at < len(held) else inside["list"] or key


def _prizes_typed(typed: Typed) -> Mapping[str, Any]:
    return {"whole_delegation": forms.whole_typed(typed)[0], "special_prizes": forms.special_typed(typed)[0]}


def _prizes_shown(document: pieces.Document) -> Typed:
    return forms.prizes_shown(document.get("whole_delegation"), document.get("special_prizes"))


def _about_shown(document: pieces.Document) -> Typed:
    return forms.about_shown(document.get("about"), document.get("invented"), document.get("sources"))


PRIZES = _Settings(
    "prizes",
    _l("Giải toàn đoàn và giải phụ"),
    _l("Xếp hạng các đoàn thế nào, trao giải gì ngoài giải của từng phần thi."),
    ("whole_delegation", "special_prizes"),
    _prizes_shown,
    _prizes_typed,
    lambda typed: {"prizes": forms.whole_typed(typed)[1], "special_prizes": forms.special_typed(typed)[1]},
    words.prizes_said,
)
ABOUT = _Settings(
    "about",
    _l("Nguồn và ghi chú"),
    _l("Thể lệ lấy từ đâu, điều gì chưa ai công bố. Đi cùng tệp thể lệ, không in ra giấy tờ nào."),
    ("about", "invented", "sources"),
    _about_shown,
    lambda typed: forms.about_typed(typed)[0],
    lambda typed: {"sources": forms.about_typed(typed)[1]},
    words.about_said,
)


@bp.get("/<code>/prizes")
@requires(Permission.OFFICE)
def prizes(code: str) -> ResponseReturnValue:
    """How delegations are ranked, their prizes, the prizes outside the ranking."""
    return _opened(code, PRIZES)


@bp.post("/<code>/prizes")
@requires(Permission.OFFICE)
def save_prizes(code: str) -> ResponseReturnValue:
    """Save them; what follows is asked first."""
    return _saved(code, PRIZES)


@bp.get("/<code>/about")
@requires(Permission.OFFICE)
def about(code: str) -> ResponseReturnValue:
    """Where the facts of the edition were read, and what nobody published."""
    return _opened(code, ABOUT)


@bp.post("/<code>/about")
@requires(Permission.OFFICE)
def save_about(code: str) -> ResponseReturnValue:
    """Save it."""
    return _saved(code, ABOUT)


def _opened(code: str, of: _Settings) -> str:
    document = _document(code)
    return _page(code, of, document, of.shown(document), pieces.mark(of.look(document)))


def _document(code: str) -> pieces.Document:
    document = document_of(code)
    if "festival" not in document:
        raise NotFound()
    return document


def _saved(code: str, of: _Settings) -> ResponseReturnValue:
    typed, seen, document = request.form, request.form.get("seen", ""), _document(code)
    if going_back() or request.form.get("do") == "rows":
        return _page(code, of, document, typed, seen)

    def edit(held: pieces.Document) -> pieces.Document:
        return of.edit(held, typed)

    try:
        asked = to_confirm(code, edit, of.look, seen, title=str(of.title), trail=_trail(code, document))
        if asked:
            return asked
        with transaction():
            save(code, edit, of.look, seen)
    except ChangedMeanwhile as told:
        now = _document(code)
        mark = pieces.mark(of.look(now))
        return _page(code, of, now, typed, mark, problems=[str(told.message)], theirs=of.said(now)), 409
    except BrokenRuleset as broken:
        wrong, others = of.told(broken.problems, typed, document)
        return _page(code, of, document, typed, seen, problems=others, wrong=wrong), 422
    except (BadInput, Conflict) as refused:
        return _page(code, of, document, typed, seen, problems=[str(refused.message)]), refused.status
    flash(_("Đã lưu."), "good")
    return redirect(url_for(f"setup_later.{of.door}", code=code))


def _trail(code: str, document: pieces.Document) -> list[tuple[str, str]]:
    festival = document["festival"]
    return [
        (_("Tổng quan"), "/office"),
        (festival.get("short_name") or festival["name"], url_for("editions.one", code=code)),
    ]


def _page(
    code: str,
    of: _Settings,
    document: pieces.Document,
    typed: Typed,
    seen: str,
    *,
    problems: Sequence[str] = (),
    wrong: Mapping[str, str] | None = None,
    theirs: Sequence[tuple[str, str]] = (),
) -> str:
    return render_template(
        f"setup/{of.door}.html",
        code=code,
        settings=of,
        typed=typed,
        seen=seen,
        problems=problems,
        wrong=wrong or {},
        theirs=theirs,
        trail=_trail(code, document),
        until=until,
        called=words.called,
        rows=forms.rows_shown,
        ties=forms.ties_shown(typed),
        sums=list(words.SUMS.items()),
        steps=words.step_choices(document),
        scales=list(words.SCALED_BY.items()),
        credits=list(words.CREDIT.items()),
        contests=[(each["code"], each["name"]) for each in document["contests"]],
        by_choices=lambda contest: words.by_choices(document, contest),
    )
