"""Records Fixtures/transforms: scalar spherical harmonic transforms of random fields, in float64.

    gauss_legendre.safetensors, clenshaw_curtis.safetensors     ducc0
    healpix_nside<N>.safetensors, N = 1, 2, 3, 4, 8, 16         healpy; adjoints by ducc0
    torch_harmonics.safetensors                                 torch-harmonics, equiangular grids

Coefficients are [count, 2] (re, im), m-major as healpy orders them: index m (2 lmax + 1 - m)/2 +
l. The imaginary parts of m = 0 vanish.

Ring grids, for case `l<lmax>_m<mmax>_<nlat>x<nlon>`; rings from north to south, first longitude
0:

    <case>.coefficients    random a_lm
    <case>.synthesis       their field [nlat, nlon]
    <case>.field           another, random field [nlat, nlon], white noise
    <case>.adjoint         sum over the points of field times conj(Y_lm): ducc0's adjoint_synthesis
    <case>.analysis        quadrature of `field`
    colatitudes.<nlat>, weights.<nlat>      nodes, and weights in cos(theta) (sum 2), from 40 digits

On Clenshaw-Curtis rings (both poles) every case has nlat >= 2 lmax + 1, so that the quadrature is
exact for the synthesised field: ducc0's analysis gives the coefficients back. Analysis of the
white field is written with the weights, as adjoint(field * 2 pi w_j/nlon); ducc0's own analysis
agrees on Gauss-Legendre rings, and on Clenshaw-Curtis ones for every band-limited field. Both are
asserted here.

HEALPix, for case `l<lmax>_m<mmax>`; maps RING [npix]:

    <case>.coefficients, .synthesis     a_lm and healpy.alm2map
    <case>.map                          a white-noise map; .adjoint as above
    <case>.analysis_iter0, .analysis_iter3     healpy.map2alm(map), equal weights, no pixel weights
    spectra.*  (nside 16)               healpy.anafast of two maps, lmax 47, iter 3: first_map,
                                        second_map -> auto_first, auto_second, cross

torch-harmonics, for case `<nlat>x<nlon>_l<degrees>_m<orders>` (counts: l < degrees, m < orders):

    <case>.field [2, nlat, nlon] -> <case>.analysis [2, degrees, orders, 2]
    <case>.coefficients [2, degrees, orders, 2] -> <case>.synthesis [2, nlat, nlon]
    <case>.analysis_gradient     gradient of sum Re(conj(coefficients) analysis(field)) by field
    <case>.synthesis_gradient    gradient of sum field * synthesis(coefficients) (dL/dRe, dL/dIm)

There every coefficient is random, also those with l < m (without effect) and the imaginary parts
of m = 0 and of the Nyquist order nlon/2 (dropped by the synthesis, which counts the Nyquist order
once).
"""

import ducc0
import healpy
import numpy as np
import torch
from torch_harmonics import InverseRealSHT, RealSHT

import legendre_tables
from recording import Recorder

# (lmax, mmax, nlat, nlon)
GAUSS_LEGENDRE = [
    (0, 0, 1, 1), (1, 1, 2, 3), (7, 7, 8, 15), (8, 8, 9, 18), (15, 6, 16, 24), (12, 12, 20, 29),
    (31, 31, 32, 64), (47, 47, 48, 96), (47, 20, 48, 64),
]
CLENSHAW_CURTIS = [
    (0, 0, 2, 1), (1, 1, 3, 3), (7, 7, 15, 16), (8, 8, 20, 17), (15, 15, 32, 64), (12, 5, 25, 24),
    (23, 23, 47, 48), (31, 31, 64, 64),
]
# nside -> [(lmax, mmax)]
HEALPIX = {
    1: [(0, 0), (2, 2)],
    2: [(3, 3), (5, 5)],
    3: [(8, 8), (8, 4)],
    4: [(8, 8), (11, 11), (11, 5)],
    8: [(16, 16), (23, 23), (23, 9)],
    16: [(31, 31), (47, 47), (47, 20)],
}
# (nlat, nlon, degrees, orders)
EQUIANGULAR = [(8, 16, 11, 9), (9, 18, 9, 10), (16, 32, 23, 12), (32, 64, 47, 33)]

ORTHONORMAL = (
    "orthonormal Y_lm, Condon-Shortley phase, colatitude from the north pole, real fields, m >= 0")
PACKAGES = ["ducc0", "healpy", "torch", "torch-harmonics", "numpy", "mpmath"]


def random_coefficients(lmax, mmax, random):
    """Independent normal coefficients as [1, count] complex; real for m = 0."""
    count = healpy.Alm.getsize(lmax, mmax)
    a = random.standard_normal(count) + 1j * random.standard_normal(count)
    a[: lmax + 1] = a[: lmax + 1].real
    return a[None, :]


def real_pairs(a):
    """Complex [...] -> float64 [..., 2]."""
    return np.stack([a.real, a.imag], axis=-1)


def ducc_adjoint_2d(field, geometry, lmax, mmax):
    return ducc0.sht.experimental.adjoint_synthesis_2d(
        map=field[None], spin=0, lmax=lmax, mmax=mmax, geometry=geometry)[0]


def relative(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b)


