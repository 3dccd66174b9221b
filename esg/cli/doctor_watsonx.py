"""`esg doctor` on watsonx.ai: key, project, certificate, models and dimensions, by asking the service."""

from collections.abc import Callable

from esg import errors
from esg.cli.console import counted
from esg.resources import open_watsonx
from esg.settings import Settings


def checks(settings: Settings) -> list[tuple[str, Callable[[], str], str]]:
    """Give the check as `examine` takes them, where a part of the engine is set to ask the service."""
    if "watsonx" not in (settings.embedder, settings.judge, settings.reranker):
        return []
    return [("watsonx.ai", lambda: _watsonx(settings), "See docs/operations/watsonx.md.")]


def _watsonx(settings: Settings) -> str:
    """Ask for the models, then each that is used for as little as it can give."""
    session = open_watsonx(settings)
    used = {
        settings.watsonx_embedding_model: settings.embedder == "watsonx",
        settings.watsonx_chat_model: settings.judge == "watsonx",
        settings.watsonx_rerank_model: settings.reranker == "watsonx",
    }
    models = session.models()
    if missing := [model for model, is_used in used.items() if is_used and model not in models]:
        raise errors.Misconfigured(
            f"{settings.watsonx_url} has no model {' and no '.join(missing)}.",
            next_step="Set ESG_WATSONX_EMBEDDING_MODEL, _CHAT_MODEL or _RERANK_MODEL to one of "
            f"{', '.join(models)}, or IBM_WATSONX_URL to another region.",
        )
    if settings.embedder == "watsonx":
        model, dimensions = settings.watsonx_embedding_model, settings.watsonx_embedding_dimensions
        session.embed(["Scope 1"], model=model, dimensions=dimensions)  # not from the cache
    return f"{settings.watsonx_url}, {counted(len(models), 'model')}"
