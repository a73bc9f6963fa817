"""Redis as the broker, when it is gone."""

from __future__ import annotations

from typing import Any

from kombu.connection import Connection

from lms.core.redis_broker import Channel
from tests.servers import redis


def test_a_channel_with_work_in_hand_is_closed_without_its_connection() -> None:
    """A worker whose broker dies closes its channels, and must live to open others."""
    with redis() as server:
        connection: Any = Connection(server.url)  # type: ignore[no-untyped-call]
        connection.SimpleQueue("work").put({"id": 1})
        channel = connection.default_channel
        assert isinstance(channel, Channel)
        assert channel.basic_get("work") is not None  # type: ignore[no-untyped-call]
        channel.connection.client = channel._pool = None  # noqa: SLF001 - as Kombu leaves a connection that is lost
        connection.release()
    assert channel.closed
