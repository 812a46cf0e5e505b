"""Names from old fonts and wrong decodings are recognised and offered repaired; names that are only rare are left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.core import old_fonts
from festival.core.old_fonts import Garbling, Repair, arriving, offered, repair, written_fault

SYLLABLES = [
    "An", "Ân", "Ấn", "Bảo", "Đặng", "Dũng", "Hòa", "Khải", "Lê", "Mẫn", "Nguyễn", "Phước", "Quỳnh", "Sơn", "Thị", "Thủy", "Ước", "Văn",
    "Xuân", "Yến", "Danh", "Thạch", "Kiều", "Đạt", "Bình", "Ngữ", "Trần", "Huỳnh", "Thử", "Kiểm", "Hưởng", "Nghĩa", "Giàu", "Khuê", "Tuyền",
]  # fmt: skip
NAMES = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("written", "garbling", "repaired"),
    [
        ("TrÇn V¨n KiÓm", Garbling.TCVN3, "Trần Văn Kiểm"),
        ("Lª ThÞ Thö", Garbling.TCVN3, "Lê Thị Thử"),
        ("NguyÔn Ngäc H\xadëng", Garbling.TCVN3, "Nguyễn Ngọc Hưởng"),
        ("NGUYÔN V¡N §¹T", Garbling.TCVN3, "Nguyễn Văn Đạt"),
        ("Traàn Vaên Kieåm", Garbling.VNI, "Trần Văn Kiểm"),
        ("Leâ Thò Thöû", Garbling.VNI, "Lê Thị Thử"),
        ("NGUYEÃN VAÊN ÑAÏT", Garbling.VNI, "Nguyễn Văn Đạt"),
        ("Nguyá»…n VÄƒn Ä\x90áº¡t", Garbling.DECODED_WRONGLY, "Nguyễn Văn Đạt"),
        (
            "Trần Văn Kiểm".encode().decode("latin-1").encode().decode("latin-1"),
            Garbling.DECODED_WRONGLY,
            "Trần Văn Kiểm",
        ),
        ("Nguy?n V?n An", Garbling.LOST, ""),
        ("Tr\ufffdn Văn An", Garbling.LOST, ""),
        ("NGUYỄN VĂN AN", Garbling.CAPITALS, "Nguyễn Văn An"),
        ("nguyễn thị thu-hà", Garbling.SMALL, "Nguyễn Thị Thu-Hà"),
    ],
)
def test_what_was_garbled_is_recognised_and_offered(written: str, garbling: Garbling, repaired: str) -> None:
    assert repair(written) == Repair(garbling, repaired)


@pytest.mark.parametrize(
    "written",
    [
        "Trần Văn Kiểm", "Lê Thị Thử", "Danh Thị Sa Rươl", "Thị Ngọc Sà Phol", "Châu Óc", "Neáng Sóc Kha", "Lâm Quốc Đạt", "Kim Sa",
        "Ông Ích Khiêm", "Nguyễn Y Vân", "Hoà", "hoa", "AN", "Sơn Ngọc Thành", "Quách Quỳnh", "Nông Đức Mạnh", "K'Vâng", "H'Hen Niê", "Müller", "José", "",
    ],
)  # fmt: skip
def test_rare_and_foreign_names_are_left_alone(written: str) -> None:
    assert repair(written) is None


def to_tcvn3(text: str) -> str:
    codes = {letter: code for code, letter in old_fonts._TCVN3.items()}
    return "".join(codes.get(letter) or codes.get(letter.lower(), letter) for letter in text)


def to_vni(text: str) -> str:
    pairs = {letter: base + sign for base, signs in old_fonts._VNI_AFTER.items() for sign, letter in signs.items()}
    pairs |= {letter: code for code, letter in old_fonts._VNI_ALONE.items() if letter not in pairs}
    return "".join(
        (pairs.get(letter.lower(), letter).upper() if letter.isupper() else pairs.get(letter, letter))
        for letter in text
    )


@given(NAMES)
def test_every_name_comes_back_from_vni(name: str) -> None:
    written = to_vni(name)
    found = repair(written)
    assert found is None or found == Repair(Garbling.VNI, name)
    assert found is not None or written == name or old_fonts._plausible(written)


@given(NAMES)
def test_every_name_comes_back_from_a_wrong_decoding(name: str) -> None:
    if not name.isascii():
        assert repair(name.encode().decode("latin-1")) == Repair(Garbling.DECODED_WRONGLY, name)


@given(NAMES)
def test_every_name_comes_back_from_tcvn3(name: str) -> None:
    written = to_tcvn3(name)
    found = repair(written)
    # Codes that happen to be letters of the alphabet cannot be told: `Dũng` is written `Dòng`.
    assert found == Repair(Garbling.TCVN3, name) or old_fonts._is_vietnamese_script(written)


@given(NAMES)
def test_well_written_names_are_never_touched(name: str) -> None:
    assert repair(name) is None
    assert repair(unicodedata.normalize("NFD", name)) is None


@given(st.text(max_size=60))
def test_anything_at_all_is_answered(text: str) -> None:
    found = repair(text)
    assert found is None or found.text == unicodedata.normalize("NFC", found.text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Danh ThÞ Sa Phol", "Danh Thị Sa Phol"),
        ("Danh ThÞ Sa R\xad¬l", "Danh Thị Sa Rươl"),
        ("ThÞ Sµ Phol", "Thị Sà Phol"),
    ],
)
def test_a_khmer_name_in_the_old_font_is_no_row_of_vietnamese_syllables(text: str, right: str) -> None:
    assert repair(text) == Repair(Garbling.TCVN3, right)


def test_the_soft_hyphen_is_kept_only_where_it_is_a_letter() -> None:
    assert arriving("NguyÔn Ngäc H\xadëng") == "NguyÔn Ngäc H\xadëng"
    assert [arriving(text) for text in ("con\xadtact", "Trần\xad Văn", "M\xadüller", "\u200bDanh\xad")] == [
        "contact", "Trần Văn", "Müller", "Danh",
    ]  # fmt: skip
    assert arriving(arriving("H\xad¬ng Lan")) == "H\xad¬ng Lan"


@pytest.mark.parametrize(
    "name", ["Müller Bé Thu", "José Luis", "Zoë Kravitz", "Gal·la Placídia", "Danh Sóc Kha", "Ðặng Ân"]
)
def test_what_is_no_old_font_is_no_fault(name: str) -> None:
    assert written_fault(name) is None


def test_the_fault_tells_the_name_and_the_offer_is_never_worse_than_what_stands() -> None:
    fault = written_fault("TrÇn V¨n KiÓm")
    assert fault is not None
    assert (fault.code, fault.values["right"]) == ("name_garbled", "Trần Văn Kiểm")
    assert (offered("TRẦN VĂN KIỂM"), offered("Trần Văn Kiểm"), offered(None)) == ("Trần Văn Kiểm", "", "")
    assert [fault.code for text in ("", "Tr?n V?n", "12") if (fault := written_fault(text))] == [
        "no_name",
        "name_lost",
        "bad_name",
    ]
