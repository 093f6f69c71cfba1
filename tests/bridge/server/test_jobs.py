"""/v1/jobs, /v1/queue, /v1/models and /v1/health."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resshift_desktop import __version__
from resshift_desktop.core.engine.request import TilePreview
from tests.bridge.server.conftest import Bridge, wait_until


def new_job(folder: Path, name: str = "a", **values: Any) -> dict[str, Any]:
    return {"input": str(folder / f"{name}.jpg"), "output": str(folder / f"{name}.png"), **values}


@pytest.fixture
def held(bridge: Bridge) -> Bridge:
    """With a queue that stands still."""
    assert bridge.call("POST", "/v1/queue/pause")[1]["held"] is True
    return bridge


def test_a_job_comes_back_as_it_was_given(held: Bridge, tmp_path: Path) -> None:
    job = new_job(
        tmp_path, format="png", model="builtin", scale=2.5, seed=2**63 - 1, device="cuda:1", tile_size=256,
        quality=55, overwrite=True,
    )  # fmt: skip
    status, answer = held.call("POST", "/v1/jobs", {"jobs": [job]})
    assert status == 201
    (added,) = answer["jobs"]
    assert {name: added[name] for name in job} == job
    assert (added["width"], added["height"], added["mask"]) == (None, None, None)
    assert (added["state"], added["fraction"], added["problem"], added["result"]) == ("queued", 0, None, None)
    assert held.call("GET", f"/v1/jobs/{added['id']}") == (200, added)


def test_the_format_is_that_of_the_name(held: Bridge, tmp_path: Path) -> None:
    job = {**new_job(tmp_path), "output": str(tmp_path / "b.tif")}
    assert held.call("POST", "/v1/jobs", {"jobs": [job]})[1]["jobs"][0]["format"] == "tiff"


def test_pages_lead_through_all_jobs(held: Bridge, tmp_path: Path) -> None:
    jobs = [new_job(tmp_path, str(number)) for number in range(25)]
    added = held.call("POST", "/v1/jobs", {"jobs": jobs})[1]["jobs"]
    page = held.call("GET", "/v1/jobs?limit=10")[1]
    seen = page["jobs"]
    while page["next"] is not None:
        page = held.call("GET", f"/v1/jobs?after={page['next']}&limit=10")[1]
        seen += page["jobs"]
    assert seen == added
    assert page["held"] is True
    assert page["counts"]["queued"] == 25
    assert page["seq"] == held.queue.events.last_seq


def test_a_job_goes_through_its_states(held: Bridge, tmp_path: Path) -> None:
    jobs = held.call("POST", "/v1/jobs", {"jobs": [new_job(tmp_path), new_job(tmp_path, "b")]})[1]["jobs"]
    first, second = (job["id"] for job in jobs)
    for action, status, state in [
        ("resume", 409, None),
        ("pause", 200, "paused"),
        ("resume", 200, "queued"),
        ("retry", 409, None),
        ("cancel", 200, "cancelled"),
        ("cancel", 409, None),
        ("retry", 200, "queued"),
    ]:
        got, answer = held.call("POST", f"/v1/jobs/{first}/{action}")
        assert (got, answer.get("state")) == (status, state)
        assert got == 200 or answer["error"]["title"]
    moved = held.call("POST", f"/v1/jobs/{first}/move", {"before": second})[1]
    assert moved["position"] < held.call("GET", f"/v1/jobs/{second}")[1]["position"]
    assert held.call("POST", f"/v1/jobs/{first}/move", {"before": 10**6})[0] == 409
    assert held.call("DELETE", f"/v1/jobs/{first}") == (204, b"")
    assert held.call("GET", f"/v1/jobs/{first}")[0] == 404
    held.call("POST", f"/v1/jobs/{second}/cancel")
    assert held.call("POST", "/v1/queue/clear")[1]["counts"]["cancelled"] == 0
    assert held.call("POST", "/v1/queue/resume")[1]["held"] is False


def test_many_jobs_are_removed_at_once(held: Bridge, tmp_path: Path) -> None:
    jobs = [new_job(tmp_path, str(number)) for number in range(5)]
    first, *middle, last = (job["id"] for job in held.call("POST", "/v1/jobs", {"jobs": jobs})[1]["jobs"])
    held.call("POST", f"/v1/jobs/{middle[0]}/cancel")
    seq = held.queue.events.last_seq
    status, answer = held.call("POST", "/v1/jobs/remove", {"ids": [*middle, middle[0], 10**6]})
    assert status == 200
    assert (answer["counts"]["queued"], answer["counts"]["cancelled"]) == (2, 0)
    assert [job["id"] for job in held.call("GET", "/v1/jobs")[1]["jobs"]] == [first, last]
    told = held.queue.events.since(seq)
    assert told is not None
    assert sorted(event.data["id"] for event in told if event.kind == "removed") == middle
    assert held.call("POST", "/v1/jobs/remove", {"ids": middle})[0] == 200  # gone already


@pytest.mark.parametrize(
    "body", [{"ids": []}, {"ids": [-1]}, {"ids": ["1"]}, {"ids": [1.5]}, {}, {"ids": None}]
)
def test_a_wrong_list_removes_nothing(held: Bridge, tmp_path: Path, body: dict[str, Any]) -> None:
    held.call("POST", "/v1/jobs", {"jobs": [new_job(tmp_path)]})
    assert held.call("POST", "/v1/jobs/remove", body)[0] == 400
    assert len(held.queue.page()) == 1


def test_a_failed_job_says_why(bridge: Bridge, tmp_path: Path) -> None:
    job = bridge.call("POST", "/v1/jobs", {"jobs": [new_job(tmp_path)]})[1]["jobs"][0]
    wait_until(lambda: bridge.call("GET", f"/v1/jobs/{job['id']}")[1]["state"] == "failed")
    problem = bridge.call("GET", f"/v1/jobs/{job['id']}")[1]["problem"]
    assert problem == {
        "kind": "ImageReadError",
        "title": "There is nothing to see.",
        "hint": "Look elsewhere.",
    }
    assert [job["id"] for job in bridge.call("GET", "/v1/jobs?state=failed")[1]["jobs"]] == [job["id"]]
    assert bridge.call("GET", "/v1/jobs?state=done")[1]["jobs"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"input": "a.jpg"},
        {"input": "../a.jpg"},
        {"input": ""},
        {"output": "b.png"},
        {"mask": "m.png"},
        {"input": "/a\0b.jpg"},
        {"input": "/" + "a" * 5000},
        {"input": None},
        {"input": 1},
        {"output": "/b.xyz"},
        {"format": "exe"},
        {"model": "unknown"},
        {"model": "../builtin"},
        {"scale": 0},
        {"scale": 1e300},
        {"scale": 10**400},
        {"width": -5},
        {"width": 10**20},
        {"scale": 2, "width": 100},
        {"seed": -1},
        {"seed": 2**63},
        {"seed": 1.5},
        {"seed": "1"},
        {"device": "tpu"},
        {"device": "cuda:999999"},
        {"tile_size": 1},
        {"quality": 0},
        {"overwrite": "yes"},
        {"mask": "/m.png"},
        {"unheard_of": 1},
        {"state": "done"},
    ],
)
def test_one_wrong_job_and_none_is_added(held: Bridge, tmp_path: Path, change: dict[str, Any]) -> None:
    jobs = [new_job(tmp_path), {**new_job(tmp_path, "b"), **change}]
    status, answer = held.call("POST", "/v1/jobs", {"jobs": jobs})
    assert status == 400
    assert answer["error"]["title"]
    assert held.queue.page() == []


def test_the_tiles_of_a_job_can_be_looked_at(held: Bridge, tmp_path: Path) -> None:
    job = held.call("POST", "/v1/jobs", {"jobs": [new_job(tmp_path)]})[1]["jobs"][0]["id"]
    assert held.call("GET", f"/v1/jobs/{job}/tiles") == (200, {"tiles": []})
    place = {"number": 3, "left": 0.25, "top": 0.0, "width": 0.5, "height": 1.0}
    pixels = np.zeros((8, 8, 3), np.uint8)
    held.worker.previews(job).add(TilePreview(**place, pixels=pixels, profile=None))
    assert held.call("GET", f"/v1/jobs/{job}/tiles") == (200, {"tiles": [place]})
    status, jpeg = held.call("GET", f"/v1/jobs/{job}/tiles/3")
    assert status == 200
    assert jpeg[:2] == b"\xff\xd8"
    assert held.call("GET", f"/v1/jobs/{job}/tiles/4")[0] == 404


def test_models_say_what_they_are(bridge: Bridge) -> None:
    (builtin,) = [m for m in bridge.call("GET", "/v1/models")[1]["models"] if m["name"] == "builtin"]
    assert (builtin["built_in"], builtin["scale"], builtin["takes_mask"]) == (True, 4, False)
    assert builtin["size_bytes"] > 0


def test_health_says_who_is_there(bridge: Bridge) -> None:
    assert bridge.worker.ready.wait(20)
    status, health = bridge.call("GET", "/v1/health")
    assert status == 200
    assert health == {
        "protocol": 1, "version": __version__, "pid": os.getpid(), "ready": True, "problem": None,
        "device": "Fake device", "models": ["builtin"], "busy": False,
    }  # fmt: skip
