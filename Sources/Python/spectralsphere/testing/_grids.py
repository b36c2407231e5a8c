"""Which grid the rings of a case are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .. import grids
from ..errors import SphereError
from ..grids import Rings

PRODUCTS = ("gauss_legendre", "clenshaw_curtis", "fejer1", "fejer2", "driscoll_healy",
            "mcewen_wiaux")
KINDS = ("healpix", *PRODUCTS, "octahedral", "rings")


class CaseGrid(NamedTuple):
    """The grid of a case. Points are numbered ring by ring from north to south."""

    kind: str
    """"healpix" (RING order), "gauss_legendre", "clenshaw_curtis", "fejer1", "fejer2",
    "driscoll_healy", "mcewen_wiaux", "octahedral", or "rings" for all others. It tells where the
    points are; a grid that is of two kinds has the first of these names."""
    rings: Rings
    """theta, phi0, nphi and weight of every ring, angles in radians."""
    nside: int | None
    """Of HEALPix, else None."""
    nphi: int | None
    """The number of points of every ring where all have as many and start at longitude 0."""
    own_weights: bool
    """Whether the weights are those of the kind: a library with weights of its own can have no
    others. False for "rings"."""

    @property
    def nrings(self) -> int:
        """Number of rings."""
        return len(self.rings.theta)

    @property
    def npix(self) -> int:
        """Number of points."""
        return int(self.rings.nphi.sum())

    @property
    def point_weights(self) -> np.ndarray:
        """The quadrature weight of every point, [npix]."""
        return np.repeat(self.rings.weight, self.rings.nphi)

    @property
    def ringstart(self) -> np.ndarray:
        """The number of every ring's first point, int64 [nrings]."""
        return np.cumsum(self.rings.nphi) - self.rings.nphi


def recognised(rings: Rings) -> CaseGrid:
    """The grid of some rings."""
    count = rings.nphi
    alike = len(count) > 0 and np.all(count == count[0]) and not np.any(rings.phi0)
    nphi = int(count[0]) if alike else None
    for kind, make in _candidates(len(count), nphi):
        try:
            own = make().rings
        except SphereError:
            continue
        if (np.array_equal(own.nphi, count) and np.allclose(own.theta, rings.theta, 0, 1e-12)
                and np.allclose(own.phi0, rings.phi0, 0, 1e-12)):
            weights = np.allclose(own.weight, rings.weight, 1e-10, 1e-12 * own.weight.max())
            nside = (len(count) + 1) // 4 if kind == "healpix" else None
            return CaseGrid(kind, rings, nside, nphi, bool(weights))
    return CaseGrid("rings", rings, None, nphi, False)


def _candidates(nrings, nphi):
    """Names and makers of the grids with that many rings."""
    if nrings % 4 == 3:
        yield "healpix", lambda: grids.healpix((nrings + 1) // 4)
    if nphi is not None:
        for kind in PRODUCTS:
            yield kind, lambda: getattr(grids, kind)(nrings, nphi)
    if nrings:
        yield "octahedral", lambda: grids.octahedral(nrings)
