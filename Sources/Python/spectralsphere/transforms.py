"""Transforms between a grid and coefficients."""

from __future__ import annotations

from ctypes import c_int64

import numpy as np

from ._library import TYPES, Array, Handle, call, library
from .grids import Grid

_OPERATIONS = {"synthesis": 1, "analysis": 2, "adjoint_synthesis": 3, "synthesis_gradient": 4,
               "analysis_gradient": 5}
_OF_ALM = {"synthesis", "analysis_gradient", "adjoint_synthesis_gradient"}
# Transforms are linear in Re and Im: the gradient of each is its transpose, and the reverse.
TRANSPOSES = {"synthesis": "synthesis_gradient", "analysis": "analysis_gradient",
              "adjoint_synthesis": "adjoint_synthesis_gradient"}
TRANSPOSES |= {gradient: name for name, gradient in TRANSPOSES.items()}
_COMPLEX = {np.dtype(np.float64): np.dtype(np.complex128),
            np.dtype(np.float32): np.dtype(np.complex64)}


def alm_size(lmax: int, mmax: int | None = None) -> int:
    """Number of coefficients with 0 <= m <= mmax, m <= l <= lmax: healpy's `Alm.getsize`."""
    mmax = lmax if mmax is None else mmax
    if not 0 <= mmax <= lmax:
        raise ValueError(f"mmax is {mmax}, expected 0...lmax = 0...{lmax}")
    return (mmax + 1) * (2 * lmax + 2 - mmax) // 2


def alm_index(l, m, lmax: int):
    """Place of (l, m): m (2 lmax + 1 - m)/2 + l, healpy's `Alm.getidx(lmax, l, m)`."""
    return m * (2 * lmax + 1 - m) // 2 + l


