"""Files kept by their content."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from hangshi.refusal import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2560
SHA256 = re.compile(r"[0-9a-f]{64}\Z")
PICTURES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "JPEG"}  # as it comes → as it is kept
MEDIA = {"JPEG": "image/jpeg", "PNG": "image/png"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF, PDF_END = b"%PDF-", b"%%EOF"


@dataclass(frozen=True)
class Kept:
    """A file as it was kept; `size` in bytes."""

    sha256: str
    media: str
    size: int


def keep(data: bytes) -> Kept:
    """Check the content, write pictures anew, and keep it. The same content is kept once. Raises `Refused`."""
    if not data:
        raise Refused("file.empty", "这个文件是空的，请重新选择。")
    if len(data) > MOST_BYTES:
        raise Refused("file.size", f"文件超过{MOST_BYTES // 1024 // 1024}兆，请压缩后再上传。")
    if data.startswith(PDF):
        media = "application/pdf"
        if PDF_END not in data[-1024:]:
            raise Refused("file.cut", "这个 PDF 不完整，请重新导出后上传。")
    else:
        data, media = _anew(data)
    sha256 = hashlib.sha256(data).hexdigest()
    _write(_place(sha256), data)
    return Kept(sha256, media, len(data))


def keep_document(data: bytes) -> Kept:
    """Keep a document that this programme has made itself; what people bring goes through `keep`."""
    sha256 = hashlib.sha256(data).hexdigest()
    _write(_place(sha256), data)
    return Kept(sha256, DOCX, len(data))


def read(sha256: str) -> bytes:
    """The file's content. Raises `Refused` where there is none, or where it is no longer what it was."""
    try:
        data = _place(sha256).read_bytes()
    except FileNotFoundError:
        raise Refused("file.gone", "找不到这个文件，请联系管理员从备份恢复。") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused("file.damaged", "这个文件已损坏，请联系管理员从备份恢复。")
    return data


def _place(sha256: str) -> Path:
    if not SHA256.match(sha256):
        raise Refused("file.name", "文件编号不对。")
    return Path(settings.VAR) / "files" / sha256[:2] / sha256[2:]


def _anew(data: bytes) -> tuple[bytes, str]:
    """The picture upright, no longer than `LONGEST_SIDE`, without anything but its pixels."""
    try:
        with Image.open(BytesIO(data), formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("file.pixels", "图片的像素太多，请缩小后再上传。")
            kept_as = PICTURES[picture.format or ""]
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            pixels = upright.convert("RGB" if kept_as == "JPEG" else "RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused("file.kind", "只收 JPG、PNG、WebP 图片和 PDF；这个文件不是，或者已经损坏。") from error
    pixels.info.clear()
    sink = BytesIO()
    pixels.save(sink, kept_as, quality=85, optimize=True)
    return sink.getvalue(), MEDIA[kept_as]


def _write(place: Path, data: bytes) -> None:
    """Whole or not at all: written beside its place, synced, then moved there."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, part = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "wb") as sink:
        sink.write(data)
        sink.flush()
        os.fsync(sink.fileno())
    Path(part).replace(place)
