"""Requests per second: by `wrk` where it is installed, else by a small client of ours that keeps its sockets busy."""

import re
import selectors
import shutil
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass

CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """`median` and `worst` in milliseconds; by wrk the worst is the 99th percentile. `failed`: answers other than 200."""

    rate: float
    median: float
    worst: float
    failed: int
    client: str


def loaded(port: int, path: str, cookie: str, seconds: float) -> Load:
    wrk = shutil.which("wrk")
    return _by_wrk(wrk, port, path, cookie, seconds) if wrk else by_sockets(port, path, cookie, seconds)


def _by_wrk(wrk: str, port: int, path: str, cookie: str, seconds: float) -> Load:
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency", "-H", f"Cookie: {cookie}"]
    address = f"http://127.0.0.1:{port}{path}"
    text = subprocess.run([*command, address], capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # type: ignore[index]  # wrk always says it
    return Load(rate, _latency(text, "50%"), _latency(text, "99%"), int(failed[1]) if failed else 0, "wrk")


def _latency(text: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)\b", text)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]] if found else 0.0


class _Asking:
    """One socket that asks again as soon as it is answered."""

    def __init__(self, port: int, asked: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.asked, self.got, self.since = asked, b"", 0.0

    def ask(self) -> None:
        self.got, self.since = b"", time.perf_counter()
        self.socket.sendall(self.asked)

    def answered(self) -> bool:
        """Takes in what has come; True when the answer is whole."""
        part = self.socket.recv(1 << 16)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.got += part
        head, found, body = self.got.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        return bool(found) and (len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n"))


def by_sockets(port: int, path: str, cookie: str, seconds: float) -> Load:
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
    chosen, times, failed = selectors.DefaultSelector(), [], 0
    for _ in range(CONNECTIONS):
        it = _Asking(port, asked)
        chosen.register(it.socket, selectors.EVENT_READ, it)
        it.ask()
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        for key, _ in chosen.select(1):
            if key.data.answered():
                times.append((time.perf_counter() - key.data.since) * 1000)
                failed += b" 200 " not in key.data.got[:20]
                key.data.ask()
    passed = time.perf_counter() - start
    for key in list(chosen.get_map().values()):
        key.data.socket.close()
    return Load(len(times) / passed, statistics.median(times), max(times), failed, "our sockets")
