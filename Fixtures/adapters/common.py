"""What every adapter needs: reading a kit, grids by name, writing outputs, saying what is absent.

An operation is a function of p, the parameters, and t, the input tensors by name; it returns the
output tensors by name, complex where the file has pairs [re, im]. It raises Absent where the
library does not offer the case. Names of kit version 1 (`spin2_synthesis`) are read as those of
version 2 (`spin_synthesis`, with the parameter `spin`).

An adapter writes FOLDER/<case id>.safetensors, and beside them absent.json (case id: reason),
raised.json (case id: the exception that the library raised), seconds.json and versions.json. It
prints the id of a case before it starts it, so that a crash or a hang has a name.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import sys
import time

import numpy as np
from safetensors.numpy import load_file, save_file

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "generators" / "ports"))
from kit import GRID, complex_of, demanded, read_manifest  # noqa: E402

METHODS = ["synthesis", "analysis", "adjoint_synthesis", "synthesis_gradient", "analysis_gradient"]
FROM_COEFFICIENTS = {
    "synthesis", "analysis_gradient", "masked_synthesis", "masked_analysis_gradient",
    "iterated_analysis_gradient", "least_squares_analysis_gradient"}


class Absent(Exception):
    """The library does not offer this case."""


# Of the library: float32 only where an adapter says so.
PRECISION = os.environ.get("ADAPTER_PRECISION", "float64")

# --- Coefficients --------------------------------------------------------------------------------


def order_of(p):
    return p.get("mmax", p["lmax"])


def places(lmax, mmax=None):
    """l and m of every place, m-major."""
    mmax = lmax if mmax is None else mmax
    m = np.repeat(np.arange(mmax + 1), lmax + 1 - np.arange(mmax + 1))
    start = np.cumsum(lmax + 1 - np.arange(mmax + 1)) - (lmax + 1 - np.arange(mmax + 1))
    return np.arange(len(m)) - start[m] + m, m


def twice(p):
    """2 - delta_m0 of every place."""
    return np.where(places(p["lmax"], order_of(p))[1] > 0, 2, 1)


def to_dense(a, p, size=None):
    """[..., lm] -> [..., l, m]; `size`: number of degrees and orders, if more than needed."""
    l, m = places(p["lmax"], order_of(p))
    shape = (p["lmax"] + 1, order_of(p) + 1) if size is None else size
    dense = np.zeros((*a.shape[:-1], *shape), complex)
    dense[..., l, m] = a
    return dense


def from_dense(dense, p):
    """[..., l, m] -> [..., lm]."""
    l, m = places(p["lmax"], order_of(p))
    return dense[..., l, m]


# Which gradient of a complex number the library gives: dL/dRe + i dL/dIm, as PyTorch, or its
# conjugate, "re-im", as JAX.
GRADIENT = "re+im"


def gradient_of(p, z):
    """Border: a complex gradient in the convention of the case from the library's, or the other
    way round."""
    return z if p.get("complex_gradient", "re+im") == GRADIENT else np.conj(z)


# --- Grids ---------------------------------------------------------------------------------------


def cosine_weights(theta):
    """The weights, sum 2, that integrate cos(k theta), k < number of nodes."""
    k = np.arange(len(theta))
    moments = np.where(k % 2 == 0, 2 / (1 - k.astype(float) ** 2 + (k == 1)), 0)
    return np.linalg.solve(np.cos(np.outer(k, theta)), moments)


def named_nodes(kind, n):
    """theta and weights, sum 2, of a grid with n rings."""
    j = np.arange(n)
    if kind == "gauss_legendre":
        z, weights = np.polynomial.legendre.leggauss(n)
        return np.arccos(z[::-1]), weights[::-1]
    if kind == "driscoll_healy":
        theta = np.pi * j / n
        return theta, np.concatenate([[0], cosine_weights(theta[1:])])
    theta = {
        "clenshaw_curtis": lambda: np.pi * j / max(n - 1, 1),
        "fejer1": lambda: (j + 0.5) * np.pi / n,
        "fejer2": lambda: (j + 1) * np.pi / (n + 1),
        "mcewen_wiaux": lambda: (2 * j + 1) * np.pi / (2 * n - 1)}[kind]()
    return theta, cosine_weights(theta)


KINDS = [
    "gauss_legendre", "clenshaw_curtis", "fejer1", "fejer2", "driscoll_healy", "mcewen_wiaux"]


class Grid:
    """The rings of a case."""

    def __init__(self, t):
        self.theta, self.phi0, self.count, self.weight = (t[name] for name in GRID)
        self.rings, self.points = len(self.theta), int(np.sum(self.count))
        self.start = np.cumsum(self.count) - self.count

    @property
    def point_weights(self):
        return np.repeat(self.weight, self.count)

    def directions(self):
        ring = np.repeat(np.arange(self.rings), self.count)
        place = np.arange(self.points) - self.start[ring]
        return self.theta[ring], self.phi0[ring] + 2 * np.pi * place / self.count[ring]

    def longitudes(self):
        """The number of points of every ring, where all rings are alike and start at 0."""
        if not self.rings or len(set(self.count)) > 1 or np.any(self.phi0):
            raise Absent("rings of several lengths, or turned in longitude")
        return int(self.count[0])

    def kind(self, offered=KINDS):
        """The name of the nodes in theta."""
        for kind in offered:
            if kind == "mcewen_wiaux" and self.rings < 2:
                continue
            theta, _ = named_nodes(kind, self.rings)
            if np.allclose(theta, self.theta, rtol=0, atol=1e-12):
                return kind
        raise Absent("the library does not have these rings")

    def require_weights(self, kind):
        """That the case's weights are those of the nodes, which the library takes from itself."""
        _, weights = named_nodes(kind, self.rings)
        own = 2 * np.pi * weights / self.longitudes()
        if not np.allclose(self.weight, own, rtol=0, atol=1e-10 * np.max(own)):
            raise Absent("weights that are not those of the nodes")

    def nside(self):
        """The nside whose rings the grid is."""
        nside = (self.rings + 1) // 4
        if nside and self.rings == 4 * nside - 1 and self.points == 12 * nside**2:
            ring = np.arange(1, 4 * nside)
            i = np.minimum(np.minimum(ring, 4 * nside - ring), nside)
            if np.array_equal(self.count, 4 * i) and abs(
                    np.cos(self.theta[0]) - 1 + 1 / (3 * nside**2)) < 1e-13:
                return nside
        raise Absent("rings that are not HEALPix's")

    def require_equal_weights(self):
        if not np.allclose(self.weight, 4 * np.pi / self.points, rtol=1e-13):
            raise Absent("weights that differ from ring to ring")


