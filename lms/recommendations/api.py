"""What other features may use of recommendations."""

from __future__ import annotations

from lms.recommendations.commands import adopt, merge, recommend, reword, say, withdraw
from lms.recommendations.queries import recommendations
from lms.recommendations.rules import Level, Stance
from lms.recommendations.values import Draft, RecommendationLine

__all__ = ["Draft", "Level", "RecommendationLine", "Stance", "adopt", "merge", "recommend", "recommendations", "reword", "say", "withdraw"]
