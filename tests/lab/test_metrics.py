import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from PIL import Image

from resshift_desktop.errors import WeightsError
from resshift_desktop.lab.metrics import LPIPS, LPIPSNetwork, lq_psnr, psnr_y, ssim_y

NETWORKS: tuple[LPIPSNetwork, ...] = get_args(LPIPSNetwork)
LUMA = np.array([65.481, 128.553, 24.966]) / 255

# (key, outputs, inputs, kernel size) of the published files' convolutions.
ALEX = [("0", 64, 3, 11), ("3", 192, 64, 5), ("6", 384, 192, 3), ("8", 256, 384, 3), ("10", 256, 256, 3)]
FIRES = [
    *[(3, 64, 16, 64), (4, 128, 16, 64), (6, 128, 32, 128), (7, 256, 32, 128)],
    *[(9, 256, 48, 192), (10, 384, 48, 192), (11, 384, 64, 256), (12, 512, 64, 256)],
]
SQUEEZE = [
    ("0", 64, 3, 3),
    *[(f"{k}.squeeze", squeeze, inputs, 1) for k, inputs, squeeze, _ in FIRES],
    *[(f"{k}.expand1x1", expand, squeeze, 1) for k, _, squeeze, expand in FIRES],
    *[(f"{k}.expand3x3", expand, squeeze, 3) for k, _, squeeze, expand in FIRES],
]
LAYOUTS = {
    "alex": (ALEX, (64, 192, 384, 256, 256)),
    "squeeze": (SQUEEZE, (64, 128, 256, 384, 384, 512, 512)),
}


def random_weights(network: LPIPSNetwork) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    convolutions, channels = LAYOUTS[network]
    weights: dict[str, np.ndarray] = {}
    for key, outputs, inputs, size in convolutions:
        shape = (outputs, inputs, size, size)
        deviation = np.float32(math.sqrt(2 / (inputs * size**2)))
        weights[f"features.{key}.weight"] = rng.standard_normal(shape, np.float32) * deviation
        weights[f"features.{key}.bias"] = np.zeros(outputs, np.float32)
    for index, count in enumerate(channels):
        weights[f"lin{index}.weight"] = rng.random((1, count, 1, 1), np.float32)
    return weights


