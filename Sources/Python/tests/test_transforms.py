"""Transforms on NumPy arrays against their definitions, and the shapes and types they take."""

import threading

import numpy as np
import pytest

import spectralsphere as sphere

LMAX = 6


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def coefficients(rng, shape=(), lmax=LMAX, spin=0):
    """Random alm with real m = 0 and nothing below the spin."""
    size = sphere.alm_size(lmax)
    alm = rng.standard_normal(shape + (size,)) + 1j * rng.standard_normal(shape + (size,))
    alm[..., :lmax + 1].imag = 0
    for m in range(lmax + 1):
        for l in range(m, spin):
            alm[..., sphere.alm_index(l, m, lmax)] = 0
    return alm


def points(grid):
    theta, phi0, nphi, _ = grid.rings
    return (np.repeat(theta, nphi),
            np.concatenate([p + 2 * np.pi * np.arange(n) / n for p, n in zip(phi0, nphi)]))


def harmonics(grid):
    """Y_lm at all points, m >= 0, from the functions by name."""
    theta, phi = points(grid)
    values = sphere.run("legendre", {"lmax": LMAX, "orders": list(range(LMAX + 1))},
                        {"theta": theta})["lambda"]
    return np.stack([values[m, :, l] * np.exp(1j * m * phi)
                     for m in range(LMAX + 1) for l in range(m, LMAX + 1)])


GRIDS = [sphere.healpix(2), sphere.gauss_legendre(7, 15), sphere.clenshaw_curtis(9, 16),
         sphere.rings([0.0, 1.0, 2.5], [1, 5, 8], [0.3, 0.1, 0.2], [0.2, 0.5, 0.7])]


@pytest.mark.parametrize("grid", GRIDS, ids=repr)
def test_definitions(grid, rng):
    """All transforms are their sums. Control: without the conjugate they are not."""
    y = harmonics(grid)
    twice = np.array([1 if m == 0 else 2 for m in range(LMAX + 1) for _ in range(m, LMAX + 1)])
    weight = np.repeat(grid.rings.weight, grid.rings.nphi)
    transform = sphere.Transform(grid, LMAX)
    alm, field = coefficients(rng), rng.standard_normal(grid.npix)
    expected = {
        "synthesis": (alm, ((twice * alm) @ y).real),
        "analysis": (field, y.conj() @ (weight * field)),
        "adjoint_synthesis": (field, y.conj() @ field),
        "analysis_gradient": (alm, weight * (alm @ y).real),
        "adjoint_synthesis_gradient": (alm, (alm @ y).real),
    }
    for name, (source, value) in expected.items():
        found = getattr(transform, name)(source)
        assert np.allclose(found, value, rtol=0, atol=1e-13 * np.abs(value).max()), name
    gradient = transform.synthesis_gradient(field)
    assert np.allclose(gradient[LMAX + 1:], 2 * (y.conj() @ field)[LMAX + 1:], atol=1e-12)
    assert np.allclose(gradient[:LMAX + 1], (y @ field)[:LMAX + 1].real, atol=1e-12)
    assert not np.allclose(transform.analysis(field), y @ (weight * field), atol=1e-3)


@pytest.mark.parametrize("spin", [0, 1, 2, 3])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_round_trip(spin, dtype, rng):
    """Coefficients come back from an exact grid; gradients are transposes."""
    grid = sphere.gauss_legendre(LMAX + 1, 2 * LMAX + 2)
    transform = sphere.Transform(grid, LMAX, spin=spin, dtype=dtype, nthreads=2)
    alm = coefficients(rng, (2,) if spin else (), spin=spin)
    alm = alm.astype(np.complex128 if dtype == np.float64 else np.complex64)
    again = transform.analysis(transform.synthesis(alm))
    assert np.abs(again - alm).max() <= 100 * np.finfo(dtype).eps
    field = rng.standard_normal(transform.synthesis(alm).shape).astype(dtype)
    gradient = transform.synthesis_gradient(field)
    left = np.vdot(transform.synthesis(alm), field)
    right = np.vdot(alm.real, gradient.real) + np.vdot(alm.imag, gradient.imag)
    assert abs(left - right) <= 1000 * np.finfo(dtype).eps * abs(left)
    assert abs(left) > 1e-2


