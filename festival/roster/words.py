"""In which words do pages speak of a family's state, of relations and of entries?"""

from __future__ import annotations

from festival.core.sentence import N_, Sentence
from festival.core.web.i18n import say
from festival.roster.models import EntryState, FamilyState, Origin, Person, Reserve
from festival.roster.people import RELATION_WORDS, SEX_WORDS, Relation, Sex, read_relation

STATE_WORDS: dict[FamilyState, Sentence] = {
    FamilyState.DRAFT: N_("Đang soạn"),
    FamilyState.SUBMITTED: N_("Chờ duyệt"),
    FamilyState.RETURNED: N_("Trả lại để sửa"),
    FamilyState.APPROVED: N_("Đã duyệt"),
    FamilyState.REJECTED: N_("Từ chối"),
    FamilyState.WITHDRAWN: N_("Đã rút"),
}

RESERVE_WORDS: dict[Reserve, Sentence] = {
    Reserve.PROPOSED: N_("Đề nghị dự bị"),
    Reserve.ACCEPTED: N_("Dự bị"),
}

STATE_TONES: dict[FamilyState, str] = {
    FamilyState.DRAFT: "quiet",
    FamilyState.SUBMITTED: "note",
    FamilyState.RETURNED: "warn",
    FamilyState.APPROVED: "good",
    FamilyState.REJECTED: "bad",
    FamilyState.WITHDRAWN: "quiet",
}

ORIGIN_WORDS: dict[Origin, Sentence] = {
    Origin.OFFICER: N_("Cán bộ nhập"),
    Origin.EXCEL: N_("Nhập từ Excel"),
    Origin.FAMILY: N_("Gia đình tự đăng ký"),
}

ENTRY_WORDS: dict[EntryState, Sentence] = {
    EntryState.PROPOSED: N_("Chờ duyệt"),
    EntryState.ENROLLED: N_("Dự thi"),
    EntryState.WITHDRAWN: N_("Đã rút"),
}
UNSENT = (FamilyState.DRAFT, FamilyState.RETURNED)


def entry_words(state: EntryState, family: FamilyState) -> Sentence:
    """How an entry stands for its family: until that one is approved, as the registration does."""
    return STATE_WORDS[family] if state is EntryState.PROPOSED and family in UNSENT else ENTRY_WORDS[state]


def relation_word(person: Person) -> str:
    """A person's relation in words, also where free Vietnamese was stored."""
    if person.representative:
        return say(RELATION_WORDS[Relation.REPRESENTATIVE])
    relation = relation_of(person)
    return say(RELATION_WORDS[relation]) if relation else person.relation


def relation_of(person: Person) -> Relation | None:
    """The relation as a value; None where it is not known."""
    if person.representative:
        return Relation.REPRESENTATIVE
    try:
        return Relation(person.relation)
    except ValueError:
        return read_relation(person.relation)


def masked_phone(number: str) -> str:
    """Enough of a phone number to know it again, without the last four digits that open changes: `0912 ••• •••`."""
    return f"{number[:4]} ••• •••" if number else ""


def sex_word(sex: str | None) -> str:
    """Nam, Nữ or ''."""
    return say(SEX_WORDS[Sex(sex)]) if sex else ""


def relation_words(relation: Relation | None) -> str:
    """A relation in words, '' where it is not known."""
    return say(RELATION_WORDS[relation]) if relation else ""
