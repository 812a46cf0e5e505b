"""Do the passes lie on the phone as the server told them, many under one key, and does a list of an earlier release come along?"""

from __future__ import annotations

import pytest

from tests.devices.kit import enrolment, open_fair

pytestmark = pytest.mark.either_database

OLD = """lines => new Promise((done) => {
  const asked = indexedDB.open("festival-gate", 2);
  asked.onupgradeneeded = () => {
    for (const name of ["passes", "admitted", "roster", "told"]) asked.result.createObjectStore(name);
    const passes = asked.transaction.objectStore("passes");
    for (const [id, sealed] of lines) passes.put(sealed === null ? { replaced: true } : { sealed }, id);
    asked.transaction.objectStore("admitted").put({ at: 1 }, "somebody|entry|2024-06-14");
  };
  asked.onsuccess = () => { asked.result.close(); done(); };
})"""
TELL = """async ([base, state, ids]) => {
  const [{ passesOf, passCount, STORES, within }, { keepPasses }] = await Promise.all(["list-store.js", "heaps.js"].map((name) => import(base + name)));
  if (state) await within(STORES, "readwrite", (tx) => keepPasses(tx, state));
  return [Object.fromEntries(await passesOf(ids)), await passCount(), await within(["admitted"], "readonly", (tx) => tx.objectStore("admitted").count())];
}"""


def id_of(start: str) -> str:
    return start.ljust(32, "0")


def test_passes_in_heaps_are_those_the_server_told(app, live_server, page):
    fair = open_fair(app)
    page.goto(f"{live_server.url}/enrol#{enrolment(app, fair)}")
    held = {id_of(f"{n:02x}{n % 3}"): f"record {n}" for n in range(40)} | {id_of("a1f"): None}
    page.evaluate(OLD, [*map(list, held.items())])
    base = app.jinja_env.globals["asset"]("js/gate/")
    asked_for = {*held, *map(id_of, ("051", "0ff", "b00", "a10", "c00"))}

    def on_the_phone(state=None):
        told, count, others = page.evaluate(TELL, [base, state, sorted(asked_for)])
        assert others == 1, "who is in stays where it was"
        assert count == len(told)
        return told

    assert on_the_phone() == held, "a list of the release before is there without a network"
    # single passes: changed, gone, replaced, and new in a heap that is there and in one that is not
    gone, replaced = id_of("022"), id_of("030")
    changed = {id_of("011"): "anew", id_of("051"): "more", id_of("b00"): "first"}
    only = [*changed, gone, replaced]
    held = {each: text for each, text in held.items() if each != gone} | changed | {replaced: None}
    state = {"only": only, "passes": [*map(list, changed.items())], "replaced": [replaced]}
    assert on_the_phone(state) == held
    # a part of a large list, then one of a small list, whose beginning is shorter
    held = {each: text for each, text in held.items() if each[:2] != "05"} | {id_of("0ff"): "other part"}
    state = {"within": ["05", "0f"], "passes": [[id_of("0ff"), "other part"], [id_of("0f0"), held[id_of("0f0")]]]}
    assert on_the_phone(state) == held
    held = {each: text for each, text in held.items() if each[:1] != "1"} | {id_of("101"): "small"}
    assert on_the_phone({"within": ["1"], "passes": [[id_of("101"), "small"]], "replaced": []}) == held
    # all anew
    assert on_the_phone({"within": None, "passes": [[id_of("c00"), "whole"]], "replaced": [id_of("a10")]}) == {
        id_of("c00"): "whole",
        id_of("a10"): None,
    }
