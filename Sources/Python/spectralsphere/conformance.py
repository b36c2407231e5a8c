"""The conformance kit: cases with what is expected, and the check of another program's outputs."""

from __future__ import annotations

import os
from typing import NamedTuple

from ._library import Result, call, described_inputs, encoded, encoded_path, library


def expect_analysis(nside: int, lmax: int, method: str = "iter3", spin: int = 0,
                    precision: str = "f64") -> dict:
    """The error to expect of coefficients to a HEALPix map and back, from measurements.

    method: "iter0" to "iter3" (healpy's iter without weights), "ring-weights", "pixel-weights",
    "order-weights", "least-squares". spin: 0 or 2. precision: "f64" or "f32". The answer has
    `error` (relative L2), `origin`, `factor`, `points` and `lower`, what would halve it:
    Docs/Exactness.md.

    Raises `UsageError` outside of what is measured.
    """
    options = {"nside": nside, "lmax": lmax, "method": method, "spin": spin,
               "precision": precision}
    return Result(library.sphere_expect_analysis, encoded(options)).lines[0]


class CheckReport(NamedTuple):
    """What `check` found."""

    rows: list[dict]
    """A row per output or unusable file: case, operation, output, error, tolerance, fault,
    passed and so on, as `sphere conformance check --format json` prints them."""
    summary: dict
    """Counts by operation, and `diagnosis`: the known faults that the failures point to."""

    @property
    def passed(self) -> bool:
        """Whether every output is within its tolerance and nothing else is there."""
        return self.summary["passed"]


def check(kit: str | os.PathLike, outputs: str | os.PathLike, cases: list[str] | None = None,
          precision: str = "files") -> CheckReport:
    """Compares outputs with a kit: a folder with a file <case id>.safetensors per case.

    cases: patterns of ids that are demanded; default: all. precision: what the program computes
    in, if it is less than the type of its files: "f32-all", "tf32", "f16" or "bf16".

    Raises `MissingInputError`, `BadInputError`, `UsageError`; not for outputs that fail.
    """
    lines = Result(library.sphere_conformance_check, encoded_path(kit), encoded_path(outputs),
                   encoded({"cases": cases, "precision": precision})).lines
    return CheckReport(lines[:-1], lines[-1])


def export(folder: str | os.PathLike, set: str = "core", seed: int | None = None,
           cases: list[str] | None = None, certified: str | os.PathLike | None = None) -> None:
    """Writes a kit into a folder, new or empty; the same seed gives the same bytes.

    set: "core" or "large". certified: a kit whose certified values are taken over.

    Raises `CannotWriteError`, `UsageError`.
    """
    call(library.sphere_conformance_export, encoded_path(folder),
         encoded({"set": set, "seed": seed, "cases": cases,
                  "certified": None if certified is None else os.fspath(certified)}))


def write_case(folder: str | os.PathLike, operation: str, parameters: dict | None = None,
               inputs: dict | None = None) -> None:
    """Writes a kit of one case, "case": an operation with what this library expects of it.

    Arguments: as for `spectralsphere.run`. Raises what it raises, and `CannotWriteError`.
    """
    descriptions, arrays = described_inputs(inputs)
    call(library.sphere_conformance_write_case, encoded_path(folder), operation.encode(),
         encoded(parameters or {}), len(arrays), descriptions)
