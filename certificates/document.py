"""The signature on a certificate's document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import parser
from cryptography import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.errors import DocumentError
from certificates.waiting import finish

_DATE = re.compile(r"D:(\d{14})(?:Z|([+-])(\d\d)'?(\d\d)'?)?")
# What a damaged file can make a reader of PDF trip over; each becomes a sentence.
_DAMAGE = (
    *(PdfError, SignatureValidationError, ValueError, TypeError, LookupError, AttributeError),
    *(RuntimeError, ArithmeticError, AssertionError),
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What was found out about the signature on a document."""

    intact: bool
    whole: bool
    certificate: x509.Certificate
    moment: datetime
    stamped: bool


def signature_on(document: bytes) -> Signature:
    """Check the signature on a document by the certificate in it, whoever that is; raise `DocumentError` if none can be read."""
    try:
        signatures = PdfFileReader(BytesIO(document), strict=False).embedded_regular_signatures
        if len(signatures) != 1:
            message = "the document is not signed" if not signatures else "the document has more than one signature"
            raise DocumentError(message)
        return _checked(signatures[0], document)
    except _DAMAGE as error:
        if isinstance(error, DocumentError):
            raise
        message = f"the document or its signature is damaged: {str(error)[:200] or type(error).__name__}"
        raise DocumentError(message) from error


def _checked(signature: EmbeddedPdfSignature, document: bytes) -> Signature:
    moment, signer = _moment(signature.sig_object), signature.signer_cert
    context = ValidationContext(trust_roots=[signer], moment=moment, best_signature_time=moment, revocation_mode="soft-fail")
    status = finish(async_validate_pdf_signature(signature, context))
    return Signature(
        intact=status.intact and status.valid and _is_written_as_it_was(signature, document),
        whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        certificate=x509.load_der_x509_certificate(signer.dump()),
        moment=moment,
        stamped=status.timestamp_validity is not None and status.timestamp_validity.intact,
    )


def _is_written_as_it_was(signature: EmbeddedPdfSignature, document: bytes) -> bool:
    """Look at the one place that a signature can't cover, its own: nothing but its digits and noughts may stand there."""
    _, length, rest, _ = signature.byte_range
    written, content = document[length + 1 : rest - 1], signature.pkcs7_content
    return written == content[: parser.peek(content)].hex().upper().encode().ljust(len(written), b"0")


def _moment(signature: Mapping[str, Any]) -> datetime:
    found = _DATE.fullmatch(str(signature["/M"]))
    if found is None:
        message = "the signature has no date"
        raise DocumentError(message)
    digits, sign, hours, minutes = found.groups()
    ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    local = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return local + ahead if sign == "-" else local - ahead
