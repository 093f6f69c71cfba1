"""The core library: no Qt, no HTTP."""
