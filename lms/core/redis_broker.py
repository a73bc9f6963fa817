"""Redis as the broker, whose channels can be closed when it is gone."""

from __future__ import annotations

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as Disconnected


class Channel(redis.Channel):
    """A channel that knows when it has no connection: Kombu's own stumbles over that while closing, which ends a worker."""

    def _connparams(self, *args: Any, **kwargs: Any) -> Any:
        """Tell where the server is; raise what Kombu passes over when it closes a channel."""
        if self.connection is None or self.connection.client is None:
            message = "The connection of this channel is closed."
            raise Disconnected(message)
        return super()._connparams(*args, **kwargs)  # type: ignore[no-untyped-call]


class Transport(redis.Transport):
    """Kombu's transport by Redis, with our channel."""

    Channel = Channel
