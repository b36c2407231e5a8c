"""healpy's names and arguments on this library's transforms.

Each function equals healpy's to 1e-12 where both answer. Where healpy guesses or repairs silently
(NaN and UNSEEN become 0, an alm of impossible size, an lmax beyond 3 nside - 1), these refuse; what
is not offered here is not an argument. Coefficients are complex128 arrays in healpy's order, maps
float64 arrays in RING order, angles radians.
"""

from __future__ import annotations

import functools
import math
from typing import Sequence

import numpy as np

from .grids import healpix
from .operations import run
from .transforms import Transform, alm_index, alm_size

UNSEEN = -1.6375e30


# Sizes

def nside2npix(nside: int) -> int:
    """12 nside^2."""
    return 12 * nside * nside


def npix2nside(npix: int) -> int:
    """The nside of a map of npix pixels; ValueError if there is none."""
    nside = math.isqrt(npix // 12) if npix > 0 else 0
    if npix <= 0 or 12 * nside * nside != npix:
        raise ValueError(f"{npix} pixels are no HEALPix map: expected 12 nside^2")
    return nside


def _lmax_of(size: int, mmax: int | None) -> int:
    """The lmax of an alm of this size, mmax = lmax unless given."""
    if mmax is None:
        lmax = (math.isqrt(8 * size + 1) - 3) // 2
    else:
        lmax = (size - 1 + mmax * (mmax - 1) // 2) // (mmax + 1) if mmax >= 0 else -1
        if lmax < mmax:
            lmax = -1
    if lmax < 0 or alm_size(lmax, mmax) != size:
        raise ValueError(f"{size} coefficients fit no lmax with mmax {mmax}; give the mmax that "
                         "they were made with")
    return lmax


class Alm:
    """healpy's `Alm`: sizes and places of coefficients."""

    @staticmethod
    def getsize(lmax, mmax=None):
        """Number of coefficients."""
        return alm_size(lmax, mmax)

    @staticmethod
    def getidx(lmax, l, m):
        """Place of (l, m)."""
        return alm_index(l, m, lmax)

    @staticmethod
    def getlmax(s, mmax=None):
        """The lmax of s coefficients; ValueError where healpy returns -1."""
        return _lmax_of(s, mmax)

    @staticmethod
    def getlm(lmax, i=None):
        """Degrees and orders of the places i, all by default."""
        l, m = _places(lmax, lmax)
        return (l, m) if i is None else (l[i], m[i])


@functools.lru_cache(maxsize=8)
def _transform(nside, spin, lmax, mmax, nthreads):
    if lmax > 3 * nside - 1:
        raise ValueError(f"lmax is {lmax}, expected at most 3 nside - 1 = {3 * nside - 1}")
    return Transform(healpix(nside), lmax, mmax, spin, nthreads=nthreads)


def _map(values, name="map"):
    values = np.asarray(values, np.float64)
    if values.ndim != 1:
        raise ValueError(f"{name} has the shape {values.shape}, expected one axis")
    npix2nside(values.size)
    if not np.isfinite(values).all() or (np.abs(values / UNSEEN - 1) < 1e-5).any():
        raise ValueError(f"{name} has pixels that are not observed (UNSEEN, NaN); healpy takes them "
                         "for 0: fill or mask them, and say with what")
    return values


def _alm(values, name="alm"):
    values = np.asarray(values)
    if values.ndim != 1 or values.dtype.kind not in "fc":
        raise ValueError(f"{name} is {values.dtype} {values.shape}, expected complex, one axis")
    return np.ascontiguousarray(values, np.complex128)


def _is_single(values) -> bool:
    return np.ndim(values[0]) == 0


# Transforms

def alm2map(alms, nside: int, lmax: int | None = None, mmax: int | None = None, pol: bool = True,
            nthreads: int = 1):
    """Map of coefficients; of three (T, E, B) with pol=True the maps T, Q, U.

    f(p) = sum_lm a_lm Y_lm(p); Q + iU = -sum_lm (E_lm + i B_lm) 2Y_lm. Imaginary parts of m = 0 do
    not count.
    """
    if _is_single(alms):
        alms = _alm(alms)
        lmax = _lmax_of(alms.size, mmax) if lmax is None else lmax
        return _transform(nside, 0, lmax, lmax if mmax is None else mmax, nthreads).synthesis(alms)
    alms = [_alm(a) for a in alms]
    if not pol:
        return np.array([alm2map(a, nside, lmax, mmax, nthreads=nthreads) for a in alms])
    if len(alms) != 3:
        raise ValueError(f"found {len(alms)} sets of coefficients, expected T, E and B")
    lmax = _lmax_of(alms[0].size, mmax) if lmax is None else lmax
    mmax = lmax if mmax is None else mmax
    t = alm2map(alms[0], nside, lmax, mmax, nthreads=nthreads)
    q, u = _transform(nside, 2, lmax, mmax, nthreads).synthesis(np.stack(alms[1:]))
    return np.array([t, q, u])


def alm2map_spin(alms, nside: int, spin: int, lmax: int, mmax: int | None = None,
                 nthreads: int = 1):
    """Both components of a field of spin 1 to 8 from its E and B."""
    pair = np.stack([_alm(a) for a in alms])
    return list(_transform(nside, spin, lmax, lmax if mmax is None else mmax,
                           nthreads).synthesis(pair))


def _iterated(transform, field, iterations):
    if iterations < 0:
        raise ValueError(f"iter is {iterations}, expected at least 0")
    alm = transform.analysis(field)
    for _ in range(iterations):
        alm += transform.analysis(field - transform.synthesis(alm))
    return alm


def map2alm(maps, lmax: int | None = None, mmax: int | None = None, iter: int = 3,
            pol: bool = True, nthreads: int = 1):
    """Coefficients of a map, of three maps T, Q, U (pol=True) those of T, E and B.

    a = A f, then iter times a += A (f - S a); weights 4 pi/npix. lmax defaults to 3 nside - 1.
    """
    if _is_single(maps):
        values = _map(maps)
        nside = npix2nside(values.size)
        lmax = 3 * nside - 1 if lmax is None else lmax
        transform = _transform(nside, 0, lmax, lmax if mmax is None else mmax, nthreads)
        return _iterated(transform, values, iter)
    maps = [_map(m) for m in maps]
    if not pol:
        return np.array([map2alm(m, lmax, mmax, iter, nthreads=nthreads) for m in maps])
    if len(maps) != 3:
        raise ValueError(f"found {len(maps)} maps, expected T, Q and U")
    nside = npix2nside(maps[0].size)
    lmax = 3 * nside - 1 if lmax is None else lmax
    mmax = lmax if mmax is None else mmax
    t = map2alm(maps[0], lmax, mmax, iter, nthreads=nthreads)
    pair = _iterated(_transform(nside, 2, lmax, mmax, nthreads), np.stack(maps[1:]), iter)
    return np.array([t, *pair])


def map2alm_spin(maps, spin: int, lmax: int | None = None, mmax: int | None = None,
                 nthreads: int = 1):
    """E and B of both components of a field of a spin, without iterations."""
    pair = np.stack([_map(m) for m in maps])
    nside = npix2nside(pair.shape[-1])
    lmax = 3 * nside - 1 if lmax is None else lmax
    transform = _transform(nside, spin, lmax, lmax if mmax is None else mmax, nthreads)
    return list(transform.analysis(pair))


# Spectra and coefficients

def alm2cl(alms1, alms2=None, lmax: int | None = None, mmax: int | None = None):
    """C_l = 1/(2l + 1) sum over all m of Re(a_lm b*_lm); for three sets TT, EE, BB, TE, EB, TB.

    Of two different triples TE is T of the first with E of the second, as in healpy.
    """
    if not _is_single(alms1):
        first = [_alm(a) for a in alms1]
        second = first if alms2 is None else [_alm(a) for a in alms2]
        if len(first) != 3 or len(second) != 3:
            raise ValueError("expected one set of coefficients, or T, E and B")
        cross = [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]
        return np.array([alm2cl(first[i], second[j], lmax, mmax) for i, j in cross])
    first = _alm(alms1)
    second = first if alms2 is None else _alm(alms2)
    if first.size != second.size:
        raise ValueError(f"found {first.size} and {second.size} coefficients, expected as many")
    lmax = _lmax_of(first.size, mmax) if lmax is None else lmax
    if mmax is not None and mmax != lmax:
        full = np.zeros((2, alm_size(lmax)), np.complex128)
        full[:, :first.size] = first, second
        first, second = full
    numbers = [a.view(np.float64).reshape(1, -1, 2) for a in (first, second)]
    return run("power_spectrum", {"lmax": lmax}, {"a": numbers[0], "b": numbers[1]})["cross"][0]


def anafast(map1, map2=None, lmax: int | None = None, mmax: int | None = None, iter: int = 3,
            alm: bool = False, pol: bool = True, nthreads: int = 1):
    """Spectra of maps: `alm2cl` of `map2alm`. alm=True returns the coefficients, too."""
    first = map2alm(map1, lmax, mmax, iter, pol, nthreads)
    second = None if map2 is None else map2alm(map2, lmax, mmax, iter, pol, nthreads)
    spectra = alm2cl(first, second, lmax, mmax)
    if not alm:
        return spectra
    return (spectra, first) if second is None else (spectra, first, second)


def almxfl(alm, fl: Sequence[float], mmax: int | None = None):
    """a_lm f_l; degrees beyond the end of f become 0, as in healpy."""
    alm = _alm(alm)
    lmax = _lmax_of(alm.size, mmax)
    mmax = lmax if mmax is None else mmax
    factors = np.zeros(lmax + 1, np.result_type(np.asarray(fl), np.float64))
    given = np.asarray(fl)[:lmax + 1]
    factors[:given.size] = given
    return alm * np.concatenate([factors[m:] for m in range(mmax + 1)])


def gauss_beam(fwhm: float, lmax: int):
    """exp(-l (l + 1) sigma^2/2), sigma = fwhm/sqrt(8 ln 2), fwhm in radians."""
    l = np.arange(lmax + 1)
    return np.exp(-0.5 * l * (l + 1) * fwhm ** 2 / (8 * math.log(2)))


def smoothalm(alms, fwhm: float = 0.0, mmax: int | None = None, pol: bool = True):
    """Coefficients of a field smoothed by a Gaussian; E and B with exp(-(l (l + 1) - 4) sigma^2/2).

    New arrays are returned; healpy's default changes its argument.
    """
    single = _is_single(alms)
    sets = [_alm(alms)] if single else [_alm(a) for a in alms]
    lmax = _lmax_of(sets[0].size, mmax)
    window = gauss_beam(fwhm, lmax)
    spin2 = window * math.exp(2 * fwhm ** 2 / (8 * math.log(2)))
    windows = [window] + [spin2 if pol and len(sets) == 3 else window] * (len(sets) - 1)
    smoothed = [almxfl(a, w, mmax) for a, w in zip(sets, windows)]
    return smoothed[0] if single else np.array(smoothed)


def smoothing(map_in, fwhm: float = 0.0, lmax: int | None = None, mmax: int | None = None,
              iter: int = 3, pol: bool = True, nthreads: int = 1):
    """A map, or T, Q, U, smoothed by a Gaussian: `map2alm`, `smoothalm`, `alm2map`."""
    alms = map2alm(map_in, lmax, mmax, iter, pol, nthreads)
    values = map_in if _is_single(map_in) else map_in[0]
    nside = npix2nside(np.asarray(values).size)
    return alm2map(smoothalm(alms, fwhm, mmax, pol), nside, lmax, mmax, pol, nthreads)


def rotate_alm(alm, psi: float, theta: float, phi: float, lmax: int | None = None):
    """Coefficients of a rotated field, by Wigner functions: D(psi, theta, phi) in healpy's order of
    angles. New arrays are returned; healpy changes its argument.

    f'(R n) = f(n), R = R_z(phi) R_y(theta) R_z(psi).
    """
    single = _is_single(alm)
    sets = [_alm(alm)] if single else [_alm(a) for a in alm]
    lmax = _lmax_of(sets[0].size, None) if lmax is None else lmax
    numbers = np.stack(sets).view(np.float64).reshape(len(sets), -1, 2)
    rotated = run("rotation", {"lmax": lmax, "alpha": phi, "beta": theta, "gamma": psi},
                  {"coefficients": numbers})["rotated"]
    rotated = rotated.view(np.complex128)[..., 0]
    return rotated[0] if single else rotated


# Random fields

def synalm(cls, lmax: int | None = None, mmax: int | None = None, new: bool = False, rng=None):
    """Gaussian coefficients of a spectrum C_l; of four (TT, EE, BB, TE) or six spectra (EB, TB as
    well), with new=True, those of T, E and B.

    a_lm = L_l z_lm with the Cholesky factor L_l of the matrix of spectra and, for m > 0, complex z
    of unit variance, for m = 0 real ones. rng: a `numpy.random.Generator`; without one the numbers
    are those of np.random, in healpy's order, so that np.random.seed gives healpy's coefficients.

    healpy's older order of several spectra (TT, TE, EE, BB), which a call without new=True means
    there, is refused, and so are spectra that no field has.
    """
    normal = np.random.standard_normal if rng is None else rng.standard_normal
    single = _is_single(cls)
    spectra = [np.asarray(cls, np.float64)] if single else \
        [None if c is None else np.asarray(c, np.float64) for c in cls]
    if not single and len(spectra) != 1 and not new:
        raise ValueError("several spectra without new=True mean TT, TE, EE, BB to healpy; give them "
                         "in the order TT, EE, BB, TE, with new=True")
    if len(spectra) not in (1, 4, 6):
        raise ValueError(f"found {len(spectra)} spectra, expected 1, 4 (TT, EE, BB, TE) or 6 (EB "
                         "and TB too)")
    longest = max(c.size for c in spectra if c is not None)
    lmax = longest - 1 if lmax is None else lmax
    mmax = lmax if mmax is None else mmax
    fields = 1 if len(spectra) == 1 else 3
    size = alm_size(lmax, mmax)
    white = []
    for _ in range(fields):
        real = normal(size)
        white.append(real + 1j * normal(size))
    matrices = np.zeros((lmax + 1, fields, fields))
    places = [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]
    for (i, j), c in zip(places, spectra):
        if c is None:
            continue
        if c.ndim != 1 or not np.isfinite(c).all():
            raise ValueError(f"a spectrum has the shape {c.shape} or numbers that are not finite, "
                             "expected one axis of finite numbers")
        count = min(c.size, lmax + 1)
        matrices[:count, i, j] = matrices[:count, j, i] = c[:count]
    factors = _cholesky(matrices)
    l, m = _places(lmax, mmax)
    white = np.stack(white)
    white[:, m == 0] = white[:, m == 0].real
    white[:, m > 0] /= math.sqrt(2)
    alms = np.einsum("kij,jk->ik", factors[l], white)
    return alms[0] if single else alms


def _places(lmax, mmax):
    """Degrees and orders of all places."""
    m = np.repeat(np.arange(mmax + 1), lmax + 1 - np.arange(mmax + 1))
    return np.concatenate([np.arange(k, lmax + 1) for k in range(mmax + 1)]), m


def _cholesky(matrices):
    """Lower Cholesky factors of positive semi-definite matrices.

    Raises: ValueError for one that is not.
    """
    powers = np.einsum("lii->li", matrices)
    scale = np.sqrt(np.where(powers > 0, powers, 1))
    least = np.linalg.eigvalsh(matrices / (scale[:, :, None] * scale[:, None, :])).min(axis=-1)
    wrong = (powers < 0).any(axis=1) | (least < -1e-12)
    if wrong.any():
        raise ValueError(f"the spectra of degree {np.flatnonzero(wrong)[0]} are those of no field: "
                         "a power is negative, or a correlation larger than 1")
    factors = np.zeros_like(matrices)
    for j in range(matrices.shape[-1]):
        rest = matrices[:, j:, j] - np.einsum("lik,lk->li", factors[:, j:, :j], factors[:, j, :j])
        # What rounding leaves of a row that the rows above fix is no power of its own.
        own = rest[:, 0] > 1e-12 * powers[:, j]
        factors[own, j:, j] = rest[own] / np.sqrt(rest[own, :1])
    return factors


def synfast(cls, nside: int, lmax: int | None = None, mmax: int | None = None, alm: bool = False,
            pol: bool = True, fwhm: float = 0.0, new: bool = False, rng=None, nthreads: int = 1):
    """A Gaussian map of a spectrum, or T, Q and U of several: `synalm`, `smoothalm`, `alm2map`.

    lmax defaults to the end of the spectra or 3 nside - 1, as in healpy. alm=True returns maps and
    coefficients.
    """
    single = _is_single(cls)
    longest = len(cls) if single else max(len(c) for c in cls if c is not None)
    lmax = min(longest - 1, 3 * nside - 1) if lmax is None else lmax
    alms = synalm(cls, lmax, mmax, new, rng)
    if fwhm:
        alms = smoothalm(alms, fwhm, mmax, pol)
    maps = alm2map(alms, nside, lmax, mmax, pol, nthreads)
    return (maps, alms) if alm else maps


# Pixels

def _flat(*angles):
    arrays = np.broadcast_arrays(*(np.asarray(a, np.float64) for a in angles))
    return arrays[0].shape, [np.ascontiguousarray(a).reshape(-1) for a in arrays]


def _shaped(values, shape):
    return values.reshape(shape) if shape else values[0]


def ang2pix(nside: int, theta, phi, nest: bool = False):
    """Pixel of a direction; ties as in healpy."""
    shape, (theta, phi) = _flat(theta, phi)
    pixels = run("healpix_pixel_of_direction", {"nside": nside}, {"theta": theta, "phi": phi})
    return ring2nest(nside, _shaped(pixels["pixel"], shape)) if nest \
        else _shaped(pixels["pixel"], shape)


def pix2ang(nside: int, ipix, nest: bool = False):
    """Colatitude and longitude of a pixel's centre."""
    pixels = np.asarray(nest2ring(nside, ipix) if nest else ipix)
    if pixels.dtype.kind not in "iu":
        raise TypeError(f"ipix has the type {pixels.dtype}, expected integers")
    if pixels.size and not (0 <= pixels.min() and pixels.max() < nside2npix(nside)):
        raise ValueError(f"ipix has numbers outside 0...{nside2npix(nside) - 1}")
    centres = _centres(nside)
    return centres["theta"][pixels], centres["phi"][pixels]


@functools.lru_cache(maxsize=4)
def _centres(nside):
    return run("healpix_centres", {"nside": nside})


def _renumbered(operation, source, target, nside, ipix):
    pixels = np.asarray(ipix)
    if pixels.dtype.kind not in "iu":
        raise TypeError(f"ipix has the type {pixels.dtype}, expected integers")
    found = run(operation, {"nside": nside}, {source: pixels.reshape(-1)})[target]
    return _shaped(found, pixels.shape)


def ring2nest(nside: int, ipix):
    """NESTED numbers of RING numbers."""
    return _renumbered("healpix_ring_to_nested", "ring", "nested", nside, ipix)


def nest2ring(nside: int, ipix):
    """RING numbers of NESTED numbers."""
    return _renumbered("healpix_nested_to_ring", "nested", "ring", nside, ipix)


def get_interp_val(m, theta, phi):
    """Bilinear interpolation of a map in RING order."""
    values = _map(m)
    shape, (theta, phi) = _flat(theta, phi)
    found = run("healpix_interpolation", {"nside": npix2nside(values.size)},
                {"theta": theta, "phi": phi})
    return _shaped((values[found["pixels"]] * found["weights"]).sum(axis=-1), shape)
