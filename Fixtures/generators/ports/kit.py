"""Reading a conformance kit and writing outputs: what every backend needs.

An operation is a function of p, the parameters, and t, the input tensors by name; it returns the
output tensors by name, complex where the file has pairs [re, im]. It may return more than a case
lists.
"""

import argparse
import fnmatch
import inspect
import json
import pathlib

import numpy as np
from safetensors.numpy import load_file, save_file

GRID = ["ring_theta", "ring_phi0", "ring_count", "ring_weight"]
METHODS = ["synthesis", "analysis", "adjoint_synthesis", "synthesis_gradient", "analysis_gradient"]
LEAST_SQUARES = ["least_squares_analysis", "spin_least_squares_analysis"]
# What is made of transforms; the names of scalars have no prefix.
COMPOSED = [f"masked_{method}" for method in METHODS if method != "adjoint_synthesis"] + [
    method + suffix for method in ("iterated_analysis", "least_squares_analysis")
    for suffix in ("", "_gradient")]
FROM_COEFFICIENTS = ["synthesis", "masked_synthesis", "point_synthesis", "derivatives"]
OTHER_FIELDS = {"derivatives": "d_theta d_phi", "point_synthesis": "values"}
# Operations that are functions of parameters and tensors, and the names of their outputs.
FUNCTIONS = {
    "gauss_legendre": "theta weights cos_theta", "clenshaw_curtis": "theta weights",
    "fejer1": "theta weights", "fejer2": "theta weights", "driscoll_healy": "theta weights",
    "mcewen_wiaux": "theta weights", "wigner_3j": "w", "spin_harmonics": "y",
    "healpix_centres": "theta phi", "healpix_pixel_of_direction": "pixel",
    "healpix_nested_to_ring": "ring", "healpix_ring_to_nested": "nested",
    "healpix_interpolation": "pixels weights", "rotation": "rotated",
    "rotation_gradient": "coefficients_gradient", "smoothing": "smoothed",
    "laplacian": "laplacian", "mode_coupling": "matrix", "power_spectrum": "auto cross"}
COMPLEX_GRADIENTS = ["coefficients_gradient", "e_gradient", "b_gradient", "rotated_gradient"]


def complex_of(pairs):
    return pairs[..., 0] + 1j * pairs[..., 1]


def read_manifest(kit):
    return json.loads((kit / "manifest.json").read_text(encoding="utf-8"))


def demanded(manifest, patterns):
    """The cases whose id matches one of the shell wildcards."""
    return [
        case for case in manifest["cases"]
        if any(fnmatch.fnmatchcase(case["id"], pattern) for pattern in patterns)]


def conjugates(p):
    """Whether gradients of complex numbers are the conjugates of dL/dRe + i dL/dIm."""
    return p.get("complex_gradient") == "re-im"


def operation(operations, name):
    """The operation of a name; version 1 of the kit has `spin2_` where version 2 has `spin_`."""
    return operations[name.replace("spin2_", "spin_")]


def offers(operations, name):
    return name.replace("spin2_", "spin_") in operations


def run_case(kit, case, operations):
    """The outputs that the manifest lists, as float64 or int64 arrays."""
    tensors = load_file(kit / case["file"])
    inputs = {item["name"]: tensors["input." + item["name"]] for item in case["inputs"]}
    conjugate = conjugates(case["parameters"])
    for name in COMPLEX_GRADIENTS if conjugate else []:
        if name in inputs:
            inputs[name] = inputs[name] * [1, -1]
    results = operation(operations, case["operation"])(case["parameters"], inputs)
    outputs = {}
    for item in case["outputs"]:
        value = results[item["name"]]
        if np.iscomplexobj(value):
            value = np.stack([value.real, value.imag], axis=-1)
        if conjugate and item["name"] in COMPLEX_GRADIENTS:
            value = value * [1, -1]
        dtype = np.int64 if item["dtype"] == "I64" else np.float64
        outputs[item["name"]] = np.ascontiguousarray(value, dtype)
    return outputs


