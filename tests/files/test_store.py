"""What is taken, what is left of it, and where it lies."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from hangshi.files import store
from tests.refusals import refusal_of

WORDS = b"GPS 32.68N 109.02E Camera of Wang"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **given: object) -> bytes:
    sink = BytesIO()
    Image.new("RGB", size, "red").save(sink, kind, **given)
    return sink.getvalue()


def with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = WORDS.decode(), orientation  # description, orientation
    return picture(exif=exif.tobytes(), comment=WORDS)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_a_picture_keeps_its_pixels_and_nothing_else() -> None:
    given = with_exif()
    assert WORDS in given
    kept = store.keep(given)
    data = store.read(kept.sha256)
    assert (kept.media, kept.size) == ("image/jpeg", len(data))
    assert WORDS not in data
    assert (opened(data).size, dict(opened(data).getexif()), opened(data).info.get("comment")) == ((40, 20), {}, None)


def test_a_picture_taken_sideways_is_kept_upright() -> None:
    assert opened(store.read(store.keep(with_exif(orientation=6)).sha256)).size == (20, 40)


def test_what_hangs_behind_a_picture_is_gone() -> None:
    kept = store.keep(picture("PNG") + b"PK\x03\x04 an archive")
    assert (kept.media, b"archive" in store.read(kept.sha256)) == ("image/png", False)


def test_a_picture_is_no_longer_than_needed() -> None:
    assert opened(store.read(store.keep(picture(size=(5120, 100))).sha256)).size == (2560, 50)


def test_webp_is_kept_as_jpeg() -> None:
    assert store.keep(picture("WEBP")).media == "image/jpeg"


def test_a_pdf_is_kept_as_it_is() -> None:
    kept = store.keep(PDF)
    assert (kept.media, store.read(kept.sha256)) == ("application/pdf", PDF)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"<html><script>alert(1)</script>", "file.kind"),
        (b"MZ\x90\x00 a program", "file.kind"),
        (picture()[:200], "file.kind"),
        (picture("GIF"), "file.kind"),
        (PDF[:-8], "file.cut"),
    ],
)
def test_what_is_not_taken(data: bytes, code: str, var: Path) -> None:
    assert refusal_of(store.keep, data) == code
    assert list(var.rglob("*")) == []


def test_too_large_a_file_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", len(PDF) - 1)
    assert refusal_of(store.keep, PDF) == "file.size"
    monkeypatch.setattr(store, "MOST_PIXELS", 799)
    monkeypatch.setattr(store, "MOST_BYTES", 10_000)
    assert refusal_of(store.keep, picture()) == "file.pixels"


def test_the_same_content_is_kept_once_under_its_digest(var: Path) -> None:
    first, second = store.keep(PDF), store.keep(PDF)
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert (first.sha256, second) == (sha256, first)
    assert [it for it in var.rglob("*") if it.is_file()] == [var / "files" / sha256[:2] / sha256[2:]]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_only_a_digest_leads_to_a_file(name: str) -> None:
    assert refusal_of(store.read, name) == "file.name"


def test_a_file_that_is_gone_or_damaged_is_not_handed_out(var: Path) -> None:
    assert refusal_of(store.read, "a" * 64) == "file.gone"
    kept = store.keep(PDF)
    (var / "files" / kept.sha256[:2] / kept.sha256[2:]).write_bytes(b"other")
    assert refusal_of(store.read, kept.sha256) == "file.damaged"
