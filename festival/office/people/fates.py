"""What becomes of each line of a pasted list of people, before anything is written?

Pure. A person is known again by login, by name with phone, or by a name nobody else has. Nothing is guessed: two of one
name without a phone, a word that is no role, a full panel are not understood, and the line says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from festival.core.names import fold, spelling
from festival.core.old_fonts import written_fault
from festival.core.phones import phone
from festival.core.sentence import N_, Sentence
from festival.office.people.found import AccountThere, FoundLine, LineFate, PeopleGround, SeatWish
from festival.office.people.list_seats import seated
from festival.office.people.pasted import PastedLine, parts

OFFICER, JUDGE, CHAIR, SECRETARY = "officer", "judge", "chair", "secretary"
# Which seat a role takes in the panel of a contest.
SEATS = {CHAIR: "chair", JUDGE: "member", SECRETARY: "secretary"}
LOGIN = re.compile(r"[A-Za-z0-9._-]{1,80}")
_LETTER = re.compile(r"^(.*\S)\s*\(?\b([A-Za-z])\)?$")


def list_fates(lines: Sequence[PastedLine], ground: PeopleGround) -> list[FoundLine]:
    """Every line with its fate, in the order of the list."""
    logins = {each.login for each in ground.accounts}
    found: list[FoundLine] = []
    for line in lines:
        read = _read(line, ground)
        if read.fate is not LineFate.UNCLEAR:
            read = _against_list(read, found)
        if read.fate is LineFate.NEW:
            read = _against_accounts(read, ground)
        if read.fate is LineFate.NEW:
            read = replace(read, login=read.login or login_of_name(line.name, logins))
            logins.add(read.login)
        found.append(read)
    return _told(seated(found, ground), ground)


def login_of_name(name: str, taken: set[str]) -> str:
    """Letters without marks, joined by dots, numbered from 2 when taken: "nguyen.van.an2"."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    plain = ".".join(words)[:60].rstrip(".") or "nguoi.dung"
    number = 1
    login = plain
    while login in taken:
        number += 1
        login = f"{plain}{number}"
    return login


# ------------------------------------------------------------------------------------------------ one line by itself


def _read(line: PastedLine, ground: PeopleGround) -> FoundLine:
    read = FoundLine(line)
    if fault := written_fault(line.name):
        return read.unclear(fault)
    if not line.role:
        return read.unclear(N_("Chưa ghi vai trò. Ghi sau họ tên, ví dụ: giám khảo.", "no_role"))
    roles: dict[str, str | None] = {}
    for word in parts(line.role):
        role, letter = _role(word, ground.roles)
        if role is None:
            return read.unclear(
                N_("“%(word)s” không phải vai trò. Ghi một trong các từ ở phần hướng dẫn.", "bad_role", word=word[:40])
            )
        roles[role] = letter
    read = replace(read, roles=tuple(roles))
    for cell in line.contact:
        number = phone(cell)
        if isinstance(number, str):
            read = replace(read, phone=number)
        elif LOGIN.fullmatch(cell) and not cell.isdigit():
            read = replace(read, login=cell.lower())
        else:
            return read.unclear(
                N_(
                    "“%(cell)s” không phải số điện thoại hay tên đăng nhập (chữ không dấu).",
                    "bad_contact",
                    cell=cell[:40],
                )
            )
    return _placed(read, roles, ground)


def _role(word: str, words: Mapping[str, str]) -> tuple[str | None, str | None]:
    plain = _plain(word)
    if plain in words:
        return words[plain], None
    parted = _LETTER.match(word)
    role = words.get(_plain(parted[1])) if parted else None
    return (role, parted[2].upper()) if parted and role in (JUDGE, CHAIR) else (None, None)


def _placed(read: FoundLine, roles: Mapping[str, str | None], ground: PeopleGround) -> FoundLine:
    """The delegations and seats the third cell names, by what the roles are for."""
    seated = [role for role in roles if role in SEATS]
    places = parts(read.line.place)
    if places and OFFICER not in roles and not seated:
        return read.unclear(N_("Vai trò này không gắn với đoàn hay phần thi. Bỏ trống ô thứ ba.", "place_unused"))
    delegations: list[str] = []
    seats: list[SeatWish] = []
    for place in places:
        named = _named(place, ground.delegations) if OFFICER in roles else []
        letter = None
        contests = _named(place, {each.code: each.name for each in ground.panels}) if seated else []
        if not named and not contests and seated and (parted := _LETTER.match(place)):
            contests, letter = _named(parted[1], {each.code: each.name for each in ground.panels}), parted[2].upper()
        if len(named) + len(contests) != 1:
            few = N_("Không có đoàn hay phần thi nào tên “%(place)s”.", "no_place", place=place[:60])
            many = N_("“%(place)s” có thể là nhiều đoàn hoặc phần thi. Ghi đủ tên.", "many_places", place=place[:60])
            return read.unclear(many if named or contests else few)
        delegations += named
        for code in contests:
            seats += [
                SeatWish(code, SEATS[role], (letter or roles[role]) if role != SECRETARY else None) for role in seated
            ]
    return replace(read, delegations=tuple(dict.fromkeys(delegations)), seats=tuple(dict.fromkeys(seats)))


