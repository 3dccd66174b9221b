"""/assets: what every page asks for, kept by browsers for ever."""

from fastapi import APIRouter, Response

from api.assets import assets
from api.problems import Problem

router = APIRouter()


@router.get("/assets/{digest}/{name}")
async def read(digest: str, name: str) -> Response:
    """One file, as it was when the page was written."""
    asset = assets().get(name)
    if asset is None or asset.digest != digest:
        raise Problem(404, "There is no such file; load the page again.", code="no_such_file")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(asset.data, media_type=asset.media_type, headers=headers)
