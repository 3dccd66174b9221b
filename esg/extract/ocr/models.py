"""The packaged networks (PP-OCRv6 small, as ONNX), loaded when the first page needs them.

Only the model files of the package rapidocr are used, not its code: that would need OpenCV and a dozen more.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from esg.errors import Rejected

_PACKAGE = "rapidocr"
_DETECTOR, _RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_BLANK, _SPACE = "", " "  # around the dictionary in the network's output
_ERRORS_ONLY = 3

Floats = NDArray[np.float32]


@lru_cache(maxsize=1)
def detector() -> Any:
    return _session(_DETECTOR)


@lru_cache(maxsize=1)
def recogniser() -> Any:
    return _session(_RECOGNISER)


@lru_cache(maxsize=1)
def alphabet() -> tuple[str, ...]:
    """The letter of each class of the recogniser; the first, "", is no letter."""
    letters = recogniser().get_modelmeta().custom_metadata_map["character"].split("\n")
    classes = recogniser().get_outputs()[0].shape[2]
    return (_BLANK, *letters[: classes - 2], _SPACE)


def run(session: Any, image: Floats) -> Floats:
    """Show a network one picture (3, height, width), by itself: neighbours would change its sums."""
    (output,) = session.run(None, {session.get_inputs()[0].name: image[None]})
    result: Floats = output[0]
    return result


def _session(name: str) -> Any:
    import onnxruntime  # 0.05 s, and few documents have a page that is a picture

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more would change float sums
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # every line has another shape
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(_path(name), options, providers=["CPUExecutionProvider"])


def _path(name: str) -> str:
    package = find_spec(_PACKAGE)
    places = package.submodule_search_locations if package else None
    path = Path(places[0], "models", name) if places else None
    if path is None or not path.is_file():
        raise Rejected(
            f"Its pages are pictures, and the model that reads pictures ({name}) is not installed.",
            code="no_ocr_model",
            next_step="Install it (pip install 'rapidocr==3.10.0'), or set ESG_OCR_MAX_PAGES=0.",
        )
    return str(path)
