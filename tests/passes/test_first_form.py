"""Is a pass of the first form, printed up to release 0.5, still read as it was?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.passes import first_form
from festival.passes.code import NotAPass
from tests.harness.node import run_node_tests

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parent / "vectors" / "first_form.json").read_text("utf-8"))
TOKENS = st.binary(min_size=16, max_size=16)
SECRETS = st.binary(min_size=5, max_size=5)


def refuses(read, text: str) -> bool:
    try:
        read(text)
    except NotAPass:
        return True
    return False


@given(TOKENS)
def test_every_token_comes_back_from_its_code(token):
    code = first_form.encode(token)
    assert len(code) == 30
    assert first_form.decode(code) == token
    assert first_form.decode(f" {code[:7]} {code[7:20].lower()}-{code[20:]}\n") == token


@given(TOKENS)
def test_every_wrong_character_of_a_pass_is_refused(token):
    code = first_form.encode(token)
    for place in range(30):
        for other in first_form.ALPHABET:
            if other != code[place]:
                assert refuses(first_form.decode, code[:place] + other + code[place + 1 :])


@given(TOKENS)
def test_every_swap_of_neighbours_in_a_pass_is_refused(token):
    code = first_form.encode(token)
    for place in range(29):
        left, right = code[place], code[place + 1]
        if left != right:
            assert refuses(first_form.decode, code[:place] + right + left + code[place + 2 :])


@given(SECRETS)
def test_every_wrong_character_or_swap_of_a_typed_code_is_refused(secret):
    code = first_form.typed(secret).replace("-", "")
    assert first_form.read_typed(code.lower()) == f"{code[:4]}-{code[4:]}"
    for place in range(8):
        for other in first_form.ALPHABET:
            if other != code[place]:
                assert refuses(first_form.read_typed, code[:place] + other + code[place + 1 :])
    for place in range(7):
        left, right = code[place], code[place + 1]
        if left != right:
            assert refuses(first_form.read_typed, code[:place] + right + left + code[place + 2 :])


@pytest.mark.parametrize("row", VECTORS["passes"], ids=lambda row: row["code"][:8])
def test_shared_vectors_hold(row):
    token = bytes.fromhex(row["token"])
    assert first_form.encode(token) == row["code"]
    assert first_form.decode(row["code"]) == token
    assert first_form.typed(bytes.fromhex(row["typed_from"])) == row["typed"]


def test_read_as_meant_and_refused_with_a_reason():
    for row in VECTORS["read"]:
        assert first_form.encode(first_form.decode(row["text"])) == row["code"]
    for row in VECTORS["typed_read"]:
        assert first_form.read_typed(row["text"]) == row["typed"]
    for row in VECTORS["refused"]:
        with pytest.raises(NotAPass) as refused:
            first_form.decode(row["text"])
        assert refused.value.why == row["why"]


def test_the_browser_module_holds_the_same_vectors():
    run_node_tests(HERE / "first_form.test.mjs")
