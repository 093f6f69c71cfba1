"""The upscaling pipeline: tiles, noise, blending, devices."""
