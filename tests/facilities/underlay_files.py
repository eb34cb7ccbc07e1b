"""Drawings as scanners, CAD programs and attackers make them."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, FloatObject, NameObject


def scan(width: int = 800, height: int = 600, mode: str = "RGB", mark: Any = None) -> Image.Image:
    """White paper with a dark room in its upper left quarter and a dot of ink near the upper right corner."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 10, height // 10, width // 2, height // 2), outline="black", width=max(2, width // 100))
    draw.rectangle((width * 9 // 10, 0, width, height // 10), fill=mark or (200, 0, 0))
    return image.convert(mode)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def pdf(*pages: tuple[float, float], content: bytes = b"") -> bytes:
    """Pages of these sizes in mm, each with a 100 mm line along its lower edge, 10 mm from the left and below."""
    mm = 72 / 25.4
    line = f"1 w {10 * mm} {10 * mm} m {110 * mm} {10 * mm} l S".encode()
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for width, height in pages:
        stream = line + b"\n" + content
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        box = f"[0 0 {width * mm:.4f} {height * mm:.4f}]".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents %d 0 R /Resources << >> >>" % (box, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def locked_pdf(password: str, owner: str | None = None) -> bytes:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf((420, 297)))))
    writer.encrypt(password, owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def enlarged_pdf(unit: float) -> bytes:
    """A page whose user unit makes it so many times as large as A4."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    page[NameObject("/UserUnit")] = FloatObject(unit)
    page[NameObject("/MediaBox")] = ArrayObject([FloatObject(n) for n in (0, 0, 14_400, 14_400)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def slow_pdf() -> bytes:
    """A page that asks for an eternity: forms that each draw the next ten times over."""
    depth = 12
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"]
    objects.append(
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R "
        b"/Resources << /XObject << /F 5 0 R >> >> >>"
    )
    objects.append(b"<< /Length 5 >>\nstream\n/F Do\nendstream")
    for level in range(depth):
        last = level == depth - 1
        body = b"0 0 m 500 500 l S\n" * 40 if last else b"/F Do\n" * 10
        resources = b"" if last else b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + level)
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 842 595] %s /Length %d >>\nstream\n%s\nendstream"
            % (resources, len(body), body)
        )
    return assembled(objects)


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
