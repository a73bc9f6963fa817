"""The embedded broker: a folder of messages, each of which appears whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """A channel that ends no worker, as Kombu's own does if a message is being written just then, or the folder is gone."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Write a message under a name that nobody looks for, then give it the one under which it is found."""
        folder, mark = Path(self.data_folder_out), uuid.uuid4()
        hidden = folder / f"{mark}.part"
        hidden.write_bytes(str_to_bytes(dumps(payload)))  # type: ignore[no-untyped-call]
        hidden.rename(folder / f"{round(monotonic() * 1000)}_{mark}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Take the oldest message; of several workers that read it, it belongs to the one that removes it."""
        del timeout
        folder = Path(self.data_folder_in)
        for name in _names(folder):
            if not name.endswith(f".{queue}.msg"):
                continue
            try:
                payload = (folder / name).read_bytes()
                (folder / name).unlink()
            except FileNotFoundError:
                continue
            return loads(payload)  # type: ignore[no-untyped-call]
        raise Empty


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - twenty times a second
    except FileNotFoundError:
        return []


class Transport(filesystem.Transport):
    """Kombu's transport by files, with our channel."""

    Channel = Channel
