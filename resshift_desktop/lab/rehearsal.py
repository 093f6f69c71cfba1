"""Every kind of published model at its full size, from checkpoint files to a picture, with weights by rule.

    python -m resshift_desktop.lab.rehearsal [MODEL...]

For where the published files are not at hand: it shows that files of their layout and size are read,
converted, installed and run. Takes about a minute and 3 GB of disk for each model on two CPU cores.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from resshift_desktop.core.engine.request import UpscaleRequest
from resshift_desktop.core.engine.upscale import Engine
from resshift_desktop.core.imaging.files import ImageFormat, read_image
from resshift_desktop.core.weights.cards import ModelCard
from resshift_desktop.core.weights.importing import import_files
from resshift_desktop.core.weights.published import published_card
from resshift_desktop.lab.bench import save_test_picture
from resshift_desktop.lab.published import data_folder_for_a_while, weights_by_rule

KINDS = ("realsr-v3", "sinsr-v1", "inpaint-imagenet", "faceir")
SMALLEST_SIDE = 64


def rehearse(card: ModelCard, folder: Path) -> str:
    """Import the model as "rehearsal", use it, check the result; what was seen, in a line."""
    files = [folder / checkpoint.file for checkpoint in card.checkpoints]
    for checkpoint, file in zip(card.checkpoints, files, strict=True):
        torch.save({"state_dict": weights_by_rule(card.config, checkpoint.network)}, file)
    started = time.perf_counter()
    model = import_files(files, like=card.name, name="rehearsal")
    imported = time.perf_counter() - started
    side = max(SMALLEST_SIDE, card.config.lq_multiple)
    source, output, mask = (folder / f"{name}.png" for name in ("source", "output", "mask"))
    save_test_picture(source, side, side)
    hole = np.zeros((side, side), bool)
    hole[side // 4 : side // 2, side // 4 : side // 2] = True
    Image.fromarray(hole).save(mask)
    request = UpscaleRequest(
        source, output, ImageFormat.PNG, model="rehearsal", mask=mask if card.config.takes_mask else None
    )
    result = Engine().upscale(request, lambda _progress: None, lambda: False)
    before, after = read_image(source).array, read_image(output).array
    assert after.shape == (side * card.scale, side * card.scale, 3)
    assert after.std() > 1
    if request.mask is not None:
        assert (after[~hole] == before[~hole]).all()
        assert (after[hole] != before[hole]).any()
    return (
        f"{card.name}: {sum(file.stat().st_size for file in files) / 1e6:.0f} MB of checkpoints became "
        f"{model.num_bytes / 1e6:.0f} MB in {imported:.0f} s; {side}x{side} -> "
        f"{result.width}x{result.height} in {result.seconds:.0f} s on {result.device}"
    )


def main() -> None:
    for name in sys.argv[1:] or KINDS:
        with data_folder_for_a_while(), tempfile.TemporaryDirectory() as folder:
            print(rehearse(published_card(name), Path(folder)), flush=True)


if __name__ == "__main__":
    main()