def write_outputs(folder, case, outputs):
    folder.mkdir(parents=True, exist_ok=True)
    save_file(outputs, folder / f"{case['id']}.safetensors")


def grid_of(t):
    """The grid of a case; single points are rings of one point."""
    if "ring_theta" in t:
        return [t[name] for name in GRID]
    return [t["theta"], t["phi"], *np.ones((2, len(t["theta"])), int)]


def names(p, coefficients, fields):
    """Names of coefficients and of fields: those of a scalar, or E, B, Q and U."""
    return (["e", "b"], ["q", "u"]) if p.get("spin") else (coefficients.split(), fields.split())


def row_of(x):
    """[lanes, components, n] as [lanes, components n], complex numbers as Re and Im in turn."""
    return x.reshape(len(x), x.shape[1] * x.shape[2]).view(float)


def parts_of(row, components, real):
    """The reverse: [lanes, components, n], real or complex."""
    return np.stack(np.split(row.view(float if real else complex), components, axis=1), axis=1)


def transform(operation, backend):
    """The operation of a transform: synthesis, analysis, their transposes, what is made of them.

    `backend(method)(p, t, x)` computes; x is [lanes, components, places or points], complex for
    coefficients. Components are one, or (E, B) and (Q, U)."""
    method = operation.removeprefix("scalar_").removeprefix("spin2_").removeprefix("spin_")

    def compute(p, t):
        suffix = "_gradient" if method.endswith("_gradient") else ""
        fields = OTHER_FIELDS.get(method.removesuffix("_gradient"), "field")
        sides = names(p, "coefficients", fields)
        from_coefficients = method in FROM_COEFFICIENTS or method.endswith("analysis_gradient")
        given, wanted = sides if from_coefficients else sides[::-1]
        x = np.stack([t[name + suffix] for name in given], axis=1)
        result = backend(method)(p, t, complex_of(x) if from_coefficients else x)
        return {name + suffix: result[:, k] for k, name in enumerate(wanted)}

    return compute


def transforms(kinds, methods, backend):
    """`backend` under the names of the kit: <kind>_<method>, and <method> for the kind ""."""
    names = [f"{kind}_{method}".removeprefix("_") for kind in kinds for method in methods]
    return {name: transform(name, backend) for name in names}


def every_transform(backend, **others):
    """All transforms of a backend; `others` are operations of their own, scalar and spin alike."""
    return transforms(["scalar", "spin"], METHODS, backend) | transforms(
        ["", "spin"], COMPOSED + ["point_synthesis"], backend) | transforms(
        ["scalar"], ["derivatives", "derivatives_gradient"], backend) | {
        kind + name: other for name, other in others.items() for kind in ("", "spin_")}


def least_squares(backend):
    return {name: transform(name, backend) for name in LEAST_SQUARES}


def named(kind, names, values):
    """Gradients or updated tensors under the names that layers and networks give them."""
    return {
        form: value for name, value in zip(names, values)
        for form in (f"{kind}.{name}", f"{kind}_{name}", f"{name}_{kind}")}


def functions(module):
    """FUNCTIONS as functions of `module`, whose arguments have the names of parameters and input
    tensors."""

    def operation_of(name, arguments):
        def compute(p, t):
            results = getattr(module, name)(*[(p | t)[argument] for argument in arguments])
            results = results if isinstance(results, tuple) else [results]
            return dict(zip(FUNCTIONS[name].split(), results))

        return compute

    return {name: operation_of(name, inspect.signature(getattr(module, name)).parameters)
            for name in FUNCTIONS}


def main(description, operations):
    """The command line of a backend: KIT --output FOLDER [--cases PATTERN ...]."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--cases", nargs="+", default=["*"], help="wildcards on the ids of cases")
    arguments = parser.parse_args()
    for case in demanded(read_manifest(arguments.kit), arguments.cases):
        write_outputs(arguments.output, case, run_case(arguments.kit, case, operations))
        print(case["id"])
