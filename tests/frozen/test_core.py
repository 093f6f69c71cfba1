"""The packaged core: started as plugins start it, serving pixels, one for each person."""

import subprocess
import sys
import time

import psutil
from PIL import Image

from resshift_desktop.bridge.client import Client
from resshift_desktop.bridge.protocol import Connection
from tests.frozen.conftest import PATIENCE, ROOT, Person

_CONNECT = """
import sys
from resshift_desktop.bridge.launcher import connect
print(connect(timeout=240).connection.pid)
"""


def start_core(person: Person) -> int:
    """As a plugin does: with the bridge's client, given only the program's name; the core's process id."""
    environment = {
        **person.environment,
        "RESSHIFT_CORE": str(person.installed / "resshift"),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", _CONNECT], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def upscale_as_a_host(person: Person, size: tuple[int, int]) -> tuple[int, int]:
    """Send pixels as docs/example_client.py does, which stands for a plugin; the size of the result."""
    source, result = person.home / "in.ppm", person.home / "out.ppm"
    Image.effect_noise(size, 60).convert("RGB").save(source)
    command = [sys.executable, str(ROOT / "docs/example_client.py"), str(source), str(result)]
    done = subprocess.run(command, env=person.environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    with Image.open(result) as image:
        return image.size


def test_two_people_have_a_core_each(people: tuple[Person, Person]) -> None:
    first, second = (start_core(person) for person in people)
    assert first != second
    for person, pid in zip(people, (first, second), strict=True):
        assert psutil.Process(pid).exe() == str(person.installed / "resshift")
        assert start_core(person) == pid  # it is found again
        assert upscale_as_a_host(person, (48, 32)) == (192, 128)
    for person, pid in zip(people, (first, second), strict=True):
        end_core(person, pid)


def end_core(person: Person, pid: int) -> None:
    core = psutil.Process(pid)
    Client(connection_of(person)).shutdown()
    core.wait(PATIENCE)
    assert not (person.data / "connection.json").exists()


def connection_of(person: Person) -> Connection:
    deadline = time.monotonic() + PATIENCE
    path = person.data / "connection.json"
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return Connection.read(path)
