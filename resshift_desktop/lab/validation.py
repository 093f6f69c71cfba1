"""Scores of a model in training, on pictures it does not train on."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from resshift_desktop.core.diffusion.model import ResShift
from resshift_desktop.core.diffusion.sampler import sample
from resshift_desktop.lab.data import Picture, to_tensor
from resshift_desktop.lab.degrade import degrade_real
from resshift_desktop.lab.losses import grid_loss
from resshift_desktop.lab.metrics import LPIPS, psnr_y


def reconstruct(model: ResShift, lq: Tensor, seed: int = 0) -> Tensor:
    """lq: (b, 3, h, w) in [-1, 1], sides multiples of the network's -> sr: (b, 3, h s, w s), clamped.

    The plain chain, without tiles: for training and tests. The engine is the way for real pictures.
    """
    y = model.encode(lq)
    generator = torch.Generator().manual_seed(seed)

    def predict(x_t: Tensor, t: int) -> Tensor:
        return model.predict_x_0(x_t, torch.full((len(lq),), t, device=lq.device), y, lq)

    x_0 = sample(predict, y, model.schedule, lambda _: torch.randn(y.shape, generator=generator).to(y.device))
    return model.decode(x_0).clamp(-1, 1)


class Validation:
    """Held-out pictures, their middles degraded once and for all with a fixed seed."""

    def __init__(self, pictures: list[Picture], lpips: LPIPS | None, scale: int, side: int = 256) -> None:
        self.lpips, self.scale = lpips, scale
        self.pairs: list[tuple[Tensor, Tensor]] = []
        rng = np.random.default_rng(0)
        for picture in pictures[:24]:
            if min(picture.shape[:2]) < side:
                continue
            top, left = ((n - side) // 2 for n in picture.shape[:2])
            hr = np.ascontiguousarray(picture[top : top + side, left : left + side])
            self.pairs.append((to_tensor(hr)[None], to_tensor(degrade_real(hr, rng, scale))[None]))

    @torch.inference_mode()
    def run(self, model: ResShift, device: torch.device) -> tuple[dict[str, float], Image.Image]:
        """Mean scores of `model`, and a sheet of rows input | result | truth of the first eight pictures.

        Puts `model` into evaluation mode.
        """
        model.eval()
        rows: list[dict[str, float]] = []
        sheet: list[Tensor] = []
        for hr, lq in self.pairs:
            hr, lq = hr.to(device), lq.to(device, memory_format=torch.channels_last)
            sr = reconstruct(model, lq)
            row = {
                "psnr_y": float(psnr_y(sr / 2 + 0.5, hr / 2 + 0.5)),
                "grid": float(grid_loss(sr, hr, self.scale)),
            }
            if self.lpips is not None:
                row["lpips_squeeze"] = float(self.lpips(sr / 2 + 0.5, hr / 2 + 0.5))
            rows.append(row)
            if len(sheet) < 8:
                sheet.append(torch.cat([F.interpolate(lq, scale_factor=float(self.scale)), sr, hr], dim=3))
        scores = {name: sum(row[name] for row in rows) / len(rows) for name in (rows[0] if rows else {})}
        picture = torch.cat(sheet, dim=2)[0] if sheet else torch.zeros(3, 1, 1)
        pixels = ((picture + 1) * 127.5).round().clamp(0, 255).byte().permute(1, 2, 0).cpu().numpy()
        return scores, Image.fromarray(pixels)
