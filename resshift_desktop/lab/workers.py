"""Training in several processes, as torchrun starts them: each has a share of every batch."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True)
class Workers:
    """This process is number `rank` of `count`; `local_rank` on its machine. Number 0 writes the files."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Give every process the mean of all processes' gradients, in one exchange.

        By hand, not by DistributedDataParallel: that wants one forward pass before each backward pass, and
        the critic has two.
        """
        if self.count == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        together = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(together)
        together /= self.count
        parts = together.split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    def agree_on(self, value: float, device: torch.device) -> float:
        """The value that process 0 has: a time, so that all stop after the same step."""
        if self.count == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64, device=device)
        dist.broadcast(shared, src=0)
        return shared.item()


ALONE = Workers()


def join_workers(kind: str) -> Workers:
    """Meet the other processes that torchrun started; alone where it did not. `kind`: cuda, cpu or mps."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        return ALONE
    workers = Workers(int(os.environ["RANK"]), count, int(os.environ.get("LOCAL_RANK", "0")))
    if kind == "cuda":
        torch.cuda.set_device(workers.local_rank)
    dist.init_process_group("nccl" if kind == "cuda" else "gloo")
    return workers


def part_from_workers() -> None:
    """Take leave of the other processes, where there are any."""
    if dist.is_initialized():
        dist.destroy_process_group()
