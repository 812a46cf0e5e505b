"""Where do the style sheets and scripts lie compressed, as brotli and gzip beside each file?

In a copy of the static tree under its digest, made by the set-up: a developer's own tree has no compressed files in it,
so that none can be older than what it stands for.
"""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from whitenoise.compress import Compressor

from config import ROOT

PACKED = ROOT / "build" / "static"
SUFFIXES = (".br", ".gz")


def pack(source: Path, target: Path, *, earlier: Iterable[Path] = ()) -> None:
    """Make `target` a copy of `source` with the compressed files, whole or not at all.

    What has not changed since an `earlier` copy is taken from there: brotli takes seconds over the code reader.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=target.parent) as folder:
        made = Path(folder) / target.name
        shutil.copytree(source, made)
        compressor = Compressor(quiet=True)
        for path in [item for item in made.rglob("*") if item.is_file()]:
            if not compressor.should_compress(path.name):
                continue
            name = path.relative_to(made)
            same = next((old / name for old in earlier if _same(old / name, path)), None)
            if same is None:
                compressor.compress(str(path))
            else:
                _copy_compressed(same, path)
        if not target.is_dir():  # another set-up may have been quicker
            made.rename(target)


def _same(old: Path, new: Path) -> bool:
    return old.is_file() and filecmp.cmp(old, new, shallow=False)


def _copy_compressed(source: Path, target: Path) -> None:
    for suffix in SUFFIXES:
        compressed = source.with_name(source.name + suffix)
        if compressed.is_file():
            shutil.copyfile(compressed, target.with_name(target.name + suffix))
