"""What stands on the minutes of a contest, of the whole delegation, on an amendment and on a tally; how are they drawn?

A paper is in Vietnamese, whoever prints it, and needs no server: PDF with its letters inside, and the same values as a
document to edit. The digest is of what it says, not of the style; its first 16 digits stand at the foot of each page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.ceremony.saying.contest import contest_minutes
from festival.ceremony.saying.others import amendment, contest_tally, whole_minutes
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.documents.state_drawn import pdf_and_docx
from festival.documents.state_paper import CODE_DIGITS, StatePaper, digest_of
from festival.editions.models import Festival
from festival.papers.ahead import SaidPaper
from festival.papers.keeping import PaperOccasion, PaperSubject
from festival.results.awards import awards_of, order_of_appearance
from festival.results.current import tally_for_result
from festival.results.delegations.table import awards_of_whole, whole_delegation


@dataclass(frozen=True, slots=True)
class PaperText:
    """What a paper says, its code as printed, and who signs."""

    paper: StatePaper
    drawn: str
    code: str  # as it stands on each page
    signers: tuple[Mapping[str, str], ...] = ()

    def made(self) -> tuple[bytes, bytes]:
        """The PDF and the document. It asks the database nothing."""
        return pdf_and_docx(self.paper, self.code)


def said(subject: PaperSubject, occasion: PaperOccasion) -> SaidPaper:
    """A paper that is to be kept."""
    text = text_of(subject, occasion)
    return SaidPaper(text.drawn, text.signers, text.made)


def text_of(subject: PaperSubject, occasion: PaperOccasion) -> PaperText:
    """What a paper says, for its own page too."""
    with force_locale("vi"):
        if occasion.amendment is not None:
            return _text(_amendment(subject, occasion), occasion.amendment.signers)
        if subject.contest_id is not None:
            return _text(*contest_minutes(db.session.get_one(Contest, subject.contest_id), occasion))
        festival = db.session.get_one(Festival, subject.festival_id)
        table = whole_delegation(festival)
        if table is None:
            raise NotFound()
        return _text(whole_minutes(festival, table, occasion))


def tally_of(contest: Contest, occasion: PaperOccasion) -> PaperText:
    """The tally of a contest as it stands; kept nowhere."""
    with force_locale("vi"):
        return _text(contest_tally(contest, occasion))


def _text(paper: StatePaper, signers: tuple[Mapping[str, str], ...] = ()) -> PaperText:
    drawn = digest_of(paper)
    return PaperText(paper, drawn, str(_("Mã tờ giấy: %(code)s", code=drawn[:CODE_DIGITS])), signers)


def _amendment(subject: PaperSubject, occasion: PaperOccasion) -> StatePaper:
    facts = occasion.amendment
    assert facts is not None
    festival = db.session.get_one(Festival, subject.festival_id)
    if subject.contest_id is None:
        return amendment(festival, None, awards_of_whole(festival.id), facts, occasion)
    contest = db.session.get_one(Contest, subject.contest_id)
    lists = awards_of(order_of_appearance(tally_for_result(contest)), contest.id)
    return amendment(festival, contest, lists, facts, occasion)
