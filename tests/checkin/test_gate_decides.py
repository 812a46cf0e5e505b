"""Does the gate's own script decide as the rule says: who is asked, what writes itself, which hours, what may be undone?"""

from __future__ import annotations

from pathlib import Path

from tests.harness.node import run_node_tests


def test_the_rules_of_the_browser():
    run_node_tests(Path(__file__).parent / "weigh.test.mjs")
