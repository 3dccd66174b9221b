"""PDFium's raw functions called in bulk: thousands of glyphs or objects at about 0.3 µs a call.

The prototypes take plain addresses, so that `map` can drive them over a range without a Python frame per
call. PDFium is not thread-safe; the prototypes keep the GIL.
"""

import ctypes
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int


def address(handle: Any) -> int:
    """Give the address of a PDFium handle or function."""
    return ctypes.cast(handle, _ADDRESS).value or 0


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(result, *arguments)(address(getattr(pdfium, name)))


# Without prototypes, for ctypes values: checking what each glyph's call is given costs a third of it.
_unicode = _bound("FPDFText_GetUnicode", ctypes.c_uint)
_loose_box = _bound("FPDFText_GetLooseCharBox", _INT)
_text_object = _bound("FPDFText_GetTextObject", ctypes.c_size_t)
_map_error = _bound("FPDFText_HasUnicodeMapError", _INT)

_text = _bound("FPDFText_GetText", _INT, _ADDRESS, _INT, _INT, _ADDRESS)
_char_box = _bound("FPDFText_GetCharBox", _INT, _ADDRESS, _INT, *[_ADDRESS] * 4)
_font_size = _bound("FPDFText_GetFontSize", ctypes.c_double, _ADDRESS, _INT)
_matrix = _bound("FPDFText_GetMatrix", _INT, _ADDRESS, _INT, _ADDRESS)
_origin = _bound("FPDFText_GetCharOrigin", _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)
_font = _bound("FPDFTextObj_GetFont", ctypes.c_size_t, _ADDRESS)
_font_name = _bound("FPDFFont_GetBaseFontName", ctypes.c_size_t, _ADDRESS, ctypes.c_char_p, ctypes.c_size_t)
_font_weight = _bound("FPDFFont_GetWeight", _INT, _ADDRESS)
_font_data = _bound("FPDFFont_GetFontData", _INT, _ADDRESS, _ADDRESS, ctypes.c_size_t, _ADDRESS)
_is_generated = _bound("FPDFText_IsGenerated", _INT, _ADDRESS, _INT)
_is_hyphen = _bound("FPDFText_IsHyphen", _INT, _ADDRESS, _INT)
_count_objects = _bound("FPDFPage_CountObjects", _INT, _ADDRESS)
_page_object = _bound("FPDFPage_GetObject", ctypes.c_size_t, _ADDRESS, _INT)
_count_form_objects = _bound("FPDFFormObj_CountObjects", _INT, _ADDRESS)
_form_object = _bound("FPDFFormObj_GetObject", ctypes.c_size_t, _ADDRESS, ctypes.c_ulong)
_object_type = _bound("FPDFPageObj_GetType", _INT, _ADDRESS)
_object_bounds = _bound("FPDFPageObj_GetBounds", _INT, *[_ADDRESS] * 5)
_object_matrix = _bound("FPDFPageObj_GetMatrix", _INT, _ADDRESS, _ADDRESS)
_fill_color = _bound("FPDFPageObj_GetFillColor", _INT, *[_ADDRESS] * 5)
_stroke_color = _bound("FPDFPageObj_GetStrokeColor", _INT, *[_ADDRESS] * 5)
_set_active = _bound("FPDFPageObj_SetIsActive", _INT, _ADDRESS, _INT)
_text_mode = _bound("FPDFTextObj_GetTextRenderMode", _INT, _ADDRESS)
_clip = _bound("FPDFPageObj_GetClipPath", ctypes.c_size_t, _ADDRESS)
_count_clips = _bound("FPDFClipPath_CountPaths", _INT, _ADDRESS)
_count_clip_segments = _bound("FPDFClipPath_CountPathSegments", _INT, _ADDRESS, _INT)
_clip_segment = _bound("FPDFClipPath_GetPathSegment", ctypes.c_size_t, _ADDRESS, _INT, _INT)
_draw_mode = _bound("FPDFPath_GetDrawMode", _INT, _ADDRESS, _ADDRESS, _ADDRESS)
_count_segments = _bound("FPDFPath_CountSegments", _INT, _ADDRESS)
_segment = _bound("FPDFPath_GetPathSegment", ctypes.c_size_t, _ADDRESS, _INT)
_segment_type = _bound("FPDFPathSegment_GetType", _INT, _ADDRESS)
_segment_point = _bound("FPDFPathSegment_GetPoint", _INT, _ADDRESS, _ADDRESS, _ADDRESS)


