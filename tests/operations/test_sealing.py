"""Is every cut, change and swap of a sealed file noticed, and told in a clear sentence, with little memory?"""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from festival.operations.copies import BackupError
from festival.operations.sealed import sealing
from festival.operations.sealed.passphrase import known_passphrase, new_passphrase, why_weak
from festival.operations.sealed.sealing import (
    MAGIC,
    TAG,
    Keys,
    SealBroken,
    Sealer,
    SealHead,
    Unsealer,
    is_sealed,
    keys_of,
    read_head,
    top_of,
)

PIECE = 1000
WORDS = "xe lửa, sen hồng, bảy con vịt"
CONTENT = bytes(range(256)) * 13  # three whole pieces and a part


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces, and a derivation that costs nothing; what real files cost stands in the last test."""
    monkeypatch.setattr(sealing, "PIECE", PIECE)
    monkeypatch.setattr(sealing, "N", 2)


def sealed(path: Path, content: bytes = CONTENT, words: str = WORDS) -> Path:
    keys = sealing.new_keys(words, len(content))
    with path.open("wb") as out:
        sealer = Sealer(out, keys)
        for begin in range(0, len(content), 700):
            sealer.write(content[begin : begin + 700])
        sealer.close()
    return path


def unsealed(path: Path, words: str = WORDS) -> bytes:
    with path.open("rb") as opened:
        unsealer = Unsealer(opened, path, keys_of(path, words))
        return b"".join(iter(lambda: unsealer.read(333), b""))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, len(CONTENT)])
def test_what_goes_in_comes_out(tmp_path: Path, size: int) -> None:
    path = sealed(tmp_path / "whole", CONTENT[:size])
    assert unsealed(path) == CONTENT[:size]
    assert CONTENT[:16] not in path.read_bytes() or size < 16
    assert is_sealed(path)


def test_the_head_states_its_parameters(tmp_path: Path) -> None:
    first, second = sealed(tmp_path / "whole").read_bytes().split(b"\n", 2)[:2]
    said = json.loads(second)
    assert first == b"NGAYHOI-SEALED-1"
    assert {name: said[name] for name in ("kdf", "n", "r", "p", "cipher", "piece", "length")} == {
        "kdf": "scrypt", "n": 2, "r": 8, "p": 1, "cipher": "AES-256-GCM", "piece": PIECE, "length": len(CONTENT),
    }  # fmt: skip


def test_the_same_content_never_looks_the_same(tmp_path: Path) -> None:
    assert sealed(tmp_path / "one").read_bytes()[300:] != sealed(tmp_path / "two").read_bytes()[300:]


def test_another_passphrase_is_told(tmp_path: Path) -> None:
    path = sealed(tmp_path / "whole")
    for words in ("", WORDS[:-1], WORDS.upper()):
        with pytest.raises(SealBroken, match="cụm mật khẩu không đúng"):
            unsealed(path, words)


def test_accents_typed_in_two_ways_are_one_passphrase(tmp_path: Path) -> None:
    path = sealed(tmp_path / "whole", words="b\u1ea3y con v\u1ecbt bi\u1ec3n")
    assert unsealed(path, "ba\u0309y con vi\u0323t bie\u0302\u0309n") == CONTENT


def test_a_cut_anywhere_is_told(tmp_path: Path) -> None:
    whole = sealed(tmp_path / "whole").read_bytes()
    top = len(whole) - len(CONTENT) - 4 * TAG
    piece = PIECE + TAG
    places = [
        *range(len(MAGIC), top),
        top,
        top + 1,
        *(top + n * piece + d for n in (1, 2, 3) for d in (-1, 0, 1)),
        len(whole) - 1,
    ]
    for place in places:
        (tmp_path / "cut").write_bytes(whole[:place])
        with pytest.raises(SealBroken, match="tệp bị cắt"):
            unsealed(tmp_path / "cut")


def test_a_last_piece_that_is_missing_is_noticed_even_when_the_length_agrees(tmp_path: Path) -> None:
    """Who cuts at a piece and writes another length into the head: the pieces are bound to the head and know their end."""
    keys = sealing.new_keys(WORDS, len(CONTENT))
    out = io.BytesIO()
    sealer = Sealer(out, keys)
    sealer.write(CONTENT)
    (tmp_path / "cut").write_bytes(out.getvalue())  # three pieces, none of them the last
    with (tmp_path / "cut").open("rb") as opened, pytest.raises(SealBroken, match="khối 4 trên 4"):
        Unsealer(opened, tmp_path / "cut", keys).finish()


def test_a_flipped_bit_anywhere_is_told(tmp_path: Path) -> None:
    whole = sealed(tmp_path / "whole").read_bytes()
    top = len(whole) - len(CONTENT) - 4 * TAG
    for place in (*range(len(MAGIC), top), *range(top, len(whole), 97), len(whole) - 1):
        turned = bytearray(whole)
        turned[place] ^= 1
        (tmp_path / "turned").write_bytes(turned)
        with pytest.raises(SealBroken) as told:
            unsealed(tmp_path / "turned")
        if place >= top:
            assert f"khối {(place - top) // (PIECE + TAG) + 1} trên 4 đã bị đổi" in str(told.value)


def _swapped(pieces: list[bytes]) -> list[bytes]:
    return [pieces[1], pieces[0], *pieces[2:]]


def _repeated(pieces: list[bytes]) -> list[bytes]:
    return [pieces[0], pieces[0], *pieces[2:]]


@pytest.mark.parametrize(("change", "at"), [(_swapped, 1), (_repeated, 2)])
def test_pieces_in_another_order_are_told(
    tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], at: int
) -> None:
    whole = sealed(tmp_path / "whole").read_bytes()
    top = len(whole) - len(CONTENT) - 4 * TAG
    pieces = [whole[begin : begin + PIECE + TAG] for begin in range(top, len(whole), PIECE + TAG)]
    (tmp_path / "changed").write_bytes(whole[:top] + b"".join(change(pieces)))
    with pytest.raises(SealBroken, match=f"khối {at} trên 4 đã bị đổi, đảo chỗ"):
        unsealed(tmp_path / "changed")


def test_without_a_number_in_the_nonce_a_swap_goes_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The naive form: every piece sealed, none bound to its place."""
    monkeypatch.setattr(Keys, "_nonce", lambda self, number, last: bytes(12))
    whole = sealed(tmp_path / "whole").read_bytes()
    top = len(whole) - len(CONTENT) - 4 * TAG
    pieces = [whole[begin : begin + PIECE + TAG] for begin in range(top, len(whole), PIECE + TAG)]
    (tmp_path / "changed").write_bytes(whole[:top] + b"".join(_swapped(pieces)))
    assert unsealed(tmp_path / "changed") != CONTENT


