"""Which posts, texts, pictures and help lines must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

PUT_AWAY = "post.put_away"
STEPS = ("post.begun", "post.written", "post.shown", "post.taken_down", PUT_AWAY, "post.taken_back")


class PostsRecord:
    """The lines of posts and of the help table, replayed."""

    def __init__(self) -> None:
        self.posts = RecordedRows("post")
        self.texts = RecordedRows("post_version")
        self.pictures = RecordedRows("post_picture")
        self.files = RecordedRows("post_picture_file")
        self.help = RecordedRows("help_table")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.subject
        if line.kind in STEPS:
            row = {name: said[name] for name in ("version", "shown", "step")} | {"away": line.kind == PUT_AWAY}
            self.posts.put(line, (said["post"],), **row, slug=line.says("slug"), down_why=line.says("down_why"))
            self.texts.put(line, (said["post"], said["version"]), sha256=said["sha256"], content=True)
        elif line.kind == "post.picture":
            key = (said["picture"],)
            self.pictures.put(line, key, post=said["post"], children=said["children"], agreed=line.says("agreed"))
            for size, digest in said["sha256"].items():
                self.files.put(line, (said["picture"], size), sha256=digest, content=True)
        elif line.kind == "help_table.written":
            self.help.put(
                line, (said["festival"],), version=said["version"], lines=line.says("lines"), by=line.says("by")
            )
        elif line.kind == "retention.erased" and said.get("what") == "data":
            self._erased()

    def _erased(self) -> None:
        """Nothing is shown any more, texts are empty, pictures gone."""
        for columns in self.posts.rows.values():
            columns |= {"shown": None, "slug": UNKNOWN, "down_why": UNKNOWN}
        for columns in self.texts.rows.values():
            columns["content"] = UNKNOWN
        self.pictures.rows.clear()
        self.files.rows.clear()