def codes(text_page: int, count: int) -> NDArray[np.uint32]:
    """Read the code points of all characters.

    They are the page's text, except that it lacks controls, has two units for a letter beyond U+FFFF, and
    marks a hyphen by U+FFFE.
    """
    units = np.zeros(count + 1, np.uint16)  # and the zero at its end
    is_whole = _text(text_page, 0, count, units.ctypes.data) == len(units)
    found = units[:count].astype(np.uint32)
    is_plain = is_whole and not (units & 0xF800 == 0xD800).any()
    asked = np.flatnonzero(found == 0xFFFE) if is_plain else np.arange(count)
    answers = map(_unicode, repeat(_ADDRESS(text_page)), asked.tolist())
    found[asked] = np.fromiter(answers, np.uint32, len(asked))
    return found


def rectangles(text_page: int, indices: Sequence[int]) -> NDArray[np.float32]:
    """Read the loose box of each character: left, bottom, right, top in user space."""
    boxes = (pdfium.FS_RECTF * len(indices))()
    places = map(ctypes.byref, repeat(boxes), range(0, ctypes.sizeof(boxes), ctypes.sizeof(pdfium.FS_RECTF)))
    _exhaust(map(_loose_box, repeat(_ADDRESS(text_page)), indices, places))
    return np.frombuffer(boxes, np.float32).reshape(-1, 4)[:, (0, 3, 2, 1)]


def clip_counts(objects: Sequence[int]) -> NDArray[np.int32]:
    """Count the clip paths of each page object."""
    paths = map(_count_clips, map(_clip, objects))
    return np.fromiter(paths, np.int32, len(objects))


def clip_points(page_object: int, path: int) -> NDArray[np.float32]:
    """Read the points of a clip path."""
    clip = _clip(page_object)
    count = max(_count_clip_segments(clip, path), 0)
    segments = list(map(_clip_segment, repeat(clip, count), repeat(path, count), range(count)))
    points = np.zeros((count, 2), np.float32)
    _fill_columns(_segment_point, segments, points)
    return points


def inked(text_page: int, indices: Sequence[int]) -> NDArray[np.bool_]:
    """Say of each character whether anything is printed for it."""
    out = np.zeros((len(indices), 4), np.float64)
    start, step = out.ctypes.data, 32
    stop = start + step * len(indices)
    columns = (range(start + 8 * place, stop + 8 * place, step) for place in range(4))
    _exhaust(map(_char_box, repeat(text_page), indices, *columns))
    return (out[:, 0] < out[:, 1]) & (out[:, 2] < out[:, 3])


def text_objects(text_page: int, indices: Sequence[int]) -> NDArray[np.uint64]:
    """Give the address of the text object of each character."""
    return np.fromiter(map(_text_object, repeat(_ADDRESS(text_page)), indices), np.uint64, len(indices))


def font_sizes(text_page: int, indices: Sequence[int]) -> NDArray[np.float32]:
    """Read the font size of each character, before its matrix."""
    return np.fromiter(map(_font_size, repeat(text_page), indices), np.float32, len(indices))


def matrices(text_page: int, indices: Sequence[int]) -> NDArray[np.float32]:
    """Read the matrix (a, b, c, d, e, f) of each character."""
    out = np.zeros((len(indices), 6), np.float32)
    _fill(_matrix, text_page, indices, out)
    return out


def origins(text_page: int, indices: Sequence[int]) -> NDArray[np.float32]:
    """Read the origin (x, y on the baseline, user space) of each character."""
    out = np.zeros((len(indices), 2), np.float64)
    start, step = out.ctypes.data, 16
    stop = start + step * len(indices)
    _exhaust(
        map(_origin, repeat(text_page), indices, range(start, stop, step), range(start + 8, stop + 8, step))
    )
    return out.astype(np.float32)


def map_errors(text_page: int, indices: Sequence[int]) -> NDArray[np.bool_]:
    """Say of each character whether its font does not tell which letter it is."""
    return np.fromiter(map(_map_error, repeat(_ADDRESS(text_page)), indices), np.bool_, len(indices))


def generated(text_page: int, count: int) -> NDArray[np.bool_]:
    """Say of each character whether PDFium made it up, as the blanks between words."""
    return np.fromiter(map(_is_generated, repeat(text_page, count), range(count)), np.bool_, count)


def hyphens(text_page: int, indices: Sequence[int]) -> NDArray[np.bool_]:
    """Say of each character whether PDFium took it for the hyphen of a word that is parted."""
    return np.fromiter(map(_is_hyphen, repeat(text_page), indices), np.bool_, len(indices))


def fonts(objects: Iterable[int]) -> list[int]:
    """Give the address of the font of each text object."""
    return list(map(_font, objects))


