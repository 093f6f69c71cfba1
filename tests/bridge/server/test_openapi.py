"""docs/openapi.json tells the truth: it is current, complete, and the server keeps to it under fuzz."""

import json
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from resshift_desktop.bridge.server import app
from resshift_desktop.bridge.server.activity import Activity
from resshift_desktop.bridge.server.openapi import ENDPOINTS, document
from resshift_desktop.bridge.server.routes import create_app
from tests.bridge.server.conftest import Bridge, running_bridge

FILE = Path(__file__).parents[3] / "docs" / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def test_the_file_is_current() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == document()


def test_every_route_is_described(bridge: Bridge) -> None:
    routes = create_app(
        bridge.queue, bridge.worker, "", 0, Activity(), stop=lambda: None, stopping=lambda: False
    ).routes
    served = {
        (method, route.path)
        for route in routes
        if isinstance(route, Route)
        for method in route.methods or set()
    }
    assert served == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    """One that does not leave when asked to, and whose streams of events end."""
    folder = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESSHIFT_CACHE", str(folder / "cache"))
        patch.setenv("RESSHIFT_DATA", str(folder / "data"))
        patch.setattr(app, "create_app", _with_streams_that_end)
        with running_bridge(folder) as running:
            running.queue.hold()
            yield running


def _with_streams_that_end(*args, **kwargs):
    return create_app(*args, **{**kwargs, "stop": lambda: None, "stopping": lambda: True})


REFUSALS = ["400", "401", "403", "404", "405", "408", "409", "411", "413", "426"]
CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
schema = schemathesis.openapi.from_dict(document(), config=schemathesis.Config.from_dict(CONFIG))


@schema.parametrize()
@hypothesis.settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.filter_too_much, hypothesis.HealthCheck.too_slow],
    database=None,
)
def test_the_server_keeps_to_it(case: schemathesis.Case, server: Bridge) -> None:
    case.call_and_validate(
        base_url=f"http://127.0.0.1:{server.port}", headers=server.headers, checks=CHECKS, timeout=20
    )
    assert server.is_well()
