"""Picture files to PixelImage and back, with everything they carry."""
