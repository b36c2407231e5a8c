"""What the kit says of wrong conventions: the NumPy backend with one fault at a time.

    python wrong_conventions.py KIT [--fault PATTERN ...] [--details]

Runs the cases up to some size with each fault of faults.py put into the backend, and prints a
Markdown table: the
number of cases that fail, the number that would still fail with the tolerances of float32, the
operations that fail (in how many of their cases, unless in all), the smallest and the largest error
among the failing cases, and the smallest one in tolerances. Without a fault everything must pass,
which is checked first. `--details` lists every failing output.
"""

import argparse
import contextlib
import fnmatch
import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file

import numpy_backend
import numpy_sphere
from faults import FAULTS
from kit import METHODS, read_manifest, run_case
from measures import error, share

MOST_PRODUCTS = 400_000


def products(case):
    """About how many numbers the matrices of a case have."""
    p, shapes = case["parameters"], {
        item["name"]: item["shape"] for item in case["inputs"] + case["outputs"]}
    lmax = p.get("lmax", p.get("l2", 0) + p.get("l3", 0))
    numbers = 5 * sum(int(np.prod(shape)) for shape in shapes.values())
    if "l2" in p:
        return 30 * lmax**2
    if "maps" in shapes and "latitudes" in p:
        return p["latitudes"] * p["longitudes"] * len(numpy_sphere.places(p["lmax"], p["mmax"])[0])
    if "ring_count" not in shapes and "phi" not in shapes or "lmax" not in p:
        return numbers
    fields = ("field", "q", "d_theta", "values")
    points = max(shape[-1] for name, shape in shapes.items() if name.startswith(fields))
    orders = len(set(range(p.get("mmax", lmax) + 1)))
    return max(numbers, points * (lmax + 1) * orders * (4 if p.get("spin") else 1))


def remember_functions(most=200_000):
    """Tables of Wigner functions are made once for all faults."""
    make, made = numpy_sphere.wigner, {}

    def wigner(lmax, *arguments):
        key = lmax, *[(np.shape(one), np.asarray(one).tobytes()) for one in arguments]
        if key not in made:
            table = make(lmax, *arguments)
            if table.size > most:
                return table
            made[key] = table
        return made[key]

    numpy_sphere.wigner = wigner


def chosen(manifest, most):
    """The manifest with the cases of at most so many products."""
    return manifest | {"cases": [case for case in manifest["cases"] if products(case) <= most]}


@contextlib.contextmanager
def patched(replacements):
    """[(object, name of an attribute, value)] for the duration of a block."""
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in replacements]
    try:
        for owner, name, value in replacements:
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in originals:
            setattr(owner, name, value)


def worst_output(kit, case, tensors):
    """The most wrong output of a case: share of the tolerance, error, name, share in float32."""
    with np.errstate(all="ignore"):
        outputs = run_case(kit, case, numpy_backend.OPERATIONS)
    found = []
    for output in case["outputs"]:
        value = error(output, outputs[output["name"]], tensors)
        found.append((share(output, value), value, output["name"], share(output, value, "F32")))
    return max(found)[:3] + (max(entry[3] for entry in found),)


def failures(kit, manifest, tensors, replacements):
    """{case id: (share, error, output, share in float32)} of the cases that fail."""
    with patched(replacements):
        worst = {
            case["id"]: worst_output(kit, case, tensors[case["id"]]) for case in manifest["cases"]}
    return {identifier: entry for identifier, entry in worst.items() if entry[0] > 1}


def number(value):
    return "not finite" if value == np.inf else f"{value:.1e}"


def listed(failed, manifest):
    """The operations that fail; `scalar_*` and `spin_*` where all five transforms do."""
    total, wrong = {}, {}
    for case in manifest["cases"]:
        total[case["operation"]] = total.get(case["operation"], 0) + 1
        wrong[case["operation"]] = wrong.get(case["operation"], 0) + (case["id"] in failed)
    parts = {}
    for operation, count in total.items():
        if wrong[operation]:
            some = f" {wrong[operation]} of {count}" if wrong[operation] < count else ""
            parts[operation] = f"`{operation}`{some}"
    for kind in ("scalar", "spin"):
        names = [f"{kind}_{method}" for method in METHODS]
        counts = {parts.get(name, "").partition("`" + name + "`")[2] for name in names}
        if all(name in parts for name in names) and len(counts) == 1:
            parts[names[0]] = f"`{kind}_*`{counts.pop()}"
            for name in names[1:]:
                del parts[name]
    return ", ".join(parts.values()) or "none"


def row(name, failed, manifest):
    errors = [entry[1] for entry in failed.values()]
    # Where the tolerance is 0, every error is infinitely many tolerances.
    shares = [entry[0] for entry in failed.values() if entry[0] < np.inf]
    single = sum(entry[3] > 1 for entry in failed.values())
    return "| " + " | ".join([
        name, f"{len(failed)}", f"{single}", listed(failed, manifest),
        " ... ".join(dict.fromkeys([number(min(errors)), number(max(errors))])) if errors else "",
        f"{min(shares):.0e}" if shares else ""]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--fault", nargs="+", default=["*"], help="wildcards on the faults' names")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--most", type=int, default=MOST_PRODUCTS, help="size of cases")
    arguments = parser.parse_args()
    manifest = chosen(read_manifest(arguments.kit), arguments.most)
    remember_functions()
    tensors = {case["id"]: load_file(arguments.kit / case["file"]) for case in manifest["cases"]}
    if failed := failures(arguments.kit, manifest, tensors, []):
        sys.exit(f"without a fault: {failed}")
    print(f"| fault | cases of {len(manifest['cases'])} | by F32 | operations that fail | errors "
          "| at least (tolerances) |")
    print("|---|---|---|---|---|---|")
    for name, (_, replacements) in FAULTS.items():
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in arguments.fault):
            continue
        failed = failures(arguments.kit, manifest, tensors, replacements())
        print(row(name, failed, manifest), flush=True)
        if arguments.details:
            for identifier, (part, value, output, _) in failed.items():
                print(f"    {identifier} {output}: {value:.3g}, {part:.3g} tolerances")


if __name__ == "__main__":
    main()
