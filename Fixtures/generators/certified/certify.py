"""Writes certified values into a conformance kit.

    python certify.py KIT
    python certify.py KIT --largest-work 100000000 --cases 'scalar-*' --check

For every case with an operation of `operations.py`, expected.* is computed with balls from the
exact doubles of input.*, proven (see `balls.py`), rounded once and written in place; the origin of
the case becomes "certified". Before anything is written the values that stood there are measured
by the case's own measure; if one is further away than its F64 tolerance, nothing is written, the
case is named and the exit code is 1. Integer outputs of such a case stay as they are.

Cases that stay as they are, and why, come last: operations without a function here, directions on
the border of two pixels, values that no precision proves, and cases above --largest-work.
"""

import argparse
import fnmatch
import math
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from balls import Undecided, Unproven, prove
from kit_files import Case, Kit
import layers  # noqa: F401 (enters its operations)
from operations import FUNCTIONS, OPERATIONS


def work(case):
    """A rough number of elementary products of one evaluation."""
    p, inputs = case.parameters, case.inputs
    lmax = p.get("lmax", 0)
    mmax = p.get("mmax", lmax)
    outputs = sum(math.prod(output["shape"]) for output in case.outputs)
    if case.operation == "wigner_3j":
        return outputs * (p["l2"] + p["l3"])
    if "count" in p:
        return p["count"] ** 2
    if case.operation == "mode_coupling":
        return (lmax + 1) ** 2 * inputs["mask_spectrum"].shape[0]
    if case.operation in ("rotation", "rotation_gradient"):
        return (lmax + 1) ** 2 * (2 * lmax + 2) * 3 + outputs * 4 * lmax
    if case.operation == "spin_harmonics":
        return 6 * int(np.sum(inputs["l"]))
    if case.operation in ("scalar_modes", "spin_modes"):
        return 6 * inputs["ring_theta"].shape[0] * int(np.sum(inputs["l"])) + 4 * outputs
    if "ring_theta" in inputs:
        rings, points = inputs["ring_theta"].shape[0], int(np.sum(inputs["ring_count"]))
    elif "point_synthesis" in case.operation:
        rings = points = inputs["theta"].shape[0]
    else:
        return 6 * outputs
    coefficients = (mmax + 1) * (2 * lmax + 2 - mmax) // 2
    kinds = 2 if "spin" in case.operation else 1
    lanes = max([a.shape[0] for a in inputs.values() if a.ndim > 1] + [1])
    if "least_squares" in case.operation:
        unknowns = kinds * (lmax + 1) ** 2
        return kinds * points * unknowns ** 2 + unknowns ** 3 // 3
    transform = kinds * lanes * (2 * rings * coefficients * kinds + 4 * points * (mmax + 1))
    transforms = 2 * p.get("iterations", 0) + 1 + 2 * ("point" in case.operation)
    return transforms * transform + 6 * kinds * rings * coefficients


def first_precision(case):
    """Bits to begin with: the recurrences lose at most some 1.3 bits per degree."""
    highest = case.parameters.get("lmax", 0)
    if "l" in case.inputs and case.inputs["l"].size:
        highest = max(highest, int(np.max(case.inputs["l"])))
    return 192 + int(1.3 * highest)


def distance(output, found, certified):
    """The error of what stood in the file by the measure of the output, a number."""
    if found.size == 0:
        return 0.0
    difference = found - certified
    if output["measure"] == "absolute":
        return float(np.max(np.abs(difference)))
    if output["measure"] == "relative_l2":
        size = max(np.linalg.norm(certified), output.get("scale", 0.0))
        error = np.linalg.norm(difference)
        return float(error / size) if size > 0 else float(np.linalg.norm(found))
    if output["measure"] == "row_l2":
        norms = np.maximum(np.linalg.norm(certified, axis=-1), 1e-30)
        return float(np.max(np.linalg.norm(difference, axis=-1) / norms))
    raise ValueError(f"unknown measure {output['measure']}")


