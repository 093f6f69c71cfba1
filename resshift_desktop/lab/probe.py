"""The engine in a fresh process: how long it takes to start, and how much memory a picture takes at most.

    python -m resshift_desktop.lab.probe MODEL DEVICE [INPUT OUTPUT]

prints a Probe as one JSON object; errors and progress go to standard error.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from resshift_desktop.errors import ResShiftError


@dataclass(frozen=True)
class Probe:
    """What one process took. `load_seconds` is for importing the engine and loading the model.

    `upscale_seconds` is 0 where no picture was asked for. `peak_bytes` is the most memory that was
    resident at a time, from start to end.
    """

    import_torch_seconds: float
    load_seconds: float
    upscale_seconds: float
    peak_bytes: int


def run_probe(model: str, device: str, pair: tuple[Path, Path] | None = None) -> Probe:
    """Start the engine in a new process and, with `pair`, upscale its first file to its second, a JPEG.

    Raises:
        ResShiftError: the process failed; it has said why on standard error.
    """
    command = [sys.executable, "-m", "resshift_desktop.lab.probe", model, device, *map(str, pair or ())]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode != 0:
        raise ResShiftError("The process that was to be measured failed.", "Its message is above.")
    return Probe(**json.loads(ended.stdout))


def _probe(model: str, device: str, pair: tuple[Path, Path] | None) -> Probe:
    started = time.perf_counter()
    import torch  # noqa: F401 (the time it takes is measured)

    imported = time.perf_counter()
    from resshift_desktop.core.engine.request import UpscaleProgress, UpscaleRequest
    from resshift_desktop.core.engine.upscale import Engine
    from resshift_desktop.core.imaging.formats import ImageFormat

    engine = Engine()
    engine.prepare(model, device)
    loaded = time.perf_counter()
    upscale_seconds = 0.0
    if pair is not None:
        tenths_told = 0

        def tell(progress: UpscaleProgress) -> None:
            nonlocal tenths_told
            if int(10 * progress.fraction) > tenths_told:
                tenths_told = int(10 * progress.fraction)
                print(f"  {10 * tenths_told} %", file=sys.stderr, flush=True)

        request = UpscaleRequest(*pair, ImageFormat.JPEG, model=model, device=device)
        upscale_seconds = engine.upscale(request, tell, lambda: False).seconds
    return Probe(imported - started, loaded - imported, upscale_seconds, _peak_bytes())


def _peak_bytes() -> int:
    """The most memory of this process that was resident at a time."""
    if sys.platform == "linux":
        # Not getrusage: what it says begins at the size of the process that started this one.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return 1024 * int(peak.split()[1])
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def main() -> None:
    model, device, *files = sys.argv[1:]
    pair = (Path(files[0]), Path(files[1])) if files else None
    try:
        print(json.dumps(asdict(_probe(model, device, pair))))
    except ResShiftError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