class Transform:
    """Transforms of one spin between a grid and degrees up to lmax.

    For spin 0, f(p) = sum_lm a_lm Y_lm(p) with orthonormal Y_lm (Condon-Shortley phase); `alm` are
    the complex a_lm of a real field with m >= 0, in healpy's order (`alm_index`).
    For other spins two fields and two sets: Q + iU = -sum_lm (E_lm + i B_lm) sY_lm, healpy's signs
    for spin 2.

    Shapes: coefficients [..., alm_size] complex and fields [..., npix] real for spin 0, both with
    an axis of length 2 before the last one (E and B, Q and U) for other spins. Axes before that are
    a batch. Contiguous arrays of the transform's type are not converted; other types are refused,
    other strides are read as they stand.

    Args: grid; spin, 0 to 8; lmax and mmax, both inclusive; dtype, float64 or float32;
    nthreads, which does not change results.

    Raises: `UsageError`, `BadInputError` (numbers that are not finite), ValueError (shapes), TypeError
    (types).
    """

    def __init__(self, grid: Grid, lmax: int, mmax: int | None = None, spin: int = 0,
                 dtype=np.float64, nthreads: int = 1):
        self.grid, self.lmax, self.spin, self.nthreads = grid, lmax, spin, nthreads
        self.mmax = lmax if mmax is None else mmax
        self.dtype = np.dtype(dtype)
        if self.dtype not in _COMPLEX:
            raise TypeError(f"dtype is {self.dtype}, expected float64 or float32")
        self._complex = _COMPLEX[self.dtype]
        self._handle = Handle(library.sphere_transform_create, grid._handle.number, spin, lmax,
                              self.mmax, TYPES[self.dtype])
        self.nalm = alm_size(lmax, self.mmax)
        """Number of coefficients of one set."""
        self._count = 1 if spin == 0 else 2
        # What is taken (name, type, last axes) and made (type, last axis), of fields and of alm.
        npix, nalm = (grid.npix,), (self.nalm,)
        pair = (2,) * (self._count - 1)
        self._sides = (("field", self.dtype, pair + npix, self._complex, nalm),
                       ("alm", self._complex, pair + nalm, self.dtype, npix))
        # Descriptions of arrays by shape and strides, all but the addresses.
        self._descriptions = {}

    def synthesis(self, alm: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Fields of coefficients, f_p = sum_lm a_lm Y_lm(p); healpy's `alm2map`."""
        return self._apply("synthesis", alm, out)

    def analysis(self, field: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Coefficients by quadrature, a_lm = sum_p w_p f_p Y*_lm(p); healpy's `map2alm` with
        iter=0. Whether it is exact up to lmax is not asked."""
        return self._apply("analysis", field, out)

    def adjoint_synthesis(self, field: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """sum_p f_p Y*_lm(p): ducc0's `adjoint_synthesis`."""
        return self._apply("adjoint_synthesis", field, out)

    def synthesis_gradient(self, field: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Gradient dL/dRe a + i dL/dIm a (PyTorch's) of a loss towards the stored coefficients,
        from dL/df: (2 - delta_m0) sum_p f_p Y*_lm(p)."""
        return self._apply("synthesis_gradient", field, out)

    def analysis_gradient(self, alm: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Gradient of a loss towards the field, from dL/dRe a + i dL/dIm a of its analysis."""
        return self._apply("analysis_gradient", alm, out)

    def adjoint_synthesis_gradient(self, alm: np.ndarray,
                                   out: np.ndarray | None = None) -> np.ndarray:
        """Gradient of a loss towards the field, from dL/dRe a + i dL/dIm a of its
        adjoint_synthesis: sum_{m >= 0} Re(a_lm Y_lm(p)), the synthesis of a_lm/(2 - delta_m0)."""
        alm = np.array(alm)
        self._result("adjoint_synthesis_gradient", alm.dtype, alm.shape)
        alm[..., self.lmax + 1:] *= 0.5
        return self.synthesis(alm, out)

    # Arrays

    def _result(self, name, dtype, shape):
        """Type and shape of what the transform of this name makes of an array of a type and shape.

        Raises: TypeError, ValueError where it takes no such array.
        """
        source, expected, tail, target, length = self._sides[name in _OF_ALM]
        if dtype != expected:
            raise TypeError(f"{source} has the type {dtype}, expected {expected}; convert it, "
                            "or make the transform with another dtype")
        if shape[-self._count:] != tail:
            raise ValueError(f"{source} has the shape {shape}, expected (..., "
                             f"{', '.join(map(str, tail))})")
        return target, shape[:-1] + length

    def _apply(self, name, source, out):
        source = np.asarray(source)
        dtype, shape = self._result(name, source.dtype, source.shape)
        if out is None:
            target = np.empty(shape, dtype)
        elif out.dtype != dtype or out.shape != shape or not out.flags.writeable:
            raise ValueError(f"out is {out.dtype} {out.shape}, expected writeable {dtype} {shape}")
        elif np.may_share_memory(source, out) and np.shares_memory(source, out):
            raise ValueError("out overlaps the input, expected arrays of their own")
        else:
            target = out
        # Complex numbers that lie one behind the other are read in place, whatever the other axes
        # do; batches of one axis too.
        batch = source.ndim - self._count
        if not self._is_readable(source, batch):
            source = np.ascontiguousarray(source)
        own = target if self._is_readable(target, batch) else np.empty(shape, dtype)
        arguments = (self._handle.number, _OPERATIONS[name], self.nthreads, self._count,
                     self._described(source, batch), self._described(own, batch))
        # A message costs a microsecond: a call that is refused is made again with one.
        if library.sphere_transform_apply(*arguments, None):
            call(library.sphere_transform_apply, *arguments)
        if own is not target:
            target[...] = own
        return target

    def _is_readable(self, array, batch):
        return array.flags.c_contiguous or (
            batch <= 1 and (array.dtype == self.dtype or array.strides[-1] == array.itemsize))

    def _described(self, array, batch):
        """Descriptions of the one or two components of an array, with one axis of a batch."""
        pair = array.dtype == self._complex
        key = (array.shape, None if array.flags.c_contiguous else array.strides, pair)
        known = self._descriptions.get(key)
        if known is None:
            if len(self._descriptions) >= 64:
                self._descriptions = {}
            known = self._descriptions[key] = self._description(array, batch, pair)
        template, offset, _ = known
        descriptions = (Array * self._count).from_buffer_copy(template)
        place = array.ctypes.data
        descriptions[0].data = place
        if self._count == 2:
            descriptions[1].data = place + offset
        return descriptions

    def _description(self, array, batch, pair):
        size = self.dtype.itemsize
        shape, strides = list(array.shape), [step // size for step in array.strides]
        if pair:
            shape.append(2)
            strides.append(1)
        offset = 0
        if self._count == 2:
            offset = strides.pop(batch) * size
            shape.pop(batch)
        # Several axes of a batch are contiguous: one takes their place.
        if batch > 1:
            length = 1
            for axis in shape[:batch]:
                length *= axis
            shape, strides = [length] + shape[batch:], [strides[batch - 1]] + strides[batch:]
        numbers = c_int64 * len(shape)
        kept = numbers(*shape), numbers(*strides)
        one = Array(None, TYPES[self.dtype], len(shape), *kept, None)
        return bytes((Array * self._count)(*[one] * self._count)), offset, kept
