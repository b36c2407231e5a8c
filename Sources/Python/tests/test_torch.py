"""Transforms of PyTorch tensors: the bits of NumPy, and gradients against differences."""

import threading

import numpy as np
import pytest

import spectralsphere as sphere

torch = pytest.importorskip("torch")

from spectralsphere.torch import adjoint_synthesis, analysis, synthesis  # noqa: E402
from torch.autograd import gradcheck, gradgradcheck  # noqa: E402
from torch.autograd.gradcheck import GradcheckError  # noqa: E402

LMAX = 4
# Differences of a linear map are exact whatever the step: only rounding is left.
LINEAR = {"eps": 1.0, "atol": 1e-13, "rtol": 0.0}
FUNCTIONS = [synthesis, analysis, adjoint_synthesis]
# The second grid has mmax = nphi/2, the order at which e^{i m phi} is real on all rings.
GRIDS = [sphere.healpix(4), sphere.gauss_legendre(LMAX + 1, 2 * LMAX)]
TRANSFORMS = [sphere.Transform(grid, LMAX, mmax, spin) for grid in GRIDS for mmax in (LMAX, 2)
              for spin in (0, 2, 3)]


def name_of(value):
    if isinstance(value, sphere.Transform):
        return f"{value.grid}, mmax {value.mmax}, spin {value.spin}"
    return getattr(value, "__name__", None)


