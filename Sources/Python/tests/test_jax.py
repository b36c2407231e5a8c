"""Transforms of JAX arrays: the bits of NumPy, gradients against differences and PyTorch's."""

import threading

import numpy as np
import pytest

import spectralsphere as sphere

jax = pytest.importorskip("jax")

import jax.numpy as jnp  # noqa: E402
from jax.test_util import check_grads  # noqa: E402
from spectralsphere.jax import adjoint_synthesis, analysis, synthesis  # noqa: E402

LMAX = 4
FUNCTIONS = [synthesis, analysis, adjoint_synthesis]
GRIDS = [sphere.healpix(4), sphere.gauss_legendre(LMAX + 1, 2 * LMAX)]
TRANSFORMS = [sphere.Transform(grid, LMAX, mmax, spin) for grid in GRIDS for mmax in (LMAX, 2)
              for spin in (0, 2, 3)]


def name_of(value):
    if isinstance(value, sphere.Transform):
        return f"{value.grid}, mmax {value.mmax}, spin {value.spin}"
    return getattr(value, "__name__", None)


@pytest.fixture(autouse=True)
def double_precision():
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def numbers(transform, function, batch=()):
    """A random argument of a function; Im a_l0 and l < spin are not 0."""
    rng = np.random.default_rng(1)
    of_alm = function is synthesis
    shape = batch + (2,) * (transform.spin > 0) + (transform.nalm if of_alm else
                                                   transform.grid.npix,)
    real = rng.standard_normal(shape).astype(transform.dtype)
    return real + 1j * real[..., ::-1] if of_alm else real


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
@pytest.mark.parametrize("transform", TRANSFORMS, ids=name_of)
def test_gradients(transform, function):
    """First and second derivatives are those of differences, towards random directions."""
    x = jnp.asarray(numbers(transform, function))
    check_grads(lambda x: function(transform, x), (x,), order=1, modes=["rev"])
    check_grads(lambda x: function(transform, x) ** 2, (x,), order=2, modes=["rev"])


@pytest.mark.parametrize("wrong", [
    lambda self, field: self._apply("synthesis_gradient", field, None).conj(),
    lambda self, field: self._apply("adjoint_synthesis", field, None)],
    ids=["conjugated", "without 2 - delta_m0"])
def test_wrong_gradients(wrong, monkeypatch):
    """Control: check_grads finds gradients in another convention."""
    transform = TRANSFORMS[0]
    monkeypatch.setattr(sphere.Transform, "synthesis_gradient", wrong)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check_grads(lambda x: synthesis(transform, x), (numbers(transform, synthesis),), order=1,
                    modes=["rev"])


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("batch", [(), (0,), (1,), (3,), (2, 3)], ids=repr)
def test_bits(function, dtype, batch):
    """Values are NumPy's bit for bit: plain and under jit."""
    for spin in (0, 2, 3):
        transform = sphere.Transform(GRIDS[0], 8, 6, spin, dtype)
        x = numbers(transform, function, batch)
        expected = getattr(transform, function.__name__)(x)
        for run in (lambda x: function(transform, x), jax.jit(lambda x: function(transform, x))):
            found = run(jnp.asarray(x))
            assert found.dtype == expected.dtype and found.shape == expected.shape
            assert np.array_equal(found, expected)


@pytest.mark.parametrize("transform", TRANSFORMS[:3], ids=name_of)
def test_gradients_of_pytorch(transform):
    """Gradients towards alm are conjugates of PyTorch's, towards fields the same. Control: those
    towards alm are not the same. Im a_l0 has the gradient 0."""
    torch = pytest.importorskip("torch")
    import spectralsphere.torch as bridge
    for function in FUNCTIONS:
        x = numbers(transform, function)
        # A loss that does not treat Re and Im alike.
        found = np.asarray(jax.grad(lambda x: (function(transform, x) ** 3).real.sum())(x))
        tensor = torch.from_numpy(x).requires_grad_()
        (getattr(bridge, function.__name__)(transform, tensor) ** 3).real.sum().backward()
        expected = tensor.grad.numpy()
        bound = 1e-13 * np.abs(expected).max()
        assert np.abs(found - expected.conj()).max() <= bound
        if function is synthesis:
            assert np.abs(found - expected).max() > 1e12 * bound
            assert not found[..., :LMAX + 1].imag.any()


def test_vmap():
    """vmap along any axis, of values and gradients, with and without jit: those of a batch."""
    for transform in TRANSFORMS[:2]:
        alm = jnp.asarray(numbers(transform, synthesis, (3, 2)))
        loss = lambda x: (synthesis(transform, x) ** 3).sum()  # noqa: E731
        value = jax.vmap(lambda x: synthesis(transform, x), in_axes=-1)
        slope = jax.vmap(jax.vmap(jax.grad(loss)), in_axes=-1)
        moved = jnp.moveaxis(alm, 0, -1)
        for wrap in (lambda f: f, jax.jit):
            assert np.array_equal(wrap(value)(moved), transform.synthesis(np.asarray(alm)))
            expected = np.asarray(wrap(jax.grad(loss))(alm))
            assert np.array_equal(wrap(slope)(moved), expected) and expected.any()


def test_compilations():
    """Without jit, too, a transform is compiled for its first call and for no other."""
    events = []
    jax.monitoring.register_event_duration_secs_listener(
        lambda name, *_, **__: events.append(name) if "backend_compile" in name else None)
    transform = sphere.Transform(GRIDS[0], LMAX)
    alm = jnp.asarray(numbers(transform, synthesis))
    counts = []
    for _ in range(3):
        events.clear()
        synthesis(transform, alm)
        counts.append(len(events))
    assert counts[0] > 0 and counts[1:] == [0, 0]


def test_refusals():
    transform = TRANSFORMS[0]
    alm = numbers(transform, synthesis)
    for run in (lambda x: synthesis(transform, x), jax.jit(lambda x: synthesis(transform, x))):
        for bad, error, match in [
                (alm.astype(np.complex64), TypeError, "complex64, expected complex128"),
                (alm.real, TypeError, "float64, expected complex128"),
                (alm[:-1], ValueError, r"shape \(14,\), expected \(..., 15\)"),
                (alm * np.nan, (RuntimeError, ValueError), "BadInputError: .*finite numbers")]:
            with pytest.raises(error, match=match):
                jax.block_until_ready(run(bad))
    with pytest.raises(TypeError, match="found list, expected jax.Array"):
        synthesis(transform, list(alm))
    with pytest.raises(TypeError, match="custom_vjp"):
        jax.jvp(lambda x: synthesis(transform, x), (alm,), (alm,))
    jax.config.update("jax_enable_x64", False)
    with pytest.raises(TypeError, match="jax_enable_x64"):
        synthesis(transform, alm)
    # JAX would make complex64 of it.
    with pytest.raises(TypeError, match="complex128, expected complex64"):
        synthesis(sphere.Transform(GRIDS[0], LMAX, dtype=np.float32), alm)


def test_threads():
    """Gradients of one transform in many threads: the bits of one thread."""
    transform = sphere.Transform(sphere.healpix(8), 20, spin=2)
    alm = jnp.asarray(numbers(transform, synthesis))
    gradient = jax.jit(jax.grad(lambda x: (synthesis(transform, x) ** 3).sum()))
    expected, found = np.asarray(gradient(alm)), []
    threads = [threading.Thread(target=lambda: found.extend(gradient(alm) for _ in range(20)))
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80 and all(np.array_equal(expected, one) for one in found)
