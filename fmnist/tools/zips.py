"""Archives that we make ourselves: the same files, the same bytes."""

import io
import zipfile
from collections.abc import Callable, Mapping

READABLE, EXECUTABLE = 0o100644, 0o100755  # what a file is on Unix, and who may do what with it


def zipped(files: Mapping[str, bytes], mode: Callable[[str], int] = lambda _: READABLE) -> bytes:
    """Return an archive of files.

    Args:
        files: content by name.
        mode: gives that of a name, `READABLE` or `EXECUTABLE`.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)  # dated 1980
            entry.create_system = 3  # Unix, wherever this is made
            entry.external_attr = mode(name) << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files in an archive by name, its folders left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            file.filename: archive.read(file) for file in archive.infolist() if not file.is_dir()
        }
