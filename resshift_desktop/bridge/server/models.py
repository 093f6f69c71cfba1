"""/v1/models: which models there are, removing them, and making one of files that are here."""

from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from resshift_desktop.bridge.server.answers import Refusal, json_answer, not_found
from resshift_desktop.bridge.server.messages import ImportModel, Model, Models, NoQuery
from resshift_desktop.bridge.server.requests import read_json, read_query
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.licences import is_accepted, licence_of
from resshift_desktop.core.weights.store import (
    BUILT_IN,
    InstalledModel,
    find_model,
    list_missing,
    list_models,
    remove,
)
from resshift_desktop.errors import UsageError, WeightsError


async def get_models(request: Request) -> Response:
    read_query(request.scope, NoQuery)
    return json_answer(await to_thread.run_sync(_models))


async def remove_model(request: Request) -> Response:
    read_query(request.scope, NoQuery)
    await to_thread.run_sync(_remove, request.path_params["name"])
    return Response(status_code=204)


async def import_model(request: Request) -> Response:
    read_query(request.scope, NoQuery)
    message = await read_json(request.scope, request.receive, ImportModel)
    return json_answer(await to_thread.run_sync(_import, message), 201)


def describe(model: InstalledModel) -> Model:
    """A model that is here, as it is told."""
    return _describe(model.card, model.num_bytes, installed=True)


def _models() -> Models:
    missing = [
        _describe(card, sum(checkpoint.num_bytes for checkpoint in card.checkpoints), installed=False)
        for card in list_missing()
    ]
    return Models([describe(model) for model in list_models()] + missing)


def _describe(card: ModelCard, size_bytes: int, installed: bool) -> Model:
    licence = licence_of(card)
    return Model(
        name=card.name,
        title=card.title,
        description=card.description,
        scale=card.scale,
        licence=card.licence,
        licence_summary=licence.summary if licence else "",
        licence_urls=list(licence.urls) if licence else [],
        licence_accepted=licence is None or is_accepted(card),
        size_bytes=size_bytes,
        installed=installed,
        built_in=card.name == BUILT_IN,
        takes_mask=card.config.takes_mask,
    )


def _remove(name: str) -> None:
    try:
        is_built_in = find_model(name).card.name == BUILT_IN
    except UsageError as error:
        raise not_found(f"There is no model called “{name[:80]}” here.", error.hint) from error
    except WeightsError:
        is_built_in = False  # its card is damaged: all the more
    if is_built_in:
        raise Refusal(
            409, "UsageError", f"The model “{name}” is part of the program.", "It cannot be removed."
        )
    remove(name)


def _import(message: ImportModel) -> Model:
    from resshift_desktop.core.weights.importing import import_files

    try:
        return describe(import_files([Path(path) for path in message.paths], message.like, message.name))
    except WeightsError as error:  # what is wrong are the files
        raise Refusal(400, "WeightsError", error.title, error.hint) from error
