"""`resshift train`: makes a model from a folder of good pictures."""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.utils.data import DataLoader, Sampler

from resshift_desktop.core.diffusion.config import ModelConfig
from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.engine.device import cpu_threads
from resshift_desktop.errors import UsageError, WeightsError
from resshift_desktop.lab.critic import PatchCritic, deceive, discern, with_coarse_part_of
from resshift_desktop.lab.data import (
    CropDataset,
    DegradationMix,
    list_pictures,
    load_picture,
    split_validation,
)
from resshift_desktop.lab.grow import grow
from resshift_desktop.lab.losses import LossWeights, TrainingLoss
from resshift_desktop.lab.metrics import LPIPS
from resshift_desktop.lab.validation import Validation
from resshift_desktop.lab.workers import ALONE, Workers

ITEMS = 10**9  # more than any run sees
LOG_STEPS = 50
CRITIC_WARMUP_STEPS = 500  # a critic that knows nothing yet has nothing to say
# Between the sittings of one run. Larger pieces late teach the network what surrounds a detail.
MAY_CHANGE = ("minutes", "steps", "validate_minutes", "crop", "batch", "ema_decay", "mix", "losses")


@dataclass(frozen=True)
class TrainSettings:
    """What defines a run; saved with its weights.

    Its length is `steps` or, where that is None, `minutes` of training, however fast the machine is;
    the rate falls as a cosine over it. Only a run of a given number of steps can be repeated exactly.
    """

    model: ModelConfig
    minutes: float = 60.0
    steps: int | None = None
    crop: int = 128
    batch: int = 16
    rate: float = 4e-4
    warmup_steps: int = 100
    critic_rate: float = 4e-4
    weight_decay: float = 0.01
    ema_decay: float = 0.997
    seed: int = 0
    mix: DegradationMix = field(default_factory=DegradationMix)
    losses: LossWeights = field(default_factory=LossWeights)
    validate_minutes: float = 10.0


@dataclass(frozen=True)
class Progress:
    """One line of the run's log: means since the line before."""

    step: int
    samples: int
    minutes: float
    rate: float
    losses: dict[str, float]
    samples_per_second: float


