"""How fast reports are read: megabytes of UTF-8 a second on one core. `python -m bench.claims FOLDER [--peers]`

Each .txt of the folder is read as one report, over and over until a megabyte is through. With `--peers` the quantity readers
of the package index that are installed stand beside it (cn2an, jionlp, recognizers_text); they are no dependency.
"""

import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hangshi.claims.extract import extract

MEGABYTE = 1_000_000
PEERS: dict[str, tuple[str, str]] = {"cn2an": ("cn2an", "transform"), "jionlp": ("jionlp", "ner.extract_money")}


def rate(read: Callable[[str], object], texts: list[str]) -> float:
    """Megabytes a second over at least one megabyte, after one warm-up."""
    for it in texts:
        read(it)
    size = sum(len(it.encode()) for it in texts)
    rounds = -(-MEGABYTE // size)
    start = time.process_time()
    for _ in range(rounds):
        for it in texts:
            read(it)
    return rounds * size / MEGABYTE / (time.process_time() - start)


def peer(module: str, name: str) -> Callable[[str], object] | None:
    """The function of a peer; None where it is not installed."""
    try:
        found: object = importlib.import_module(module)
    except ImportError:
        return None
    for part in name.split("."):
        found = getattr(found, part)
    return found if callable(found) else None


def main(folder: str, *more: str) -> None:
    texts = [it.read_text(encoding="utf-8") for it in sorted(Path(folder).glob("*.txt"))]
    if not texts:
        sys.exit(f"{folder}: no .txt")
    print(f"hangshi.claims {rate(extract, texts):8.2f} MB/s, {sum(len(extract(it)) for it in texts)} claims")
    for name, (module, function) in PEERS.items() if "--peers" in more else ():
        read = peer(module, function)
        print(f"{name:<14} {rate(read, texts):8.2f} MB/s" if read else f"{name:<14} not installed")


if __name__ == "__main__":
    main(*sys.argv[1:])