def test_a_piece_of_another_file_of_the_same_passphrase_is_told(tmp_path: Path) -> None:
    one, two = sealed(tmp_path / "one").read_bytes(), sealed(tmp_path / "two").read_bytes()
    top = len(one) - len(CONTENT) - 4 * TAG
    (tmp_path / "mixed").write_bytes(one[: top + PIECE + TAG] + two[top + PIECE + TAG :])
    with pytest.raises(SealBroken, match="khối 2 trên 4"):
        unsealed(tmp_path / "mixed")


def test_something_behind_the_end_is_told(tmp_path: Path) -> None:
    path = sealed(tmp_path / "whole")
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SealBroken, match="nối thêm 1 byte"):
        unsealed(path)


@pytest.mark.parametrize(
    "wish", [{"n": 1 << 24}, {"n": 3}, {"r": 1 << 20}, {"p": 1000}, {"piece": 1 << 30}, {"kdf": "md5"}]
)
def test_a_head_that_asks_for_too_much_is_not_obeyed(tmp_path: Path, wish: dict[str, object]) -> None:
    usual = {"kdf": "scrypt", "n": 2, "r": 8, "p": 1, "salt": "00" * 16, "cipher": "AES-256-GCM"}
    head = SealHead(**{**usual, "piece": PIECE, "prefix": "00" * 7, "length": 0, **wish})  # type: ignore[arg-type]
    (tmp_path / "greedy").write_bytes(top_of(head, "0" * 32) + bytes(TAG))
    with pytest.raises(SealBroken, match="phần đầu tệp"):
        read_head(tmp_path / "greedy")


def test_what_is_not_sealed_is_not_taken_for_it(tmp_path: Path) -> None:
    for content in (b"", b"SQLite format 3\0", b"PGDMP", b"NGAYHOI", MAGIC[:-1] + b"x"):
        (tmp_path / "other").write_bytes(content)
        assert not is_sealed(tmp_path / "other")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("", "12 ký tự"),
        ("ngan qua 11", "12 ký tự"),
        ("123456789012", "dễ đoán"),
        ("password1234", "dễ đoán"),
        ("qwertyuiop12", "dễ đoán"),
        (WORDS, None),
        ("trâu vàng cối xay nắng", None),
    ],
)
def test_a_passphrase_is_long_and_not_a_common_one(words: str, wrong: str | None) -> None:
    said = why_weak(words)
    assert (said is None) if wrong is None else (said is not None and wrong in said)


def test_a_passphrase_comes_from_a_file_a_descriptor_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "words"
    file.write_text(f"{WORDS}\nnot this line\n", encoding="utf-8")
    assert (new_passphrase(file), known_passphrase(file)) == (WORDS, WORDS)
    with file.open() as opened:
        assert known_passphrase(Path(f"/dev/fd/{opened.fileno()}")) == WORDS
    monkeypatch.setenv("BACKUP_PASSPHRASE", WORDS)
    assert known_passphrase(None) == WORDS
    for content in (b"", b"\n" + WORDS.encode(), b"\xff\xfe"):
        file.write_bytes(content)
        with pytest.raises(BackupError, match="tệp cụm mật khẩu"):
            known_passphrase(file)


def test_memory_stays_small_whatever_the_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "PIECE", 1 << 20)
    size = 48 << 20
    keys = sealing.new_keys(WORDS, size)
    path = tmp_path / "large"
    tracemalloc.start()
    with path.open("wb") as out:
        sealer = Sealer(out, keys)
        for _block in range(size >> 16):
            sealer.write(bytes(1 << 16))
        sealer.close()
    with path.open("rb") as opened:
        Unsealer(opened, path, keys).finish()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 << 20


def test_guessing_is_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """As released: 128 bytes × n × r of memory for every guess."""
    monkeypatch.undo()
    assert 128 * sealing.N * sealing.R == 128 << 20
