"""The desktop app: windows, which talk to the core only through bridge."""
