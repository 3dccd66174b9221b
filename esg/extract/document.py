"""document → pages, whose it is and which year it covers: the parse itself runs in the sandbox."""

from esg.domain import Fetched, MediaType, document_id
from esg.errors import Rejected
from esg.extract import sandbox
from esg.extract.base import Extraction, ParseLimits

_PARSE = "esg.extract.parse:parse"
_ALWAYS = ("esg.extract.parse", "numpy.ma", "_strptime")  # the latter NumPy and datetime load when first used
_NEEDED = {
    MediaType.PDF: "esg.extract.pdf",
    MediaType.HTML: "esg.extract.html",
    MediaType.DOCX: "esg.extract.docx",
}


def extract(fetched: Fetched, *, limits: ParseLimits) -> Extraction:
    """Read the pages of a document.

    Raises `Rejected`: `encrypted`, `truncated`, `no_pages`, `too_many_pages` and the like from the parsers,
    and `parser_timeout`, `parser_memory`, `parser_crashed`, `parser_failed` from the sandbox.
    """
    arguments = {
        "media_type": fetched.media_type.value,
        "document_id": document_id(fetched.data),
        "max_pages": limits.max_pages,
        "ocr_pages": limits.ocr_pages,
        "name": fetched.final_url or fetched.source,
        "charset": _charset(fetched),
    }
    encoded = sandbox.run(
        _PARSE,
        fetched.data,
        arguments,
        limits=limits,
        modules=[*_ALWAYS, _NEEDED[fetched.media_type]],
        is_for_team=fetched.media_type is MediaType.PDF,
    )
    from esg.extract.codec import decode  # the sandbox draws pages without Arrow

    try:
        return decode(encoded)
    except Exception as error:  # whatever the sandbox wrote, it comes from a process that read hostile bytes
        raise Rejected(
            "The parser's result cannot be read.", code="parser_crashed", next_step="Save it again as PDF."
        ) from error


def _charset(fetched: Fetched) -> str:
    """The encoding that the sender of a web page named, "" for none."""
    from email.message import EmailMessage  # no sandbox needs it, though each loads this module

    content_type = EmailMessage()
    content_type["Content-Type"] = dict(fetched.headers).get("content-type", "")
    return content_type.get_content_charset("")
