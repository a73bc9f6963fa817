"""What other features may use of case studies."""

from __future__ import annotations

from lms.casestudies.commands import grade, hand_in, put_slides, release, settle
from lms.casestudies.queries import case_studies, graded
from lms.casestudies.values import Assessment, CaseStudyLine, Text

__all__ = ["Assessment", "CaseStudyLine", "Text", "case_studies", "grade", "graded", "hand_in", "put_slides", "release", "settle"]
