"""What the kit says about wrong conventions: the NumPy backend with one fault at a time.

    python wrong_conventions.py KIT [--fault NAME ...] [--details]

Runs every case with each fault of FAULTS put into numpy_sphere.py or numpy_backend.py and prints a
Markdown table: which operations fail, in how many of their cases, with which error (the smallest
of the failing cases' worst errors, and the largest), and the smallest error in tolerances. Without a fault
everything must pass, which is checked first.
"""

import argparse
import contextlib
import math
import pathlib

import numpy as np
from safetensors.numpy import load_file

import numpy_backend as backend
import numpy_sphere as sphere
from measures import error, share
from wrong_transforms import TRANSFORM_FAULTS, patched

ORIGINAL_NORMALISATION = backend.batch_normalisation


# --- Layers and networks -----------------------------------------------------------------------


def reread(shape, weights):
    """Weights [..., a, b] whose file is taken to be [..., b, a]."""
    return np.swapaxes(weights.reshape(shape), -1, -2)


def transposed_degreewise(x, weights):
    degrees, inputs, outputs = weights.shape
    output, pullback = backend_original("degreewise_mixing")(
        x, reread((degrees, outputs, inputs), weights))

    def back(dy):
        dx, dw = pullback(dy)
        return dx, np.swapaxes(dw, -1, -2).reshape(weights.shape)

    return output, back


ORIGINALS = {name: getattr(backend, name) for name in (
    "degreewise_mixing", "orderwise_mixing", "dense", "batch_normalisation", "relu", "adam",
    "mean_inpainting", "gaussian_field", "published_network", "monomials")}


def backend_original(name):
    return ORIGINALS[name]
