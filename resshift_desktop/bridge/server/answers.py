"""Answers as JSON, errors among them."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from resshift_desktop.bridge.server.messages import ErrorAnswer, Problem
from resshift_desktop.errors import ImageReadError, ResShiftError, UsageError
from resshift_desktop.foreign_errors import in_words


def json_answer(message: msgspec.Struct, status: int = 200) -> Response:
    return Response(msgspec.json.encode(message), status, media_type="application/json")


def error_answer(status: int, kind: str, title: str, hint: str) -> Response:
    return json_answer(ErrorAnswer(Problem(kind, title, hint)), status)


class Refusal(ResShiftError):
    """A request that is answered with an HTTP status of its own."""

    def __init__(self, status: int, kind: str, title: str, hint: str) -> None:
        super().__init__(title, hint)
        self.status = status
        self.kind = kind


def bad_request(title: str, hint: str = "See docs/bridge.md.") -> Refusal:
    return Refusal(400, "BadRequest", title, hint)


def not_found(title: str, hint: str = "") -> Refusal:
    return Refusal(404, "NotFound", title, hint)


async def refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error_answer(error.status, error.kind, error.title, error.hint)


async def told_in_words(_request: Request, error: Exception) -> Response:
    """Errors for people; 400 for what was asked wrongly, 500 for what went wrong here."""
    assert isinstance(error, ResShiftError)
    status = 400 if isinstance(error, (UsageError, ImageReadError)) else 500
    return error_answer(status, type(error).__name__, error.title, error.hint)


async def routing_failed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {
        404: ("NotFound", "There is nothing under this address."),
        405: ("MethodNotAllowed", "This address does not take this method."),
    }
    kind, title = known.get(error.status_code, ("BadRequest", str(error.detail)))
    answer = error_answer(error.status_code, kind, title, "See docs/bridge.md.")
    answer.headers.update(error.headers or {})
    return answer


async def unforeseen(_request: Request, error: Exception) -> Response:
    """Anything else. uvicorn logs it with its traceback."""
    told = in_words(error)
    return error_answer(500, "Unforeseen", told.title, told.hint)


async def to_nobody(_request: Request, _error: Exception) -> Response:
    """The client left before there was an answer."""
    return Response(status_code=400)
