"""What other features may use of workshops, with the case studies and recommendations that come of them."""

from __future__ import annotations

from lms.casestudies.api import CaseStudyLine, Text, case_studies, grade, hand_in, put_slides, release, settle
from lms.recommendations.api import Draft, Level, RecommendationLine, Stance, adopt, merge, recommend, recommendations, reword, say
from lms.workshops.agenda import Plan, Report, place, plan, report
from lms.workshops.attendance import record
from lms.workshops.awarding import ask_waiver, dry_run, grant_waiver, issue
from lms.workshops.days import half_days, set_up
from lms.workshops.programme import agenda, quotable, records
from lms.workshops.rules import How, Need, State
from lms.workshops.sheets import attendance
from lms.workshops.talks import Consent, Kind, Quote, Record, Speaker, Talk
from lms.workshops.values import AttendanceSheet, Attendee, Candidate, Entry, HalfDayInfo

__all__ = [
    "AttendanceSheet",
    "Attendee",
    "Candidate",
    "CaseStudyLine",
    "Consent",
    "Draft",
    "Entry",
    "HalfDayInfo",
    "How",
    "Kind",
    "Level",
    "Need",
    "Plan",
    "Quote",
    "RecommendationLine",
    "Record",
    "Report",
    "Speaker",
    "Stance",
    "State",
    "Talk",
    "Text",
    "adopt",
    "agenda",
    "ask_waiver",
    "attendance",
    "case_studies",
    "dry_run",
    "grade",
    "grant_waiver",
    "half_days",
    "hand_in",
    "issue",
    "merge",
    "place",
    "plan",
    "put_slides",
    "quotable",
    "recommend",
    "recommendations",
    "record",
    "records",
    "release",
    "report",
    "reword",
    "say",
    "set_up",
    "settle",
]
