"""The page on which people look for words, and the box that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.search import queries, rules
from lms.search.marks import Piece, marked, snippet
from lms.search.queries import Found, Results
from lms.search.rules import Question

blueprint = Blueprint("search", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found, as it is listed."""

    document: Found
    url: str
    title: tuple[Piece, ...]
    pieces: tuple[Piece, ...]


@blueprint.get("/e/<edition>/search")
@permission("participant")
def find() -> ResponseReturnValue:
    """Look for words in everything that the viewer may open here."""
    asked = request.args.get("q", "")[: rules.LONGEST_QUESTION].strip()
    question, kind, page = rules.parse(asked), _kind(), _page()
    results = queries.search(current_edition(), current_viewer(), question, kind, page) if question else None
    return render_template(
        "search/find.html",
        asked=asked,
        question=question,
        results=results,
        hits=[hit(found, question) for found in results.found] if results else [],
        links=links(asked, kind, page, results) if results else {},
        fewer=fewer(asked, question),
    )


def _kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in queries.kinds() else ""


def _page() -> int:
    number = request.args.get("page", "")
    known = {str(page): page for page in range(1, rules.MOST_PAGES + 1)}
    return known.get(number, 1)


def hit(found: Found, question: Question) -> Hit:
    """Show where the question stands in a document, and lead right there."""
    piece = snippet(found.text, question)
    address = found.address
    anchors = [anchor for at, anchor in address["places"] if at <= piece.at] if piece.quote else []
    url = url_for(address["endpoint"], **address["values"])
    anchor = anchors[-1] if anchors else address["anchor"]
    words = f":~:text={quote(piece.quote, safe='').replace('-', '%2D')}" if piece.quote else ""
    return Hit(found, f"{url}#{anchor}{words}" if anchor or words else url, marked(found.title, question), piece.pieces)


def links(asked: str, kind: str, page: int, results: Results) -> dict[str, object]:
    """Give the ways on: to each kind, to the page before and the next one."""
    everything = sum(results.counts.values())
    chips = [("All", url_for("search.find", q=asked), not kind, everything)]
    chips += [(results.kinds[k], url_for("search.find", q=asked, kind=k), k == kind, n) for k, n in results.counts.items()]
    around = {name: url_for("search.find", q=asked, kind=kind or None, page=n) for name, n in (("previous", page - 1), ("next", page + 1))}
    first = (page - 1) * rules.HITS_A_PAGE + 1
    return {
        "chips": chips,
        "previous": around["previous"] if page > 1 else None,
        "next": around["next"] if page < results.pages else None,
        "text": f"{first} to {first + len(results.found) - 1} of {results.total}" if results.pages > 1 and results.found else None,
        "cut": page == rules.MOST_PAGES and results.total > rules.MOST_PAGES * rules.HITS_A_PAGE,
    }


def fewer(asked: str, question: Question) -> list[tuple[str, str]]:
    """Offer each word of a longer question alone, as it was typed."""
    typed = list(dict.fromkeys(word for word in asked.replace('"', " ").split() if rules.parse(word)))
    return [(word, url_for("search.find", q=word)) for word in typed[: rules.MOST_PHRASES]] if question and len(typed) > 1 else []
