"""The embedded broker."""

from __future__ import annotations

from pathlib import Path

from kombu.connection import Connection

from lms.core.embedded import Channel
from lms.core.tasks import queue_folder


class Watcher:
    """Something in a message that sees, while the message is made, what a worker would find."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __json__(self) -> list[str]:
        """Give the messages there are."""
        return [file.name for file in self.folder.glob("*.msg")]


def test_a_message_is_found_only_when_it_is_whole(tmp_path: Path) -> None:
    folder = queue_folder(tmp_path)
    folder.mkdir()
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    with Connection("filesystem://", transport_options=options) as connection, connection.channel() as channel:  # type: ignore[no-untyped-call]
        assert isinstance(channel, Channel)
        channel._put("work", {"seen": Watcher(folder)})  # noqa: SLF001 - what the broker's library calls to publish
        assert len(list(folder.glob("*.work.msg"))) == 1
        assert channel._get("work") == {"seen": []}  # type: ignore[no-untyped-call]  # noqa: SLF001 - and to look for work
    assert list(folder.glob("*.*")) == []
