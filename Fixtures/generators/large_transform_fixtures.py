"""Records Fixtures/transforms/large_*: ducc0's transforms at real sizes, spins 0 to 3, at some points
and degrees.

    large_1023, large_2047, large_4095     Gauss-Legendre rings, lmax + 1 of them, 2 lmax + 2 points
    large_healpix512                       HEALPix, nside 512, lmax 1023

Millions of coefficients and points are too many to keep, so that the input follows from a formula that
any program evaluates to the same bits,

    noise(k, s) = ((k (k mod 1009 + 7919) + 104729 s) mod 65537) / 65537 - 1/2

in whole numbers up to the division. The real part of the coefficient with index k (m-major as healpy
orders them) is noise(2k, s), the imaginary part noise(2k + 1, s) and 0 for m = 0, where degrees below
the spin are 0; s = 1 for spin 0 and 2, 3 for E, B. The value at point p is noise(p, s); s = 4 for spin
0, 5 for Q, 6 for U, and 0 on rings with sin(theta) < 0.1. Nearer to the poles ducc0's values differ from
direct sums by up to 1e-10, and no points are kept there.

    points [300]                           where fields are kept, in ring order
    places [200]                           indices of the coefficients that are kept
    s<spin>.synthesis [components, 300]
    s<spin>.adjoint [components, 200, 2]   sums with the conjugate harmonics, weights 1
    s<spin>.norms [components, 2]          root of the sum of squares of all points of the synthesis,
                                           and of all stored numbers of the adjoint
"""

import ducc0
import healpy
import numpy as np

from recording import Recorder
from transform_fixtures import ORTHONORMAL, real_pairs


def noise(count, stream):
    k = np.arange(count, dtype=np.int64)
    return ((k * (k % 1009 + 7919) + 104729 * stream) % 65537) / 65537 - 0.5


def coefficients(lmax, stream, spin):
    count = healpy.Alm.getsize(lmax)
    numbers = noise(2 * count, stream)
    a = numbers[0::2] + 1j * numbers[1::2]
    degrees, orders = healpy.Alm.getlm(lmax, np.arange(count))
    a[orders == 0] = a[orders == 0].real
    a[degrees < spin] = 0
    return a


def gauss_legendre(lmax):
    rings, longitudes = lmax + 1, 2 * lmax + 2
    is_polar = np.repeat(np.sin(ducc0.misc.GL_thetas(rings)) < 0.1, longitudes)

    def synthesis(a, spin):
        return ducc0.sht.experimental.synthesis_2d(
            alm=a, ntheta=rings, nphi=longitudes, spin=spin, lmax=lmax, geometry="GL",
            nthreads=2).reshape(len(a), -1)

    def adjoint(f, spin):
        return ducc0.sht.experimental.adjoint_synthesis_2d(
            map=f.reshape(len(f), rings, longitudes), spin=spin, lmax=lmax, geometry="GL",
            nthreads=2)

    return is_polar, synthesis, adjoint


def healpix(nside, lmax):
    info = ducc0.healpix.Healpix_Base(nside, "RING").sht_info()
    is_polar = np.repeat(np.sin(info["theta"]) < 0.1, info["nphi"].astype(np.int64))

    def synthesis(a, spin):
        return ducc0.sht.experimental.synthesis(alm=a, spin=spin, lmax=lmax, nthreads=2, **info)

    def adjoint(f, spin):
        return ducc0.sht.experimental.adjoint_synthesis(
            map=f, spin=spin, lmax=lmax, nthreads=2, **info)

    return is_polar, synthesis, adjoint


CASES = {
    "large_1023": (1023, gauss_legendre(1023)), "large_2047": (2047, gauss_legendre(2047)),
    "large_4095": (4095, gauss_legendre(4095)), "large_healpix512": (1023, healpix(512, 1023)),
}


def norm(values):
    return np.sqrt(np.sum(np.abs(values)**2, axis=tuple(range(1, values.ndim))))


def record(recorder, name, lmax, is_polar, synthesis, adjoint):
    random = np.random.default_rng(lmax)
    size = healpy.Alm.getsize(lmax)
    count = len(is_polar)
    points = np.unique(random.choice(np.flatnonzero(~is_polar), 300))
    places = np.unique(np.concatenate([np.arange(4), random.integers(0, size, 196)]))
    tensors = {"points": points, "places": places}
    for spin in range(4):
        streams = [(1, 4)] if spin == 0 else [(2, 5), (3, 6)]
        f = synthesis(np.array([coefficients(lmax, s, spin) for s, _ in streams]), spin)
        tensors[f"s{spin}.synthesis"] = np.ascontiguousarray(f[:, points])
        field_norm = norm(f)
        f = np.array([np.where(is_polar, 0, noise(count, s)) for _, s in streams])
        a = adjoint(f, spin)
        tensors[f"s{spin}.adjoint"] = real_pairs(a[:, places])
        tensors[f"s{spin}.norms"] = np.stack([field_norm, norm(a)], axis=1)
        print(name, spin, flush=True)
    recorder.save(
        name, tensors, {"lmax": str(lmax)}, seed=lmax,
        conventions=ORTHONORMAL + "; HEALPix's E and B, COSMO U",
        tolerance="relative L2 per tensor: 1e-12 in float64 up to lmax 2047, 2e-12 at 4095")


def main():
    recorder = Recorder(
        "transforms", __file__, ["ducc0", "healpy", "numpy"], ["LargeTransformOracleSlowTests"],
        __doc__)
    for name, (lmax, case) in CASES.items():
        record(recorder, name, lmax, *case)


if __name__ == "__main__":
    main()
