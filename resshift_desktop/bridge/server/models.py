"""/v1/models: which models there are."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from resshift_desktop.bridge.server.answers import Refusal, json_answer, not_found
from resshift_desktop.bridge.server.messages import Model, Models, NoQuery
from resshift_desktop.bridge.server.requests import read_query
from resshift_desktop.core.weights.store import BUILT_IN, InstalledModel, find_model, list_models
from resshift_desktop.errors import UsageError


async def get_models(request: Request) -> Response:
    read_query(request.scope, NoQuery)
    return json_answer(await to_thread.run_sync(_models))


async def download_model(request: Request) -> Response:
    """There is nothing to download yet: what is known is installed."""
    read_query(request.scope, NoQuery)
    model = await to_thread.run_sync(_find, request.path_params["name"])
    raise Refusal(409, "UsageError", f"The model “{model.card.name}” is here already.", "Just use it.")


async def remove_model(request: Request) -> Response:
    read_query(request.scope, NoQuery)
    model = await to_thread.run_sync(_find, request.path_params["name"])
    raise Refusal(
        409, "UsageError", f"The model “{model.card.name}” is part of the program.", "It cannot be removed."
    )


def _models() -> Models:
    return Models([_model(model) for model in list_models()])


def _model(model: InstalledModel) -> Model:
    card = model.card
    return Model(
        name=card.name,
        title=card.title,
        description=card.description,
        scale=card.scale,
        licence=card.licence,
        size_bytes=model.weights_path.stat().st_size,
        built_in=card.name == BUILT_IN,
        takes_mask=card.config.takes_mask,
    )


def _find(name: str) -> InstalledModel:
    try:
        return find_model(name)
    except UsageError as error:
        raise not_found(f"There is no model called “{name[:80]}”.", error.hint) from error
