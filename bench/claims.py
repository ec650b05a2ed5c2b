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
# A parser of Chinese numerals, one of sums of money, and a recogniser of numbers: module, function, what it is told beside the text.
PEERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "cn2an": ("cn2an", "transform", ()),
    "jionlp": ("jionlp", "ner.extract_money", ()),
    "recognizers_text": ("recognizers_number", "recognize_number", ("zh-cn",)),
}


def rate(read: Callable[[str], object], texts: list[str], least: int = MEGABYTE) -> float:
    """Megabytes a second over at least `least` bytes, after one warm-up. A text that the reader cannot bear is an error."""
    for it in texts:
        read(it)
    size = sum(len(it.encode()) for it in texts)
    rounds = -(-least // size)
    start = time.process_time()
    for _ in range(rounds):
        for it in texts:
            read(it)
    return rounds * size / MEGABYTE / (time.process_time() - start)


def peer(module: str, name: str, told: tuple[str, ...]) -> Callable[[str], object] | None:
    """The function of a peer with what else it is told; None where it is not installed."""
    try:
        found: object = importlib.import_module(module)
    except ImportError:
        return None
    for part in name.split("."):
        found = getattr(found, part)
    return (lambda text: found(text, *told)) if callable(found) else None


def main(folder: str, *more: str) -> None:
    texts = [it.read_text(encoding="utf-8") for it in sorted(Path(folder).glob("*.txt"))]
    if not texts:
        sys.exit(f"{folder}: no .txt")
    print(f"hangshi.claims {rate(extract, texts):8.2f} MB/s, {sum(len(extract(it)) for it in texts)} claims")
    for name, told in PEERS.items() if "--peers" in more else ():
        read = peer(*told)
        said = "not installed" if read is None else _said(read, texts)
        print(f"{name:<16} {said}")


def _said(read: Callable[[str], object], texts: list[str]) -> str:
    try:
        return f"{rate(read, texts, least=1):8.2f} MB/s, for numbers or sums alone, without what is counted"
    except Exception as error:  # noqa: BLE001  # whatever a peer does with a report is its result
        return f"fails on these texts: {error!r:.80}"


if __name__ == "__main__":
    main(*sys.argv[1:])
