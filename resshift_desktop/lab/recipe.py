"""The built-in model's shape: what `resshift train` makes unless told otherwise."""

from resshift_desktop.core.diffusion.config import DiffusionConfig, ModelConfig, SwinUNetConfig

BUILT_IN = ModelConfig(
    scale=4,
    diffusion=DiffusionConfig(
        num_steps=1, kappa=0.2, min_noise_level=0.1, latent_variance=0.25, predicts="x_0 - y"
    ),
    unet=SwinUNetConfig(
        latent_channels=48,
        model_channels=48,
        channel_mult=(1, 2, 2),
        num_res_blocks=(3, 2, 1),
        attention_levels=(
            2,
        ),  # a quarter of LQ resolution: elsewhere attention costs a CPU more than it gives
        swin_embed_dim=96,
        mlp_ratio=2,
        unshifted_from=0,  # the convolutions between already join the windows
        norm="channel",
    ),
)
