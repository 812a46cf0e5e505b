"""How far are the results of a living demo? One contest is published, one is locked; the others are open.

By the steps a chair, a secretary and the organisers take.
"""

from __future__ import annotations

from collections.abc import Mapping

from festival.contests.models import Contest
from festival.core.transaction import transaction
from festival.demo.festival import PANELS, contests_by_code
from festival.demo.invention import Invention
from festival.documents import paper
from festival.documents.photo import kept_photo
from festival.papers.returned import PageFormat
from festival.papers.scans.needed import ScanKind
from festival.registration.signing.scans import SentPages, SignedPage
from festival.results.ladder import people
from festival.results.ladder import sign as ladder_sign
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import Signed
from festival.results.scans import keeping

LOCKED = "trang-phuc"
PUBLISHED = "bong-ro"
NUMBER = "01"
SIGNED_PAGES = {ScanKind.MINUTES: "Biên bản mẫu", ScanKind.DECISION: "Quyết định mẫu"}
UNPROOFED = "Thi ngay sau khai mạc, các đoàn chưa kịp dò tên."


def settle(festival_id: int, made_up: Invention, users: Mapping[str, int]) -> None:
    """Lock one contest, and take another to its publication; in small editions there may be nothing to settle."""
    pages = {kind: _signed_page(title) for kind, title in SIGNED_PAGES.items()}
    with transaction():
        contests = contests_by_code(festival_id)
        chair = users[made_up.panel[PANELS[LOCKED][0]].login]
        _lock(contests[LOCKED], chair, users)
        _lock(contests[PUBLISHED], users["bantochuc"], users)
        published, organiser = contests[PUBLISHED].id, users["bantochuc"]
        signed = ladder_sign.sign(published, NUMBER, organiser)
        if not isinstance(signed, Signed):
            raise TypeError(signed)
        ladder_sign.record_award_decision(published, NUMBER, organiser)
        for kind, sent in pages.items():
            keeping.send(festival_id, kind, [published], False, sent, organiser)
        for taken in (
            people.release(published, organiser, users["phobantochuc"], names_reason=UNPROOFED),
            people.publish(published, organiser),
        ):
            if not isinstance(taken, people.Taken):
                raise TypeError(taken)


def _signed_page(title: str) -> SentPages:
    """A made-up sheet as a phone would have taken it."""
    said = {
        "title": title,
        "organ": "Ban Tổ chức ngày hội mẫu",
        "number": "Số: ……",
        "head": ["STT", "Nội dung"],
        "widths": [1, 9],
        "rows": [["1", "Tờ mẫu của bản chạy thử, không phải giấy tờ thật."]],
        "signers": [{"role": "Trưởng Ban Tổ chức", "note": "(đã ký)"}],
    }
    (picture,) = paper.png("components/list_to_sign.typ", said, ppi=72)
    return SentPages((SignedPage(PageFormat.JPEG, kept_photo(picture)),))


def _lock(contest: Contest, chair: int, users: Mapping[str, int]) -> None:
    locked = people.lock(contest.id, chair, users["thuky"])
    if not isinstance(locked, Locked):
        raise TypeError(locked)
