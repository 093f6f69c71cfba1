"""Two processes train one model: they end with the same weights, and share the pictures between them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from resshift_desktop.lab.workers import ALONE, Workers, join_workers

# What torchrun does for one process; each saves what it ended with.
PROGRAM = """
import sys
from pathlib import Path
import torch
from resshift_desktop.lab.train import Trainer
from resshift_desktop.lab.workers import join_workers, part_from_workers
from tests.lab.test_train import CPU, SETTINGS

data, out = map(Path, sys.argv[1:])
torch.set_num_threads(1)
workers = join_workers("cpu")
trainer = Trainer(SETTINGS, out / "run", data, None, CPU, workers)
seen = []
step = trainer._train_step
trainer._train_step = lambda hr, lq: (seen.append(hr.clone()), step(hr, lq))[1]
trainer.run(lambda _progress: None)
state = {"model": trainer.model.state_dict(), "ema": trainer.ema.state_dict(), "seen": torch.cat(seen)}
state |= {"critic": trainer.critic.state_dict(), "seconds": trainer.seconds}
torch.save(state, out / f"{workers.rank}.pt")
part_from_workers()
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_two_workers_hold_the_same_weights(tmp_path: Path) -> None:
    data = tmp_path / "pictures"
    data.mkdir()
    rng = np.random.default_rng(0)
    for i in range(3):
        Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8)).save(data / f"{i}.png")
    together = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, data, tmp_path],
            env={**os.environ, **together, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            cwd=Path(__file__).parents[2],
        )
        for rank in range(2)
    ]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    first, second = (torch.load(tmp_path / f"{rank}.pt") for rank in range(2))
    for part in ("model", "ema", "critic"):
        assert all(torch.equal(first[part][name], second[part][name]) for name in first[part]), part
    assert first["seconds"] == second["seconds"]
    assert not any(torch.equal(a, b) for a in first["seen"] for b in second["seen"])
    assert len(list((tmp_path / "run").glob("validation-*.png"))) == 1


def test_alone_nothing_is_exchanged() -> None:
    assert join_workers("cpu") == ALONE == Workers(rank=0, count=1)
    parameter = torch.nn.Parameter(torch.ones(2))
    parameter.grad = torch.tensor([1.0, 2.0])
    ALONE.average_gradients([parameter])
    assert parameter.grad.tolist() == [1, 2]
    assert ALONE.agree_on(1.5, torch.device("cpu")) == 1.5
