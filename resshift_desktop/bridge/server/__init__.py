"""The core's side of the bridge: loopback HTTP for whoever knows the token. See docs/bridge.md."""
