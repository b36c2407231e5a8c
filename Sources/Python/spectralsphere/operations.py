"""Every operation of the conformance kit by its name."""

from __future__ import annotations

import numpy as np

from ._library import TYPES, Result, described_inputs, encoded, library


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
    descriptions, arrays = described_inputs(inputs)
    dtype = np.dtype(dtype)
    if dtype not in TYPES:
        raise TypeError(f"dtype is {dtype}, expected float64 or float32")
    return Result(library.sphere_run, operation.encode(), encoded(parameters or {}), TYPES[dtype],
                  len(arrays), descriptions).arrays
