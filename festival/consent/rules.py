"""Who must agree that a person takes part, who may give that agreement, what is missing, and what falls when a person changes?

Pure; the rows are written and ended in `agreements`. Under 16 is a child (Law on Children): father, mother or guardian agrees
by name, and being the family's representative is not enough. From 7 the child itself is asked too (Law 91/2025/QH15, Decree
356/2025). Everybody else agrees alone. Who knows only a year of birth is protected by the doubt: counted as a child if
the person could be one. Publishing a name or picture is asked by itself and is never a condition of taking part.

Publishing a child needs more than a link that travels through groups and four digits: father, mother or guardian by a
link sent to the own phone, or by signature (`PROVES`), and from the year of the seventh birthday the child's own yes too.
`published` says so in statements; nothing is written for a child by another road.

An agreement ends when the signed paper it was given on is no longer ticked, and when a corrected birth makes a person who
agreed alone a child. One that a guardian gave stays when the child turns out to be older.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from festival.core.births import Birth
from festival.core.names import fold, name_fault, nfc
from festival.core.sentence import N_, Sentence

CHILD_UNDER = 16
OWN_AGREEMENT_FROM = 7
OLDER_FROM = 60

SELF = "self"
GUARDIANS = ("mother", "father", "guardian")
PAPER = "paper"
# Roads on which publication is asked by itself, so that who does not tick it has said no.
ASKED_APART = ("form", "link", "own_link", "sheet", "desk")
# Roads on which father, mother or guardian agrees to a child's being published: the own phone, or a signature.
PROVES = ("own_link", "sheet", "desk")
# Roads by which there is a signature on paper; what was given on a page is never called signed.
SIGNED = ("paper", "sheet", "desk")
# What one agrees to, as the rows name it.
TAKING_PART, CHILD_OWN, PUBLISH, CHILD_PUBLISH = "taking_part", "child_own", "publish", "child_publish"
KEPT = "kept"
OWN_LINK = "own_link"
# They stand with the household; what is asked apart from it (health) is not ended by a change of the household.
OF_HOUSEHOLD = (TAKING_PART, CHILD_OWN, PUBLISH, CHILD_PUBLISH)
# A child's own: what father, mother or guardian cannot say for it.
OF_CHILD = (CHILD_OWN, CHILD_PUBLISH)
OF_HEALTH = ("allergy", "support")
# What is missing of these is asked for where people agree, not where the household is written down.
CODES = frozenset({"no_consent", "no_guardian_consent", "no_own_agreement", "guardian_unnamed", "child_refused"})


@dataclass(frozen=True, slots=True)
class Ages:
    """The least and the most years a person can have; they differ when only the year of birth is known."""

    least: int
    most: int

    @property
    def child(self) -> bool:
        """Could be under 16."""
        return self.least < CHILD_UNDER

    @property
    def own_agreement(self) -> bool:
        """A child who is asked too: could be 7 already."""
        return self.child and self.most >= OWN_AGREEMENT_FROM

    @property
    def older(self) -> bool:
        """Reaches 60 by the end of that year when only the year is known."""
        return self.most >= OLDER_FROM


def ages(birth: Birth, on: date) -> Ages:
    """The age on a day (the festival's first)."""
    years = on.year - birth.year
    if birth.month is None or birth.day is None:
        return Ages(max(0, years - 1), max(0, years))
    # Who was born on 29/2 has a birthday on 1/3 in other years.
    age = years - ((on.month, on.day) < (birth.month, birth.day))
    return Ages(max(0, age), max(0, age))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed to a member's taking part: `as_who` is self, father, mother or guardian.

    `how` is the road an agreement that stands already came by: form, link, paper; '' for one not written yet.
    """

    by: str = ""
    as_who: str = SELF
    how: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Agreements:
    """All that stands for one person: to taking part, the child's own, to name and picture being published, the child's own to that.

    `refused`: to what a child that was asked said no.
    """

    taking_part: Agreement = Agreement()
    own: bool = False
    publish: bool = False
    own_publish: bool = False
    refused: tuple[str, ...] = ()
    kept: bool = (
        False  # said just now: to being kept for the next edition; what stands of it is asked where it is needed
    )


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody who is asked: by name, with the birth that says who else is asked; `on` is the festival's first day."""

    name: str
    birth: Birth | None
    on: date

    @property
    def age(self) -> Ages | None:
        """None while the birth is not known."""
        return ages(self.birth, self.on) if self.birth else None

    @property
    def child(self) -> bool:
        """Father, mother or guardian agrees for this one."""
        return self.age is not None and self.age.child

    @property
    def own_asked(self) -> bool:
        """The child itself is asked too; so is who might be one."""
        return self.age is None or self.age.own_agreement

    @property
    def picture_asked(self) -> bool:
        """The child is asked about its name and picture too: who reaches 7 that year, so that a year of birth decides."""
        return self.birth is not None and self.child and self.birth.year <= self.on.year - OWN_AGREEMENT_FROM


@dataclass(frozen=True, slots=True)
class Ticks:
    """What was ticked, typed or signed for one person, on whatever road; `guardian` is the name of who agrees for a child."""

    agreed: bool = False
    guardian: str = ""
    as_who: str = "guardian"
    own: bool = False
    publish: bool = False
    kept: bool = False


# For what, by whom, as what.
Given = tuple[str, str, str]


def given(person: AskedPerson, ticks: Ticks) -> Agreements:
    """What somebody's ticks amount to. A tick for a child without the name of who agrees proves nothing."""
    taking_part = Agreement()
    if ticks.agreed and person.child:
        name = nfc(ticks.guardian)
        if name_fault(name) is None:
            taking_part = Agreement(name, ticks.as_who if ticks.as_who in GUARDIANS else "guardian")
    elif ticks.agreed:
        taking_part = Agreement(person.name, SELF)
    publish = ticks.publish and bool(taking_part.by) and not person.child
    kept = ticks.kept and bool(taking_part.by)
    return Agreements(taking_part, ticks.own and person.own_asked, publish, kept=kept)


def missing_consents(person: AskedPerson, stands: Agreements) -> Iterator[Sentence]:
    """Which agreements are not there yet."""
    agreement = stands.taking_part
    # A child's own word never stands for the parent's, whichever road it came by.
    if not agreement.by or (person.child and agreement.as_who == SELF):
        if person.child:
            yield N_(
                "%(name)s dưới 16 tuổi: cần cha, mẹ hoặc người giám hộ đồng ý.", "no_guardian_consent", name=person.name
            )
        else:
            yield N_("%(name)s chưa đồng ý tham gia ngày hội.", "no_consent", name=person.name)
    if person.age is not None and person.own_asked and not stands.own:
        if CHILD_OWN in stands.refused:
            yield N_(
                "%(name)s chưa muốn tham gia. Bỏ tên bạn ấy khỏi hồ sơ, hoặc hỏi lại khi bạn ấy đổi ý.",
                "child_refused",
                name=person.name,
            )
        else:
            yield N_(
                "%(name)s từ 7 tuổi trở lên: cần chính bạn ấy đồng ý tham gia.", "no_own_agreement", name=person.name
            )


def unnamed(person: AskedPerson, ticks: Ticks) -> Sentence | None:
    """A tick for a child that does not count because nobody is named."""
    if ticks.agreed and person.child and not given(person, ticks).taking_part.by:
        return N_("Hãy ghi họ và tên cha, mẹ hoặc người giám hộ đồng ý cho cháu.", "guardian_unnamed")
    return None


def asked_at_sending(
    person: AskedPerson, ticks: Ticks, answered: Agreements = Agreements()
) -> tuple[Agreements, tuple[Sentence, ...]]:
    """What is agreed where a family sends its form, and what keeps it from being sent; `answered`: by a child on its own screen."""
    agreed = replace(given(person, ticks), own_publish=answered.own_publish, refused=answered.refused)
    fault = unnamed(person, ticks)
    lacks = missing_consents(person, agreed)
    return agreed, tuple(fault if fault and lack.code == "no_guardian_consent" else lack for lack in lacks)


def waited_for(person: AskedPerson, stands: Agreements) -> tuple[bool, bool]:
    """Whether an agreement to taking part is still waited for, and whether the child's own is."""
    own = person.age is not None and person.own_asked and not stands.own and CHILD_OWN not in stands.refused
    return not stands.taking_part.by, own


def agreed_later(
    person: AskedPerson, stands: Agreements, ticks: Ticks, how: str = "link"
) -> tuple[tuple[Given, ...], Sentence | None]:
    """What ticks add to what stands already, and what keeps one from counting; `how` is the road they come by.

    Who agreed to taking part before may agree to being published later: by and as the one who agreed then.
    """
    wanted, own = waited_for(person, stands)
    found: list[Given] = []
    by = stands.taking_part
    if wanted:
        new = given(person, ticks)
        by = new.taking_part
        if by.by:
            found.append((TAKING_PART, by.by, by.as_who))
    if by.by and ticks.publish and not stands.publish and (not person.child or how in PROVES):
        found.append((PUBLISH, by.by, by.as_who))
    # Who is asked by a link of the own has not said it here.
    if by.by and ticks.kept and not (person.child and by.how == OWN_LINK):
        found.append((KEPT, by.by, by.as_who))
    if own and ticks.own:
        found.append((CHILD_OWN, person.name, SELF))
    return tuple(found), unnamed(person, ticks) if wanted else None


def by_parent(
    stands: Agreements, parent: Agreement, *, taking_part: bool, publish: bool, keep: bool = False
) -> tuple[Given, ...]:
    """What father, mother or guardian adds for a child, by the own link or by signature: nothing else without taking part.

    `keep`: kept for the next edition, where it is not agreed to already.
    """
    found: list[Given] = []
    waits = not stands.taking_part.by or stands.taking_part.as_who == SELF
    if taking_part and waits:
        found.append((TAKING_PART, parent.by, parent.as_who))
    if publish and not stands.publish and (taking_part or not waits):
        found.append((PUBLISH, parent.by, parent.as_who))
    if keep and (taking_part or not waits):
        found.append((KEPT, parent.by, parent.as_who))
    return tuple(found)


def child_says(person: AskedPerson, taking_part: bool, publish: bool | None) -> tuple[tuple[str, bool], ...]:
    """What a child answered on its own screen: for what, and whether yes. Who does not take part is in no picture either."""
    found = [(CHILD_OWN, taking_part)]
    if person.picture_asked:
        found.append((CHILD_PUBLISH, taking_part and bool(publish)))
    return tuple(found)


def after_birth(person: AskedPerson, stands: Agreements) -> Agreements:
    """What still stands for a person with a corrected birth: who turns out to be a child has no agreement of its own."""
    if person.child and stands.taking_part.as_who == SELF:
        return replace(stands, taking_part=Agreement(), publish=False)
    return stands


def on_paper(person: AskedPerson, stands: Agreements, ticks: Ticks) -> Agreements:
    """What stands after an officer's row: an agreement of another road is kept, one on paper goes with its tick."""
    before = after_birth(person, stands)
    was_paper = before.taking_part.how == PAPER
    new = given(person, ticks)
    # Another name on the paper is another agreement; the same one spelt better is not.
    renamed = was_paper and person.child and bool(new.taking_part.by) and new.taking_part.by != before.taking_part.by
    taking_part = Agreement() if renamed or (was_paper and not ticks.agreed) else before.taking_part
    if not taking_part.by:
        taking_part = new.taking_part
    own = new.own or (before.own and not was_paper)
    return replace(
        before, taking_part=taking_part, own=own, publish=before.publish and bool(taking_part.by) and not renamed
    )


def paper_faults(person: AskedPerson, stands: Agreements, ticks: Ticks) -> Iterator[tuple[str, Sentence]]:
    """What of an officer's row would count for nothing: at which field ("guardian", "signed", "own"), and what to do.

    Nothing that was typed is dropped without a word, in whatever order it was typed. Taking a tick away takes the
    agreement back, so the guardian's name that stood beside it may stay.
    """
    if person.age is None:
        return  # the birth is asked for first
    before = after_birth(person, stands)
    held, name = before.taking_part, nfc(ticks.guardian)
    elsewhere = bool(held.by) and held.how != PAPER
    if person.child and elsewhere and name not in ("", held.by):
        yield (
            "guardian",
            N_(
                "%(by)s đã đồng ý cho cháu bằng cách khác, tên này không đổi ở đây được. Ghi lại tên ấy.",
                "agreed_elsewhere",
                by=held.by,
            ),
        )
    elif person.child and ticks.agreed and not name and not elsewhere:
        yield "guardian", N_("Hãy ghi họ và tên cha, mẹ hoặc người giám hộ đồng ý cho cháu.", "guardian_unnamed")
    elif person.child and name and not ticks.agreed and name != held.by:
        yield (
            "signed",
            N_(
                "Đã ghi tên %(guardian)s mà chưa đánh dấu. Đã ký phiếu thì đánh dấu; chưa ký thì xóa tên ở ô bên trên.",
                "guardian_unsigned",
                guardian=name,
            ),
        )
    elif not person.child and name and name != stands.taking_part.by:
        yield (
            "guardian",
            N_("Người này đủ 16 tuổi nên tự đồng ý. Xem lại ngày sinh, hoặc xóa tên ở ô này.", "guardian_unneeded"),
        )
    if ticks.own and not person.own_asked and not stands.own:
        yield "own", N_("Chỉ hỏi trẻ từ 7 đến dưới 16 tuổi. Xem lại ngày sinh, hoặc bỏ đánh dấu.", "own_unneeded")


def standing(name: str, stands: Agreements) -> tuple[Given, ...]:
    """Everything that stands for a person, as it is written down; what is not in it ends."""
    agreement = stands.taking_part
    found: list[Given] = []
    if agreement.by:
        found.append((TAKING_PART, agreement.by, agreement.as_who))
    if stands.own:
        found.append((CHILD_OWN, name, SELF))
    if stands.publish:
        found.append((PUBLISH, agreement.by or name, agreement.as_who))
    if stands.own_publish:
        found.append((CHILD_PUBLISH, name, SELF))
    if stands.kept and agreement.by:
        found.append((KEPT, agreement.by, agreement.as_who))
    return tuple(found)


def withheld(*, stands: bool, taken_back: bool, asked_apart: bool) -> bool:
    """Whether a name is held back: the agreement was taken back, or was asked for by itself and not given."""
    return not stands and (taken_back or asked_apart)


def says_name(text: str, name: str) -> bool:
    """Whether a free text says somebody's name: the whole of it, or the words people are called by (all but the first)."""
    said = f" {_words(text)} "
    whole = _words(name)
    called = whole.split()[1:]
    return f" {whole} " in said or any(f" {' '.join(called[at:])} " in said for at in range(len(called)))


def _words(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())