def font_name(font: int) -> str:
    """Read the base name of a font ("ABCDEF+Arial-BoldMT")."""
    buffer = ctypes.create_string_buffer(256)
    _font_name(font, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace")


def font_data(font: int) -> bytes:
    """Read the file of a font: the embedded one, else the one that stands for it."""
    size = ctypes.c_size_t(0)
    _font_data(font, None, 0, ctypes.addressof(size))
    buffer = ctypes.create_string_buffer(size.value)
    _font_data(font, ctypes.addressof(buffer), size.value, ctypes.addressof(size))
    return buffer.raw


def font_weight(font: int) -> int:
    """Read the weight of a font: 400 is regular, 700 bold, -1 unknown."""
    return int(_font_weight(font))


def _fill(
    function: Callable[..., Any], handle: int, indices: Sequence[int], out: NDArray[np.float32]
) -> None:
    start, step = out.ctypes.data, out.itemsize * out.shape[1]
    _exhaust(map(function, repeat(handle), indices, range(start, start + step * len(indices), step)))


def _fill_columns(function: Callable[..., Any], handles: Sequence[int], out: NDArray[Any]) -> None:
    """Call a function that takes the address of each number it returns."""
    start, row, count = out.ctypes.data, out.itemsize * out.shape[1], len(handles)
    places = (start + out.itemsize * place for place in range(out.shape[1]))
    _exhaust(map(function, handles, *(range(place, place + row * count, row) for place in places)))


def _exhaust(calls: Iterable[Any]) -> None:
    for _ in calls:
        pass


def page_objects(page: int, limit: int) -> list[int]:
    """Give the addresses of the objects of a page, `limit` at most."""
    count = min(_count_objects(page), limit)
    return list(map(_page_object, repeat(page, count), range(count)))


def form_objects(form: int, limit: int) -> list[int]:
    """Give the addresses of the objects of a form, `limit` at most."""
    count = min(max(_count_form_objects(form), 0), limit)
    return list(map(_form_object, repeat(form, count), range(count)))


def object_types(objects: Sequence[int]) -> NDArray[np.int32]:
    """Give the type of each page object (FPDF_PAGEOBJ_…)."""
    return np.fromiter(map(_object_type, objects), np.int32, len(objects))


def object_bounds(objects: Sequence[int]) -> NDArray[np.float32]:
    """Read the bounds of each page object: left, bottom, right, top in the space of its parent."""
    out = np.zeros((len(objects), 4), np.float32)
    _fill_columns(_object_bounds, objects, out)
    return out


def object_matrix(page_object: int) -> NDArray[np.float32]:
    """Read the matrix (a, b, c, d, e, f) of a page object."""
    out = np.zeros(6, np.float32)
    _object_matrix(page_object, out.ctypes.data)
    return out


def fill_colours(objects: Sequence[int]) -> NDArray[np.uint32]:
    """Read the fill of each page object: red, green, blue and alpha, 0 to 255; zeros where it has none."""
    out = np.zeros((len(objects), 4), np.uint32)
    _fill_columns(_fill_color, objects, out)
    return out


def stroke_colours(objects: Sequence[int]) -> NDArray[np.uint32]:
    """Read the stroke of each page object: red, green, blue and alpha, 0 to 255; zeros where it has none."""
    out = np.zeros((len(objects), 4), np.uint32)
    _fill_columns(_stroke_color, objects, out)
    return out


def text_modes(objects: Sequence[int]) -> NDArray[np.int32]:
    """Read the rendering mode of each text object (FPDF_TEXTRENDERMODE_…)."""
    return np.fromiter(map(_text_mode, objects), np.int32, len(objects))


def show(objects: Sequence[int], *, shown: bool) -> None:
    """Leave page objects out of the page's picture, or put them in again."""
    _exhaust(map(_set_active, objects, repeat(int(shown))))


def draw_modes(paths: Sequence[int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each path whether it is filled and whether it is stroked."""
    out = np.zeros((len(paths), 2), np.int32)
    _fill_columns(_draw_mode, paths, out)
    return out[:, 0] != pdfium.FPDF_FILLMODE_NONE, out[:, 1] != 0


def segment_counts(paths: Sequence[int]) -> NDArray[np.int32]:
    """Count the segments of each path."""
    return np.fromiter(map(_count_segments, paths), np.int32, len(paths))


def path_points(path: int, count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Read the segments of a path: their types (FPDF_SEGMENT_…) and end points."""
    segments = list(map(_segment, repeat(path, count), range(count)))
    types = np.fromiter(map(_segment_type, segments), np.int32, count)
    points = np.zeros((count, 2), np.float32)
    _fill_columns(_segment_point, segments, points)
    return types, points
