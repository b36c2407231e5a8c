"""Maps of HEALPix FITS files, read as the program `sphere` reads them."""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np

from ._library import Result, encoded, encoded_path, library


class SkyMap(NamedTuple):
    """A map on the whole sphere in RING order, NaN where a pixel was not observed."""

    nside: int
    t: np.ndarray | None
    """T, one value per pixel; None: the file has none."""
    q: np.ndarray | None
    u: np.ndarray | None
    """U in the sign of COSMO, whatever the file's POLCCONV."""
    unit: str | None
    """The unit of all fields: temperatures are converted to "uK"; None: the file says none."""
    coordinates: str | None
    """COORDSYS of the file."""
    warnings: list[str]
    """What was assumed or left out."""


def read_map(path: str | os.PathLike, hdu: int | str | None = None,
             columns: list[int | str] | None = None) -> SkyMap:
    """Reads T, Q and U, those that there are, of a HEALPix map.

    Unlike healpy's `read_map` it converts units, orders and signs of U, verifies checksums, and
    refuses what cannot be a map; Docs/Python.md has the rules.

    hdu: number, counted from 0, or EXTNAME; default: the first HEALPix table. columns: numbers,
    counted from 1, or names of T, of Q and U, or of all three; default: by their names.

    Raises `MissingInputError`, `BadInputError`, with the words of the program.
    """
    result = Result(library.sphere_map_read, encoded_path(path), encoded(selection(hdu, columns)))
    arrays, (about,) = result.arrays, result.lines
    return SkyMap(about["nside"], arrays.get("T"), arrays.get("Q"), arrays.get("U"), about["unit"],
                  about["coordinates"], about["warnings"])


def selection(hdu, columns):
    """A table and columns as the library takes them."""
    return {"hdu": None if hdu is None else str(hdu),
            "columns": None if columns is None else [str(column) for column in columns]}
