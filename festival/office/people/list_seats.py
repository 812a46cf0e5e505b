"""Which seats do the lines of a list get in the panels, and which do they not? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_uppercase

from festival.core.sentence import N_, Sentence
from festival.office.people.found import FoundLine, LineFate, PanelThere, PeopleGround, SeatWish


@dataclass(slots=True)
class _Panel:
    """A panel as it fills up along the list."""

    there: PanelThere
    names: list[str] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)  # chair and secretary
    people: set[object] = field(default_factory=set)

    def fault(self, wish: SeatWish, who: object) -> Sentence | None:
        """Why this seat cannot be given now."""
        name = self.there.name
        if not self.there.open:
            return N_("%(contest)s đã khóa điểm, không thêm người được.", "panel_closed", contest=name)
        if not self.there.marked and wish.seat != "secretary":
            return N_("%(contest)s không chấm theo tiêu chí, chỉ cần thư ký.", "panel_unmarked", contest=name)
        if who in self.people:
            return N_("Người này đã có ghế ở %(contest)s.", "seat_held", contest=name)
        if wish.seat in self.held:
            told = {"contest": name, "who": self.held[wish.seat]}
            if wish.seat == "chair":
                return N_("%(contest)s đã có trưởng ban: %(who)s.", "chair_taken").filled(**told)
            return N_("%(contest)s đã có thư ký: %(who)s.", "secretary_taken").filled(**told)
        if wish.seat != "secretary" and self.there.size and len(self.names) >= self.there.size:
            return N_(
                "Ban giám khảo %(contest)s đã đủ %(size)s người: %(who)s. Bỏ bớt dòng, hoặc rút tên một người ở trang phần thi.",
                "panel_full", contest=name, size=self.there.size, who=", ".join(self.names),
            )  # fmt: skip
        if wish.letter in self.letters:
            return N_("Chữ %(letter)s ở %(contest)s đã là của %(who)s.", "letter_taken").filled(
                letter=str(wish.letter), contest=name, who=self.letters[str(wish.letter)]
            )
        return None

    def give(self, wish: SeatWish, who: object, name: str, kept: set[str]) -> SeatWish:
        """The seat, with the next letter nobody asks for when none is named."""
        self.people.add(who)
        if wish.seat in ("chair", "secretary"):
            self.held[wish.seat] = name
        if wish.seat in ("secretary", "reserve"):
            return wish
        free = next((each for each in ascii_uppercase if each not in self.letters and each not in kept), None)
        letter = wish.letter or free
        if letter:
            self.letters[letter] = name
        self.names.append(f"{letter or ''} {name}".strip())
        return replace(wish, letter=letter)


def seated(found: Sequence[FoundLine], ground: PeopleGround) -> list[FoundLine]:
    """Seats are given line by line; letters that are named are kept for whoever names them."""
    panels = {each.code: _Panel(each) for each in ground.panels}
    for panel in panels.values():
        for seat in panel.there.seats:
            panel.give(SeatWish(panel.there.code, seat.seat, seat.letter), ("user", seat.user_id), seat.name, set())
    asked: dict[str, set[str]] = {code: set() for code in panels}
    for each in found:
        if each.fate is not LineFate.UNCLEAR:
            for wish in each.seats:
                asked[wish.contest] |= {wish.letter} if wish.letter else set()
    users = {each.line.number: each.user_id for each in found}
    seated = []
    for each in found:
        if each.fate in (LineFate.UNCLEAR, LineFate.DOUBLED):
            seated.append(each)
            continue
        root = each.of or each.line.number
        who = ("user", users[root]) if users[root] is not None else ("line", root)
        seated.append(_given(each, who, panels, asked))
    return _without_lost_roots(seated)


def _given(
    each: FoundLine, who: tuple[str, int | None], panels: Mapping[str, _Panel], asked: Mapping[str, set[str]]
) -> FoundLine:
    wishes = []
    for wish in each.seats:
        there = next((seat for seat in panels[wish.contest].there.seats if ("user", seat.user_id) == who), None)
        if there is not None and there.seat == wish.seat and wish.letter in (None, there.letter):
            continue  # sits there already
        if fault := panels[wish.contest].fault(wish, who):
            return each.unclear(fault)
        wishes.append(wish)
    given = [panels[wish.contest].give(wish, who, each.line.name, asked[wish.contest]) for wish in wishes]
    return replace(each, seats=tuple(given))


def _without_lost_roots(found: Sequence[FoundLine]) -> list[FoundLine]:
    """Who would join a line that turned out not to be understood is not understood either."""
    lost = {each.line.number for each in found if each.fate is LineFate.UNCLEAR}
    return [
        each.unclear(N_("Cùng người với dòng %(n)s, dòng ấy chưa rõ.", "root_unclear", n=each.of))
        if each.of in lost and each.of is not None
        else each
        for each in found
    ]
