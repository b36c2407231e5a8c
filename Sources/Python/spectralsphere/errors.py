"""What the library refuses, as exceptions."""


class SphereError(Exception):
    """The library refused a call: what was found, what was expected, what to do.

    `status` is the exit code that the program `sphere` has for the same refusal.
    """

    status = 1


class UsageError(SphereError, ValueError):
    """Arguments ask for what cannot be: a size, a name, more memory than there is."""

    status = 64


class BadInputError(SphereError, ValueError):
    """An array or a file is unusable: NaN, another shape, another type."""

    status = 65


class MissingInputError(SphereError, FileNotFoundError):
    """A file that was to be read is not there."""

    status = 66


class CannotWriteError(SphereError, OSError):
    """A file cannot be written."""

    status = 73


_KINDS = {kind.status: kind for kind in
          (UsageError, BadInputError, MissingInputError, CannotWriteError)}


def error_of(status, message):
    """The exception of a status."""
    return _KINDS.get(status, SphereError)(message)
