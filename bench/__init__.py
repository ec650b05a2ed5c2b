"""Measured times beside their floors. Run by `make bench` on a loaded demonstration; nothing here is a test."""