@pytest.fixture(scope="module", params=NETWORKS)
def lpips(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LPIPS:
    path = tmp_path_factory.mktemp("lpips") / "weights.npz"
    np.savez(path, allow_pickle=False, **random_weights(request.param))
    return LPIPS.load(request.param, path)


def pictures(count: int, side: int = 48, seed: int = 0) -> torch.Tensor:
    """Soft shapes (count, 3, side, side), well inside [0, 1]."""
    small = torch.rand(count, 3, 6, 6, generator=torch.Generator().manual_seed(seed)) * 0.8 + 0.1
    return torch.nn.functional.interpolate(small, size=(side, side), mode="bilinear")


def noise_like(x: torch.Tensor) -> torch.Tensor:
    return torch.randn(x.shape, generator=torch.Generator().manual_seed(1))


def test_psnr_y_of_a_known_error() -> None:
    hr = torch.full((2, 3, 24, 32), 0.5)
    sr = hr.clone()
    sr[0] += 0.1  # all channels: a luma error of 0.1 * 219 / 255
    sr[1, 1] -= 0.2  # green alone
    errors = np.array([0.1 * LUMA.sum(), 0.2 * LUMA[1]])
    np.testing.assert_allclose(psnr_y(sr, hr), -20 * np.log10(errors), rtol=1e-5)


@pytest.mark.parametrize("metric", [psnr_y, ssim_y])
def test_the_border_is_left_out(metric: Callable[..., torch.Tensor]) -> None:
    hr = pictures(1)
    sr = (hr + 0.05 * noise_like(hr)).clamp(0, 1)
    framed = sr.clone()
    framed[..., :4, :] = framed[..., -4:, :] = framed[..., :, :4] = framed[..., :, -4:] = 0
    torch.testing.assert_close(metric(framed, hr), metric(sr, hr))
    assert not torch.allclose(metric(framed, hr, crop=3), metric(sr, hr, crop=3))


def test_equal_pictures_score_best() -> None:
    hr = pictures(2)
    assert psnr_y(hr, hr).tolist() == [math.inf, math.inf]
    torch.testing.assert_close(ssim_y(hr, hr), torch.ones(2))
    assert lq_psnr(hr, hr).tolist() == [math.inf, math.inf]


def test_ssim_y_is_the_published_formula() -> None:
    hr = pictures(1, side=24)
    sr = (hr + 0.1 * noise_like(hr)).clamp(0, 1)
    a, b = (np.einsum("c,chw->hw", LUMA, x[0].double().numpy())[4:-4, 4:-4] + 16 / 255 for x in (sr, hr))
    offset = np.arange(11) - 5
    window = np.exp(-(offset[:, None] ** 2 + offset[None] ** 2) / (2 * 1.5**2))
    window /= window.sum()
    values: list[float] = []
    for y in range(a.shape[0] - 10):
        for x in range(a.shape[1] - 10):
            p, q = a[y : y + 11, x : x + 11], b[y : y + 11, x : x + 11]
            mp, mq = (window * p).sum(), (window * q).sum()
            vp, vq = (window * (p - mp) ** 2).sum(), (window * (q - mq) ** 2).sum()
            cov = (window * (p - mp) * (q - mq)).sum()
            c1, c2 = 0.01**2, 0.03**2
            values.append((2 * mp * mq + c1) * (2 * cov + c2) / ((mp**2 + mq**2 + c1) * (vp + vq + c2)))
    assert ssim_y(sr, hr).item() == pytest.approx(np.mean(values), abs=1e-5)


def test_lq_psnr_compares_the_averaged_result() -> None:
    lq = pictures(2, side=12)
    sr = lq.repeat_interleave(4, 2).repeat_interleave(4, 3)
    sr += 0.02 * torch.tensor([3.0, -1.0, -1.0, -1.0]).repeat(12)  # averages out over each block alone
    shift = torch.tensor([0.01, 0.02]).view(2, 1, 1, 1)
    np.testing.assert_allclose(lq_psnr(sr + shift, lq), [40.0, 20 * math.log10(50)], rtol=1e-3)


@pytest.mark.parametrize("metric", [psnr_y, ssim_y, LPIPS("squeeze")])
def test_pictures_that_are_no_pairs_are_refused(metric: Callable[..., torch.Tensor]) -> None:
    with pytest.raises(ValueError, match="no pairs"):
        metric(pictures(2), pictures(1))


def test_lpips_is_zero_for_equal_pictures_and_grows_with_noise(lpips: LPIPS) -> None:
    hr = pictures(2)
    distances = torch.stack([lpips(hr + level * noise_like(hr), hr) for level in (0, 0.01, 0.03, 0.1)])
    assert distances.shape == (4, 2)
    assert distances[0].tolist() == [0, 0]
    assert (distances.diff(dim=0) > 0).all()


def test_lpips_of_a_batch_is_that_of_each_picture_in_either_order(lpips: LPIPS) -> None:
    a, b = pictures(3), pictures(3, seed=5)
    batch = lpips(a, b)
    torch.testing.assert_close(batch, torch.cat([lpips(p[None], q[None]) for p, q in zip(a, b, strict=True)]))
    torch.testing.assert_close(batch, lpips(b, a))


def test_lpips_serves_as_a_loss_and_stays_frozen(lpips: LPIPS) -> None:
    hr = pictures(2)
    sr = torch.zeros_like(hr).requires_grad_()  # black: the flattest features there are
    (gradient,) = torch.autograd.grad(lpips(sr, hr).mean(), sr)
    assert gradient.isfinite().all()
    assert gradient.abs().sum() > 0
    assert not any(p.requires_grad for p in lpips.parameters())
    step = sr.detach() - 1e-2 * gradient / gradient.abs().max()
    assert lpips(step, hr).mean() < lpips(sr, hr).mean()


def test_lpips_compares_unit_features_of_the_scaled_picture() -> None:
    """A network whose features at a red picture are (scaled red, 1, 0, ...), so eq. 1 is done by hand."""
    model = LPIPS("alex")
    for value in model.parameters():
        value.zero_()
    weights = model.state_dict()
    weights["features.0.weight"][0, 0, 5, 5] = 1
    weights["features.0.bias"][1] = 1
    weights["lins.0.weight"][0, :2, 0, 0] = torch.tensor([0.7, 0.2])

    def unit(red: float) -> np.ndarray:
        feature = np.array([(2 * red - 1 + 0.030) / 0.458, 1])
        return feature / np.linalg.norm(feature)

    a, b = torch.zeros(1, 3, 40, 40), torch.zeros(1, 3, 40, 40)
    a[:, 0], b[:, 0] = 0.9, 0.6
    expected = ((unit(0.9) - unit(0.6)) ** 2 * [0.7, 0.2]).sum()
    assert model(a, b).item() == pytest.approx(expected, rel=1e-4)


def test_lpips_weights_that_are_not_right_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "alex.npz", allow_pickle=False, **random_weights("alex"))
    np.save(tmp_path / "array.npy", np.zeros(3))
    (tmp_path / "text.npz").write_text("not an archive")
    (tmp_path / "empty.npz").touch()
    whole = (tmp_path / "alex.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    for name in ("alex.npz", "array.npy", "text.npz", "empty.npz", "cut.npz", "missing.npz"):
        with pytest.raises(WeightsError, match=r"network 'squeeze'.*LPIPS v0\.1"):
            LPIPS.load("squeeze", tmp_path / name)


def shared_folder() -> Path:
    """The folder with tools/score.py and data/, which is not part of the repository."""
    beside = Path(__file__).parents[3] / "shared"
    folder = Path(os.environ.get("RESSHIFT_SHARED", beside))
    if not (folder / "tools/score.py").is_file() or not (folder / "data/metrics").is_dir():
        pytest.skip("RESSHIFT_SHARED names no folder with tools/score.py and data/metrics")
    return folder


def test_agrees_with_the_project_scores(tmp_path: Path) -> None:
    shared = shared_folder()
    hr = pictures(1, side=96)
    sr = (hr + 0.04 * noise_like(hr)).clamp(0, 1)
    lq = torch.nn.functional.interpolate(hr, size=(24, 24), mode="bilinear")
    files: list[Path] = []
    tensors: list[torch.Tensor] = []
    for name, image in (("hr", hr), ("sr", sr), ("lq", lq)):
        levels = (image[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
        files.append(tmp_path / name)
        files[-1].mkdir()
        Image.fromarray(levels).save(files[-1] / "picture.png")
        tensors.append(torch.from_numpy(levels).permute(2, 0, 1)[None].float() / 255)
    hr, sr, lq = tensors
    ours = {"psnr_y": psnr_y(sr, hr), "ssim_y": ssim_y(sr, hr), "lq_psnr": lq_psnr(sr, lq)}
    for network in NETWORKS:
        path = shared / f"data/metrics/lpips_{network}_v0.1.npz"
        ours[f"lpips_{network}"] = LPIPS.load(network, path)(sr, hr)

    command = [sys.executable, str(shared / "tools/score.py"), *map(str, files)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    theirs = json.loads(printed)
    assert theirs.pop("n") == 1
    assert {key: value.item() for key, value in ours.items()} == pytest.approx(theirs, abs=2e-4)
