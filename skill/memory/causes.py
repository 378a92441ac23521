"""Why a file cannot be used, and what to do about it, in words for users."""

import errno
import sqlite3

_CHECK_RIGHTS = "check that the file and its folder can be written"

_REMEDIES = {
    sqlite3.SQLITE_BUSY: "close the other program that is using it",
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_IOERR: "check that the disk is not full",
}


def cause_and_remedy(error: Exception) -> tuple[str, str]:
    """Return what is wrong and what to do, in words for users."""
    match error:
        case FileExistsError() | NotADirectoryError():
            return "there is a file where its folder should be", "move that file away"
        case IsADirectoryError():
            return "there is a folder where the file should be", "move that folder away"
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return "the disk is full", "make room on the disk"
        case OSError(strerror=str(cause)):
            return cause.lower(), _CHECK_RIGHTS
    return str(error), _REMEDIES.get(code(error), _CHECK_RIGHTS)


def code(error: Exception) -> int:
    """Return SQLite's primary error code; 0 if the error is not SQLite's."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
