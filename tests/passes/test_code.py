"""Does a pass survive paper, thumbs and two languages of code?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from festival.passes import code as passes_code
from tests.harness.node import run_node_tests

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parent / "vectors" / "pass_code.json").read_text("utf-8"))
TOKENS = st.binary(min_size=16, max_size=16)
SECRETS = st.binary(min_size=5, max_size=5)


def refuses(read, text: str) -> bool:
    try:
        read(text)
    except passes_code.NotAPass:
        return True
    return False


@given(TOKENS)
def test_every_token_comes_back_from_its_code(token):
    code = passes_code.encode(token)
    assert len(code) == 30
    assert passes_code.decode(code) == token
    assert passes_code.decode(f" {code[:7]} {code[7:20].lower()}-{code[20:]}\n") == token


@given(TOKENS)
def test_every_wrong_character_of_a_pass_is_refused(token):
    code = passes_code.encode(token)
    for place in range(30):
        for other in passes_code.ALPHABET:
            if other != code[place]:
                assert refuses(passes_code.decode, code[:place] + other + code[place + 1 :])


@given(TOKENS)
def test_every_swap_of_neighbours_in_a_pass_is_refused(token):
    code = passes_code.encode(token)
    for place in range(29):
        left, right = code[place], code[place + 1]
        if left != right:
            assert refuses(passes_code.decode, code[:place] + right + left + code[place + 2 :])


@given(SECRETS)
def test_every_wrong_character_or_swap_of_a_typed_code_is_refused(secret):
    code = passes_code.typed(secret).replace("-", "")
    assert passes_code.read_typed(code.lower()) == f"{code[:4]}-{code[4:]}"
    for place in range(8):
        for other in passes_code.ALPHABET:
            if other != code[place]:
                assert refuses(passes_code.read_typed, code[:place] + other + code[place + 1 :])
    for place in range(7):
        left, right = code[place], code[place + 1]
        if left != right:
            assert refuses(passes_code.read_typed, code[:place] + right + left + code[place + 2 :])


@given(TOKENS, st.binary(max_size=3000))
def test_a_sealed_record_opens_with_its_token_only(token, record):
    sealed = passes_code.seal(token, record)
    assert passes_code.unseal(token, sealed) == record
    size = len(sealed) - 28
    assert size in passes_code.RECORD_SIZES or (size > 1024 and size % 1024 == 0)
    other = bytes([token[0] ^ 1]) + token[1:]
    assert refuses(lambda text: passes_code.unseal(other, sealed), "")
    touched = sealed[:-1] + bytes([sealed[-1] ^ 1])
    assert refuses(lambda text: passes_code.unseal(token, touched), "")


@pytest.mark.parametrize("row", VECTORS["passes"], ids=lambda row: row["code"][:8])
def test_shared_vectors_hold(row):
    token = bytes.fromhex(row["token"])
    assert passes_code.encode(token) == row["code"]
    assert passes_code.decode(row["code"]) == token
    assert passes_code.list_id(token) == row["list_id"]
    assert passes_code.typed(bytes.fromhex(row["typed_from"])) == row["typed"]
    independent = HKDF(hashes.SHA256(), 32, salt=None, info=b"festival offline list 1").derive(token)
    assert passes_code.list_key(token) == independent == bytes.fromhex(row["key"])
    assert passes_code.seal(token, row["record"].encode(), bytes.fromhex(row["nonce"])).hex() == row["sealed"]


def test_read_as_meant_and_refused_with_a_reason():
    for row in VECTORS["read"]:
        assert passes_code.encode(passes_code.decode(row["text"])) == row["code"]
    for row in VECTORS["typed_read"]:
        assert passes_code.read_typed(row["text"]) == row["typed"]
    for row in VECTORS["refused"]:
        with pytest.raises(passes_code.NotAPass) as refused:
            passes_code.decode(row["text"])
        assert refused.value.why == row["why"]


def test_the_browser_module_holds_the_same_vectors():
    run_node_tests(HERE / "pass_code.test.mjs")


@pytest.mark.parametrize(("length", "head"), [(65534, "fffe"), (65535, "ffff0000ffff"), (70000, "ffff00011170")])
def test_a_record_of_any_length_is_sealed_and_opened_again(length, head):
    """A delegation of 300 families; the browser's module writes and reads the same."""
    token, record = bytes(range(16)), b"\x07" * length
    assert passes_code.padded(record).hex().startswith(head)
    assert len(passes_code.padded(record)) % 1024 == 0
    assert passes_code.unseal(token, passes_code.seal(token, record)) == record
