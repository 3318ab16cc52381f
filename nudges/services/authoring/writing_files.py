"""Files written whole or not at all: this module is how the authoring commands change what stands in a folder."""

import os
import tempfile
from pathlib import Path

from nudges.errors import FileRefused


def replace_file(path: Path, text: str) -> None:
    """Put the text in the file's place in one step; FileRefused when the folder does not allow it."""
    target = path.resolve()
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, mode)
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileRefused(f"{path} cannot be written: {error.strerror}.") from error


def create_file(path: Path, text: str) -> None:
    """Make a new file; FileRefused when there is one already, which is never overwritten."""
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise FileRefused(
            f"{path} is already there and was not touched.", hint="Choose another name, or edit that file."
        ) from None
    except OSError as error:
        raise FileRefused(f"{path} cannot be written: {error.strerror}.") from error
