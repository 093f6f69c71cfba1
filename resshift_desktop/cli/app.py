"""The `resshift` command. Torch and the engine are imported by the commands that need them."""

import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from resshift_desktop import __version__
from resshift_desktop.errors import Cancelled, DeviceError, ResShiftError, UsageError

app = typer.Typer(
    name="resshift",
    help="Upscale pictures with ResShift, on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="The models on this machine.", no_args_is_help=True)
app.add_typer(models_app, name="models")

DONE, SOME_FAILED, WRONG_USAGE, CANCELLED = 0, 1, 2, 130


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"resshift {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def upscale(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Pictures, and folders of pictures.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="A file for one picture, else a folder.")],
    model: Annotated[str, typer.Option(help="See: resshift models list.")] = "builtin",
    scale: Annotated[float | None, typer.Option(help="How many times as large, 1 to 16.")] = None,
    width: Annotated[int | None, typer.Option(help="Pixels wide.")] = None,
    height: Annotated[int | None, typer.Option(help="Pixels high.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same picture.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps, or part of its name.")] = "auto",
    tile: Annotated[
        int | None, typer.Option(help="Tile size in input pixels; less needs less memory.")
    ] = None,
    mask: Annotated[Path | None, typer.Option(help="White parts are filled in, by models that can.")] = None,
    image_format: Annotated[str | None, typer.Option("--format", help="png, jpeg, webp or tiff.")] = None,
    quality: Annotated[int, typer.Option(help="1 to 100, for JPEG and WebP; 100 is lossless WebP.")] = 90,
    recursive: Annotated[bool, typer.Option("--recursive", help="Also the folders below.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace results that exist.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Upscale pictures."""
    from resshift_desktop.cli.batch import run_batch
    from resshift_desktop.core.engine.inputs import pair_files
    from resshift_desktop.core.engine.request import TargetSize, UpscaleRequest
    from resshift_desktop.core.imaging.formats import ImageFormat
    from resshift_desktop.cli.report import make_report

    cancel = _CancelOnInterrupt()
    try:
        if image_format is not None and image_format not in list(ImageFormat):
            raise UsageError(
                f"Results cannot be written as “{image_format}”.", f"Choose {', '.join(ImageFormat)}."
            )
        size = TargetSize(scale, width, height)
        pairs = pair_files(inputs, out, ImageFormat(image_format) if image_format else None, recursive)
        requests = [
            UpscaleRequest(
                pair.input,
                pair.output,
                pair.image_format,
                model,
                size,
                seed,
                device,
                tile,
                mask,
                quality,
                overwrite,
            )
            for pair in pairs
        ]
        with make_report(len(requests), as_json) as report:
            failed = run_batch(requests, model, device, report, cancel)
    except (UsageError, DeviceError) as error:
        _fail(error, WRONG_USAGE)
    except Cancelled as error:
        _fail(error, CANCELLED)
    except ResShiftError as error:
        _fail(error, SOME_FAILED)
    raise typer.Exit(SOME_FAILED if failed else DONE)


@models_app.command("list")
def list_models() -> None:
    """The models on this machine."""
    from resshift_desktop.core.weights import store

    try:
        for model in store.list_models():
            card = model.card
            megabytes = model.weights_path.stat().st_size / 1e6
            print(f"{card.name}  x{card.scale}  {megabytes:.1f} MB  {card.licence}  {card.title}")
            print(f"    {card.description}")
    except ResShiftError as error:
        _fail(error, SOME_FAILED)


@app.command()
def train(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of good pictures.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The run's folder; an earlier run there goes on.")],
    minutes: Annotated[float, typer.Option(help="Training time, over all sittings.")] = 60.0,
    lpips: Annotated[
        Path | None, typer.Option(help="LPIPS v0.1 squeeze weights (.npz). Without: no LPIPS loss.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="CPU threads.")] = None,
    crop: Annotated[int, typer.Option(help="Side of the training pieces, pixels of the good picture.")] = 128,
    batch: Annotated[int, typer.Option(help="Pieces a step.")] = 16,
    seed: Annotated[int, typer.Option(help="Of the pieces, the degradations and the noise.")] = 0,
) -> None:
    """Train a model like the built-in one."""
    from resshift_desktop.cli.training import train_command

    try:
        train_command(folder, out, minutes, lpips, device, threads, crop, batch, seed)
    except UsageError as error:
        _fail(error, WRONG_USAGE)
    except ResShiftError as error:
        _fail(error, SOME_FAILED)
    except KeyboardInterrupt:
        _fail(Cancelled(), CANCELLED)


@app.command()
def doctor() -> None:
    """Versions, devices, folders, and what would be used and why."""
    from resshift_desktop.cli.doctor import print_diagnosis

    print_diagnosis()


class _CancelOnInterrupt:
    """Ctrl+C asks the engine to stop at the next step; a second one stops at once."""

    def __init__(self) -> None:
        self._asked = False
        signal.signal(signal.SIGINT, self._on_interrupt)

    def __call__(self) -> bool:
        return self._asked

    def _on_interrupt(self, *_: object) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _fail(error: ResShiftError, code: int) -> NoReturn:
    print(f"{error.title} {error.hint}".strip(), file=sys.stderr)
    raise typer.Exit(code)


def main() -> None:
    """The entry point of the `resshift` command."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(CANCELLED)


if __name__ == "__main__":
    main()
