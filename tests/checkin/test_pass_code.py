"""Does a pass survive paper, thumbs and two languages of code?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from festival.registration import pass_code
from tests.harness.node import run_node_tests

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parent / "vectors" / "pass_code.json").read_text("utf-8"))
TOKENS = st.binary(min_size=16, max_size=16)
SECRETS = st.binary(min_size=5, max_size=5)


def refuses(read, text: str) -> bool:
    try:
        read(text)
    except pass_code.NotAPass:
        return True
    return False


@given(TOKENS)
def test_every_token_comes_back_from_its_code(token):
    code = pass_code.encode(token)
    assert len(code) == 30
    assert pass_code.decode(code) == token
    assert pass_code.decode(f" {code[:7]} {code[7:20].lower()}-{code[20:]}\n") == token


@given(TOKENS)
def test_every_wrong_character_of_a_pass_is_refused(token):
    code = pass_code.encode(token)
    for place in range(30):
        for other in pass_code.ALPHABET:
            if other != code[place]:
                assert refuses(pass_code.decode, code[:place] + other + code[place + 1 :])


@given(TOKENS)
def test_every_swap_of_neighbours_in_a_pass_is_refused(token):
    code = pass_code.encode(token)
    for place in range(29):
        left, right = code[place], code[place + 1]
        if left != right:
            assert refuses(pass_code.decode, code[:place] + right + left + code[place + 2 :])


@given(SECRETS)
def test_every_wrong_character_or_swap_of_a_typed_code_is_refused(secret):
    code = pass_code.typed(secret).replace("-", "")
    assert pass_code.read_typed(code.lower()) == f"{code[:4]}-{code[4:]}"
    for place in range(8):
        for other in pass_code.ALPHABET:
            if other != code[place]:
                assert refuses(pass_code.read_typed, code[:place] + other + code[place + 1 :])
    for place in range(7):
        left, right = code[place], code[place + 1]
        if left != right:
            assert refuses(pass_code.read_typed, code[:place] + right + left + code[place + 2 :])


@given(TOKENS, st.binary(max_size=3000))
def test_a_sealed_record_opens_with_its_token_only(token, record):
    sealed = pass_code.seal(token, record)
    assert pass_code.unseal(token, sealed) == record
    size = len(sealed) - 28
    assert size in pass_code.RECORD_SIZES or (size > 1024 and size % 1024 == 0)
    other = bytes([token[0] ^ 1]) + token[1:]
    assert refuses(lambda text: pass_code.unseal(other, sealed), "")
    touched = sealed[:-1] + bytes([sealed[-1] ^ 1])
    assert refuses(lambda text: pass_code.unseal(token, touched), "")


@pytest.mark.parametrize("row", VECTORS["passes"], ids=lambda row: row["code"][:8])
def test_shared_vectors_hold(row):
    token = bytes.fromhex(row["token"])
    assert pass_code.encode(token) == row["code"]
    assert pass_code.decode(row["code"]) == token
    assert pass_code.list_id(token) == row["list_id"]
    assert pass_code.typed(bytes.fromhex(row["typed_from"])) == row["typed"]
    independent = HKDF(hashes.SHA256(), 32, salt=None, info=b"festival offline list 1").derive(token)
    assert pass_code.list_key(token) == independent == bytes.fromhex(row["key"])
    assert pass_code.seal(token, row["record"].encode(), bytes.fromhex(row["nonce"])).hex() == row["sealed"]


def test_read_as_meant_and_refused_with_a_reason():
    for row in VECTORS["read"]:
        assert pass_code.encode(pass_code.decode(row["text"])) == row["code"]
    for row in VECTORS["typed_read"]:
        assert pass_code.read_typed(row["text"]) == row["typed"]
    for row in VECTORS["refused"]:
        with pytest.raises(pass_code.NotAPass) as refused:
            pass_code.decode(row["text"])
        assert refused.value.why == row["why"]


def test_the_browser_module_holds_the_same_vectors():
    run_node_tests(HERE / "pass_code.test.mjs")


@pytest.mark.parametrize(("length", "head"), [(65534, "fffe"), (65535, "ffff0000ffff"), (70000, "ffff00011170")])
def test_a_record_of_any_length_is_sealed_and_opened_again(length, head):
    """A delegation of 300 families; the browser's module writes and reads the same."""
    token, record = bytes(range(16)), b"\x07" * length
    assert pass_code.padded(record).hex().startswith(head)
    assert len(pass_code.padded(record)) % 1024 == 0
    assert pass_code.unseal(token, pass_code.seal(token, record)) == record
