"""Certificates: an award goes in as a plain value, a finished PDF document comes out.

The library knows no web framework, database, settings or clock: whatever it prints stands in the `Award`, and moments are
arguments. The same award and design give the same bytes, in every process and on every machine, for the fonts come with the package.

What signs and verifies stands in modules of its own, so that a process that only checks awards stays small: `certificates.keys`,
`.keymaking`, `.issuing` (the whole certificate), `.verifying`, `.statuslist`, `.published`, `.verifier`.
"""

from certificates.award import Award
from certificates.design import DesignError, design_for, design_names
from certificates.errors import AwardError, DocumentError, KeysError, StampError
from certificates.lettering import check_recipient
from certificates.reading import award_from_json
from certificates.render import render

__all__ = [
    "Award",
    "AwardError",
    "DesignError",
    "DocumentError",
    "KeysError",
    "StampError",
    "award_from_json",
    "check_recipient",
    "design_for",
    "design_names",
    "render",
]
