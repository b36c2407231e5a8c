"""Records Fixtures/transforms/spin_*: spin-weighted transforms of random fields, in float64.

    spin_gauss_legendre.safetensors      ducc0, spins 1, 2, 3, 5, 8
    spin_clenshaw_curtis.safetensors     ducc0, spin 2
    spin_healpix_nside<N>.safetensors, N = 1, 2, 3, 4, 8, 16     healpy, spin 2; adjoints by ducc0

Coefficients are [2, count, 2]: E and B (gradient and curl), each (re, im), m-major as healpy orders
them; fields are [2, points]: Q and U. HEALPix's signs: _s a_lm = -(E_lm + i B_lm). Degrees below the
spin are zero.

Ring grids, case `s<spin>_l<lmax>_m<mmax>_<nlat>x<nlon>`:

    <case>.coefficients, .synthesis      random E, B and ducc0's synthesis
    <case>.field, .adjoint, .analysis    white Q, U; sums with the conjugate harmonics, without and with
                                         the quadrature weights

HEALPix, case `l<lmax>_m<mmax>`:

    <case>.coefficients, .synthesis      E, B and healpy.alm2map([0, E, B])
    <case>.field, .adjoint               white Q, U (RING); ducc0's adjoint
    <case>.analysis_iter0, .analysis_iter3     healpy.map2alm([0, Q, U]), equal weights
    spectra.* (nside 16)                 healpy.anafast of one T, Q, U map, lmax 47, iter 3: TT, EE, BB,
                                         TE, EB, TB; the map is spectra.map [3, npix]
"""

import ducc0
import healpy
import numpy as np

import legendre_tables
from recording import Recorder
from transform_fixtures import PACKAGES, real_pairs, relative

# (spin, lmax, mmax, nlat, nlon)
GAUSS_LEGENDRE = [
    (1, 9, 9, 10, 20), (2, 2, 2, 3, 5), (2, 7, 7, 8, 15), (2, 12, 12, 20, 29), (2, 15, 6, 16, 24),
    (2, 47, 47, 48, 96), (3, 12, 12, 13, 26), (5, 16, 9, 17, 34), (8, 20, 20, 21, 42),
]
CLENSHAW_CURTIS = [(2, 8, 8, 20, 17), (2, 15, 15, 32, 64)]
# nside -> [(lmax, mmax)]
HEALPIX = {
    1: [(2, 2)], 2: [(5, 5)], 3: [(8, 8), (8, 4)], 4: [(11, 11)], 8: [(23, 23)],
    16: [(31, 31), (47, 47), (47, 20)],
}
CONVENTIONS = (
    "spin-weighted harmonics with HEALPix's E and B, COSMO U; m >= 0; colatitude from the north pole")
TOLERANCE = "relative L2 per tensor: 1e-12 in float64"


def random_coefficients(spin, lmax, mmax, random):
    """Independent normal E, B as [2, count] complex; real for m = 0, zero below the spin."""
    count = healpy.Alm.getsize(lmax, mmax)
    a = random.standard_normal((2, count)) + 1j * random.standard_normal((2, count))
    degrees, orders = healpy.Alm.getlm(lmax, np.arange(count))
    a[:, orders == 0] = a[:, orders == 0].real
    a[:, degrees < spin] = 0
    return a


def record_rings(recorder, name, geometry, cases, nodes, seed):
    random = np.random.default_rng(seed)
    tensors = {}
    for spin, lmax, mmax, nlat, nlon in cases:
        case = f"s{spin}_l{lmax}_m{mmax}_{nlat}x{nlon}"
        weights = legendre_tables.rounded(nodes(nlat)[1])
        sizes = dict(spin=spin, lmax=lmax, mmax=mmax, geometry=geometry)
        a = random_coefficients(spin, lmax, mmax, random)
        synthesis = ducc0.sht.experimental.synthesis_2d(alm=a, ntheta=nlat, nphi=nlon, **sizes)
        field = random.standard_normal((2, nlat, nlon))
        adjoint = ducc0.sht.experimental.adjoint_synthesis_2d(map=field, **sizes)
        area = 2 * np.pi * weights[:, None] / nlon
        analysis = ducc0.sht.experimental.adjoint_synthesis_2d(map=area * field, **sizes)
        assert relative(
            ducc0.sht.experimental.adjoint_synthesis_2d(map=area * synthesis, **sizes), a) < 1e-13
        tensors |= {
            f"{case}.coefficients": real_pairs(a),
            f"{case}.synthesis": synthesis.reshape(2, -1),
            f"{case}.field": field.reshape(2, -1),
            f"{case}.adjoint": real_pairs(adjoint),
            f"{case}.analysis": real_pairs(analysis),
        }
    recorder.save(
        name, tensors, dict(geometry=geometry), seed=seed, conventions=CONVENTIONS,
        tolerance=TOLERANCE)


def record_healpix(recorder, nside, cases, seed):
    random = np.random.default_rng(seed)
    tensors = {}
    rings = ducc0.healpix.Healpix_Base(nside, "RING").sht_info()
    for lmax, mmax in cases:
        case = f"l{lmax}_m{mmax}"
        sizes = dict(lmax=lmax, mmax=mmax)
        a = random_coefficients(2, lmax, mmax, random)
        synthesis = np.array(healpy.alm2map([0 * a[0], a[0], a[1]], nside, pol=True, **sizes))[1:]
        own = ducc0.sht.experimental.synthesis(alm=a, spin=2, **sizes, **rings)
        assert relative(own, synthesis) < 1e-13
        field = random.standard_normal((2, 12 * nside**2))
        adjoint = ducc0.sht.experimental.adjoint_synthesis(map=field, spin=2, **sizes, **rings)
        tensors |= {
            f"{case}.coefficients": real_pairs(a),
            f"{case}.synthesis": synthesis,
            f"{case}.field": field,
            f"{case}.adjoint": real_pairs(adjoint),
        }
        for iterations in (0, 3):
            analysed = healpy.map2alm(
                [0 * field[0], field[0], field[1]], iter=iterations, pol=True, use_weights=False,
                use_pixel_weights=False, **sizes)
            tensors[f"{case}.analysis_iter{iterations}"] = real_pairs(np.array(analysed)[1:])
    if nside == 16:
        sky = random.standard_normal((3, 12 * nside**2))
        names = ["tt", "ee", "bb", "te", "eb", "tb"]
        tensors["spectra.map"] = sky
        tensors |= {
            f"spectra.{name}": cl
            for name, cl in zip(names, healpy.anafast(sky, lmax=47, iter=3, pol=True))}
    recorder.save(
        f"spin_healpix_nside{nside}", tensors, dict(nside=str(nside)), seed=seed,
        conventions=CONVENTIONS + "; RING; equal pixel weights 4 pi/npix; iter as in healpy",
        tolerance=TOLERANCE)


def main():
    recorder = Recorder(
        "transforms", __file__, PACKAGES, ["SpinOracleTests"], __doc__.split("\n")[0])
    record_rings(recorder, "spin_gauss_legendre", "GL", GAUSS_LEGENDRE,
                 legendre_tables.gauss_legendre_nodes, seed=3400)
    record_rings(recorder, "spin_clenshaw_curtis", "CC", CLENSHAW_CURTIS,
                 legendre_tables.clenshaw_curtis_nodes, seed=3410)
    for nside, cases in HEALPIX.items():
        record_healpix(recorder, nside, cases, seed=3420 + nside)


if __name__ == "__main__":
    main()
