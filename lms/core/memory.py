"""What a process keeps of the database's contents: every such cache is known here, so that all can be emptied at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_caches: list[_lru_cache_wrapper[Any] | Shelf[Any, Any]] = []


class Shelf(Generic[Key, Value]):
    """The `most` values that were put there or taken last, by their keys."""

    def __init__(self, most: int) -> None:
        """Begin empty."""
        self._most, self._values = most, OrderedDict[Key, Value]()
        _caches.append(self)

    def get(self, key: Key) -> Value | None:
        """Give a value; `None` where there is none."""
        found = self._values.get(key)
        if found is not None:
            self._values.move_to_end(key)
        return found

    def put(self, key: Key, value: Value) -> None:
        """Put a value there."""
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def cache_clear(self) -> None:
        """Forget all."""
        self._values.clear()


def kept(most: int) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Keep the `most` recent results of a function whose arguments name a version of what it reads."""

    def keep(function: Callable[..., Value]) -> Callable[..., Value]:
        cache = lru_cache(maxsize=most)(function)
        _caches.append(cache)
        return cache

    return keep


def forget() -> None:
    """Empty every cache, as after another database took the place of this one."""
    for cache in _caches:
        cache.cache_clear()
