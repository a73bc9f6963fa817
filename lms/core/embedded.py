"""The embedded broker: a folder of messages, each of which appears whole or not at all."""

from __future__ import annotations

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A channel whose messages can't be read before they are written: Kombu's own ends a worker that happens to poll just then."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Write a message under a name that nobody looks for, then give it the one under which it is found."""
        folder, mark = Path(self.data_folder_out), uuid.uuid4()
        hidden = folder / f"{mark}.part"
        hidden.write_bytes(str_to_bytes(dumps(payload)))  # type: ignore[no-untyped-call]
        hidden.rename(folder / f"{round(monotonic() * 1000)}_{mark}.{queue}.msg")


class Transport(filesystem.Transport):
    """Kombu's transport by files, with our channel."""

    Channel = Channel
