"""Cases of a conformance kit, and cases of one's own inputs."""

from __future__ import annotations

import fnmatch
import functools
import json
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from safetensors.numpy import load, load_file

from .. import conformance
from ..grids import Rings
from ._grids import KINDS, CaseGrid, recognised

KIT_VARIABLE = "SPECTRALSPHERE_KIT"
FORMAT = "spectral-sphere-conformance"
GRID = ("ring_theta", "ring_phi0", "ring_count", "ring_weight")
# Parameters that a case need not have, and what they are then.
DEFAULTS = {"spin": 0, "nyquist": "evaluated", "complex_gradient": "re+im"}
# Tensors whose last axis is [re, im].
COMPLEX = {"a", "b", "e", "amplitude", "coefficients", "y", "rotated", "smoothed", "laplacian",
           "coefficients_gradient", "e_gradient", "b_gradient", "rotated_gradient",
           "gradient.coefficients"}
COMPLEX_OF_LAYERS = {
    "degreewise_mixing": {"x", "output", "output_gradient", "input_gradient"},
    "orderwise_mixing": {"x", "output", "output_gradient", "input_gradient"},
    "band_powers": {"x", "input_gradient"}}


def is_complex(operation: str, name: str) -> bool:
    """Whether a tensor of an operation has pairs [re, im] on its last axis."""
    return name in COMPLEX or name in COMPLEX_OF_LAYERS.get(operation, ())


def complex_of(pairs: np.ndarray) -> np.ndarray:
    """[..., 2] real -> [...] complex."""
    return pairs[..., 0] + 1j * pairs[..., 1]


class Case:
    """An operation with its inputs and what is expected of it; `str(case)` is its id."""

    def __init__(self, entry: dict, source: pathlib.Path | bytes, faults: dict[str, dict]):
        """entry: the case as the manifest has it. source: its file, or the bytes of it.
        faults: every known fault by its name, as the manifest has it."""
        self.entry = entry
        self.source = source
        self.known_faults = faults
        self.id: str = entry["id"]
        self.operation: str = entry["operation"]
        """Its name in Docs/Conformance.md."""
        self.faults: tuple[str, ...] = tuple(entry.get("faults") or ())
        """Names of the faults that the case catches."""

    @property
    def parameters(self) -> dict:
        """Numbers, texts and lists of integers, as a new dict."""
        return json.loads(json.dumps(self.entry["parameters"]))

    @property
    def tolerance(self) -> dict[str, dict[str, float]]:
        """The largest error that passes, by output and by type or precision ("F64", "F32")."""
        return {item["name"]: dict(item["tolerance"]) for item in self.entry["outputs"]}

    @functools.cached_property
    def _file(self) -> dict[str, np.ndarray]:
        if isinstance(self.source, bytes):
            return load(self.source)
        return load_file(self.source)

    @property
    def tensors(self) -> dict[str, np.ndarray]:
        """Copies of the inputs as the file has them: complex numbers are [..., 2] real ones."""
        return {item["name"]: self._file["input." + item["name"]].copy()
                for item in self.entry["inputs"]}

    @property
    def inputs(self) -> dict[str, np.ndarray]:
        """Copies of the inputs: float64, int64, complex128."""
        return {name: self._number(name, values) for name, values in self.tensors.items()}

    @property
    def expected(self) -> dict[str, np.ndarray]:
        """Copies of the expected outputs; empty for random fields, which are judged as samples."""
        return {item["name"]: self._number(item["name"],
                                           self._file["expected." + item["name"]].copy())
                for item in self.entry["outputs"] if item["measure"] != "distribution"}

    def _number(self, name, values):
        return complex_of(values) if is_complex(self.operation, name) else values

    @functools.cached_property
    def grid(self) -> CaseGrid | None:
        """Its grid; None if it has none."""
        if any("input." + name not in self._file for name in GRID):
            return None
        return recognised(Rings(*(self._file["input." + name] for name in GRID)))

    @property
    def lm(self) -> tuple[np.ndarray, np.ndarray]:
        """l and m of every place of coefficients, m-major; KeyError without lmax."""
        return places(self.parameters["lmax"], self.parameters.get("mmax"))

    def parameter(self, name: str):
        """A parameter, or what it is where a case does not have it; None for a foreign one."""
        given = self.entry["parameters"]
        return given.get(name, given.get("lmax") if name == "mmax" else DEFAULTS.get(name))

    def __str__(self) -> str:
        return self.id

    def __repr__(self) -> str:
        """Id and parameters; of one's own inputs also those numbers that are not 0."""
        parameters = ", ".join(f"{k}={v!r}" for k, v in self.entry["parameters"].items())
        if not isinstance(self.source, bytes):
            return f"<Case {self.id}: {self.operation}, {parameters}>"
        parts = [f"{self.operation}({parameters})"]
        if self.grid is not None:
            parts.append(f"{self.grid.kind} with {self.grid.rings.nphi.tolist()} points")
        parts += [self._nonzero(name, values) for name, values in self.inputs.items()
                  if name not in GRID]
        return f"<Case {'; '.join(filter(None, parts))}>"

    def _nonzero(self, name, values, most=6):
        places_of = np.argwhere(values)
        terms = []
        for index in places_of[:most]:
            place = f"{index.tolist()}"
            if is_complex(self.operation, name) and "lmax" in self.entry["parameters"]:
                l, m = self.lm
                place = f"{index[:-1].tolist()} l {l[index[-1]]}, m {m[index[-1]]}"
            terms.append(f"{name}{place} = {values[tuple(index)]:g}")
        if len(places_of) > most:
            terms.append(f"{len(places_of) - most} more of {name}")
        return "; ".join(terms)


