"""What may stand in a printed text, and how an accepted text is brought onto paper.

People's names come from keyboards, spreadsheets and phones, and carry things nobody sees. Directional marks and joiners are
accepted and left out or kept as print needs it; what can't be printed is refused with a sentence that names it.
"""

import unicodedata
from collections.abc import Iterable
from itertools import groupby

from certificates.coverage import drawable, drawable_together
from certificates.errors import AwardError

LONGEST_NAME = 200
_MARKS_ON_A_LETTER = 4

# Accepted, and left out of the print: marks, embeddings and isolates of direction, soft hyphen, word joiner, byte order mark.
_UNPRINTED = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u00ad\u2060\ufeff")
# Accepted, and kept: they shape or divide words in Persian, Khmer, Thai, Lao and Burmese.
_JOINERS = frozenset("\u200b\u200c\u200d")
_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def check_recipient(name: str) -> str:
    """Return the name as a certificate prints it, or raise `AwardError` with the reason why it can't."""
    check_text("recipient", name, LONGEST_NAME)
    for position, character in enumerate(name, start=1):
        if unicodedata.category(character) == "So":
            raise AwardError(
                field="recipient", message=f"{_called(character, position)} is a symbol; a name is made of letters"
            )
    shown = printed(name)
    if not any(unicodedata.category(c).startswith("L") for c in shown):
        raise AwardError(field="recipient", message="has no letter in it; give the name as it should be printed")
    return shown


def check_text(field: str, text: object, longest: int, *, required: bool = True) -> None:
    """Refuse a text that is missing, too long, or holds what no certificate can print."""
    if not isinstance(text, str):
        raise AwardError(field, f"must be text, not {type(text).__name__}")
    if len(text) > longest:
        raise AwardError(field, f"has {len(text)} characters; at most {longest} fit")
    for position, character in enumerate(text, start=1):
        _check_character(field, character, position)
    if (required or text) and not any(_is_seen(c) for c in printed(text)):
        raise AwardError(field, "is empty" if required else "holds nothing that can be seen; leave it out")
    _check_stacking(field, text)
    _check_marks(field, printed(text))


def printed(text: str) -> str:
    """Return the text as it is set: composed letters, single spaces, nothing invisible that would disturb its direction."""
    visible = "".join(c for c in text if c not in _UNPRINTED and not _selects_variant(c))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _check_character(field: str, character: str, position: int) -> None:
    if character in _UNPRINTED or character in _JOINERS or _selects_variant(character):
        return
    if unicodedata.category(character) in _CONTROLS:
        raise AwardError(field, f"{_called(character, position)} is a control character; take it out")
    if not _has_glyph(character):
        raise AwardError(
            field,
            f"{_called(character, position)} can't be drawn by the certificate's fonts; leave it out or write it otherwise",
        )


def _has_glyph(character: str) -> bool:
    composed = unicodedata.normalize("NFC", character)
    return character.isspace() or all(ord(c) in drawable() for c in composed)


def _check_stacking(field: str, text: str) -> None:
    for stacked, run in groupby(unicodedata.normalize("NFD", text), key=_is_stacking):
        if stacked and sum(1 for _ in run) > _MARKS_ON_A_LETTER:
            raise AwardError(field, f"stacks more than {_MARKS_ON_A_LETTER} accents on one letter; write it with fewer")


def _check_marks(field: str, shown: str) -> None:
    for cluster in _clusters(c for c in shown if c not in _JOINERS):
        if len(cluster) > 1 and not drawable_together(cluster):
            raise AwardError(field, f"{cluster} joins a letter and a mark that no font can draw together; write it otherwise")


def _clusters(characters: Iterable[str]) -> list[str]:
    clusters: list[str] = []
    for character in characters:
        if clusters and unicodedata.category(character).startswith("M"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS"


def _is_stacking(character: str) -> bool:
    return unicodedata.combining(character) in (220, 230)


def _selects_variant(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _called(character: str, position: int) -> str:
    shown = "" if unicodedata.category(character) in _CONTROLS else f"{character} "
    return f"character {position}, {shown}(U+{ord(character):04X}),"
