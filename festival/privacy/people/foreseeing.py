"""What would go and what would stay if this person, or this family, were erased now? Said before it is confirmed; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from festival.core.database import Base, db
from festival.core.sentence import N_, Sentence
from festival.papers.models import SignedPaper
from festival.privacy.kept import PERSONAL, Ending
from festival.privacy.people import erasing_one
from festival.privacy.people.telling import of_somebody
from festival.privacy.people.words import OTHER, TOLD
from festival.privacy.plan import HeldData
from festival.registration.signing.forgetting import signed_lists
from festival.results.models import Award
from festival.roster.models import Delegation, Family, Person


@dataclass(frozen=True, slots=True)
class OneForecast:
    """What would become of somebody's data. `judging`: contests that are waited for; `held`: why nothing is erased at all."""

    goes: tuple[HeldData, ...]
    stays: tuple[HeldData, ...]
    judging: tuple[str, ...]
    held: str

    @property
    def at_once(self) -> bool:
        """Whether it can be carried out now."""
        return not self.judging and not self.held


def forecast_one(family: Family, person: Person | None) -> OneForecast:
    """By the same lists as the erasure itself."""
    judging, held = erasing_one.held_back(family, person)
    return OneForecast(tuple(_goes(family, person)), tuple(_stays(family, person)), tuple(judging), held)


def _goes(family: Family, person: Person | None) -> Iterator[HeldData]:
    numbered, emptied = N_("tên thành số, những gì khác mất"), N_("xóa hẳn")
    for table in Base.metadata.sorted_tables:
        ending, _columns = PERSONAL.get(table.name, (None, ()))
        own = of_somebody(table, [person.id] if person else [one.id for one in family.members], family.id)
        if ending not in (Ending.EMPTIED, Ending.DELETED) or own is None or (person and table.name == "family"):
            continue
        number = db.session.scalar(select(func.count()).select_from(table).where(own)) or 0
        if number:
            words = TOLD[table.name][0] if table.name in TOLD else OTHER
            yield HeldData(words, number, numbered if table.name in ("person", "family", "entry") else emptied)
    yield HeldData(N_("Nội dung có tên trong sổ ghi, thư, tin của thiết bị, lịch thi"), 1, emptied)


def _stays(family: Family, person: Person | None) -> Iterator[HeldData]:
    papers = select(func.count()).select_from(SignedPaper).where(
        SignedPaper.festival_id == family.festival_id, SignedPaper.signed_at.is_not(None)
    )  # fmt: skip
    entries = erasing_one.entries_of(family, person)
    awards = select(func.count()).select_from(Award).where(Award.entry_id.in_(entries))
    signed = db.session.scalar(papers) or 0
    if signed and entries:
        why = N_("giấy tờ của cơ quan tổ chức, niêm phong, chỉ Ban Tổ chức đọc")
        yield HeldData(N_("Biên bản đã ký, nếu tên có trong đó"), signed, why)
    lists = signed_lists(family.delegation_id)
    if lists:
        why = N_("đơn vị đã ký cho cả đoàn; xóa vào ngày xóa dữ liệu của ngày hội")
        yield HeldData(N_("Danh sách của đoàn đã ký, nếu tên có trong đó"), lists, why)
    given = db.session.scalar(awards) or 0
    if given:
        yield HeldData(N_("Giải thưởng, thứ hạng, điểm"), given, N_("không còn tên, chỉ còn số và đoàn"))
    yield HeldData(N_("Sổ ghi: mã, thời điểm, mã băm"), 1, N_("chứng minh không ai sửa kết quả; không có tên"))
    yield from _namesakes(family, person)


def _namesakes(family: Family, person: Person | None) -> Iterator[HeldData]:
    """Where the name stays because it is needed, or because it is somebody else's."""
    if person is None:
        return
    children = erasing_one.still_named(family, person)
    if children:
        why: Sentence = N_("phải chứng minh được ai đã đồng ý cho: %(names)s", names=", ".join(children))
        yield HeldData(N_("Tên người đồng ý cho trẻ còn tham gia"), len(children), why)
    same = select(func.count()).select_from(Person).where(Person.name == person.name, Person.id != person.id)
    others = db.session.scalar(same) or 0
    if others:
        yield HeldData(N_("Người khác trùng họ tên"), others, N_("là dữ liệu của người ấy"))
    heads = select(func.count()).select_from(Delegation).where(Delegation.head_name == person.name)
    if db.session.scalar(heads):
        yield HeldData(N_("Trưởng đoàn cùng họ tên"), 1, N_("ghi ở trang của đoàn, sửa ở đó nếu là cùng một người"))