def require_fourier(p, longitudes, nyquist="once"):
    """For libraries that transform rings by real FFTs of orders up to half the points.

    `nyquist`: how the library counts the order of half the points, None for not at all."""
    if 2 * order_of(p) > longitudes:
        raise Absent("orders beyond half the points of a ring")
    if 2 * order_of(p) == longitudes and p.get("nyquist", "evaluated") != nyquist:
        raise Absent("the order of half the points, counted otherwise by the library")


# --- Operations ----------------------------------------------------------------------------------


def transform(method, function):
    """An operation from function(p, t, x); x [lanes, components, places or points], complex for
    coefficients. Components are one, or (E, B) and (Q, U)."""

    def compute(p, t):
        suffix = "_gradient" if method.endswith("_gradient") else ""
        sides = (["e", "b"], ["q", "u"]) if p.get("spin") else (["coefficients"], ["field"])
        given, wanted = sides if method in FROM_COEFFICIENTS else sides[::-1]
        x = np.stack([t[name + suffix] for name in given], axis=1)
        if method in FROM_COEFFICIENTS:
            x = complex_of(x)
            x = gradient_of(p, x) if suffix else x
        result = function(p, t, x)
        if suffix and method not in FROM_COEFFICIENTS:
            result = gradient_of(p, result)
        return {name + suffix: result[:, k] for k, name in enumerate(wanted)}

    return compute


