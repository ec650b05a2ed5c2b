"""Heads of the chain kept where the database cannot reach: a cut tail and a restored old copy show nowhere else.

A file of lines `number<TAB>link in hex<TAB>when`. Copy it to another machine, or print the last line and file the paper.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hangshi.audit.sealing import Head
from hangshi.refusal import Refused

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Anchor:
    seq: int
    link: bytes
    when: str


def add(file: Path, head: Head, *, at: datetime) -> bool:
    """Append the head, unless it is the last line already; whether it was appended."""
    known = read(file) if file.exists() else []
    if known and known[-1].seq == head.seq and known[-1].link == head.link:
        return False
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("a", encoding="utf-8") as sink:
        sink.write(f"{head.seq}\t{head.link.hex()}\t{at.isoformat(timespec='seconds')}\n")
        sink.flush()
        os.fsync(sink.fileno())
    return True


def keep(file: Path, head: Head, *, at: datetime) -> bool:
    """Append the head once an hour at most; whether it was appended."""
    known = read(file) if file.exists() else []
    if known and at - datetime.fromisoformat(known[-1].when) < HOUR:
        return False
    return bool(head.seq) and add(file, head, at=at)


def read(file: Path) -> list[Anchor]:
    """The anchors of the file. Raises `Refused` for a line that is none: a damaged file proves nothing."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            seq, link, when = line.split("\t")
            found.append(Anchor(int(seq), bytes.fromhex(link), when))
        except ValueError:
            raise Refused("audit.anchors", f"锚点文件第{number}行不是一个锚点，没有核验。请换用完好的副本。") from None
    return found