def record_rings(recorder, name, geometry, cases, nodes, seed):
    random = np.random.default_rng(seed)
    tensors = {}
    for lmax, mmax, nlat, nlon in cases:
        case = f"l{lmax}_m{mmax}_{nlat}x{nlon}"
        colatitudes, weights = (legendre_tables.rounded(numbers) for numbers in nodes(nlat))
        tensors[f"colatitudes.{nlat}"], tensors[f"weights.{nlat}"] = colatitudes, weights
        sizes = dict(spin=0, lmax=lmax, mmax=mmax, geometry=geometry)
        a = random_coefficients(lmax, mmax, random)
        synthesis = ducc0.sht.experimental.synthesis_2d(alm=a, ntheta=nlat, nphi=nlon, **sizes)[0]
        field = random.standard_normal((nlat, nlon))
        area = 2 * np.pi * weights[:, None] / nlon
        analysis = ducc_adjoint_2d(area * field, geometry, lmax, mmax)
        back = ducc0.sht.experimental.analysis_2d(map=synthesis[None], **sizes)[0]
        assert relative(back, a[0]) < 1e-13
        assert relative(ducc_adjoint_2d(area * synthesis, geometry, lmax, mmax), a[0]) < 1e-13
        if geometry == "GL":
            own = ducc0.sht.experimental.analysis_2d(map=field[None], **sizes)[0]
            assert relative(own, analysis) < 1e-13
        tensors |= {
            f"{case}.coefficients": real_pairs(a[0]),
            f"{case}.synthesis": synthesis,
            f"{case}.field": field,
            f"{case}.adjoint": real_pairs(ducc_adjoint_2d(field, geometry, lmax, mmax)),
            f"{case}.analysis": real_pairs(analysis),
        }
    recorder.save(
        name, tensors, dict(geometry=geometry), seed=seed, conventions=ORTHONORMAL,
        tolerance="relative L2 per tensor: 1e-12 in float64")


def record_healpix(recorder, nside, cases, seed):
    random = np.random.default_rng(seed)
    tensors = {}
    rings = ducc0.healpix.Healpix_Base(nside, "RING").sht_info()
    for lmax, mmax in cases:
        case = f"l{lmax}_m{mmax}"
        a = random_coefficients(lmax, mmax, random)
        sizes = dict(lmax=lmax, mmax=mmax)
        synthesis = healpy.alm2map(a[0], nside, pixwin=False, **sizes)
        own = ducc0.sht.experimental.synthesis(alm=a, spin=0, **sizes, **rings)[0]
        assert relative(own, synthesis) < 1e-13
        sky = random.standard_normal(12 * nside**2)
        adjoint = ducc0.sht.experimental.adjoint_synthesis(
            map=sky[None], spin=0, **sizes, **rings)[0]
        tensors |= {
            f"{case}.coefficients": real_pairs(a[0]),
            f"{case}.synthesis": synthesis,
            f"{case}.map": sky,
            f"{case}.adjoint": real_pairs(adjoint),
        }
        for iterations in (0, 3):
            analysed = healpy.map2alm(
                sky, iter=iterations, pol=False, use_weights=False, use_pixel_weights=False,
                **sizes)
            tensors[f"{case}.analysis_iter{iterations}"] = real_pairs(analysed)
    if nside == 16:
        first, second = tensors["l47_m47.synthesis"], tensors["l47_m47.map"]
        pairs = {
            "auto_first": (first, None), "auto_second": (second, None), "cross": (first, second)}
        tensors |= {"spectra.first_map": first, "spectra.second_map": second}
        for pair, (one, other) in pairs.items():
            tensors[f"spectra.{pair}"] = healpy.anafast(one, other, lmax=47, iter=3, pol=False)
    recorder.save(
        f"healpix_nside{nside}", tensors, dict(nside=str(nside)), seed=seed,
        conventions=ORTHONORMAL + "; RING; equal pixel weights 4 pi/npix; iter as in healpy",
        tolerance="relative L2 per tensor: 1e-12 in float64")


def record_torch_harmonics(recorder, seed):
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    tensors = {}
    for nlat, nlon, degrees, orders in EQUIANGULAR:
        case = f"{nlat}x{nlon}_l{degrees}_m{orders}"
        sizes = dict(lmax=degrees, mmax=orders, grid="equiangular", norm="ortho", csphase=True)
        field = normal(2, nlat, nlon).requires_grad_()
        coefficients = torch.view_as_complex(normal(2, degrees, orders, 2)).requires_grad_()
        analysis = RealSHT(nlat, nlon, **sizes)(field)
        (coefficients.detach().conj() * analysis).real.sum().backward()
        synthesis = InverseRealSHT(nlat, nlon, **sizes)(coefficients)
        (field.detach() * synthesis).sum().backward()
        tensors |= {
            f"{case}.field": field.detach().numpy(),
            f"{case}.coefficients": real_pairs(coefficients.detach().numpy()),
            f"{case}.analysis": real_pairs(analysis.detach().numpy()),
            f"{case}.synthesis": synthesis.detach().numpy(),
            f"{case}.analysis_gradient": field.grad.numpy(),
            f"{case}.synthesis_gradient": real_pairs(coefficients.grad.numpy()),
        }
    recorder.save(
        "torch_harmonics", tensors, dict(grid="equiangular, theta_j = pi j/(nlat - 1)"), seed=seed,
        conventions=ORTHONORMAL + "; sizes are counts; dense [degrees, orders], l < m included",
        tolerance="relative L2 per tensor: 1e-12 in float64",
        used_by=["TransformOracleTests", "PublishedFixtureTests"])


def main():
    torch.set_num_threads(1)
    recorder = Recorder(
        "transforms", __file__, PACKAGES, ["TransformOracleTests"], __doc__.split("\n")[0])
    record_rings(recorder, "gauss_legendre", "GL", GAUSS_LEGENDRE,
                 legendre_tables.gauss_legendre_nodes, seed=3000)
    record_rings(recorder, "clenshaw_curtis", "CC", CLENSHAW_CURTIS,
                 legendre_tables.clenshaw_curtis_nodes, seed=3100)
    for nside, cases in HEALPIX.items():
        record_healpix(recorder, nside, cases, seed=3200 + nside)
    record_torch_harmonics(recorder, seed=3300)


if __name__ == "__main__":
    main()
