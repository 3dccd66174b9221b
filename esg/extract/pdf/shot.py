"""A page of an open PDF → its picture, at the resolution that everything read by OCR is read at."""

import numpy as np
import pypdfium2

from esg.extract.ocr import Picture

DPI = 200
POINTS = 72  # an inch
LONGEST = 4400  # pixels of the longer side: posters are drawn smaller


def shoot(page: pypdfium2.PdfPage) -> Picture:
    scale = min(DPI / POINTS, LONGEST / max(page.get_size()))
    bitmap = page.render(scale=scale)
    pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    bitmap.close()
    return Picture(pixels, scale)
