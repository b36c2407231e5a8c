"""The shim against healpy itself: equal to 1e-12 where both answer, an exception where healpy
guesses."""

import numpy as np
import pytest

healpy = pytest.importorskip("healpy")

import spectralsphere.healpy as shim  # noqa: E402

NSIDE, LMAX = 16, 40


def deviation(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    return np.abs(found - expected).max() / np.abs(expected).max()


@pytest.fixture
def rng():
    return np.random.default_rng(2)


@pytest.fixture
def alms(rng):
    size = healpy.Alm.getsize(LMAX)
    alms = rng.standard_normal((3, size)) + 1j * rng.standard_normal((3, size))
    alms[:, :LMAX + 1].imag = 0
    l, _ = healpy.Alm.getlm(LMAX)
    alms[1:, l < 2] = 0
    return alms


@pytest.fixture
def maps(alms):
    return healpy.alm2map(alms, NSIDE)


def test_transforms(alms, maps):
    assert deviation(shim.alm2map(alms[0], NSIDE), maps[0]) < 1e-12
    assert deviation(shim.alm2map(alms, NSIDE), maps) < 1e-12
    assert deviation(shim.alm2map(alms, NSIDE, pol=False),
                     healpy.alm2map(alms, NSIDE, pol=False)) < 1e-12
    assert deviation(shim.alm2map(alms, NSIDE), maps + 1e-9) > 1e-12
    for iterations in (0, 1, 3):
        expected = healpy.map2alm(maps, lmax=32, iter=iterations)
        assert deviation(shim.map2alm(maps, lmax=32, iter=iterations), expected) < 1e-12
    assert deviation(shim.map2alm(maps[0], iter=1), healpy.map2alm(maps[0], iter=1)) < 1e-12
    assert deviation(shim.map2alm(maps[0], lmax=32, mmax=9),
                     healpy.map2alm(maps[0], lmax=32, mmax=9)) < 1e-12


@pytest.mark.parametrize("spin", [1, 2, 3])
def test_spins(spin, alms):
    pair = [np.where(healpy.Alm.getlm(LMAX)[0] < spin, 0, a) for a in alms[1:]]
    expected = healpy.alm2map_spin(pair, NSIDE, spin, LMAX)
    assert deviation(shim.alm2map_spin(pair, NSIDE, spin, LMAX), expected) < 1e-12
    assert deviation(shim.map2alm_spin(expected, spin, 32),
                     healpy.map2alm_spin(expected, spin, 32)) < 1e-12


def test_spectra(alms, maps):
    other = maps[:, ::-1].copy()
    assert deviation(shim.anafast(maps, lmax=32), healpy.anafast(maps, lmax=32)) < 1e-12
    assert deviation(shim.anafast(maps[0], other[0], lmax=32),
                     healpy.anafast(maps[0], other[0], lmax=32)) < 1e-12
    assert deviation(shim.anafast(maps, other, lmax=32),
                     healpy.anafast(maps, other, lmax=32)) < 1e-12
    assert deviation(shim.alm2cl(alms[0]), healpy.alm2cl(alms[0])) < 1e-12
    cl, alm = shim.anafast(maps[0], lmax=20, alm=True)
    assert cl.shape == (21,) and alm.shape == (231,)


def test_coefficients(alms, maps):
    assert deviation(shim.almxfl(alms[0], np.arange(20.0)),
                     healpy.almxfl(alms[0], np.arange(20.0))) < 1e-12
    assert deviation(shim.smoothalm(alms, 0.1), healpy.smoothalm(alms, 0.1, inplace=False)) < 1e-12
    assert deviation(shim.smoothing(maps, 0.2, lmax=32), healpy.smoothing(maps, 0.2, lmax=32)) < 1e-12
    expected = alms.copy()
    healpy.rotate_alm(expected, 0.3, 0.7, 1.1)
    assert deviation(shim.rotate_alm(alms[0], 0.3, 0.7, 1.1), expected[0]) < 1e-12
    assert deviation(shim.gauss_beam(0.1, 50), healpy.gauss_beam(0.1, 50)) < 1e-12


def test_pixels(rng, maps):
    theta, phi = np.arccos(rng.uniform(-1, 1, 2000)), rng.uniform(-7, 14, 2000)
    for nest in (False, True):
        assert (shim.ang2pix(NSIDE, theta, phi, nest) == healpy.ang2pix(NSIDE, theta, phi, nest)).all()
        found = shim.pix2ang(NSIDE, np.arange(100), nest)
        assert np.abs(np.array(found) - healpy.pix2ang(NSIDE, np.arange(100), nest)).max() < 1e-14
    pixels = np.arange(12 * NSIDE ** 2)
    assert (shim.ring2nest(NSIDE, pixels) == healpy.ring2nest(NSIDE, pixels)).all()
    assert (shim.nest2ring(NSIDE, pixels) == healpy.nest2ring(NSIDE, pixels)).all()
    assert deviation(shim.get_interp_val(maps[0], theta, phi),
                     healpy.get_interp_val(maps[0], theta, phi)) < 1e-12
    assert shim.ang2pix(4, 0.5, 1.0) == healpy.ang2pix(4, 0.5, 1.0)


def test_refusals(maps):
    for bad in (np.nan, healpy.UNSEEN):
        broken = maps[0].copy()
        broken[5] = bad
        with pytest.raises(ValueError, match="not observed"):
            shim.map2alm(broken)
    with pytest.raises(ValueError, match="12 nside"):
        shim.map2alm(np.zeros(100))
    with pytest.raises(ValueError, match="fit no lmax"):
        shim.alm2map(np.zeros(7, complex), 4)
    with pytest.raises(ValueError, match="3 nside - 1"):
        shim.alm2map(np.zeros(healpy.Alm.getsize(12), complex), 4)
    with pytest.raises(ValueError, match="T, E and B"):
        shim.alm2map(np.zeros((2, 10), complex), 4)
    with pytest.raises(ValueError, match="outside"):
        shim.pix2ang(2, [48])
    with pytest.raises(TypeError, match="integers"):
        shim.ring2nest(2, [1.5])
    with pytest.raises(ValueError, match="iter"):
        shim.map2alm(np.zeros(48), iter=-1)


def spectra_of(lmax):
    l = np.arange(lmax + 1.0)
    tt, ee, bb = 100 / (l + 1) ** 2, 3 / (l + 2) ** 2, 0.1 / (l + 1)
    return [tt, ee, bb, 0.4 * np.sqrt(tt * ee)]


def test_random_fields():
    """The same seed gives healpy's coefficients and maps."""
    cls = spectra_of(LMAX)
    for arguments in ({}, {"lmax": 30}):
        found, expected = [], []
        for function, results in ((shim.synalm, found), (healpy.synalm, expected)):
            np.random.seed(3)
            results.extend([function(cls[0], **arguments), *function(cls, new=True, **arguments)])
        for a, b in zip(found, expected):
            assert deviation(a, b) < 1e-12
    np.random.seed(4)
    expected = healpy.synfast(cls, NSIDE, new=True)
    np.random.seed(4)
    assert deviation(shim.synfast(cls, NSIDE, new=True), expected) < 1e-12
    np.random.seed(5)
    assert deviation(shim.synfast(cls, NSIDE, new=True), expected) > 0.1
    np.random.seed(4)
    smooth = healpy.synfast(cls[0], NSIDE, fwhm=0.1)
    np.random.seed(4)
    maps, alms = shim.synfast(cls[0], NSIDE, fwhm=0.1, alm=True)
    assert deviation(maps, smooth) < 1e-12
    assert deviation(shim.alm2map(alms, NSIDE), maps) < 1e-12


def test_random_fields_have_their_spectra():
    """Means over 400 fields within five standard errors, correlations among them."""
    lmax, count = 12, 400
    cls = spectra_of(lmax) + [np.full(lmax + 1, 0.001), None]
    assert shim.synalm(cls[0], mmax=3).size == shim.Alm.getsize(lmax, 3)
    rng = np.random.default_rng(8)
    mean = np.mean([shim.alm2cl(shim.synalm(cls, new=True, rng=rng)) for _ in range(count)], axis=0)
    powers = dict(zip("TEB", cls[:3]))
    names = ["TT", "EE", "BB", "TE", "EB", "TB"]
    l = np.arange(lmax + 1)
    for found, name, c in zip(mean, names, cls):
        expected = np.zeros(lmax + 1) if c is None else c
        variance = (powers[name[0]] * powers[name[1]] + expected ** 2) / (2 * l + 1) / count
        assert (np.abs(found - expected) < 5 * np.sqrt(variance)).all(), name


def test_random_fields_that_there_are_not():
    tt, ee, bb, te = spectra_of(8)
    for cls in ([tt, ee, bb, 3 * te], [-tt, ee, bb, te], [0 * tt, ee, bb, te]):
        with pytest.raises(ValueError, match="no field"):
            shim.synalm(cls, new=True)
    with pytest.raises(ValueError, match="no field"):
        shim.synalm(-tt)
    with pytest.raises(ValueError, match="finite"):
        shim.synalm(np.full(4, np.nan))
    with pytest.raises(ValueError, match="new=True"):
        shim.synalm([tt, ee, bb, te])
    with pytest.raises(ValueError, match="found 3 spectra"):
        shim.synalm([tt, ee, bb], new=True)
    # A correlation of 1 is allowed: E is T's shadow.
    t, e, _ = shim.synalm([tt, ee, bb, np.sqrt(tt * ee)], new=True)
    l, _ = shim.Alm.getlm(8)
    assert deviation(e, t * np.sqrt(ee / tt)[l]) < 1e-6
