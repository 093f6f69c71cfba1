"""Starts a packaged app where no display can be driven: smoke_test.py RESSHIFT RESSHIFT-DESKTOP.

The command line upscales a sample, to the pixels of the source tree; the window starts and stays.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

_SAMPLE = Path(__file__).parents[1] / "resources" / "samples" / "parrots.jpg"
_STAYS_SECONDS = 15


def main(command: str, window: str) -> None:
    """Raises CalledProcessError or SystemExit where something does not work."""
    with tempfile.TemporaryDirectory(prefix="Zoë 東京 ") as name:
        folder = Path(name)
        places = {f"RESSHIFT_{kind}": str(folder / kind.lower()) for kind in ("DATA", "CACHE", "LOGS")}
        environment = {**os.environ, **places, "PYTHONIOENCODING": "utf-8"}
        subprocess.run([command, "doctor"], env=environment, check=True)
        source = [sys.executable, "-m", "resshift_desktop.cli.app"]
        results = folder / "packaged.png", folder / "source.png"
        for words, result in zip(([command], source), results, strict=True):
            subprocess.run(
                [*words, "upscale", _SAMPLE, "-o", result, "--scale", "1"], env=environment, check=True
            )
        with Image.open(results[0]) as packaged, Image.open(results[1]) as expected:
            if ImageChops.difference(packaged, expected).getbbox() is not None:
                raise SystemExit("The packaged app gives other pixels than the source tree.")
        with subprocess.Popen([window], env=environment) as process:
            try:
                code = process.wait(_STAYS_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            else:
                raise SystemExit(f"The window did not stay: exit code {code}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
