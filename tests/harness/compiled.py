"""Are the tests compiled before the workers of a run begin? Else each of them compiles all of them, all at the same time.

What pytest makes of an `assert` is kept beside the file; to make it of four hundred files takes a core twenty seconds. How it is
made and where it is kept is pytest's own business, so its own functions do it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from compileall import compile_file
from multiprocessing import get_context
from pathlib import Path

import pytest
from _pytest.assertion import AssertionState, rewrite

_config: list[pytest.Config] = []


def compile_tests(config: pytest.Config, files: Iterable[Path]) -> None:
    """On all cores, if Python may keep what it compiles."""
    if sys.dont_write_bytecode:
        return
    _config[:] = [config]
    with get_context("fork").Pool(os.cpu_count()) as hands:
        hands.map(_compile, sorted(files), chunksize=20)


def _compile(path: Path) -> None:
    if not path.name.startswith(("test_", "conftest")):
        compile_file(path, quiet=1)
        return
    kept = rewrite.get_cache_dir(path) / f"{path.stem}{rewrite.PYC_TAIL}"
    if rewrite._read_pyc(path, kept) is None and rewrite.try_makedirs(kept.parent):
        source_hash, code = rewrite._rewrite_test(path, _config[0])
        rewrite._write_pyc(AssertionState(_config[0], "rewrite"), code, source_hash, kept)
