"""Practice exchanges on this computer: real HTTPS on loopback, nothing real behind it."""
