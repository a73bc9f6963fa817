"""What stands in a chapter as long as nobody has written there: sentences around figures, those alone of which the figures are there."""

from __future__ import annotations

from collections.abc import Container

from lms.reports.references import PATTERN

# Chapter, and its paragraphs; each of their sentences refers to the figures that it tells.
SENTENCES: dict[str, tuple[tuple[str, ...], ...]] = {
    "background": (
        (
            "This report is about the course {{edition.course}}, edition {{edition.title}}.",
            "Its online part ran from {{edition.starts_on}} to {{edition.ends_on}}.",
            "{{registered}} people registered, {{registered.gender.woman}} of them women.",
            "{{certified}} earned its certificate: a completion rate of {{completion_rate}} ({{completion_rate.pair}}).",
        ),
        (
            "Of the certified, {{selected}} were selected for the workshop and {{invited}} were invited.",
            "{{attended}} attended, {{attended.gender.woman}} of them women, which is {{attendance_rate}} of the invited.",
            "{{awarded}} were awarded the certificate of the workshop, {{award_rate}} of those who attended.",
        ),
        ("{{see.key_figures}} puts the key figures together; {{see.register}} says how each of them is counted.",),
    ),
    "programme": (
        (
            "{{see.edition}} gives the dates of the edition.",
            "{{see.programme}} lists its modules: when each opened, how many lessons it has and how long they take to read.",
        ),
    ),
    "participants": (
        (
            "{{see.funnel}} shows how many took each step from registration onwards.",
            "{{active}} of the {{registered}} registered took part: they read, wrote or attempted a quiz.",
            "{{see.registered_country}} shows every country of the edition.",
        ),
    ),
    "delivery": (
        (
            "The average grade of those who passed was {{average_grade}} ({{average_grade.pair}}).",
            "{{see.graded_band}} shows how the final averages of all learners are spread.",
            "{{see.module_grade_module}} shows the average grade in each module.",
        ),
    ),
    "evaluation": (
        (
            "Of the points possible, {{satisfaction_modules}} were given to the modules ({{satisfaction_modules.pair}}).",
            "{{satisfaction_days}} were given to the days of the workshop ({{satisfaction_days.pair}}).",
            "{{satisfaction_overall}} were given to the whole ({{satisfaction_overall.pair}}).",
        ),
        (
            "{{see.satisfaction_modules_module}} shows satisfaction by module.",
            "{{see.satisfaction_days_day}} shows it by day of the workshop.",
            "{{see.satisfaction_overall_aspect}} shows it by aspect.",
        ),
    ),
    "recommendations": (
        (
            "The participants agreed on {{recommendations}} recommendations, which {{see.recommendations}} lists.",
            "They rest on {{case_studies}} case studies.",
        ),
    ),
    "statistics": (("{{see.results}} compares women and men in both parts of the course, each rate with what it was drawn from.",),),
}


def draft(chapter: str, known: Container[str]) -> str:
    """Give the text of a chapter in Markdown, its references as an author would type them; '' where there is nothing to tell."""
    paragraphs = (
        " ".join(sentence for sentence in sentences if all(name.strip() in known for name in PATTERN.findall(sentence)))
        for sentences in SENTENCES.get(chapter, ())
    )
    return "\n\n".join(filter(None, paragraphs))
