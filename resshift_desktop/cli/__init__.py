"""The `resshift` command."""
