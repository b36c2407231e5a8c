"""Trained models: parameters with error bars from maps."""

from __future__ import annotations

import ctypes
import os
from typing import NamedTuple

import numpy as np

from ._library import Handle, Result, described, encoded, encoded_path, library
from .maps import selection


class Predictions(NamedTuple):
    """What a model says of maps."""

    parameters: list[str]
    """Names of the parameters, in the order of the last axis."""
    value: np.ndarray
    """[maps, parameters]; NaN where there is no estimate."""
    error: np.ndarray
    """The error bars: near such a prediction it holds the truth for 68 % of calibration maps. NaN
    without an estimate, and for models without calibration."""
    warnings: list[list[str]]
    """Reasons to doubt a map's values."""
    reason: list[str | None]
    """Why a map has no estimate; None if it has one."""


class Model:
    """A trained model of a file.

    path: a .safetensors file of `sphere`, or the state dict of a published network (.pt, .pth or
    .safetensors). Of a state dict only: inpaint, whether masked pixels are filled with the mean of
    the observed ones; outputs, the names of the outputs.

    Raises `MissingInputError`, `BadInputError`, with the words of the program.
    """

    def __init__(self, path: str | os.PathLike, inpaint: bool | None = None,
                 outputs: list[str] | None = None):
        self._handle = Handle(library.sphere_model_open, encoded_path(path),
                              encoded({"inpaint": inpaint, "outputs": outputs}))
        result = Result(library.sphere_model_describe, self._handle.number)
        (about,) = result.lines
        self.path: str = about["file"]
        self.architecture: str = about["architecture"]
        self.task: str | None = about["task"]
        self.nside: int = about["nside"]
        self.lmax: int = about["lmax"]
        self.fields: list[str] = about["fields"]
        """What it reads: ["T"] or ["Q", "U"]."""
        self.parameters: list[str] = about["parameters"]
        self.prior: list[float] | None = about["prior"]
        """The range of every parameter in the training."""
        self.noise: float | None = about["noise"]
        """Standard deviation of the noise per pixel in the training, muK."""
        self.sky_fraction: float = about["sky_fraction"]
        self.takes_any_mask: bool = about["takes_any_mask"]
        self.notes: list[str] = about["notes"]
        """What was assumed while reading the file."""
        observed = result.arrays.get("observed")
        self.observed = None if observed is None else observed.astype(bool)
        """The pixels that the model reads, RING order; None: all."""

    def __repr__(self) -> str:
        return f"<Model: {self.path}, {', '.join(self.parameters)} at nside {self.nside}>"

    def predict(self, maps, *, mask: str | os.PathLike | None = None, force: bool = False,
                nthreads: int = 1) -> Predictions:
        """Parameters of maps in arrays.

        maps: [npix], [maps, npix], or with an axis of fields before the last, (Q, U) of
        polarisation, always [maps, 2, npix] or [2, npix]; RING order, muK, NaN or UNSEEN where a
        pixel was not observed. mask: a FITS file. force: give values that are no estimates.

        Raises `UsageError`, `BadInputError`; ValueError (shapes); TypeError (types).
        """
        maps = np.asarray(maps)
        if maps.dtype not in (np.float64, np.float32):
            raise TypeError(f"maps have the type {maps.dtype}, expected float64 or float32")
        npix, fields = 12 * self.nside ** 2, len(self.fields)
        tail = (npix,) if fields == 1 else (fields, npix)
        if maps.shape[-len(tail):] != tail or maps.ndim > len(tail) + 1:
            raise ValueError(f"maps have the shape {maps.shape}, expected "
                             f"([maps], {', '.join(map(str, tail))})")
        maps = maps.reshape((-1, fields, npix))
        return self._predictions(Result(
            library.sphere_model_predict, self._handle.number,
            self._options(mask, force, nthreads), ctypes.byref(described(maps, b"maps"))))

    def predict_files(self, paths: list[str | os.PathLike], *, hdu: int | str | None = None,
                      columns: list[int | str] | None = None,
                      mask: str | os.PathLike | None = None, force: bool = False,
                      nthreads: int = 1) -> Predictions:
        """Parameters of maps in HEALPix FITS files, as `sphere predict`.

        Arguments: as for `read_map` and `predict`. Raises what these raise.
        """
        if isinstance(paths, (str, bytes, os.PathLike)):
            raise TypeError(f"paths is one path, {paths!r}, expected a list of them")
        files = [encoded_path(path) for path in paths]
        return self._predictions(Result(
            library.sphere_model_predict_files, self._handle.number,
            self._options(mask, force, nthreads, **selection(hdu, columns)), len(files),
            (ctypes.c_char_p * max(len(files), 1))(*files)))

    @staticmethod
    def _options(mask, force, nthreads, **others):
        return encoded({"mask": None if mask is None else os.fspath(mask), "force": bool(force),
                        "threads": nthreads, **others})

    def _predictions(self, result):
        arrays, lines = result.arrays, result.lines
        return Predictions(self.parameters, arrays["value"], arrays["error"],
                           [line["warnings"] for line in lines],
                           [line.get("reason") for line in lines])
