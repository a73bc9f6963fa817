"""The embedded broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

import pytest
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


@contextmanager
def channel_to(folder: Path) -> Iterator[Channel]:
    """Open a channel to a folder of messages."""
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    with Connection("filesystem://", transport_options=options) as connection, connection.channel() as channel:  # type: ignore[no-untyped-call]
        assert isinstance(channel, Channel)
        yield channel


def test_a_message_is_found_only_when_it_is_whole(tmp_path: Path) -> None:
    folder = queue_folder(tmp_path)
    folder.mkdir()
    with channel_to(folder) as channel:
        channel._put("work", {"seen": Watcher(folder)})  # noqa: SLF001 - what the broker's library calls to publish
        assert len(list(folder.glob("*.work.msg"))) == 1
        assert channel._get("work") == {"seen": []}  # noqa: SLF001 - and to look for work
    assert list(folder.glob("*.*")) == []


def test_messages_come_in_their_order_each_to_one_worker(tmp_path: Path) -> None:
    with channel_to(tmp_path) as one, channel_to(tmp_path) as other:
        for number in range(3):
            (tmp_path / f"{number}_mark.work.msg").write_text(f"[{number}]")
        (tmp_path / "0_mark.rest.msg").write_text("[9]")
        assert [channel._get("work") for channel in (one, other, one)] == [[0], [1], [2]]  # noqa: SLF001 - as above
        with pytest.raises(Empty):
            other._get("work")  # noqa: SLF001 - as above


def test_a_folder_that_is_gone_has_no_message(tmp_path: Path) -> None:
    with channel_to(tmp_path / "gone") as channel, pytest.raises(Empty):
        channel._get("work")  # noqa: SLF001 - as above
