"""Definitions: what a place calls its programme, as validated and dated TOML. Start with `load` and `check`."""

from hangshi.packs.loader import PackError, check, load
from hangshi.packs.models import Pack, Problem

__all__ = ["Pack", "PackError", "Problem", "check", "load"]
