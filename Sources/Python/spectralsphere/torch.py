"""Transforms of PyTorch tensors, with gradients of every order.

    from spectralsphere.torch import synthesis
    loss = (synthesis(transform, alm) - data).square().sum()
    loss.backward()                                  # alm.grad = dL/dRe a + i dL/dIm a

Each function is that of `spectralsphere.Transform` and has its bits, shapes and errors. Transforms
are linear in Re a_lm and Im a_lm, so that the backward of each is its transpose and the
forward-mode derivative is the transform itself; `torch.func.vmap` adds an axis to the batch.

Gradients of complex numbers are dL/dRe + i dL/dIm, PyTorch's. For synthesis that is
(2 - delta_m0) sum_p dL/df_p Y*_lm(p) for the stored coefficients: the factor 2 is the share of
a_{l,-m}. Im a_l0 is not part of the field (beyond rounding for spins above 0) and is 0 in
every analysis: its gradient is 0.

Tensors are dense, on the CPU and of the transform's type; nothing is converted or moved. Views are
read as they stand. Gradients that are not finite are refused with `BadInputError` in the backward.
"""

from __future__ import annotations

import numpy as np
import torch

from .transforms import TRANSPOSES, Transform

_DTYPES = {torch.float32: np.dtype(np.float32), torch.float64: np.dtype(np.float64),
           torch.complex64: np.dtype(np.complex64), torch.complex128: np.dtype(np.complex128)}


class _Linear(torch.autograd.Function):
    """The transform of a name, whose backward is the transform of the transposed name."""

    @staticmethod
    def forward(transform, name, x):
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"found {type(x).__name__}, expected torch.Tensor; use the methods of "
                            "the transform for arrays")
        if x.device.type != "cpu" or x.layout != torch.strided:
            raise ValueError(f"found a tensor on {x.device} with layout {x.layout}, expected cpu "
                             "and torch.strided; use .cpu(), .to_dense()")
        transform._result(name, _DTYPES.get(x.dtype, x.dtype), tuple(x.shape))
        x = x.detach().resolve_conj().resolve_neg().numpy()
        return torch.from_numpy(getattr(transform, name)(x))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.transform, ctx.name, _ = inputs

    @staticmethod
    def backward(ctx, gradient):
        return None, None, _Linear.apply(ctx.transform, TRANSPOSES[ctx.name], gradient)

    @staticmethod
    def jvp(ctx, _, __, tangent):
        return _Linear.apply(ctx.transform, ctx.name, tangent)

    @staticmethod
    def vmap(info, in_dims, transform, name, x):
        return _Linear.apply(transform, name, x.movedim(in_dims[2], 0)), 0


def synthesis(transform: Transform, alm: torch.Tensor) -> torch.Tensor:
    """Fields of coefficients, f_p = sum_lm a_lm Y_lm(p): `Transform.synthesis`.

    alm: complex [..., nalm], for spins above 0 [..., 2, nalm]. Returns: real [..., npix] or
    [..., 2, npix]. Backward: `Transform.synthesis_gradient`.

    Raises: TypeError (not a tensor, another type), ValueError (shape, device, layout),
    `BadInputError` (numbers that are not finite).
    """
    return _Linear.apply(transform, "synthesis", alm)


def analysis(transform: Transform, field: torch.Tensor) -> torch.Tensor:
    """Coefficients by quadrature, a_lm = sum_p w_p f_p Y*_lm(p): `Transform.analysis`.

    Shapes and errors are those of `synthesis`, reversed. Backward: `Transform.analysis_gradient`.
    """
    return _Linear.apply(transform, "analysis", field)


def adjoint_synthesis(transform: Transform, field: torch.Tensor) -> torch.Tensor:
    """sum_p f_p Y*_lm(p): `Transform.adjoint_synthesis`.

    Shapes and errors are those of `analysis`. Backward: `Transform.adjoint_synthesis_gradient`.
    """
    return _Linear.apply(transform, "adjoint_synthesis", field)
