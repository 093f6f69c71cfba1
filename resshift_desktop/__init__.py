"""ResShift Desktop: super-resolution of pictures by residual-shifting diffusion, on this machine."""

__version__ = "0.1.0"
