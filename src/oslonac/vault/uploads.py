"""The only upload handler: files are encrypted while they arrive, up to a size limit.

Django's own handlers keep small files in memory and write large ones clear into /tmp. This one
writes each into `files/incoming` under a key of the moment. Nothing is taken from somebody who is
not signed in. What was refused is told in `request.upload_problem`; the form says it in words.

Django settings: FILE_UPLOAD_HANDLERS, OSLONAC_UPLOAD_BYTES.
"""

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from oslonac.vault.filestore import Incoming
from oslonac.vault.streams import CHUNK, SealedReader

TOO_LARGE, NOBODY = "too_large", "nobody"
PROBLEM = "upload_problem"  # attribute of the request
# What is sent on although it was refused is read and dropped up to so much; beyond it the
# connection is closed, and the browser shows its own words.
_DRAINED = 8


class SealedUpload(UploadedFile):
    """An uploaded file at rest in `incoming`. `open_clear` reads it."""

    def __init__(self, incoming: Incoming, name: str, field: str) -> None:
        super().__init__(None, name, "", incoming.size, None, None)
        self.incoming = incoming
        self.field_name = field

    def open_clear(self) -> SealedReader:
        """The clear content, chunk by chunk; it can be sought in."""
        return self.incoming.read()

    def close(self) -> None:
        self.incoming.discard()


class SealingUploadHandler(FileUploadHandler):
    """One file at a time; the request's end takes away whatever nobody kept."""

    chunk_size = CHUNK

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._incoming: Incoming | None = None
        self._announced = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: str, encoding: Any = None
    ) -> None:
        self._announced = content_length
        if self.request is not None:
            setattr(self.request, PROBLEM, "")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if getattr(self.request, "actor", None) is None:
            self._refuse(NOBODY)
        self._incoming = Incoming()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._incoming is not None  # noqa: S101  (new_file comes first)
        if start + len(raw_data) > settings.OSLONAC_UPLOAD_BYTES:
            self._refuse(TOO_LARGE)
        self._incoming.writer.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        incoming, self._incoming = self._incoming, None
        if incoming is None:
            return None
        incoming.finish()
        return SealedUpload(incoming, self.file_name or "", self.field_name or "")

    def upload_interrupted(self) -> None:
        if self._incoming is not None:
            self._incoming.discard()
            self._incoming = None

    def _refuse(self, why: str) -> None:
        self.upload_interrupted()
        if self.request is not None:
            setattr(self.request, PROBLEM, why)
        enormous = self._announced > settings.OSLONAC_UPLOAD_BYTES * _DRAINED
        raise StopUpload(connection_reset=enormous)


def problem_of(request: Any) -> str:
    """Why a file of this request was not taken: "", TOO_LARGE or NOBODY."""
    return str(getattr(request, PROBLEM, ""))


def clear(upload: IO[bytes] | Any) -> SealedReader:
    """The clear content of what a form field holds."""
    if not isinstance(upload, SealedUpload):
        raise TypeError("an upload that did not come through the sealing handler")
    return upload.open_clear()
