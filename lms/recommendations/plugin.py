"""Recommendations: drafted, reworded and merged at a workshop, and numbered into its final list."""

from __future__ import annotations

from lms.core.plugins import Plugin
from lms.recommendations import reporting
from lms.recommendations.permissions import adopt, lead
from lms.recommendations.privacy import personal_data
from lms.recommendations.views import blueprint

plugin = Plugin(
    name="recommendations",
    requires=("casestudies", "editions", "invitations"),
    blueprint=blueprint,
    rules={"recommendations.lead": lead, "recommendations.adopt": adopt},
    acts={
        "recommendation.withdraw": "Withdrew a recommendation",
        "recommendation.merge": "Merged two recommendations",
        "recommendation.adopt": "Made the final list of recommendations",
    },
    slots={"reports.figures": reporting.figures, "reports.annexes": reporting.annexes},
    personal_data=personal_data,
)
