"""A core that is missing, of another version, busy or dead: a sentence each; the image stays as it was."""

import json
import os
import shutil
import signal
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import bridge
from bridge.client import Client
from bridge.launcher import find_core
from bridge.protocol import PROTOCOL_VERSION, Connection, connection_path
from gi.repository import Gimp
from gimp_hand import FOLDER, expected, load, pixels, problem, upscale


def result(name="rgb"):
    """What the picture becomes."""
    _image, layer = load(name)
    (made,) = upscale(layer).get_layers()
    return pixels(made)


def in_the_background(action):
    """An action that GIMP does not wait for; to be joined."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def big_layer(side=500):
    image = Gimp.Image.new(side, side, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(image, "big", side, side, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    return layer


def scene_not_installed():
    _image, layer = load("rgb")
    told = problem(layer)
    assert "ResShift was not found on this computer. Install it and open it once, then try again." in told, (
        told
    )


def scene_it_is_started():
    (FOLDER / "bin").mkdir()
    shutil.copy(FOLDER / "resshift", FOLDER / "bin")
    assert find_core() is None
    assert result() == expected("rgb")
    assert find_core() is not None


def scene_busy_with_another_program():
    """It waits until the other's picture is done."""
    side, done = 400, []

    def other():
        done.append(find_core().upscale(bytes(3 * side * side), width=side, height=side, channels=3, scale=2))

    thread = in_the_background(other)
    until(lambda: find_core().health()["busy"])
    assert result() == expected("rgb")
    assert done
    thread.join()


def scene_killed_in_the_middle_of_the_work():
    number = Connection.read().pid

    def kill():
        until(lambda: find_core().health()["busy"])
        os.kill(number, signal.SIGKILL)

    thread = in_the_background(kill)
    told = problem(big_layer(), scale=4.0, result="this-image")
    thread.join()
    assert "ResShift stopped in the middle of the work. Try again" in told, told


def scene_it_is_started_again():
    assert find_core() is None
    assert result() == expected("rgb")


@contextmanager
def core_of_protocol(version):
    """In the place of the core, one that speaks another version."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"protocol": version, "ready": True, "models": []}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    path = connection_path()
    real = path.read_text("utf-8")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        in_the_background(server.serve_forever)
        there = {**json.loads(real), "port": server.server_port, "protocol": version}
        path.write_text(json.dumps(there), "utf-8")
        try:
            yield
        finally:
            server.shutdown()
            path.write_text(real, "utf-8")


def scene_the_core_is_newer():
    _image, layer = load("rgb")
    with core_of_protocol(PROTOCOL_VERSION + 1):
        told = problem(layer)
    assert "ResShift is newer than this program that calls it. Update the plugin" in told, told


def scene_the_core_is_older():
    """Than a plugin of a later version; of two digits, since Python tells changed files by their length."""
    _image, layer = load("rgb")
    protocol = Path(bridge.__file__).with_name("protocol.py")
    real = protocol.read_text("utf-8")
    protocol.write_text(real.replace("PROTOCOL_VERSION = 1", "PROTOCOL_VERSION = 10"), "utf-8")
    try:
        told = problem(layer)
    finally:
        protocol.write_text(real, "utf-8")
    assert "different versions of their protocol. Update the ResShift app." in told, told


def scene_a_connection_file_that_is_left_over():
    path = connection_path()
    client = Client(Connection.read())
    left_over = path.read_text("utf-8")
    client.shutdown()
    until(lambda: not path.exists())
    path.write_text(left_over, "utf-8")
    path.chmod(0o600)
    assert result() == expected("rgb")


def scene_two_hosts_at_once():
    """Another GIMP, which plays gimp_second.py, begins when it is told to."""
    until((FOLDER / "second-is-here").exists, 120)
    (FOLDER / "first-is-here").touch()
    for _time in range(3):
        assert result() == expected("rgb")
    until((FOLDER / "second.json").exists, 120)
