"""pictures of pages → letters with boxes, by networks that ship inside the package rapidocr."""

from esg.extract.ocr.detect import detect_lines
from esg.extract.ocr.lines import OcrLine, OcrWord, read_picture
from esg.extract.ocr.picture import Picture, is_plain
from esg.extract.ocr.recognise import Letter, Reading, recognise

__all__ = [
    "Letter",
    "OcrLine",
    "OcrWord",
    "Picture",
    "Reading",
    "detect_lines",
    "is_plain",
    "read_picture",
    "recognise",
]
