"""Verbs with which a learning objective may begin: each names something that a learner can be seen to do.

They are grouped by the levels of Bloom's taxonomy in its revised form: L. W. Anderson and D. R. Krathwohl (eds), *A Taxonomy
for Learning, Teaching, and Assessing: A Revision of Bloom's Taxonomy of Educational Objectives*, Longman, 2001, after B. S. Bloom
(ed.), *Taxonomy of Educational Objectives, Handbook I: Cognitive Domain*, 1956. A verb that fits two levels stands in the lower.
"""

from __future__ import annotations

LEVELS: dict[str, str] = {
    "remember": "cite define identify label list locate match name order quote recall recognise recognize record repeat select state",
    "understand": (
        "classify compare contrast describe discuss distinguish estimate exemplify explain express illustrate infer interpret "
        "outline paraphrase predict relate report restate rewrite summarise summarize translate"
    ),
    "apply": (
        "apply calculate choose complete compute convert demonstrate derive draw execute implement map measure operate perform "
        "prepare schedule show sketch solve specify use"
    ),
    "analyse": (
        "analyse analyze arrange categorise categorize decompose determine diagnose differentiate dissect examine inspect organise "
        "organize separate sort test trace"
    ),
    "evaluate": (
        "appraise argue assess conclude criticise criticize critique decide defend evaluate grade judge justify prioritise prioritize "
        "rank rate recommend score verify weigh"
    ),
    "create": "assemble build combine compose construct create design develop devise draft formulate plan produce propose write",
}
TESTABLE = frozenset(" ".join(LEVELS.values()).split())
