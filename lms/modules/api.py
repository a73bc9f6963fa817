"""What other features may use of modules."""

from __future__ import annotations

from lms.modules.commands import mark_read
from lms.modules.queries import ModuleInfo, module, modules, modules_of, prompts
from lms.modules.sources import LessonSource, ModuleText, read_modules
from lms.modules.views import require_open

__all__ = [
    "LessonSource",
    "ModuleInfo",
    "ModuleText",
    "mark_read",
    "module",
    "modules",
    "modules_of",
    "prompts",
    "read_modules",
    "require_open",
]
