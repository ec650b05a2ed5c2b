"""Hangshi (夯实): grassroots organisation work, kept once and derived from there."""

__version__ = "0.1.0"
