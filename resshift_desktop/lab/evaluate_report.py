"""What an evaluation found, as Markdown for people and as a plain dict for JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from resshift_desktop.lab.evaluate import Scores
from resshift_desktop.lab.markdown import table

DECIMALS = {
    "psnr_y": 2, "ssim_y": 4, "lpips_alex": 4, "lq_psnr": 2, "clipiqa": 4, "musiq": 2, "niqe": 3
}  # fmt: skip
TITLES = {
    "psnr_y": "PSNR-Y, dB", "ssim_y": "SSIM-Y", "lpips_alex": "LPIPS-Alex", "lq_psnr": "lq_psnr, dB",
    "clipiqa": "CLIPIQA", "musiq": "MUSIQ", "niqe": "NIQE",
}  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A row of the ResShift paper's table 1. PSNR in dB, `parameters` in millions.

    x4, 64 x 64 -> 256 x 256, 3,000 ImageNet pictures shrunk by bicubic.
    """

    method: str
    psnr: float
    ssim: float
    lpips: float
    clipiqa: float
    musiq: float
    parameters: float


PUBLISHED = (
    Published("ResShift-15", 26.73, 0.736, 0.126, 0.683, 58.07, 121.3),
    Published("IRSDE-100", 24.48, 0.602, 0.304, 0.513, 45.38, 137.2),
    Published("DDRM-15", 25.56, 0.674, 0.471, 0.372, 24.75, 552.8),
    Published("I2SB-15", 26.76, 0.730, 0.206, 0.489, 53.94, 552.8),
)


@dataclass(frozen=True)
class EvaluateReport:
    """One evaluation. `inputs` says what was upscaled, `device` on what."""

    inputs: str
    pictures: int
    device: str
    date: str
    rows: tuple[Scores, ...]


def to_dict(report: EvaluateReport) -> dict[str, Any]:
    """The report's fields, with the published rows under a name that says so."""
    return {**asdict(report), "published_on_other_pictures": [asdict(row) for row in PUBLISHED]}


def to_markdown(report: EvaluateReport) -> str:
    """The measured rows in one table, the published ones in another: they are of other pictures."""
    names = [name for name in DECIMALS if name in report.rows[0].scores]
    measured = [
        [row.method]
        + [f"{row.scores[name]:.{DECIMALS[name]}f}" for name in names]
        + [f"{row.megapixels_per_second:.3g}", f"{row.parameters / 1e6:.1f}" if row.parameters else ""]
        for row in report.rows
    ]
    published = [
        [row.method, f"{row.psnr}", f"{row.ssim:.3f}", f"{row.lpips:.3f}", f"{row.clipiqa:.3f}",
         f"{row.musiq}", f"{row.parameters}"]
        for row in PUBLISHED
    ]  # fmt: skip
    header = ["", *(TITLES[name] for name in names), "output MP/s", "M parameters"]
    return "\n\n".join(
        [
            "# Evaluation",
            f"- {report.pictures} pictures: {report.inputs}\n- {report.device}, {report.date}",
            table(header, measured),
            "Means over the pictures. LPIPS and NIQE are better when lower, the others when higher. lq_psnr "
            "compares the result, averaged down, with the input: colour and brightness kept, but noise and "
            "aliasing, too. Output MP/s include reading and writing the files.",
            "## Published",
            "From the ResShift paper, table 1: x4, 64x64 to 256x256, bicubic, 3,000 ImageNet pictures, PSNR "
            "and SSIM as there. Other pictures than above: the numbers are not to be set against each other.",
            table(["", "PSNR", "SSIM", "LPIPS", "CLIPIQA", "MUSIQ", "M parameters"], published),
        ]
    )
