"""The `resshift` command. Torch and the engine are imported by the commands that need them."""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from resshift_desktop import __version__
from resshift_desktop.cli.advice import told
from resshift_desktop.cli.stopping import CANCELLED, stopping_at_once, stopping_between_steps
from resshift_desktop.core.imaging.formats import ImageFormat
from resshift_desktop.editors.bundle import Editor
from resshift_desktop.errors import Cancelled, DeviceError, ResShiftError, UsageError
from resshift_desktop.foreign_errors import in_words

app = typer.Typer(
    name="resshift",
    help="Upscale pictures with ResShift, on your own machine.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="The models on this machine.")
app.add_typer(models_app, name="models")
plugins_app = typer.Typer(help="The plugins for GIMP and Krita.")
app.add_typer(plugins_app, name="plugins")

DONE, SOME_FAILED, WRONG_USAGE = 0, 1, 2


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
        int | None, typer.Option(min=1, help="Tile size in input pixels; less needs less memory.")
    ] = None,
    mask: Annotated[Path | None, typer.Option(help="White parts are filled in, by models that can.")] = None,
    image_format: Annotated[
        ImageFormat | None, typer.Option("--format", case_sensitive=False, help="What the results are.")
    ] = None,
    quality: Annotated[int, typer.Option(help="1 to 100, for JPEG and WebP; 100 is lossless WebP.")] = 90,
    recursive: Annotated[bool, typer.Option("--recursive", help="Also the folders below.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace results that exist.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Upscale pictures."""
    from resshift_desktop.cli.report import make_report
    from resshift_desktop.core.engine.inputs import pair_files
    from resshift_desktop.core.engine.request import TargetSize, UpscaleRequest, check_request
    from resshift_desktop.core.weights.store import find_model

    requests = [
        UpscaleRequest(
            input=pair.input,
            output=pair.output,
            image_format=pair.image_format,
            model=model,
            size=TargetSize(scale, width, height),
            seed=seed,
            device=device,
            tile_size=tile,
            mask=mask,
            quality=quality,
            overwrite=overwrite,
        )
        for pair in pair_files(inputs, out, image_format, recursive)
    ]
    card = find_model(model).card  # what cannot be is told before torch takes its seconds to come
    check_request(requests[0], card)

    from resshift_desktop.cli.batch import run_batch
    from resshift_desktop.core.engine.upscale import Engine

    engine = Engine()
    engine.prepare(model, device)
    with stopping_between_steps() as cancel, make_report(len(requests), as_json) as report:
        failed = run_batch(engine, requests, report, cancel)
    raise typer.Exit(SOME_FAILED if failed else DONE)


_Float32 = Annotated[bool, typer.Option("--float32", help="Keep 32 bits; the file is twice as large.")]


@models_app.command("list")
def list_models() -> None:
    """The models on this machine, and those that can be downloaded."""
    from resshift_desktop.cli.models import print_models

    print_models()


@models_app.command("download")
def download_model(
    name: Annotated[str, typer.Argument(help="See: resshift models list.")],
    accept_licence: Annotated[
        bool, typer.Option("--accept-licence", help="I have read the licence and accept it.")
    ] = False,
    mirror: Annotated[
        str | None, typer.Option(envvar="RESSHIFT_MIRROR", help="Address of a folder with the same files.")
    ] = None,
    float32: _Float32 = False,
) -> None:
    """Get a published model. If it breaks off, the same command goes on."""
    from resshift_desktop.cli.models import download_model

    download_model(name, accept_licence, mirror, float32)


@models_app.command("import")
def import_model(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Of the network, of the autoencoder; or both in one."),
    ],
    like: Annotated[str | None, typer.Option(help="The published model that it is, or is used like.")] = None,
    name: Annotated[str | None, typer.Option(help="What a model of your own is to be called.")] = None,
    float32: _Float32 = False,
) -> None:
    """Make a model of files that were fetched by hand, or of your own: checkpoints or safetensors."""
    from resshift_desktop.cli.models import import_model

    import_model(files, like, name, float32)


@models_app.command("verify")
def verify_models(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", help="Without: all.")] = None,
) -> None:
    """Read the weights and compare them with what was installed."""
    from resshift_desktop.cli.models import verify_models

    raise typer.Exit(DONE if verify_models(names or []) else SOME_FAILED)


@models_app.command("remove")
def remove_model(name: Annotated[str, typer.Argument(help="See: resshift models list.")]) -> None:
    """Remove a model from this machine."""
    from resshift_desktop.cli.models import remove_model

    remove_model(name)


_Editors = Annotated[list[Editor] | None, typer.Argument(metavar="[gimp] [krita]", help="Without: both.")]


@plugins_app.command("status")
def plugins_status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """The editors that are found, and whether their plugin is installed."""
    from resshift_desktop.cli.plugins import print_status

    print_status(as_json)


@plugins_app.command("install")
def install_plugins(editors: _Editors = None) -> None:
    """Install or update the plugins, in every GIMP 3 and Krita that is found."""
    from resshift_desktop.cli.plugins import install_plugins

    raise typer.Exit(DONE if install_plugins(editors or []) else SOME_FAILED)


@plugins_app.command("remove")
def remove_plugins(editors: _Editors = None) -> None:
    """Remove the plugins."""
    from resshift_desktop.cli.plugins import remove_plugins

    raise typer.Exit(DONE if remove_plugins(editors or []) else SOME_FAILED)


@app.command()
def train(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of good pictures.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The run's folder; an earlier run there goes on.")],
    start: Annotated[
        str | None, typer.Option("--from", metavar="MODEL", help="Begin with this model's weights.")
    ] = None,
    minutes: Annotated[float, typer.Option(min=0.1, help="Training time, over all sittings.")] = 60.0,
    lpips: Annotated[
        Path | None, typer.Option(help="LPIPS v0.1 squeeze weights (.npz). Without: no LPIPS loss.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads.")] = None,
    crop: Annotated[
        int, typer.Option(min=1, help="Side of the training pieces, pixels of the good picture.")
    ] = 128,
    batch: Annotated[int, typer.Option(min=1, help="Pieces a step.")] = 16,
    seed: Annotated[int, typer.Option(min=0, help="Of the pieces, the degradations and the noise.")] = 0,
) -> None:
    """Train a model like the built-in one."""
    _need_laboratory("train")
    from resshift_desktop.cli.training import train_command

    train_command(folder, out, start, minutes, lpips, device, threads, crop, batch, seed)


@app.command()
def evaluate(
    hr: Annotated[Path, typer.Option(help="A folder of good pictures.")],
    lq: Annotated[Path | None, typer.Option(help="A folder of small ones, named alike.")] = None,
    degrade: Annotated[
        str | None, typer.Option(metavar="real|bicubic", help="Make the small ones instead of --lq.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the report and the results.")] = Path(
        "evaluation"
    ),
    model: Annotated[str, typer.Option(help="See: resshift models list.")] = "builtin",
    lpips: Annotated[
        Path | None, typer.Option(help="LPIPS v0.1 alex weights (.npz). Without: no LPIPS.")
    ] = None,
    no_reference: Annotated[
        bool, typer.Option("--no-reference", help="Also CLIPIQA, MUSIQ and NIQE, by pyiqa.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the degradations and of the model's noise.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
) -> None:
    """Score a model, beside bicubic and Lanczos, on pictures whose truth is known."""
    _need_laboratory("evaluate")
    from resshift_desktop.cli.evaluation import evaluate_command

    evaluate_command(hr, lq, degrade, out, model, lpips, no_reference, seed, device)


@app.command()
def bench(
    model: Annotated[
        str, typer.Option(help="See: resshift models list; also those that are not here.")
    ] = "builtin",
    size: Annotated[
        int | None, typer.Option(min=1, help="Tile size in input pixels. Without: 64 and the model's own.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps.")] = "auto",
    memory: Annotated[
        bool, typer.Option("--memory", help="Only the peak memory, of 64 and 256 MP; takes long.")
    ] = False,
    bridge: Annotated[
        bool, typer.Option("--bridge", help="Only what the core adds: start, pixels, small jobs.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Measure how fast a model is here."""
    _need_laboratory("bench")
    from resshift_desktop.cli.benchmark import bench_bridge, bench_command

    if bridge:
        bench_bridge(as_json)
    else:
        bench_command(model, size, device, memory, as_json)


@app.command()
def doctor(
    report: Annotated[
        bool, typer.Option("--report", help="Put what helps to find a fault into a zip file; no pictures.")
    ] = False,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE.zip]", help="The report's name.")] = None,
) -> None:
    """Versions, devices, folders, and what would be used and why."""
    from resshift_desktop.cli.doctor import print_diagnosis
    from resshift_desktop.cli.doctor_report import print_and_report

    if file is not None and not report:
        raise UsageError("A file is given, but no report asked for.", "Add --report.")
    sound = print_and_report(file) if report else print_diagnosis()
    raise typer.Exit(DONE if sound else SOME_FAILED)


@app.command()
def core() -> None:
    """Do the work for the app and the plugins. They start this by themselves; here it runs until Ctrl+C."""
    from resshift_desktop.bridge.core_process import run_core

    raise typer.Exit(run_core())


def _need_laboratory(command: str) -> None:
    """Refuse in the packaged app, which is without what trains and measures models."""
    if getattr(sys, "frozen", False):
        raise UsageError(
            f"`resshift {command}` is not part of the packaged program.",
            "It needs a Python environment: see Contributing in the source.",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """The entry point of the `resshift` command. `arguments` are sys.argv's unless given.

    Returns the exit code: 0 all done, 1 some inputs failed, 2 wrong usage, 130 cancelled.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file's name may hold what the terminal's encoding does not.
            stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with stopping_at_once():
            code = app(arguments or ["--help"], prog_name="resshift", standalone_mode=False) or DONE
            sys.stdout.flush()
    except typer.TyperException as error:  # what typer finds wrong with the arguments
        title = error.format_message().rstrip(".") + "."
        return _fail(UsageError(title, "See resshift --help, or the command's --help."), WRONG_USAGE)
    except (UsageError, DeviceError) as error:
        return _fail(error, WRONG_USAGE)
    except (Cancelled, KeyboardInterrupt):
        return _fail(Cancelled(), CANCELLED)
    except ResShiftError as error:
        return _fail(error, SOME_FAILED)
    except BrokenPipeError:  # who read the output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except Exception as error:  # as a folder that may not be looked into, or a graphics driver's failure
        return _fail(in_words(error), SOME_FAILED)
    return _fail(Cancelled(), CANCELLED) if code == CANCELLED else code  # typer swallows KeyboardInterrupt


def _fail(error: ResShiftError, code: int) -> int:
    print(told(error), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
