"""The command line: keys, certificates from JSON, samples to look at, and verifying."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from certificates.actions import DONE, FAILED, REFUSED, UNKNOWN, issue, keys, publish, sample, verify
from certificates.design import DesignError, design_names
from certificates.errors import AwardError, DocumentError, KeysError
from certificates.keymaking import YEARS_5
from certificates.samples import EXAMPLE

_CODES = f"""exit codes:
  {DONE}  done; with verify: everything holds
  {REFUSED}  the award can't be printed, or something about the file doesn't hold; the reason is said
  {FAILED}  wrong use, an unknown design, keys that can't be used, or a file that can't be read or written
  {UNKNOWN}  verify only: nothing was changed, but who issued it can't be told, for the issuer's keys were not given
"""
_EXAMPLE = f"a complete award (what follows verify_url may be left out):\n{EXAMPLE}"

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no public name for it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except AwardError as error:
        return _complain(REFUSED, f"refused: {error}")
    except DocumentError as error:
        return _complain(REFUSED, str(error))
    except (DesignError, KeysError) as error:
        return _complain(FAILED, str(error))
    except OSError as error:
        return _complain(FAILED, f"{error.filename or 'file'}: {error.strerror or error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m certificates",
        description="Makes and verifies certificates: PDF documents (PDF/A-3a, PDF/UA-1), signed, with a credential inside.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_keys(commands)
    _add_issue(commands)
    _add_verify(commands)
    _add_publish(commands)
    _add_sample(commands)
    return parser


def _add_keys(commands: Subparsers) -> None:
    text = "Lists the keys in a folder; with --name, --address and --from, makes a new one that signs from now on. Old ones still verify."
    command = _command(commands, "keys", "list the issuer's keys, or make a new one", text, keys)
    command.add_argument("folder", type=Path, metavar="KEYS", help="the folder of keys; made if it isn't there")
    command.add_argument("--name", help="makes a key: who issues, as people read it")
    command.add_argument("--address", help="makes a key: the web address that publishes the keys, such as https://learn.example.org")
    command.add_argument("--from", dest="moment", type=_moment, metavar="DAY", help="makes a key: the day or moment from which it is valid")
    command.add_argument("--days", type=int, default=YEARS_5, help="for how many days its certificate is valid (default: %(default)s)")
    command.add_argument("--development", action="store_true", help="a key for trying out: each certificate says that it is not valid")


def _add_issue(commands: Subparsers) -> None:
    text = "Makes one certificate from an award in JSON: signed, with its credential inside."
    command = _command(commands, "issue", "make one certificate from an award in JSON", text, issue, _EXAMPLE)
    command.add_argument("--json", required=True, metavar="AWARD.json", help="the award; - reads standard input")
    command.add_argument("--keys", required=True, type=Path, metavar="KEYS", help="the folder of keys")
    command.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.pdf", help="the document to write")
    command.add_argument("--credential", type=Path, metavar="OUT.json", help="write the credential to a file of its own, too")
    command.add_argument("--at", type=_moment, metavar="MOMENT", help="when it is signed (default: midnight UTC of the award's issued_on)")
    command.add_argument("--status-list", metavar="URL", help="the address of the list that will say whether it was revoked")
    command.add_argument("--status-index", type=int, metavar="N", help="its place in that list")
    _add_design(command)


def _add_verify(commands: Subparsers) -> None:
    text = "Says what holds of a certificate (PDF) or a credential (JSON), and what doesn't."
    command = _command(commands, "verify", "say what holds of a certificate", text, verify)
    command.add_argument("file", type=Path, metavar="FILE", help="the certificate or credential")
    command.add_argument("--keys", type=Path, metavar="KEYS", help="whom to trust: a folder of keys, or the issuer.json of publish")
    command.add_argument("--status", type=Path, metavar="LIST.json", help="the issuer's status list, to see whether it was revoked")
    command.add_argument("--award", type=Path, metavar="AWARD.json", help="the genuine award, to see what the file says otherwise")


def _add_publish(commands: Subparsers) -> None:
    text = "Writes what anybody may have: did.json, jwks.json, issuer.json for verify, and verify.html, a page that verifies offline."
    command = _command(commands, "publish", "write the public keys and the page that verifies", text, publish)
    command.add_argument("keys", type=Path, metavar="KEYS", help="the folder of keys")
    command.add_argument("directory", type=Path, metavar="DIR", help="where to; made if it isn't there")


def _add_sample(commands: Subparsers) -> None:
    text = (
        "Writes one finished document for each script, and for a short and a long name and a workshop, "
        "with everything to verify them. Without --keys they are signed by a development key made in DIR/keys."
    )
    command = _command(commands, "sample", "write one finished document for each script", text, sample)
    command.add_argument("directory", type=Path, metavar="DIR", help="where to; made if it isn't there")
    command.add_argument("--keys", type=Path, metavar="KEYS", help="sign with these keys")
    _add_design(command, "")


def _command(  # noqa: PLR0913, PLR0917 - one row a command
    commands: Subparsers, name: str, short: str, text: str, run: Callable[[argparse.Namespace], int], example: str = ""
) -> argparse.ArgumentParser:
    epilog = f"{example}\n\n{_CODES}" if example else _CODES
    formatter = argparse.RawDescriptionHelpFormatter
    command = commands.add_parser(name, help=short, description=text, epilog=epilog, formatter_class=formatter)
    command.set_defaults(run=run)
    return command


def _add_design(parser: argparse.ArgumentParser, default: str = "course-v1") -> None:
    shown = default or "the one for the kind of each"
    parser.add_argument("--design", default=default, help=f"one of: {', '.join(design_names())} (default: {shown})")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no day such as 2026-10-05 or moment such as 2026-10-05T12:00+08:00"
        raise argparse.ArgumentTypeError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _complain(code: int, message: str) -> int:
    sys.stderr.write(f"certificates: {message}\n")
    return code