def _named(place: str, names: Mapping[str, str]) -> list[str]:
    """The codes a place may mean: the code, the whole name, or the only name that holds these words."""
    wanted = _plain(place)
    whole = [code for code, name in names.items() if wanted in (_plain(code), _plain(name))]
    return whole or [code for code, name in names.items() if f" {wanted} " in f" {_plain(name)} "]


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


# ------------------------------------------------------------------------------------------------ who is it


def _against_list(read: FoundLine, before: Sequence[FoundLine]) -> FoundLine:
    for other in before:
        if other.fate in (LineFate.UNCLEAR, LineFate.DOUBLED):
            continue
        same_login = bool(read.login) and read.login == other.login
        if spelling(other.line.name) != spelling(read.line.name):
            if same_login:
                return read.unclear(
                    N_(
                        "Tên đăng nhập %(login)s đã ở dòng %(n)s. Ghi tên khác.",
                        "login_twice",
                        login=read.login,
                        n=other.line.number,
                    )
                )
            continue
        same = same_login or (bool(read.phone) and read.phone == other.phone)
        apart = bool(read.phone and other.phone) or bool(read.login and other.login)
        if not same and apart:
            continue  # two people of one name
        root = other.of or other.line.number
        nothing_new = read.phone in ("", other.phone) and read.login in ("", other.login)
        if read.asks == other.asks and nothing_new:
            return replace(read, fate=LineFate.DOUBLED, of=root)
        if not same:
            return read.unclear(
                N_(
                    "Trùng tên với dòng %(n)s. Cùng một người: ghi cùng số điện thoại ở cả hai dòng. Hai người: ghi hai số.",
                    "same_name", n=other.line.number,
                )
            )  # fmt: skip
        return replace(read, fate=LineFate.JOINED, of=root)
    return read


def _against_accounts(read: FoundLine, ground: PeopleGround) -> FoundLine:
    by_name = [each for each in ground.accounts if spelling(each.name) == spelling(read.line.name)]
    if read.login:
        there = next((each for each in ground.accounts if each.login == read.login), None)
        if there is None:
            return read
        if there not in by_name:
            return read.unclear(
                N_(
                    "Tên đăng nhập %(login)s đã là của %(name)s. Ghi tên khác.",
                    "login_taken",
                    login=there.login,
                    name=there.name,
                )
            )
        return _known(read, there)
    if read.phone:
        by_name = [each for each in by_name if each.phone in ("", read.phone)]
        by_name = [each for each in by_name if each.phone] or by_name
    if len(by_name) > 1:
        logins = ", ".join(each.login for each in by_name)
        return read.unclear(
            N_("Có nhiều tài khoản cùng tên: %(logins)s. Ghi thêm tên đăng nhập.", "several", logins=logins)
        )
    return _known(read, by_name[0]) if by_name else read


def _known(read: FoundLine, there: AccountThere) -> FoundLine:
    if not there.active:
        return read.unclear(
            N_(
                "Tài khoản %(login)s đang khóa. Mở lại ở trang Tài khoản, hoặc ghi tên đăng nhập mới.",
                "closed",
                login=there.login,
            )
        )
    return replace(read, fate=LineFate.KNOWN, user_id=there.user_id, login=there.login)


# ------------------------------------------------------------------------------------------------ in words


def _told(found: Sequence[FoundLine], ground: PeopleGround) -> list[FoundLine]:
    accounts = {each.user_id: each for each in ground.accounts}
    names = {each.code: each.name for each in ground.panels}
    users = {each.line.number: each.user_id for each in found}
    told = []
    for each in found:
        if each.fate is LineFate.UNCLEAR:
            told.append(each)
            continue
        there = accounts.get(each.user_id or users.get(each.of or 0) or 0)
        told.append(replace(each, said=tuple(_words(each, there, ground.delegations, names))))
    return told


def _words(
    each: FoundLine, there: AccountThere | None, delegations: Mapping[str, str], contests: Mapping[str, str]
) -> Iterator[Sentence]:
    if each.fate is LineFate.DOUBLED:
        yield N_("Lặp lại dòng %(n)s, không ghi thêm gì.", "doubled", n=each.of or 0)
        return
    if each.fate is LineFate.JOINED:
        yield N_("Cùng người với dòng %(n)s.", "joined", n=each.of or 0)
    if each.fate is LineFate.KNOWN:
        yield N_(
            "Đã có tài khoản %(login)s. Là người khác cùng tên thì ghi tên đăng nhập riêng.", "known", login=each.login
        )
    if there is not None and set(each.roles) - there.roles:
        yield N_("Thêm vai trò cho tài khoản này.", "role_added")
    new = [code for code in each.delegations if there is None or code not in there.delegations]
    if new:
        yield N_("Giao đoàn: %(names)s.", "given", names=", ".join(delegations[code] for code in new))
    for wish in each.seats:
        name = contests[wish.contest]
        if wish.seat == "secretary":
            yield N_("Thư ký, %(contest)s.", "seat_secretary", contest=name)
        elif wish.seat == "chair":
            yield N_("Trưởng ban, %(contest)s, chữ %(letter)s.", "seat_chair", contest=name, letter=wish.letter or "")
        else:
            yield N_("Giám khảo, %(contest)s, chữ %(letter)s.", "seat_member", contest=name, letter=wish.letter or "")