def test_arrays(rng):
    """Batches, strides, out: the same numbers, and nothing else is written."""
    transform = sphere.Transform(sphere.healpix(2), LMAX, spin=2)
    alm = coefficients(rng, (3, 4, 2), spin=2)
    expected = np.stack([[transform.synthesis(a) for a in row] for row in alm])
    assert np.allclose(transform.synthesis(alm), expected, atol=1e-14, rtol=0)
    strided = np.zeros((3, 4, 2, 2 * alm.shape[-1]), complex)[..., ::2]
    strided[...] = alm
    assert np.allclose(transform.synthesis(strided), expected, atol=1e-14, rtol=0)
    swapped = np.ascontiguousarray(alm.transpose(1, 0, 2, 3)).transpose(1, 0, 2, 3)
    assert np.allclose(transform.synthesis(swapped), expected, atol=1e-14, rtol=0)
    every = np.full((3, 4, 2, 3 * 48), 7.0)
    out = every[..., ::3]
    assert transform.synthesis(alm, out) is out
    assert np.allclose(out, expected, atol=1e-14, rtol=0)
    assert (every[..., 1::3] == 7).all() and (every[..., 2::3] == 7).all()
    one = np.asfortranarray(alm[0])
    assert np.allclose(transform.synthesis(one), expected[0], atol=1e-14, rtol=0)
    assert transform.synthesis(np.zeros((0, 2, alm.shape[-1]), complex)).shape == (0, 2, 48)
    assert transform.synthesis(alm[:, ::2]).shape == (3, 2, 2, 48)
    assert np.allclose(transform.synthesis(alm[::-1, ::2]), expected[::-1, ::2], atol=1e-14, rtol=0)


def test_threads(rng):
    """One transform in many threads: the bits of one thread."""
    transform = sphere.Transform(sphere.healpix(8), 20)
    alm = coefficients(rng, lmax=20)
    expected = transform.synthesis(alm)
    wrong = []

    def work():
        for _ in range(50):
            if not np.array_equal(transform.synthesis(alm), expected):
                wrong.append(1)
    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_refusals(rng):
    grid = sphere.healpix(2)
    transform = sphere.Transform(grid, LMAX)
    alm = coefficients(rng)
    for bad in (np.nan, np.inf):
        other = alm.copy()
        other[3] = bad
        with pytest.raises(sphere.BadInputError, match="finite"):
            transform.synthesis(other)
    with pytest.raises(TypeError, match="complex64"):
        transform.synthesis(alm.astype(np.complex64))
    with pytest.raises(ValueError, match="shape"):
        transform.synthesis(alm[:-1])
    with pytest.raises(TypeError, match="float64"):
        transform.analysis(np.zeros(48, int))
    with pytest.raises(ValueError, match="out"):
        transform.synthesis(alm, np.zeros(47))
    memory = np.zeros(200)
    with pytest.raises(ValueError, match="overlaps"):
        sphere.Transform(grid, 1).adjoint_synthesis(memory[:48], memory[2:8].view(complex))
    with pytest.raises(sphere.UsageError, match="spin is 9"):
        sphere.Transform(grid, 9, spin=9)
    with pytest.raises(sphere.UsageError, match="mmax"):
        sphere.Transform(grid, 4, 5)
    with pytest.raises(sphere.UsageError, match="size is 0"):
        sphere.healpix(0)
    with pytest.raises(sphere.BadInputError, match="north to south"):
        sphere.rings([1, 0.5], [4, 4])
    with pytest.raises(TypeError, match="float16"):
        sphere.Transform(grid, 4, dtype=np.float16)
    assert issubclass(sphere.UsageError, ValueError) and sphere.UsageError.status == 64


def test_operations():
    found = sphere.run("gauss_legendre", {"count": 5})
    nodes, weights = np.polynomial.legendre.leggauss(5)
    assert np.allclose(found["nodes" if "nodes" in found else "cos_theta"], nodes[::-1], atol=1e-15)
    assert np.allclose(found["weights"], weights, atol=1e-15)
    with pytest.raises(sphere.BadInputError, match="lagrange"):
        sphere.run("lagrange")
    with pytest.raises(sphere.BadInputError, match="lmax"):
        sphere.run("legendre", {}, {"theta": [1.0]})
    with pytest.raises(TypeError, match="complex"):
        sphere.run("legendre", {"lmax": 1, "orders": [0]}, {"theta": [1j]})
