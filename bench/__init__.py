"""Measured times beside their floors: `python -m bench`, or one part of it, `python -m bench refresh`."""
