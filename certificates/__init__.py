"""Certificates: an award goes in as a plain value, a finished PDF document comes out.

The library knows no web framework, database, settings or clock: whatever it prints stands in the `Award`. The same award
and design give the same bytes, in every process and on every machine, for the fonts come with the package.
"""

from certificates.award import Award
from certificates.design import DesignError, design_names
from certificates.errors import AwardError
from certificates.lettering import check_recipient
from certificates.reading import award_from_json
from certificates.render import render

__all__ = [
    "Award",
    "AwardError",
    "DesignError",
    "award_from_json",
    "check_recipient",
    "design_names",
    "render",
]
