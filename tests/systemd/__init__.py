"""Not a namespace package: Debian's python3-systemd, of the same name, would come before it."""