class _Share(Sampler[int]):
    """A worker's indices, from step `step` on: of each step's pairs, in order, `batch` for each worker.

    So a resumed run goes on with the next pair, and no two workers see the same one.
    """

    def __init__(self, step: int, batch: int, workers: Workers) -> None:
        self.step, self.batch, self.workers = step, batch, workers

    def __iter__(self) -> Iterator[int]:
        for step in range(self.step, ITEMS // (self.batch * self.workers.count)):
            first = (step * self.workers.count + self.workers.rank) * self.batch
            yield from range(first, first + self.batch)


class Trainer:
    """A run in a folder: `checkpoint.pt` to go on from, `weights.safetensors` (the average), `log.jsonl`,
    `settings.json` and validation pictures.

    `settings.batch` is for each of `workers`, which all hold the same weights; the first writes the files.
    """

    def __init__(
        self, settings: TrainSettings, folder: Path, data: Path, lpips: Path | None, device: torch.device,
        workers: Workers = ALONE,
    ) -> None:  # fmt: skip
        paths = list_pictures(data)
        training, validation = split_validation(paths)
        if not training:
            raise UsageError(f"There are no pictures in {data}.", "Give a folder of PNG, JPEG or WebP files.")
        self.settings, self.folder, self.device, self.workers = settings, folder, device, workers
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(settings.seed)
        self.model = ResShift(settings.model).to(device)
        self.model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        _start_at_y(self.model)
        self.ema = deepcopy(self.model).eval().requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=settings.rate, betas=(0.9, 0.99), weight_decay=settings.weight_decay
        )
        metric = None
        if lpips:
            metric = LPIPS.load("squeeze", lpips).to(device)
            metric.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.critic = None
        if settings.losses.critic:
            self.critic = PatchCritic().to(device).requires_grad_(False)
            self.critic.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
            self.critic_optimizer = torch.optim.Adam(
                self.critic.parameters(), lr=settings.critic_rate, betas=(0.5, 0.99)
            )
        self.loss = TrainingLoss(settings.losses, settings.model.scale, metric)
        self.pictures = [load_picture(path) for path in training]
        held_out = [load_picture(path) for path in validation]
        self.validation = Validation(held_out, metric, settings.model.scale)
        self.step, self.seconds = 0, 0.0

    def start_from(self, smaller: ResShift) -> None:
        """Begin with the weights of a network trained before, which may have fewer residual blocks.

        Raises UsageError when it does not fit into this one.
        """
        for model in (self.model, self.ema):
            grow(smaller, model)

    @property
    def _checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def resume(self) -> bool:
        """Go on from the folder's checkpoint; False when there is none.

        Raises:
            WeightsError: it is damaged.
            UsageError: it is of a run with other settings.
        """
        if not self._checkpoint.exists():
            return False
        try:
            state = torch.load(self._checkpoint, map_location=self.device, weights_only=True)
            earlier = json.loads(state["settings"])
        except Exception as error:  # whatever a damaged file makes the unpickler say
            raise WeightsError(
                f"{self._checkpoint} is damaged.", "Delete it, or train into another folder."
            ) from error
        current = json.loads(json.dumps(asdict(self.settings)))
        other = [name for name in current if earlier.get(name) != current[name] and name not in MAY_CHANGE]
        if other:
            raise UsageError(
                f"The run in {self.folder} was begun with another {other[0]}.", "Train into another folder."
            )
        self.model.load_state_dict(state["model"])
        self.ema.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.critic is not None:
            self.critic.load_state_dict(state["critic"])
            self.critic_optimizer.load_state_dict(state["critic_optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]
        return True

    def save(self) -> None:
        """Write the checkpoint and the EMA weights, each by rename, so that a kill leaves a whole file."""
        if not self.workers.leads:
            return
        state = {
            "model": self.model.state_dict(),
            "ema": self.ema.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "critic": self.critic and self.critic.state_dict(),
            "critic_optimizer": self.critic and self.critic_optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "settings": json.dumps(asdict(self.settings)),
        }
        _replace(self._checkpoint, lambda part: torch.save(state, part))
        weights = {name: value.half().contiguous() for name, value in self.ema.state_dict().items()}
        _replace(self.folder / "weights.safetensors", lambda part: save_file(weights, part))
        (self.folder / "settings.json").write_text(json.dumps(asdict(self.settings), indent=2) + "\n")

    def run(self, on_progress: Callable[[Progress], None]) -> None:
        """Train to the end of the run, saving and validating on the way.

        An interruption (Ctrl+C) saves the checkpoint before it is passed on.
        """
        try:
            self._run(on_progress)
        except KeyboardInterrupt:
            self.save()
            raise

    def _run(self, on_progress: Callable[[Progress], None]) -> None:
        self._log({"step": self.step, "settings": asdict(self.settings)})
        batch = self.settings.batch * self.workers.count
        means = _Means(batch)
        validated = self.seconds
        for hr, lq in self._batches():
            if self._done() >= 1:
                break
            started = time.monotonic()
            means.add(self._train_step(hr, lq))
            self.seconds = self.workers.agree_on(self.seconds + time.monotonic() - started, self.device)
            if means.steps == LOG_STEPS or self._done() >= 1:
                progress = means.progress(self.step, self.seconds, self._rate())
                self._log(asdict(progress))
                on_progress(progress)
                means = _Means(batch)
            if self.seconds - validated >= self.settings.validate_minutes * 60:
                self.save()
                self.validate()
                validated = self.seconds
                means = _Means(batch)
        self.save()
        self.validate()

    def validate(self) -> None:
        """Score the EMA weights on the held-out pictures; writes the scores and a contact sheet."""
        if not self.workers.leads:
            return
        scores, sheet = self.validation.run(self.ema, self.device)
        sheet.save(self.folder / f"validation-{self.step:06d}.png")
        self._log({"step": self.step, "validation": scores})

    def _batches(self) -> DataLoader[tuple[Tensor, Tensor]]:
        s = self.settings
        dataset = CropDataset(self.pictures, s.crop, ITEMS, s.model.scale, s.seed, s.mix)
        # Started by spawning, as everywhere but on Linux, each worker would copy all pictures.
        workers = min(12, cpu_threads()) if self.device.type == "cuda" and sys.platform == "linux" else 0
        return DataLoader(
            dataset, s.batch, sampler=_Share(self.step, s.batch, self.workers), num_workers=workers,
            pin_memory=self.device.type == "cuda", persistent_workers=workers > 0,
        )  # fmt: skip

    def _done(self) -> float:
        """The share of the run that is done, 1 at its end."""
        s = self.settings
        return self.seconds / (s.minutes * 60) if s.steps is None else self.step / s.steps

    def _rate(self) -> float:
        warmup = min((self.step + 1) / self.settings.warmup_steps, 1.0)
        cosine = 0.5 * (1 + math.cos(math.pi * min(self._done(), 1.0)))
        return self.settings.rate * warmup * (0.01 + 0.99 * cosine)

    def _train_step(self, hr: Tensor, lq: Tensor) -> dict[str, float]:
        """One step on (b, 3, h, w) pairs in [-1, 1]: predict x_0 from a random x_t, punish the picture."""
        hr = hr.to(self.device, memory_format=torch.channels_last, non_blocking=True)
        lq = lq.to(self.device, memory_format=torch.channels_last, non_blocking=True)
        model, schedule = self.model, self.model.schedule
        seed = (self.settings.seed + self.step) * self.workers.count + self.workers.rank
        generator = torch.Generator().manual_seed(seed)
        t = torch.randint(1, schedule.num_steps + 1, (len(hr),), generator=generator)
        etas = torch.from_numpy(schedule.etas).float().to(self.device)
        eta = etas[t.to(self.device) - 1, None, None, None]
        with torch.no_grad():
            x_0, y = model.codec.encode(hr), model.encode(lq)
            noise = torch.randn(y.shape, generator=generator).to(self.device)
            # Forward process, supplement A.3: x_t = x_0 + eta_t e_0 + kappa sqrt(eta_t) xi
            # The last step begins at the prior, y and noise, as in sampling: eta_T is a little below 1.
            shift = torch.where(eta == etas[-1], 1.0, eta)
            x_t = x_0 + shift * (y - x_0) + schedule.kappa * eta.sqrt() * noise
        with self._autocast():
            predicted = model.predict_x_0(x_t, t.to(self.device), y, lq)
        sr = model.decode(predicted.float())
        with self._autocast():
            terms = self.loss(sr, hr, lq, generator)
        shown = with_coarse_part_of(sr, hr, self.settings.model.scale)
        if self.critic is not None:
            weight = self.settings.losses.critic * min(self.step / CRITIC_WARMUP_STEPS, 1.0)
            with self._autocast():
                terms["critic"] = weight * deceive(self.critic, shown)
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        self.optimizer.zero_grad()
        torch.stack(list(terms.values())).sum().backward()
        self.workers.average_gradients(model.parameters())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        self.optimizer.step()
        if self.critic is not None:
            terms["discern"] = self._train_critic(self.critic, shown.detach(), hr)
        self.step += 1
        # A short memory at first, or the average would hold on to the untrained start.
        decay = min(self.settings.ema_decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, current in zip(self.ema.parameters(), model.parameters(), strict=True):
                average.lerp_(current, 1 - decay)
        return {name: float(term.detach()) for name, term in terms.items()}

    def _train_critic(self, critic: PatchCritic, sr: Tensor, hr: Tensor) -> Tensor:
        critic.requires_grad_(True)  # only here: the network's step needs no gradients of it
        with self._autocast():
            loss = discern(critic, sr, hr)
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.workers.average_gradients(critic.parameters())
        self.critic_optimizer.step()
        critic.requires_grad_(False)
        return loss

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=_has_bfloat16(self.device))

    def _log(self, entry: dict[str, Any]) -> None:
        if not self.workers.leads:
            return
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


class _Means:
    """Means of the losses over some steps, and how fast those went."""

    def __init__(self, batch: int) -> None:
        self.steps, self._batch, self._started = 0, batch, time.monotonic()
        self._sums: dict[str, float] = {}

    def add(self, losses: dict[str, float]) -> None:
        self.steps += 1
        for name, value in losses.items():
            self._sums[name] = self._sums.get(name, 0.0) + value

    def progress(self, step: int, seconds: float, rate: float) -> Progress:
        return Progress(
            step=step,
            samples=step * self._batch,
            minutes=seconds / 60,
            rate=rate,
            losses={name: value / self.steps for name, value in self._sums.items()},
            samples_per_second=self.steps * self._batch / (time.monotonic() - self._started),
        )


def _has_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 is faster than float32 there; a CPU without instructions for it imitates it slowly."""
    if device.type != "cpu":
        return True
    can = torch.cpu.get_capabilities()
    return bool(can.get("avx512_bf16") or can.get("amx_bf16") or can.get("bf16"))


def _start_at_y(model: ResShift) -> None:
    """Zero the last convolution: training starts from the bicubic picture."""
    last = model.unet.out[-1]
    assert isinstance(last, torch.nn.Conv2d)
    assert last.bias is not None
    torch.nn.init.zeros_(last.weight)
    torch.nn.init.zeros_(last.bias)


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside `path`, then rename: a kill in between leaves the earlier file whole."""
    part = path.with_name(path.name + ".part")
    write(part)
    part.replace(path)
