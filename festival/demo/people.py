"""Which made-up people could live in these households?

Nobody here exists. Family names follow what the area has (Kinh, Khmer, Hoa); names have two to six words; a Khmer
woman may have Thị as her first word; a child carries its father's family name. Phones are 0900 00 and four digits
counted up from 1, so that no generated number is like a chance number of a real person. Everything follows from the
`random.Random` that is passed in: same seed, same people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from random import Random

from festival.consent.rules import Agreement
from festival.core.births import Birth
from festival.core.names import given_name
from festival.roster.household import Household, Member
from festival.roster.people import Relation, Sex

FESTIVAL_DAY = date(2024, 6, 14)


class People(StrEnum):
    """Whose names a household bears; used for making names only, never stored."""

    KINH = "kinh"
    KHMER = "khmer"
    HOA = "hoa"


SURNAMES = {
    People.KINH: (
        "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Phan", "Trương", "Bùi", "Đặng",
        "Đỗ", "Ngô", "Hồ", "Dương", "Đinh", "Nguyễn Phạm", "Trần Lê",
    ),
    People.KHMER: ("Danh", "Danh", "Danh", "Kim", "Sơn", "Thạch", "Lâm", "Châu"),
    People.HOA: ("Mạc", "Lý", "Quách", "Lưu", "Tăng", "Trịnh", "Hứa", "Giang", "Tiêu"),
}  # fmt: skip
MEN_MIDDLE = ("Văn", "Văn", "Hữu", "Minh", "Quốc", "Hoàng", "Thanh", "Công", "Đức", "Ngọc", "Hoàng Phúc", "")
WOMEN_MIDDLE = (
    "Thị", "Thị", "Thị Kim", "Thị Ngọc", "Thị Mỹ", "Ngọc", "Mỹ", "Thùy", "Thị Hồng", "Bảo", "Thị Cẩm", "Hoàng Bảo Ngọc",
)  # fmt: skip
MEN_GIVEN = (
    "An", "Bảo", "Cường", "Dũng", "Đạt", "Đông", "Giang", "Hải", "Hậu", "Hiếu", "Hòa", "Hùng", "Khang", "Khánh", "Khoa",
    "Kiên", "Lâm", "Lộc", "Long", "Mẫn", "Nam", "Nghĩa", "Nhân", "Phong", "Phú", "Phúc", "Quân", "Quý", "Sang", "Tài",
    "Tâm", "Thắng", "Thành", "Thiện", "Thịnh", "Tín", "Toàn", "Trí", "Trung", "Tuấn", "Tùng", "Vinh",
)  # fmt: skip
WOMEN_GIVEN = (
    "An", "Anh", "Bích", "Chi", "Diễm", "Dung", "Duyên", "Giang", "Hà", "Hạnh", "Hiền", "Hoa", "Hồng", "Hương", "Huyền",
    "Lan", "Linh", "Loan", "Mai", "My", "Nga", "Ngân", "Nhi", "Như", "Nhung", "Oanh", "Phượng", "Quyên", "Sương",
    "Thảo", "Thắm", "Thơ", "Thu", "Thủy", "Tiên", "Trang", "Trinh", "Tuyền", "Uyên", "Vân", "Vy", "Xuân", "Yến",
)  # fmt: skip
KHMER_MEN = (
    "Chung",
    "Rích",
    "Sa Kha",
    "Sóc Kha",
    "Út",
    "Ươl",
    "Sa Ranh",
    "Đa Ra",
    "Phi Rum",
    "Nhịp",
    "Hiền",
    "Sa Vươl",
)
KHMER_WOMEN = (
    "Diễm Phương", "Sà Rây", "Chanh Thi", "Sóc Khone", "Mai Ly", "Sa Von", "Huỳnh Nga", "Thu Ba", "Ngọc Lan", "Sa Phôl",
)  # fmt: skip
HOA_MEN = ("Thành Tài", "Vĩnh Phát", "Chí Cường", "Gia Huy", "Kiến Minh", "Tấn Lợi", "Quốc Hùng", "Phú Quý")
HOA_WOMEN = ("Mỹ Linh", "Tú Trinh", "Bội Bội", "Tiểu My", "Lệ Hoa", "Gia Hân", "Ngọc Phụng", "Tố Anh")
WORK = (
    "trồng lúa và nuôi tôm", "buôn bán nhỏ ở chợ xã", "dạy học ở trường tiểu học", "đánh bắt gần bờ", "trồng khóm",
    "làm nghề đan lục bình", "chăn nuôi bò", "làm bánh tráng", "chạy đò dọc", "làm ở trạm y tế xã", "trồng tiêu",
    "may gia công tại nhà",
)  # fmt: skip
TOGETHER = (
    "tối nào cũng ăn cơm chung", "cuối tuần cả nhà tập đờn ca", "ba thế hệ sống chung một mái nhà",
    "năm nào cũng gói bánh tét tặng bà con trong ấp", "các con đều là học sinh giỏi", "giữ nghề của ông bà để lại",
    "cùng nhau giữ sạch con kênh trước nhà", "chiều nào cha con cũng chơi cầu lông", "mê nấu món cá lóc nướng trui",
)  # fmt: skip
HAMLETS = ("ấp Kinh Hai", "ấp Hòa Lập", "ấp Vàm Răng", "khu phố Minh An", "ấp Thạnh Trung", "ấp Rẫy Mới", "khu phố 3")

TITLES = {
    "tai-nang": (
        "Tiểu phẩm «Bữa cơm chiều»", "Ca cổ «Tình mẹ»", "Tiểu phẩm «Chiếc áo bà ba»", "Hòa tấu gia đình «Lý con sáo»",
        "Tiểu phẩm «Ngoại về»", "Song ca «Ba kể con nghe»", "Múa «Sen quê»", "Vọng cổ «Dòng sông quê em»",
        "Tiểu phẩm «Điện thoại và mâm cơm»", "Đờn ca tài tử «Nam xuân»", "Hò vè «Nhà mình năm người»",
        "Tiểu phẩm «Con gái cũng là con»", "Tốp ca «Gia đình nhỏ, hạnh phúc to»", "Tấu hài «Ông bà tập nhắn tin»",
        "Múa Khmer «Mừng lúa mới»",
    ),
    "trang-phuc": (
        "Áo bà ba và khăn rằn", "Sắc màu phum sóc", "Ngày cưới của ông bà", "Từ đồng lúa ra biển", "Bốn mùa sum họp",
        "Áo dài ba thế hệ", "Tết quê", "Gia đình ngư dân",
    ),
    "nau-an": (
        "Mâm cơm miệt thứ", "Bữa cơm bốn món mùa nước nổi", "Bún cá Kiên Giang và chè bưởi", "Cơm chiều của má",
        "Mâm cơm đất biển", "Canh chua cá lóc, kho quẹt", "Bữa cơm ngày giỗ nội",
    ),
    "bong-ro": ("Ném bóng vào rổ",),
    "bong-da": ("Đá bóng vào cầu môn",),
    "cau-long": ("Đôi nam nữ phối hợp",),
}  # fmt: skip


def aged(home: Household, year: int) -> Household:
    """The same people at the same ages in a festival of that year."""
    later = year - FESTIVAL_DAY.year
    return replace(
        home,
        members=tuple(
            replace(each, birth=replace(each.birth, year=each.birth.year + later) if each.birth else None)
            for each in home.members
        ),
    )


def phone(number: int) -> str:
    """The `number`-th made-up phone."""
    return f"090000{number:04d}"


def person_name(chance: Random, people: People, sex: Sex, surname: str | None = None) -> str:
    """A full name of two to six words; with `surname` given, that of a child or brother."""
    family = surname or chance.choice(SURNAMES[people])
    if people is People.KHMER:
        if sex is Sex.FEMALE:
            given = chance.choice(KHMER_WOMEN)
            # Thị may stand first, without a family name
            return f"Thị {given}" if surname is None and chance.random() < 0.6 else f"{family} Thị {given}"
        return f"{family} {chance.choice(KHMER_MEN)}"
    if people is People.HOA:
        return f"{family} {chance.choice(HOA_MEN if sex is Sex.MALE else HOA_WOMEN)}"
    middle = chance.choice(MEN_MIDDLE if sex is Sex.MALE else WOMEN_MIDDLE)
    given = chance.choice(MEN_GIVEN if sex is Sex.MALE else WOMEN_GIVEN)
    return " ".join(word for word in (family, middle, given) if word)


@dataclass(frozen=True, slots=True)
class _HouseholdShape:
    """Who lives together; a letter each: g grandfather, G grandmother, f father, m mother, s son, d daughter, c either.

    The first letter is the representative.
    """

    who: str
    weight: int


# An average of four people a household, three generations in a good third of them
SHAPES = (
    _HouseholdShape("fmc", 14),
    _HouseholdShape("fmcc", 26),
    _HouseholdShape("fmGc", 16),
    _HouseholdShape("fmgGc", 16),
    _HouseholdShape("mfcc", 8),
    _HouseholdShape("fmGcc", 10),
    _HouseholdShape("mcc", 4),
    _HouseholdShape("Gmc", 3),
    _HouseholdShape("Gccc", 3),
)
SEXES = {"g": Sex.MALE, "G": Sex.FEMALE, "f": Sex.MALE, "m": Sex.FEMALE, "s": Sex.MALE, "d": Sex.FEMALE}


def household(chance: Random, number: int, commune: str) -> Household:
    """The `number`-th household, everybody agreed, nobody enrolled in a contest yet."""
    people = chance.choices(list(People), (72, 20, 8))[0]
    shape = chance.choices(SHAPES, [each.weight for each in SHAPES])[0].who
    surname = chance.choice(SURNAMES[people])
    used: set[str] = set()
    members = [_member(chance, people, surname, shape, place, used) for place in range(len(shape))]
    adult = next(member for member in members if member.birth and FESTIVAL_DAY.year - member.birth.year >= 20)
    mother = next((m for m, letter in zip(members, shape, strict=True) if letter == "m"), adult)
    agreed = tuple(_agreed(chance, member, adult if shape[0] == "G" else mother, shape[0]) for member in members)
    representative = members[0]
    return Household(
        phone=phone(number),
        address=f"{chance.choice(HAMLETS)}, {commune}",
        introduction=(f"Gia đình {_called(representative)} {chance.choice(WORK)}; {chance.choice(TOGETHER)}."),
        members=agreed,
    )


def _called(member: Member) -> str:
    """«chị Khai»: people are called by the given name."""
    assert member.birth is not None
    older = member.birth.year < FESTIVAL_DAY.year - 60
    word = ("bà" if older else "chị") if member.sex is Sex.FEMALE else ("ông" if older else "anh")
    return f"{word} {given_name(member.name)}"


def _member(chance: Random, people: People, surname: str, shape: str, place: int, used: set[str]) -> Member:
    letter = shape[place]
    sex = SEXES.get(letter) or chance.choice((Sex.MALE, Sex.FEMALE))
    # those who married in have a family name of their own
    own = None if letter in "mG" else surname
    name = person_name(chance, people, sex, own)
    while name in used:
        name = person_name(chance, people, sex, own)
    used.add(name)
    return Member(
        name=name,
        relation=Relation.REPRESENTATIVE if place == 0 else _relation(shape[0], letter),
        sex=sex,
        birth=_birth(chance, letter),
        needs=chance.choices(("", "Ăn chay", "Đi xe lăn"), (94, 4, 2))[0] if letter in "gG" else "",
    )


def _relation(representative: str, letter: str) -> Relation:
    if representative == "G":
        return Relation.CHILD if letter in "fm" else Relation.GRANDCHILD
    return {"f": Relation.SPOUSE, "m": Relation.SPOUSE, "g": Relation.PARENT, "G": Relation.PARENT}.get(
        letter, Relation.CHILD
    )


def _birth(chance: Random, letter: str) -> Birth:
    first, last = {"g": (1946, 1962), "G": (1948, 1964), "f": (1978, 1994), "m": (1980, 1996)}.get(letter, (2007, 2019))
    year = chance.randint(first, last)
    # older people often know the year only
    if letter in "gG" and chance.random() < 0.4:
        return Birth(year)
    return Birth(year, chance.randint(1, 12), chance.randint(1, 28))


def _agreed(chance: Random, member: Member, elder: Member, representative: str) -> Member:
    assert member.birth is not None
    child = FESTIVAL_DAY.year - member.birth.year <= 16
    as_who = "guardian" if representative == "G" else ("mother" if elder.sex is Sex.FEMALE else "father")
    return Member(
        name=member.name,
        relation=member.relation,
        sex=member.sex,
        birth=member.birth,
        needs=member.needs,
        agreement=Agreement(elder.name, as_who) if child else Agreement(member.name, "self"),
        own_agreement=child,
        publish=(published := member.relation is Relation.REPRESENTATIVE or chance.random() < 0.5),
        own_publish=child and published,
    )
