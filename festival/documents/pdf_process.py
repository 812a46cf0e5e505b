"""Draws the pages of a scanned PDF as pictures in a process of its own: `python -m festival.documents.pdf_process`.

Standard input: one line of JSON (what it may take), then the file. Standard output: for each page its length on a line, then a JPEG;
at the end `done`, or `broken` or `long`. Memory, processor time and what may be written are limited before a byte of the file is
looked at; the process knows no database, no key and no setting, and what draws sees no other file than this one.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

import typst

from festival.documents.photo import NotAPicture, kept_photo

PPI = 150.0


def limit(cpu_s: int, memory_bytes: int, file_bytes: int) -> None:
    """From here on the kernel stops this process when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    os.nice(5)  # gates and judges come first


def pages(folder: Path, most: int) -> str:
    """Write each page; how it ended."""
    compiler = typst.Compiler(root=str(folder), ignore_system_fonts=True)
    for page in range(1, most + 2):
        source = f'#set page(width: 210mm, height: auto, margin: 0pt)\n#image("/scan.pdf", page: {page}, width: 100%)'
        try:
            drawn = compiler.compile(input=source.encode("ascii"), format="png", ppi=PPI)
        except typst.TypstError as ended:
            return "done" if page > 1 and "does not exist" in str(ended) else "broken"
        if page > most:
            return "long"
        made = drawn[0] if isinstance(drawn, list) else drawn
        if made is None:
            return "broken"
        picture = kept_photo(made)
        sys.stdout.buffer.write(f"{len(picture)}\n".encode("ascii") + picture)
    return "long"


def main() -> None:
    """Answer once."""
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "scan.pdf").write_bytes(content)
        limit(asked["cpu_s"], asked["memory_bytes"], asked["file_bytes"])
        try:
            ended = pages(Path(folder), asked["most"])
        except (NotAPicture, MemoryError):
            ended = "broken"
    sys.stdout.buffer.write(f"{ended}\n".encode("ascii"))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
