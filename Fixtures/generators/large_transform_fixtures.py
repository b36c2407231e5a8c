"""Records Fixtures/transforms/large: ducc0's transforms at lmax 1000, at some points and degrees.

Gauss-Legendre rings, 1001 x 2025, first longitude 0. Half a million coefficients and two million points
are too many to keep, so that the input follows from a formula that any program evaluates to the same bits,

    noise(k, s) = ((k (k mod 1009 + 7919) + 104729 s) mod 65537) / 65537 - 1/2

in whole numbers up to the division. The real part of the coefficient with index k (m-major as healpy orders
them) is noise(2k, s), the imaginary part noise(2k + 1, s) and 0 for m = 0; s = 1 for T, 2 for E, 3 for B,
where degrees 0 and 1 are 0. The value at point p is noise(p, s); s = 4 for T, 5 for Q, 6 for U.

    rings [64], longitudes [16]              where fields are kept
    places [600]                             indices of the coefficients that are kept
    scalar.synthesis [64, 16], spin2.synthesis [2, 64, 16]
    scalar.adjoint [600, 2], spin2.adjoint [2, 600, 2]     sums with the conjugate harmonics, weights 1
"""

import ducc0
import healpy
import numpy as np

from recording import Recorder
from transform_fixtures import ORTHONORMAL, real_pairs

LMAX, NLAT, NLON = 1000, 1001, 2025


def noise(count, stream):
    k = np.arange(count, dtype=np.int64)
    return ((k * (k % 1009 + 7919) + 104729 * stream) % 65537) / 65537 - 0.5


def coefficients(stream, spin):
    count = healpy.Alm.getsize(LMAX)
    numbers = noise(2 * count, stream)
    a = numbers[0::2] + 1j * numbers[1::2]
    degrees, orders = healpy.Alm.getlm(LMAX, np.arange(count))
    a[orders == 0] = a[orders == 0].real
    a[degrees < spin] = 0
    return a


def field(stream):
    return noise(NLAT * NLON, stream).reshape(NLAT, NLON)


def main():
    recorder = Recorder(
        "transforms", __file__, ["ducc0", "healpy", "numpy"], ["LargeTransformOracleSlowTests"], __doc__)
    random = np.random.default_rng(61)
    rings = np.unique(np.concatenate([[0, 1, 2, 499, 500, 501, 999, 1000], random.permutation(NLAT)[:70]]))
    rings = np.sort(random.permutation(rings)[:64])
    longitudes = np.sort(random.permutation(NLON)[:16])
    places = np.sort(random.permutation(healpy.Alm.getsize(LMAX))[:600])
    tensors = {"rings": rings, "longitudes": longitudes, "places": places}
    for name, spin, streams in [("scalar", 0, [(1, 4)]), ("spin2", 2, [(2, 5), (3, 6)])]:
        sizes = dict(spin=spin, lmax=LMAX, geometry="GL")
        a = np.array([coefficients(s, spin) for s, _ in streams])
        f = np.array([field(s) for _, s in streams])
        synthesis = ducc0.sht.experimental.synthesis_2d(alm=a, ntheta=NLAT, nphi=NLON, **sizes)
        adjoint = ducc0.sht.experimental.adjoint_synthesis_2d(map=f, **sizes)
        synthesis = synthesis[:, rings][:, :, longitudes]
        adjoint = real_pairs(adjoint[:, places])
        tensors[f"{name}.synthesis"] = synthesis if spin else synthesis[0]
        tensors[f"{name}.adjoint"] = adjoint if spin else adjoint[0]
    recorder.save(
        "large", tensors, {}, seed=61, conventions=ORTHONORMAL + "; HEALPix's E and B, COSMO U",
        tolerance="relative L2 per tensor: 1e-12 in float64")


if __name__ == "__main__":
    main()
