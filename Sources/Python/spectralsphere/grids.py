"""Grids: rings of equidistant points, from north to south."""

from __future__ import annotations

from ctypes import byref, c_int64
from typing import NamedTuple

import numpy as np

from ._library import Handle, call, library


class Rings(NamedTuple):
    """The rings of a grid: arrays with a number per ring."""

    theta: np.ndarray
    """Colatitudes in radians, ascending."""
    phi0: np.ndarray
    """Longitudes of the first points in radians."""
    nphi: np.ndarray
    """Numbers of points."""
    weight: np.ndarray
    """Quadrature weight of one point: sum over all points of weight f = integral of f."""


class Grid:
    """A grid of the sphere; make one with `healpix`, `gauss_legendre`, `clenshaw_curtis` or `rings`.

    Point k of ring j lies at the longitude phi0_j + 2 pi k / nphi_j; points are numbered ring by
    ring from north to south.
    """

    def __init__(self, handle: Handle, text: str):
        self._handle = handle
        self._text = text
        rings, points = c_int64(), c_int64()
        call(library.sphere_grid_sizes, handle.number, byref(rings), byref(points))
        self.nrings = rings.value
        """Number of rings."""
        self.npix = points.value
        """Number of points."""

    @property
    def rings(self) -> Rings:
        """The rings, as new arrays."""
        theta, phi0, weight = (np.empty(self.nrings) for _ in range(3))
        nphi = np.empty(self.nrings, np.int64)
        call(library.sphere_grid_rings, self._handle.number, self.nrings, theta.ctypes.data,
             phi0.ctypes.data, nphi.ctypes.data, weight.ctypes.data)
        return Rings(theta, phi0, nphi, weight)

    def __repr__(self) -> str:
        return f"<Grid: {self._text}, {self.npix} points>"


def healpix(nside: int) -> Grid:
    """HEALPix in RING order [Gorski et al. 2005], nside 1 to 4096; every weight is 4 pi/npix.

    Raises `UsageError`.
    """
    return Grid(Handle(library.sphere_grid_create, b"healpix", nside, 0), f"HEALPix nside {nside}")


def gauss_legendre(nrings: int, nphi: int) -> Grid:
    """Rings at the zeros of the Legendre polynomial of degree nrings.

    Analysis is exact up to lmax = min(nrings - 1, (nphi - 1) // 2). Raises `UsageError`.
    """
    return _product("gauss-legendre", nrings, nphi)


def clenshaw_curtis(nrings: int, nphi: int) -> Grid:
    """Equidistant rings with both poles, theta_j = j pi/(nrings - 1).

    Raises `UsageError`.
    """
    return _product("clenshaw-curtis", nrings, nphi)


def fejer1(nrings: int, nphi: int) -> Grid:
    """Fejer's first rule: rings at (j + 1/2) pi/nrings, without the poles.

    Raises `UsageError`.
    """
    return _product("fejer1", nrings, nphi)


def fejer2(nrings: int, nphi: int) -> Grid:
    """Fejer's second rule: rings at (j + 1) pi/(nrings + 1), without the poles.

    Raises `UsageError`.
    """
    return _product("fejer2", nrings, nphi)


def driscoll_healy(nrings: int, nphi: int) -> Grid:
    """Driscoll and Healy's rings, j pi/nrings, with the north pole; an even number of them.

    Raises `UsageError`.
    """
    return _product("driscoll-healy", nrings, nphi)


def mcewen_wiaux(nrings: int, nphi: int) -> Grid:
    """McEwen and Wiaux's rings, (2j + 1) pi/(2 nrings - 1), with the south pole.

    Raises `UsageError`.
    """
    return _product("mcewen-wiaux", nrings, nphi)


def octahedral(nrings: int) -> Grid:
    """The octahedral reduced grid of weather models: Gauss-Legendre rings, 20 points on those next
    to the poles and 4 more on every ring towards the equator.

    Raises `UsageError`.
    """
    return Grid(Handle(library.sphere_grid_create, b"octahedral", nrings, 0),
                f"octahedral {nrings}")


def _product(name, nrings, nphi):
    return Grid(Handle(library.sphere_grid_create, name.encode(), nrings, nphi),
                f"{name} {nrings} x {nphi}")


def rings(theta, nphi, phi0=None, weight=None) -> Grid:
    """Any rings from north to south: the arguments are those of ducc0's `sht`.

    theta: colatitudes in radians, ascending. nphi: numbers of points. phi0: first longitudes
    (default 0). weight: quadrature weights of a point (default 0: no analysis).

    Raises `UsageError`, `BadInputError`.
    """
    theta = np.ascontiguousarray(theta, np.float64)
    arrays = [theta]
    for values, dtype in ((phi0, np.float64), (nphi, np.int64), (weight, np.float64)):
        values = np.zeros(theta.shape, dtype) if values is None else np.asarray(values)
        if values.dtype.kind not in ("iu" if dtype is np.int64 else "iuf"):
            raise TypeError(f"found numbers of type {values.dtype}, expected {np.dtype(dtype)}")
        arrays.append(np.ascontiguousarray(np.broadcast_to(values, theta.shape), dtype))
    if theta.ndim != 1:
        raise ValueError(f"theta has the shape {theta.shape}, expected one axis")
    handle = Handle(library.sphere_grid_create_rings, theta.size,
                    *(array.ctypes.data for array in arrays))
    return Grid(handle, f"{theta.size} rings")
