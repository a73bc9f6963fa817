"""The signature on a document: PAdES B-B with ECDSA on P-256, or B-T with the stamp of a time-stamp authority."""

from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Final

from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.errors import DocumentError, StampError
from certificates.keys import SigningKey
from certificates.waiting import finish

FIELD: Final = "Signature"
_CURVE_BYTES: Final = 72
_ROOM: Final = 1024
_ROOM_FOR_STAMP: Final = 8192


class _Writer(IncrementalPdfFileWriter):
    """A writer that adds the signature alone: title, dates and archive marks stay as the typesetter wrote them, without a clock."""

    def _update_meta(self) -> None:
        pass


class _Signer(Signer):
    """A signer that keeps its parsed key, and whose signatures follow from the key and what is signed alone (RFC 6979)."""

    def __init__(self, key: SigningKey) -> None:
        chain = [asn1.Certificate.load(certificate.public_bytes(Encoding.DER)) for certificate in key.public.chain]
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call] # published half typed
        registry.register_multiple(chain[1:])
        super().__init__(signing_cert=chain[0], cert_registry=registry)
        self.key: EllipticCurvePrivateKey = key.signing
        self.size = sum(len(certificate.dump()) for certificate in chain) + _ROOM

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - pyHanko's signature
        """Sign with the key at hand."""
        return bytes(_CURVE_BYTES) if dry_run else self.key.sign(data, ECDSA(SHA256(), deterministic_signing=True))


def sign(document: bytes, key: SigningKey, moment: datetime, authority: TimeStamper | None = None) -> bytes:
    """Return the document with an invisible signature made at a moment; raise `KeysError`, `DocumentError` or `StampError`."""
    key.check(moment)
    signer = _signer(key)
    output = BytesIO()
    try:
        output.write(document)
        writer = _Writer(output)
        embedder = PdfCMSEmbedder().write_cms(field_name=FIELD, writer=writer)
        next(embedder)
        embedder.send(SigObjSetup(sig_placeholder=_placeholder(key, signer, moment, stamped=authority is not None)))
        digest, _ = embedder.send(SigIOSetup(md_algorithm="sha256", in_place=True))
        embedder.send(finish(signer.async_sign(digest.document_digest, "sha256", use_pades=True, timestamper=authority)))
    except PdfError as error:
        message = f"the document can't be signed: {error}"
        raise DocumentError(message) from error
    except TimestampRequestError as error:
        message = f"the time-stamp authority gave no time-stamp: {error}"
        raise StampError(message) from error
    return output.getvalue()


def _placeholder(key: SigningKey, signer: _Signer, moment: datetime, *, stamped: bool) -> SignatureObject:
    return SignatureObject(
        bytes_reserved=2 * (signer.size + (_ROOM_FOR_STAMP if stamped else 0)),
        subfilter=SigSeedSubFilter.PADES,
        timestamp=moment.astimezone(UTC),
        name=key.public.name,
    )


@lru_cache(maxsize=8)
def _signer(key: SigningKey) -> _Signer:
    return _Signer(key)