def has_no_points(case):
    """Whether there are no points: what is left are sums over none of them."""
    return any(
        name in case.inputs and case.inputs[name].size == 0 for name in ("ring_theta", "theta"))


def certified_values(case):
    """The certified arrays of the floating outputs of a case, and the bits that were needed."""
    outputs = [output for output in case.outputs if output["dtype"] == "F64"]
    if sum(math.prod(output["shape"]) for output in outputs) == 0 or has_no_points(case):
        return {output["name"]: np.zeros(output["shape"]) for output in outputs}, 0
    values, bits = prove(
        lambda: OPERATIONS[case.operation](case), first_precision(case),
        sums=case.operation not in FUNCTIONS)
    arrays = {}
    for output in outputs:
        # A whole tensor may be empty although others of the case are not.
        arrays[output["name"]] = np.array(values[output["name"]], float).reshape(output["shape"])
    return arrays, bits


class Report:
    """The worst share of the tolerance, by operation."""

    def __init__(self):
        self.rows, self.failures = {}, []

    def add(self, case, arrays):
        for output in case.outputs:
            if output["name"] not in arrays:
                continue
            error = distance(output, case.expected(output["name"]), arrays[output["name"]])
            allowed = output["tolerance"]["F64"]
            share = error / allowed if allowed > 0 else (math.inf if error > 0 else 0.0)
            row = self.rows.setdefault(case.operation, [set(), -1.0, ""])
            row[0].add(case.id)
            if share > row[1]:
                row[1], row[2] = share, f"{case.id}, {output['name']}"
            if not share <= 1:
                self.failures.append(
                    f"{case.id}: {output['name']} stood {error:.3g} from the certified value,"
                    f" {allowed:.3g} is allowed")

    def text(self):
        lines = ["operation | cases | worst share of the tolerance | where"]
        for name in sorted(self.rows):
            ids, share, where = self.rows[name]
            lines.append(f"{name} | {len(ids)} | {share:.3g} | {where}")
        return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description="Write certified values into a kit.")
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--cases", nargs="+", default=["*"], help="shell patterns of ids")
    parser.add_argument("--largest-work", type=int, default=2_000_000_000, metavar="N",
                        help="leave cases with more elementary products as they are")
    parser.add_argument("--check", action="store_true", help="measure only, write nothing")
    parser.add_argument("--times", action="store_true", help="print the time of every case")
    arguments = parser.parse_args()

    kit, report, skipped, finished = Kit(arguments.kit), Report(), [], []
    for description in kit.manifest["cases"]:
        name = description["id"]
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in arguments.cases):
            continue
        if description["operation"] not in OPERATIONS:
            skipped.append((name, "operation " + description["operation"]))
            continue
        case = Case(arguments.kit, description)
        products = work(case)
        if products > arguments.largest_work:
            skipped.append((name, f"{products:.2g} products"))
            continue
        start = time.perf_counter()
        try:
            arrays, bits = certified_values(case)
        except (Undecided, Unproven) as reason:
            skipped.append((name, str(reason)))
            continue
        except Exception as error:
            raise RuntimeError(f"case {name}") from error
        if arguments.times:
            print(f"{name}: {time.perf_counter() - start:.2f} s, {bits} bits,"
                  f" {products:.2g} products", flush=True)
        report.add(case, arrays)
        for tensor, values in arrays.items():
            case.file.replace("expected." + tensor, values)
        finished.append(case)

    print(report.text())
    for name, reason in skipped:
        print(f"left as it is: {name} ({reason})")
    if report.failures:
        print("nothing is written:\n" + "\n".join(report.failures), file=sys.stderr)
        sys.exit(1)
    print(f"{len(finished)} cases certified, {len(skipped)} left")
    if not arguments.check:
        for case in finished:
            case.file.write()
        kit.set_origin({case.id for case in finished}, "certified")
        kit.write_manifest()


if __name__ == "__main__":
    main()
