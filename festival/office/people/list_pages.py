"""Many people at once: paste a list, see what becomes of each line, write it, print the cards.

Nothing is kept of a list that is not written: the preview carries the text, and writing reads it once more against what is
there then. When that gives other fates than were shown, they are shown first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.accounts.batches import accounts_of, batches
from festival.accounts.words import ROLE_WORDS
from festival.core.secrets import new_token
from festival.core.text import clean
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict
from festival.editions.queries import current_festival
from festival.office.people.blueprint import bp
from festival.office.people.cards import days_typed, sign_in_cards, until_of
from festival.office.people.fates import list_fates
from festival.office.people.forms import DAY_CHOICES
from festival.office.people.found import FoundLine, LineFate
from festival.office.people.ground import people_ground
from festival.office.people.making import write_list
from festival.office.people.pasted import MOST_LINES, pasted_lines
from festival.office.people.words import FATES, TONES


@bp.get("/office/people/list")
@requires(Permission.ACCOUNTS)
def people_list() -> ResponseReturnValue:
    """Where a list is pasted; the lists that were written."""
    return _paste_page("")


def _paste_page(text: str, wrong: str = "") -> str:
    return render_template(
        "office/people/paste.html",
        text=text,
        wrong=wrong,
        roles=[str(words) for words in ROLE_WORDS.values()],
        batches=batches(),
        days=days_typed(),
        day_choices=DAY_CHOICES,
    )


@bp.post("/office/people/list")
@requires(Permission.ACCOUNTS)
def people_list_post() -> ResponseReturnValue:
    """Show each line's fate; with `seen`, write what was shown and show the cards."""
    text = clean(request.form.get("text", ""))
    lines = pasted_lines(text)
    if not lines or request.form.get("edit") == "yes":
        wrong = "" if lines else _("Chưa có dòng nào. Dán danh sách, mỗi người một dòng: họ và tên, rồi vai trò.")
        return _paste_page(text, wrong), 200 if lines else 422
    if len(lines) > MOST_LINES:
        wrong = _(
            "Danh sách có %(n)s dòng, nhiều nhất %(most)s dòng một lần. Chia ra dán vài lần.",
            n=len(lines),
            most=MOST_LINES,
        )
        return _paste_page(text, wrong), 422
    seen = request.form.get("seen", "")
    if not seen:
        return _preview(text, list_fates(lines, people_ground(current_festival())))
    until = until_of(days_typed())
    batch = new_token()[:12]
    try:
        with transaction():
            festival = current_festival()
            found = list_fates(lines, people_ground(festival))
            if _mark(found) != seen:
                return _changed(text, found)
            written = write_list(found, festival, batch)
            users = accounts_of(batch) if written.made else []
            cards = sign_in_cards(users, festival, acting_user(), until)
    except (BadInput, Conflict):
        # Somebody took a login or a seat in the same moment: nothing of the list is written.
        return _changed(text, list_fates(lines, people_ground(current_festival())))
    left = [each.line.text for each in found if each.fate is LineFate.UNCLEAR]
    return render_template(
        "office/people/cards.html",
        cards=cards,
        changed=written.changed,
        left="\n".join(left),
        left_count=len(left),
        batch=batch if cards else "",
        festival=festival,
        until=until,
    )


def _changed(text: str, found: Sequence[FoundLine]) -> ResponseReturnValue:
    flash(_("Tài khoản hoặc ghế vừa thay đổi nên chưa ghi gì. Xem lại các dòng rồi bấm ghi lần nữa."), "warn")
    return _preview(text, found), 409


def _preview(text: str, found: Sequence[FoundLine]) -> str:
    return render_template(
        "office/people/preview.html",
        text=text,
        found=found,
        counts=Counter(each.fate for each in found),
        given=sum(len(each.said) > 1 for each in found if each.fate in (LineFate.KNOWN, LineFate.JOINED)),
        fates=LineFate,
        words=FATES,
        tones=TONES,
        role_words={role.value: words for role, words in ROLE_WORDS.items()},
        seen=_mark(found),
        days=days_typed(),
        day_choices=DAY_CHOICES,
    )  # fmt: skip


def _mark(found: Sequence[FoundLine]) -> str:
    """What was shown, in short."""
    return sha256(repr(found).encode("utf-8", "backslashreplace")).hexdigest()
