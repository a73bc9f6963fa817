"""The command line: certificates from JSON, and samples to look at."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from certificates.design import DesignError, design_names
from certificates.errors import AwardError
from certificates.reading import award_from_json
from certificates.render import render
from certificates.samples import EXAMPLE, sample_awards

DONE, REFUSED, FAILED = 0, 1, 2

_CODES = """exit codes:
  0  done
  1  the award can't be printed; the field and the reason are on standard error
  2  wrong use, an unknown design, or a file that can't be read or written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except AwardError as error:
        return _complain(REFUSED, f"refused: {error}")
    except DesignError as error:
        return _complain(FAILED, str(error))
    except OSError as error:
        return _complain(FAILED, f"{error.filename or 'file'}: {error.strerror or error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m certificates",
        description="Makes certificates as PDF documents (tagged, PDF/A-2a and PDF/UA-1).",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_issue(commands)
    _add_sample(commands)
    return parser


def _add_issue(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    issue = commands.add_parser(
        "issue",
        help="make one certificate from an award in JSON",
        description="Makes one certificate from an award in JSON. The same award always gives the same bytes.",
        epilog=f"a complete award (what follows verify_url may be left out):\n{EXAMPLE}\n\n{_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    issue.add_argument("--json", required=True, metavar="AWARD.json", help="the award; - reads standard input")
    issue.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.pdf", help="the document to write")
    _add_design(issue)
    issue.set_defaults(run=_issue)


def _add_sample(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sample = commands.add_parser(
        "sample",
        help="write one finished document for each script",
        description="Writes one finished document for each script, and for a short and a long name, a workshop and a specimen.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sample.add_argument("directory", type=Path, metavar="DIR", help="where to; made if it isn't there")
    _add_design(sample)
    sample.set_defaults(run=_sample)


def _add_design(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--design", default="course-v1", help=f"one of: {', '.join(design_names())} (default: %(default)s)")


def _issue(options: argparse.Namespace) -> int:
    text = sys.stdin.buffer.read() if options.json == "-" else Path(options.json).read_bytes()
    _write(options.output, render(award_from_json(text), options.design))
    return DONE


def _sample(options: argparse.Namespace) -> int:
    options.directory.mkdir(parents=True, exist_ok=True)
    for name, award in sample_awards().items():
        document = render(award, options.design)
        path = options.directory / f"{name}.pdf"
        _write(path, document)
        sys.stdout.write(f"{path}  {len(document) / 1000:.0f} KB  {award.recipient}\n")
    return DONE


def _write(path: Path, document: bytes) -> None:
    """Write the whole document or nothing: a full disk leaves no torn file behind."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(document)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error


def _complain(code: int, message: str) -> int:
    sys.stderr.write(f"certificates: {message}\n")
    return code
