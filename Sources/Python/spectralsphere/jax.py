"""Transforms of JAX arrays, with reverse-mode gradients of every order.

    from spectralsphere.jax import synthesis
    loss = lambda alm: ((synthesis(transform, alm) - data) ** 2).sum()
    gradient = jax.grad(loss)(alm)                   # dL/dRe a - i dL/dIm a

Each function is that of `spectralsphere.Transform` and has its bits and shapes, under `jax.jit` and
`jax.vmap` too. Transforms are linear in Re a_lm and Im a_lm, so that the backward of each is its
transpose. Forward mode (`jax.jvp`) is not offered: JAX refuses it for a `custom_vjp`.

`jax.grad` towards complex numbers is dL/dRe - i dL/dIm, the conjugate of PyTorch's and of
`Transform.synthesis_gradient`: a step of gradient descent subtracts its conjugate. Im a_l0 is not
part of the field (beyond rounding for spins above 0) and is 0 in every analysis: its gradient is 0.

Arrays are of the transform's type; nothing is converted. A float64 transform needs
`jax.config.update("jax_enable_x64", True)`. The transform runs on the CPU (`jax.pure_callback`):
JAX copies arrays of other devices there and back. What the library refuses then, numbers that are
not finite, JAX reports as its own error with the library's words in it.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from .transforms import TRANSPOSES, Transform


@partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _linear(transform, name, x):
    """The transform of a name, whose backward is the transform of the transposed name."""
    dtype, shape = transform._result(name, x.dtype, x.shape)
    # Methods of one object are equal, so that JAX compiles this once; it would a lambda every time.
    return jax.pure_callback(getattr(transform, name), jax.ShapeDtypeStruct(shape, dtype), x,
                             vmap_method="expand_dims")


def _forward(transform, name, x):
    return _linear(transform, name, x), None


def _backward(transform, name, _, cotangent):
    # Cotangents are conjugates of gradients; conj does nothing to real ones.
    return jnp.conj(_linear(transform, TRANSPOSES[name], jnp.conj(cotangent))),


_linear.defvjp(_forward, _backward)


def _checked(transform, name, x):
    """`_linear` of an array that JAX has not converted yet."""
    if not isinstance(x, (jax.Array, np.ndarray)):
        raise TypeError(f"found {type(x).__name__}, expected jax.Array or numpy.ndarray")
    if jax.dtypes.canonicalize_dtype(transform.dtype) != transform.dtype:
        raise TypeError("found a float64 transform, expected float32 since JAX converts to it; use "
                        "jax.config.update('jax_enable_x64', True), or make the transform with "
                        "dtype float32")
    transform._result(name, x.dtype, x.shape)
    return _linear(transform, name, x)


def synthesis(transform: Transform, alm: jax.Array) -> jax.Array:
    """Fields of coefficients, f_p = sum_lm a_lm Y_lm(p): `Transform.synthesis`.

    alm: complex [..., nalm], for spins above 0 [..., 2, nalm]. Returns: real [..., npix] or
    [..., 2, npix]. Cotangent: the conjugate of `Transform.synthesis_gradient`.

    Raises: TypeError (not an array, another type, float64 without jax_enable_x64), ValueError
    (shape).
    """
    return _checked(transform, "synthesis", alm)


def analysis(transform: Transform, field: jax.Array) -> jax.Array:
    """Coefficients by quadrature, a_lm = sum_p w_p f_p Y*_lm(p): `Transform.analysis`.

    Shapes and errors are those of `synthesis`, reversed. Cotangent: `Transform.analysis_gradient`
    of the conjugate.
    """
    return _checked(transform, "analysis", field)


def adjoint_synthesis(transform: Transform, field: jax.Array) -> jax.Array:
    """sum_p f_p Y*_lm(p): `Transform.adjoint_synthesis`.

    Shapes and errors are those of `analysis`. Cotangent: `Transform.adjoint_synthesis_gradient` of
    the conjugate.
    """
    return _checked(transform, "adjoint_synthesis", field)