def transforms(kinds="scalar spin", **functions):
    """Operations by their names in the kit, from functions by method."""
    found = {}
    for kind in kinds.split():
        for method, function in functions.items():
            prefix = "scalar_" if kind == "scalar" and method in METHODS else (
                "spin_" if kind == "spin" else "")
            found[prefix + method] = transform(method, function)
    return found


def modes(synthesis):
    """`scalar_modes` and `spin_modes` from the library's synthesis."""

    def compute(p, t):
        l, m = places(p["lmax"])
        names = ["e", "b"] if p.get("spin") else ["amplitude"]
        a = np.zeros((len(t["l"]), len(names), len(l)), complex)
        for k, (degree, order) in enumerate(zip(t["l"], t["m"])):
            place = np.flatnonzero((l == degree) & (m == order))[0]
            a[k, :, place] = [complex_of(t[name])[k] for name in names]
        field = synthesis(p, t, a)
        wanted = ["q", "u"] if p.get("spin") else ["field"]
        return {name: field[:, k] for k, name in enumerate(wanted)}

    return {"scalar_modes": compute, "spin_modes": compute}


# --- The command line ----------------------------------------------------------------------------


LANES = {"a", "b", "e", "q", "coefficients", "field"}


def require_lanes(case):
    """Libraries are called lane by lane; with no lanes they are not called at all."""
    for item in case["inputs"]:
        name = item["name"].removesuffix("_gradient")
        if name in LANES and item["shape"] and item["shape"][0] == 0:
            raise Absent("no lanes: the library is called lane by lane")


def write_case(kit, folder, case, operations):
    tensors = load_file(kit / case["file"])
    inputs = {item["name"]: tensors["input." + item["name"]] for item in case["inputs"]}
    name = case["operation"].replace("spin2_", "spin_")
    if name not in operations:
        raise Absent("the library does not offer the operation")
    require_lanes(case)
    results = operations[name](case["parameters"], inputs)
    outputs = {}
    for item in case["outputs"]:
        value = np.asarray(results[item["name"]])
        if np.iscomplexobj(value):
            value = np.stack([value.real, value.imag], axis=-1)
        if item["dtype"] == "I64" and value.dtype.kind in "iu":
            value = value.astype(np.int64)  # Border: the width of integers
        if PRECISION == "float32" and value.dtype.kind == "f":
            value = value.astype(np.float32)
        outputs[item["name"]] = np.array(value, order="C")
    save_file(outputs, folder / f"{case['id']}.safetensors")


def versions(packages):
    found = {name: importlib.metadata.version(name) for name in packages}
    return {"python": platform.python_version(), **found}


def main(description, operations, packages):
    """The command line of an adapter: KIT --output FOLDER [--cases PATTERN ...]."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--cases", nargs="+", default=["*"], help="wildcards on the ids of cases")
    arguments = parser.parse_args()
    folder = arguments.output
    folder.mkdir(parents=True, exist_ok=True)
    notes = {}
    for name in ("absent", "raised", "seconds"):
        path = folder / f"{name}.json"
        notes[name] = json.loads(path.read_text()) if path.exists() else {}

    def note(name, case, value):
        notes[name][case["id"]] = value
        (folder / f"{name}.json").write_text(json.dumps(notes[name], indent=0))

    (folder / "versions.json").write_text(json.dumps(versions(packages)))
    for case in demanded(read_manifest(arguments.kit), arguments.cases):
        print(case["id"], flush=True)
        start = time.perf_counter()
        try:
            write_case(arguments.kit, folder, case, operations)
            note("seconds", case, round(time.perf_counter() - start, 4))
        except Absent as absence:
            note("absent", case, str(absence))
        except Exception as error:  # a failure of the library, with its own words
            text = " ".join(str(error).split())
            note("raised", case, f"{type(error).__name__}: {text}"[:300])
    for name in notes:
        (folder / f"{name}.json").write_text(json.dumps(notes[name], indent=0))
