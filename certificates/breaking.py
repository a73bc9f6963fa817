"""Places to break a text that offers none, so that even the oddest name stays inside its frame.

Scripts without spaces are broken between words by the typesetter. What is left are runs longer than any real word: they get
invisible break points, used only where the text is set on several lines.
"""

import re
import unicodedata

BREAK = "\u200b"

_LONGEST_WORD = 36
_LONGEST_UNSPACED = 24
_STEP = 12
# Where a line may end anyway: after a space, and after a slash (the parts of an address) unless a digit follows.
_OPPORTUNITY = re.compile(r"(?<= )|(?<=/)(?=[^0-9/ ])")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f]")
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# After these a letter belongs to what stands before it: vowels written in front, and signs that stack the next letter.
_BINDS_NEXT = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4\u1039\u17d2\u200c\u200d")
# Before these a letter closes the syllable it follows.
_CLOSES = frozenset("\u0e4c\u0ecc\u1039\u103a")


def breakable(text: str) -> str:
    """Return the text with break points inside runs too long to be words."""
    return "".join(_divided(run) for run in _OPPORTUNITY.split(text))


def solid_runs(text: str) -> list[str]:
    """Return the longest runs of a text that can't be broken; the typesetter makes sure that they fit into a line."""
    runs = (run for run in re.split(f"{_OPPORTUNITY.pattern}|{BREAK}", text) if run and not _breaks_anywhere(run))
    return sorted(set(runs), key=lambda run: (-len(run), run))[:10]


def _breaks_anywhere(run: str) -> bool:
    return bool(_UNSPACED.search(run) or _IDEOGRAPHS.search(run))


def _divided(run: str) -> str:
    longest = _LONGEST_UNSPACED if _UNSPACED.search(run) else _LONGEST_WORD
    if len(run) <= longest or _IDEOGRAPHS.search(run):
        return run
    pieces: list[str] = []
    start = 0
    for i in range(1, len(run)):
        if i - start >= _STEP and _may_break(run, i):
            pieces.append(run[start:i])
            start = i
    return BREAK.join([*pieces, run[start:]])


def _may_break(run: str, at: int) -> bool:
    following = run[at + 1 : at + 2]
    is_letter = unicodedata.category(run[at])[0] in "LNP"
    return is_letter and run[at - 1] not in _BINDS_NEXT and following not in _CLOSES
