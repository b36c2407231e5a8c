"""Every operation of the conformance kit by its name."""

from __future__ import annotations

import ctypes
import json

import numpy as np

from ._library import DTYPES, TYPES, Array, Handle, call, described, library


def run(operation: str, parameters: dict | None = None, inputs: dict | None = None,
        dtype=np.float64) -> dict[str, np.ndarray]:
    """Runs an operation that Docs/Conformance.md describes, and returns its outputs by name.

    parameters: numbers, texts and lists of integers. inputs: arrays by name; floating numbers are
    converted to float64 unless they are float32, integers to int64. Complex numbers have a last
    axis of length 2. dtype: float64 or float32, in which the operation runs.

    >>> run("legendre", {"lmax": 2, "orders": [0]}, {"theta": [0.5]})["lambda"].shape
    (1, 1, 3)

    Raises `UsageError`, `BadInputError`.
    """
    arrays = {}
    for name, values in (inputs or {}).items():
        values = np.asarray(values)
        if values.dtype.kind in "iub":
            values = values.astype(np.int64, copy=False)
        elif values.dtype != np.float32:
            if values.dtype.kind not in "f":
                raise TypeError(f"{name} has the type {values.dtype}, expected real numbers")
            values = values.astype(np.float64, copy=False)
        arrays[name] = values
    described_arrays = (Array * max(len(arrays), 1))(
        *(described(array, name.encode()) for name, array in arrays.items()))
    dtype = np.dtype(dtype)
    if dtype not in TYPES:
        raise TypeError(f"dtype is {dtype}, expected float64 or float32")
    result = Handle(library.sphere_run, operation.encode(), json.dumps(parameters or {}).encode(),
                    TYPES[dtype], len(arrays), described_arrays)
    count = ctypes.c_int64()
    call(library.sphere_result_count, result.number, ctypes.byref(count))
    outputs = {}
    for index in range(count.value):
        array = Array()
        call(library.sphere_result_array, result.number, index, ctypes.byref(array))
        shape = tuple(array.shape[axis] for axis in range(array.rank))
        values = np.empty(shape, DTYPES[array.type])
        ctypes.memmove(values.ctypes.data, array.data, values.nbytes)
        outputs[array.name.decode()] = values
    return outputs
