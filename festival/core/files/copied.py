"""How do the files that lie beside the database go into a copy and come out of it?

A file never changes, so a copy on the same disk holds it by a second name and takes no room; on another disk it is copied.
The database is copied first: whatever its rows hold is there. What no row holds after a restore is swept.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from config import Config
from festival.core.disk.private import private_folder
from festival.core.files.store import KEY, file_path, files_in

BESIDE = ".files"


def folder_beside(copy: Path) -> Path:
    """Where the files of a copy lie."""
    return copy.with_name(copy.name + BESIDE)


def keep_files(config: Config, copy: Path) -> int:
    """All files beside the copy of the database; answers how many."""
    count = 0
    for path in files_in(config):
        _also(path, private_folder(folder_beside(copy)) / path.name)
        count += 1
    return count


def put_files_back(config: Config, folder: Path) -> int:
    """The files of a copy where the festival finds them; what is there already stays."""
    count = 0
    for path in _files(folder):
        target = file_path(config, path.name)
        private_folder(target.parent)
        if not target.exists():
            _also(path, target)
        count += 1
    return count


def forget_files(copy: Path) -> None:
    """A copy goes with its files."""
    shutil.rmtree(folder_beside(copy), ignore_errors=True)


def forget_left(folder: Path) -> int:
    """Files of copies that are gone already, whoever took those away."""
    left = [each for each in folder.glob(f"*{BESIDE}") if not each.with_name(each.name.removesuffix(BESIDE)).exists()]
    for each in left:
        shutil.rmtree(each, ignore_errors=True)
    return len(left)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if KEY.fullmatch(path.name) and path.is_file())


def _also(source: Path, target: Path) -> None:
    """The same file under a second name, or a copy of it; one that was removed meanwhile is passed over."""
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        return
    except OSError:  # another disk
        shutil.copyfile(source, target)
        target.chmod(0o600)
