"""What stands on the printed script of the MC, which print is it, and which one does it replace?

Large letters, in the order of the evening, from what is released now. A print has a number; the same words printed again bear the
number they had. What was printed is kept as a digest, so a page knows that the paper in somebody's hand says something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from festival.ceremony.reveal.in_hand import Labelled, PaperInHand, in_hand, parts_kept
from festival.ceremony.reveal.models import ScriptPrint
from festival.ceremony.reveal.reading import EveningPart, evening, spoken_names
from festival.ceremony.reveal.steps import read_aloud
from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.statements import alone_on
from festival.core.web.errors import Conflict
from festival.core.web.i18n import moment
from festival.documents import paper
from festival.editions.models import Festival
from festival.results.awards import AwardWinner, PrizeList

TEMPLATE = "ceremony/script.typ"


@dataclass(frozen=True, slots=True)
class Script:
    """What is read, and its digest. `empty`: nothing is released."""

    parts: tuple[dict[str, Any], ...]
    digest: str

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read aloud yet."""
        return not any(each["prizes"] for each in self.parts)

    @property
    def labelled(self) -> Labelled:
        """Contest by contest."""
        return [(each["name"], each) for each in self.parts]


def script_of(festival: Festival, parts: Sequence[EveningPart] | None = None) -> Script:
    """As it would be printed now."""
    read = evening(festival) if parts is None else parts
    said = spoken_names(festival.id, [won for part in read for prize in part.lists for won in prize.winners])
    with force_locale("vi"):
        told = tuple(
            {
                "name": part.name,
                "note": "" if part.released else _("Chưa được phép đọc."),
                "prizes": [
                    {"prize": _prize(prize), "winners": [_winner(won, said) for won in prize.winners]}
                    for prize in read_aloud(part.lists)
                ],
            }
            for part in read
        )
    return Script(told, sha256(canonical_json(list(told))).hexdigest())


def _prize(prize: PrizeList) -> str:
    return prize.prize if prize.special else str(_("Giải %(prize)s", prize=prize.prize))


def _winner(won: AwardWinner, said: dict[int, str]) -> dict[str, str]:
    spoken = said.get(won.entry, "") if won.entry is not None else ""
    return {
        "number": _("(số %(n)s)", n=won.number) if won.number else "",
        "name": won.name,
        "unit": "" if won.delegation == won.name else won.delegation,
        "said": _("Đọc: %(how)s", how=spoken) if spoken else "",
        "words": won.introduction,
    }


def prints_of(festival_id: int) -> list[ScriptPrint]:
    """Every print, the newest first."""
    own = select(ScriptPrint).where(ScriptPrint.festival_id == festival_id)
    return list(db.session.scalars(own.order_by(ScriptPrint.number.desc())))


def script_in_hand(festival_id: int, script: Script) -> PaperInHand | None:
    """The print somebody may hold, against what stands now."""
    return in_hand(prints_of(festival_id), script.digest, script.labelled)


def last_print(festival_id: int) -> ScriptPrint | None:
    """The print that somebody may hold in the hand."""
    newest = select(ScriptPrint).where(ScriptPrint.festival_id == festival_id).order_by(ScriptPrint.number.desc())
    return db.session.scalars(newest.limit(1)).first()


def print_script(festival: Festival, by: int | None) -> int:
    """The number under which it is printed. Conflict where nothing is released."""
    alone_on(ScriptPrint)
    script, before = script_of(festival), last_print(festival.id)
    if script.empty:
        raise Conflict(_("Chưa có kết quả nào được phép đọc nên chưa có gì để in."))
    if before is not None and before.digest == script.digest:
        return before.number
    number = before.number + 1 if before else 1
    said = {"number": number, "digest": script.digest, "parts": parts_kept(script.labelled)}
    db.session.add(ScriptPrint(festival_id=festival.id, **said, printed_at=now(), by_user=by))
    db.session.flush()
    ledger.append(f"reveal:{festival.code}", "script.printed", {"script": number, "by": by}, said)
    return number


def drawn_values(festival: Festival, row: ScriptPrint, script: Script) -> dict[str, Any]:
    """What the paper is drawn from."""
    with force_locale("vi"):
        clock = local(row.printed_at)
        mark = _("bản %(n)s, in lúc %(at)s", n=row.number, at=f"{clock:%H:%M}")
        if row.number > 1:
            mark = _("%(this)s, thay bản %(before)s", this=mark, before=row.number - 1)
        return {
            "title": _("Lời công bố giải"),
            "under": festival.name,
            "mark": mark,
            "at": moment(row.printed_at),
            "parts": list(script.parts),
        }


def drawn(values: dict[str, Any], row: ScriptPrint) -> bytes:
    """The PDF; the same print gives the same bytes."""
    return paper.pdf(TEMPLATE, values, at=row.printed_at)