def tensor(transform, function, batch=(), seed=1):
    """A random argument of a function; Im a_l0 and l < spin are not 0."""
    complex_, real = ((torch.complex128, torch.float64) if transform.dtype == np.float64 else
                      (torch.complex64, torch.float32))
    of_alm = function is synthesis
    shape = batch + (2,) * (transform.spin > 0) + (transform.nalm if of_alm else
                                                   transform.grid.npix,)
    return torch.randn(shape, dtype=complex_ if of_alm else real, requires_grad=True,
                       generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
@pytest.mark.parametrize("transform", TRANSFORMS, ids=name_of)
def test_gradcheck(transform, function):
    """First and second derivatives, reverse and forward, are those of differences."""
    x = tensor(transform, function)
    assert gradcheck(lambda x: function(transform, x), x, check_forward_ad=True, **LINEAR)
    if transform.mmax == 2 and transform.grid is GRIDS[1]:
        # Of the cube, since the second derivative of a linear map is 0.
        cube = lambda x: torch.view_as_real(function(transform, x) + 0j) ** 3  # noqa: E731
        assert gradcheck(cube, x)
        assert gradgradcheck(cube, x)
        assert gradgradcheck(lambda x: function(transform, x), x)


@pytest.mark.parametrize("wrong", [
    lambda self, field: self._apply("synthesis_gradient", field, None).conj(),
    lambda self, field: self._apply("adjoint_synthesis", field, None),
    lambda self, field: (1 + 1e-9) * self._apply("synthesis_gradient", field, None)],
    ids=["conjugated", "without 2 - delta_m0", "times 1 + 1e-9"])
def test_wrong_gradients(wrong, monkeypatch):
    """Control: gradcheck finds gradients in another convention."""
    transform = TRANSFORMS[0]
    monkeypatch.setattr(sphere.Transform, "synthesis_gradient", wrong)
    with pytest.raises(GradcheckError, match="Jacobian mismatch"):
        gradcheck(lambda x: synthesis(transform, x), tensor(transform, synthesis), **LINEAR)


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
@pytest.mark.parametrize("dtype, bound", [(np.float64, 1e-13), (np.float32, 1e-5)])
@pytest.mark.parametrize("batch", [(), (0,), (1,), (3,), (2, 3)], ids=repr)
def test_bits_and_transposes(function, dtype, bound, batch):
    """Values are NumPy's bit for bit, and <F x, y> = <x, F^T y> to 1e-13 of |F x| |y|."""
    for spin in (0, 2, 3):
        transform = sphere.Transform(GRIDS[0], 8, 6, spin, dtype)
        x = tensor(transform, function, batch)
        found = function(transform, x)
        expected = getattr(transform, function.__name__)(x.detach().numpy())
        assert found.dtype == torch.from_numpy(expected).dtype
        assert np.array_equal(found.detach().numpy(), expected) and found.shape == expected.shape
        y = torch.randn(found.shape, dtype=found.dtype,
                        generator=torch.Generator().manual_seed(2))
        (back,) = torch.autograd.grad(found, x, y)
        left, right = (torch.sum(torch.real(a.conj() * b)) for a, b in ((found, y), (x, back)))
        size = found.detach().norm() * y.norm()
        assert back.shape == x.shape and abs(left - right) <= bound * size
        assert batch == (0,) or abs(left) > 1e-4 * size


def test_imaginary_parts_of_order_0():
    """Im a_l0 changes no field (beyond rounding for spins above 0), and its gradient is 0; it is 0
    in an analysis, which has no gradient from it."""
    for spin, transform in ((t.spin, t) for t in TRANSFORMS):
        alm = tensor(transform, synthesis)
        real = alm.detach().clone()
        real[..., :LMAX + 1].imag.zero_()
        field = synthesis(transform, alm)
        change = (field - synthesis(transform, real)).abs().max()
        assert change <= (1e-15 * field.abs().max() if spin else 0) and alm.imag[..., 0].all()
        field.pow(2).sum().backward()
        assert not alm.grad[..., :LMAX + 1].imag.any()
        assert alm.grad[..., spin:LMAX + 1].real.all() and alm.grad[..., LMAX + 1:].imag.any()
        field = tensor(transform, analysis)
        found = analysis(transform, field)[..., :LMAX + 1].imag
        assert not found.any()
        found.sum().backward()
        assert field.grad.abs().max() <= (1e-15 if spin else 0)


def test_views():
    """Views, lazily conjugated and expanded tensors have the values and gradients of copies."""
    transform = TRANSFORMS[0]
    memory = tensor(transform, synthesis, (3, 2))
    for view in (lambda x: x[:, 0], lambda x: x.transpose(0, 1), lambda x: x.conj(),
                 lambda x: x[:1, :1].expand(4, 5, -1),
                 lambda x: torch.stack([x, x], -1)[..., 1]):
        results = []
        for copy in (lambda x: x, lambda x: x.resolve_conj().contiguous()):
            field = synthesis(transform, copy(view(memory)))
            (gradient,) = torch.autograd.grad(field.pow(3).sum(), memory)
            results.append((field, gradient))
        (a, da), (b, db) = results
        assert torch.equal(a, b) and torch.equal(da, db) and da.any()
    # The gradient of a sum is one number with strides 0.
    (gradient,) = torch.autograd.grad(synthesis(transform, memory).sum(), memory)
    expected = transform.synthesis_gradient(np.ones((3, 2, transform.grid.npix)))
    assert np.array_equal(gradient.numpy(), expected)


def test_functional():
    """torch.func: vmap along any axis, Jacobians in both modes."""
    transform = TRANSFORMS[1]
    loss = lambda x: synthesis(transform, x).pow(3).sum()  # noqa: E731
    alm = tensor(transform, synthesis, (3,)).detach()
    expected = torch.func.grad(loss)(alm)
    found = torch.func.vmap(torch.func.grad(loss), in_dims=2, out_dims=2)(alm.movedim(0, 2))
    assert torch.equal(found.movedim(2, 0), expected) and expected.any()
    field = tensor(transform, analysis).detach()
    reverse, forward = (jacobian(lambda x: analysis(transform, x).real)(field)
                        for jacobian in (torch.func.jacrev, torch.func.jacfwd))
    assert torch.allclose(reverse, forward, rtol=0, atol=1e-14) and reverse.any()


def test_refusals():
    transform = TRANSFORMS[0]
    alm = tensor(transform, synthesis).detach()
    for bad, error, match in [
            (alm.numpy(), TypeError, "found ndarray, expected torch.Tensor"),
            (alm.to(torch.complex64), TypeError, "torch.complex64|complex64, expected complex128"),
            (alm.real, TypeError, "float64, expected complex128"),
            (alm.real.bfloat16(), TypeError, "bfloat16, expected complex128"),
            (alm[:-1], ValueError, r"shape \(14,\), expected \(..., 15\)"),
            (alm.to("meta"), ValueError, "on meta .* expected cpu"),
            (alm.to_sparse(), ValueError, "torch.sparse_coo, expected cpu and torch.strided"),
            (alm * np.nan, sphere.BadInputError, "expected finite numbers")]:
        with pytest.raises(error, match=match):
            synthesis(transform, bad)
    field = synthesis(transform, alm.requires_grad_())
    with pytest.raises(sphere.BadInputError, match="finite"):
        (field * np.inf).sum().backward()


def test_threads():
    """Forward and backward of one transform in many threads: the bits of one thread."""
    transform = sphere.Transform(sphere.healpix(8), 20, spin=2)
    memory = tensor(transform, synthesis).detach()

    def gradient():
        alm = memory.clone().requires_grad_()
        synthesis(transform, alm).pow(3).sum().backward()
        return alm.grad
    expected, found = gradient(), []
    threads = [threading.Thread(target=lambda: found.extend(gradient() for _ in range(20)))
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80 and all(torch.equal(expected, one) for one in found)


def test_training():
    """Gradient descent on sum_p w_p (f_p - d_p)^2/2 finds the coefficients of a map.

    On an exact grid the Hessian is 1 for m = 0 and 2 for m > 0: with a step of 2/3 each error is
    a third of the last one, and of the 1e-16 that rounding leaves.
    """
    grid = sphere.gauss_legendre(9, 18)
    transform = sphere.Transform(grid, 8)
    weight = torch.from_numpy(np.repeat(grid.rings.weight, grid.rings.nphi))
    true = tensor(transform, synthesis).detach()
    true[:9].imag.zero_()
    data = synthesis(transform, true)
    alm = torch.zeros_like(true, requires_grad=True)
    optimizer = torch.optim.SGD([alm], lr=2 / 3)
    for step in range(1, 31):
        optimizer.zero_grad()
        (weight * (synthesis(transform, alm) - data) ** 2 / 2).sum().backward()
        optimizer.step()
        error = (alm.detach() - true).norm() / true.norm()
        assert abs(error - 3.0 ** -step) <= 1e-14
