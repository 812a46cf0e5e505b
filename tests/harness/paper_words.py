"""What stands on a kept paper, as a person reads it."""

from __future__ import annotations

import subprocess
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile


def words_of_pdf(made: bytes) -> str:
    """The words in reading order, each line break a space."""
    done = subprocess.run(["pdftotext", "-", "-"], input=made, check=True, capture_output=True)
    return " ".join(done.stdout.decode().replace("\u200b", "").split())


def words_of_docx(made: bytes) -> str:
    """The words of a document."""
    with ZipFile(BytesIO(made)) as archive:
        body = ET.fromstring(archive.read("word/document.xml"))
    return " ".join(" ".join(body.itertext()).split())
