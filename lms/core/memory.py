"""What a process keeps of the database's contents: every such cache is known here, so that all can be emptied at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, TypeVar

Value = TypeVar("Value")
_caches: list[_lru_cache_wrapper[Any]] = []


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
