"""Waiting for pyHanko's asynchronous functions, also where an event loop already runs."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end in a thread of its own, and return or raise what comes out."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