def places(lmax: int, mmax: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """l and m of every place of coefficients: m = 0...mmax, l = m...lmax."""
    pairs = [(l, m) for m in range((lmax if mmax is None else mmax) + 1)
             for l in range(m, lmax + 1)]
    return tuple(np.array(pairs, np.int64).reshape(-1, 2).T)


# --- Kits ----------------------------------------------------------------------------------------


def kit_folder(kit: str | os.PathLike | None = None) -> pathlib.Path:
    """The folder of the kit: the argument; SPECTRALSPHERE_KIT; the kit in the package; in a
    checkout, Fixtures/conformance.

    Raises FileNotFoundError.
    """
    package = pathlib.Path(__file__).resolve().parent.parent
    named = kit or os.environ.get(KIT_VARIABLE)
    shipped = [package / "kit", package.parents[2] / "Fixtures" / "conformance"]
    for folder in [pathlib.Path(named)] if named else shipped:
        if (folder / "manifest.json").is_file():
            return folder.resolve()
    looked = named or " and ".join(map(str, shipped))
    raise FileNotFoundError(
        f"no conformance kit (a folder with manifest.json) in {looked}; make one with "
        f"spectralsphere.conformance.export(FOLDER) and name it in {KIT_VARIABLE} or kit=")


def kit_cases(folder: pathlib.Path) -> list[Case]:
    """All cases of a kit; read once as long as the manifest does not change.

    Raises FileNotFoundError, ValueError.
    """
    return _kit_cases(folder, (folder / "manifest.json").stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _kit_cases(folder, _time):
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found = f"{manifest['format']!r}, version {manifest['version']}"
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no manifest of a kit: {error!r}") from error
    if (manifest["format"], manifest["version"]) != (FORMAT, 2):
        raise ValueError(f"{path} is {found}, expected {FORMAT!r}, version 2; export the kit again")
    faults = {fault["name"]: fault for fault in manifest["faults"]}
    return [Case(entry, folder / entry["file"], faults) for entry in manifest["cases"]]


# --- Selection -----------------------------------------------------------------------------------


def cases(operation: str = "*", pattern: str = "*", kit: str | os.PathLike | None = None,
          grid: str | Iterable[str] | None = None, **parameters) -> list[Case]:
    """The cases of a kit that fit, for `pytest.mark.parametrize("case", cases(...), ids=str)`.

    operation: a name of Docs/Conformance.md, or one without "scalar_" and "spin_" for both, such
    as "synthesis"; or a pattern with shell wildcards. pattern: of ids. kit: a folder; default: see
    `kit_folder`. grid: kinds of `CaseGrid`. parameters: what a case must have, a value or several
    ones, spin=0 or lmax=range(64); without them a case has spin 0, nyquist "evaluated" and
    complex_gradient "re+im".

    Raises ValueError if nothing fits, with what there is; FileNotFoundError without a kit.
    """
    folder = kit_folder(kit)
    chosen = _of_operation(kit_cases(folder), operation)
    chosen = _kept(chosen, lambda case: fnmatch.fnmatchcase(case.id, pattern),
                   f"has an id like {pattern!r}", lambda case: case.id)
    for name, wanted in parameters.items():
        chosen = _kept(chosen, lambda case: _fits(case.parameter(name), wanted),
                       f"has {name} = {wanted!r}", lambda case: case.parameter(name))
    if grid is not None:
        kinds = {grid} if isinstance(grid, str) else set(grid)
        if not kinds <= set(KINDS):
            raise ValueError(f"grid is {grid!r}, expected some of {', '.join(KINDS)}")
        chosen = _kept(chosen, lambda case: case.grid is not None and case.grid.kind in kinds,
                       f"has the grid {grid!r}", lambda case: case.grid and case.grid.kind)
    return chosen


def _fits(value, wanted):
    if isinstance(wanted, (str, bytes)) or not isinstance(wanted, Iterable):
        return value == wanted
    return value == wanted or any(value == one for one in wanted)


def _of_operation(found, operation):
    names = {case.operation for case in found}
    plain = {name: name.removeprefix("scalar_").removeprefix("spin_") for name in names}
    wanted = ({operation} & names
              or {name for name in names if plain[name] == operation}
              or set(fnmatch.filter(names, operation)))
    if not wanted:
        raise ValueError(f"the kit has no operation {operation!r}; it has "
                         f"{', '.join(sorted(names))}")
    return [case for case in found if case.operation in wanted]


def _kept(found, fits, text, values):
    kept = [case for case in found if fits(case)]
    if not kept:
        there = sorted({str(values(case)) for case in found})
        more = f" and {len(there) - 20} more" if len(there) > 20 else ""
        raise ValueError(f"none of the {len(found)} cases {text}; there is "
                         f"{', '.join(there[:20])}{more}")
    return kept


def reasons(known: Mapping[str, str] | None, found: list[Case]) -> dict[str, str]:
    """Ids of cases that are known to fail, with the reason.

    Raises ValueError for a pattern that fits no case.
    """
    result = {}
    for pattern, reason in (known or {}).items():
        ids = fnmatch.filter([case.id for case in found], pattern)
        if not ids:
            raise ValueError(f"known: no case has an id like {pattern!r}; remove it, or take one "
                             f"of {', '.join(case.id for case in found[:20])}")
        result.update(dict.fromkeys(ids, reason))
    return result


def each_case(operation: str = "*", *, known: Mapping[str, str] | None = None,
              **selection) -> Callable:
    """Decorates a test with the argument `case`: it runs once for each case that fits.

    known: reasons by patterns of ids, for cases that are known to fail. These are strict: one that
    passes is a failure. selection: as for `cases`. Raises what `cases` raises, and ValueError for
    a pattern of `known` that fits no case.
    """
    import pytest

    found = cases(operation, **selection)
    why = reasons(known, found)
    return pytest.mark.parametrize("case", [
        pytest.param(case, id=case.id, marks=[pytest.mark.xfail(reason=why[case.id], strict=True)]
                     if case.id in why else []) for case in found])


# --- One's own inputs ----------------------------------------------------------------------------


def reference_case(operation: str, parameters: dict | None = None, inputs: dict | None = None,
                   scales: dict[str, float] | None = None) -> Case:
    """A case of one's own inputs, with what this library expects and allows.

    Arguments: as for `spectralsphere.run`; complex inputs may be complex arrays. scales: by
    output, the norm below which that of the expected output does not count, for inputs whose terms
    cancel: an output that is 0 but for rounding has no relative error.

    Raises `UsageError`, `BadInputError`; KeyError for a scale of an unknown output.
    """
    arrays = {}
    for name, values in (inputs or {}).items():
        values = np.asarray(values)
        if np.iscomplexobj(values):
            if not is_complex(operation, name):
                raise TypeError(f"{name} of {operation} has the type {values.dtype}, expected real "
                                "numbers")
            values = np.stack([values.real, values.imag], axis=-1)
        arrays[name] = values
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        conformance.write_case(folder, operation, parameters, arrays)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        entry = manifest["cases"][0]
        source = (folder / entry["file"]).read_bytes()
    items = {item["name"]: item for item in entry["outputs"]}
    for name, scale in (scales or {}).items():
        items[name]["scale"] = float(scale)
    return Case(entry, source, {fault["name"]: fault for fault in manifest["faults"]})
