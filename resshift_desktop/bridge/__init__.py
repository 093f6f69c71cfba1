"""The way between the core process and the programs that call it: server, client, launcher."""
