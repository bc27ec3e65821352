"""Pictures: decoded and rewritten, so that only the picture itself is kept.

Metadata of a phone name the place, the time and the device (Exif 2.32, GPS tags); a child's
whereabouts must not travel that way. What the camera held sideways is turned upright first. A
picture is the one thing that must be in memory whole; its size is limited before it is decoded.
"""

import io
import warnings
from typing import IO, Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from oslonac.documents.rules import MOST_PAGES, MOST_PIXELS, Kind
from oslonac.kit.errors import Refused

_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF"}
_HOW: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 90},
    "TIFF": {"compression": "tiff_deflate"},
}


def made_anew(content: IO[bytes], kind: Kind) -> tuple[IO[bytes], int]:
    """The picture without metadata, and how many pages it has. Raises Refused."""
    name = _FORMATS[kind.code]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(content, formats=[name]) as opened:
                return _again(opened, name)
    except Image.DecompressionBombError as problem:
        raise _too_large() from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as problem:
        raise Refused(
            "document.broken",
            _("This picture is damaged and cannot be opened. It was not saved."),
            field="file",
        ) from problem


def _again(opened: Any, name: str) -> tuple[IO[bytes], int]:
    pages = getattr(opened, "n_frames", 1) if name == "TIFF" else 1
    if pages > MOST_PAGES:
        raise Refused(
            "document.pages",
            _("This picture has %(n)d pages. The maximum is %(most)d. Add it as PDF.")
            % {"n": pages, "most": MOST_PAGES},
            field="file",
        )
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_large()
    frames, left = [], MOST_PIXELS
    for frame in ImageSequence.Iterator(opened):
        left -= frame.width * frame.height
        if left < 0:
            raise _too_large()
        frames.append(_bare(frame, name))
        if len(frames) == pages:
            break
    made = io.BytesIO()
    first, *rest = frames
    more: dict[str, Any] = {"save_all": True, "append_images": rest} if rest else {}
    first.save(made, format=name, **_HOW[name], **more)
    made.seek(0)
    return made, pages


def _bare(frame: Any, name: str) -> Any:
    """Upright pixels in a plain mode, in a new picture that never knew any metadata."""
    upright = ImageOps.exif_transpose(frame)
    alpha = "A" in upright.getbands() or "transparency" in upright.info
    mode = "RGBA" if alpha and name != "JPEG" else "L" if upright.mode in {"1", "L"} else "RGB"
    pixels = upright.convert(mode)
    bare = Image.new(mode, pixels.size)
    bare.paste(pixels)
    return bare


def _too_large() -> Refused:
    return Refused(
        "document.pixels",
        _(
            "This picture has more than %(n)d million pixels. It was not saved. Make it "
            "smaller and add it again."
        )
        % {"n": MOST_PIXELS // 1_000_000},
        field="file",
    )
