"""What the kit says of wrong conventions: the NumPy backend with one fault at a time.

    python wrong_conventions.py KIT [--fault PATTERN ...] [--most N] [--details]
        [--program SPHERE --outputs FOLDER [--flags FILE]]

Runs the cases up to some size with each fault of faults.py put into the backend, and prints a
Markdown table: the number of cases that fail, the number that would still fail with the tolerances
of float32, the operations that fail (in how many of their cases, unless in all), the smallest and
the largest error among the failing cases, and the smallest one in tolerances. Without a fault
everything must pass, which is checked first. `--details` lists every failing output.

With `--program` the outputs are written to the folder and `sphere conformance check` is asked for
its diagnosis: a second table says which fault of the manifest it names, and how many of the failing
cases that fault explains. `--flags` writes, for every fault that the manifest knows too, the cases
that are flagged with it and pass, and those that fail and are not flagged.
"""

import argparse
import contextlib
import fnmatch
import json
import pathlib
import subprocess
import sys

import numpy as np
from safetensors.numpy import load_file

import numpy_backend
import numpy_sphere
from faults import FAULTS
from kit import METHODS, operation, read_manifest, run_case, write_outputs
from measures import error, share

MOST_NUMBERS = 80_000


# Operations that the table names together.
FAMILIES = {
    "*legendre": ["legendre", "spin_legendre"],
    "scalar_*": [f"scalar_{method}" for method in METHODS],
    "spin_*": [f"spin_{method}" for method in METHODS],
} | {pattern: [pattern] for pattern in (
    "*masked_*", "*iterated_*", "*least_squares_*", "*point_synthesis*", "*_modes",
    "*derivatives*", "rotation*", "resample_*", "healpix_*", "*_network")}


def numbers(case):
    """About how many numbers the matrices of a case have."""
    p, shapes = case["parameters"], {
        item["name"]: item["shape"] for item in case["inputs"] + case["outputs"]}
    lmax = p.get("lmax", p.get("l2", 0) + p.get("l3", 0))
    if "l2" in p:
        return 30 * lmax**2
    if "latitudes" in p:
        return p["latitudes"] * p["longitudes"] * (lmax + 1) * (p["mmax"] + 1)
    own = 0 if "draws" in p else 3 * sum(int(np.prod(shape)) for shape in shapes.values())
    if "ring_count" not in shapes and "phi" not in shapes or "lmax" not in p:
        return own
    fields = ("field", "q", "d_theta", "values")
    points = max(shape[-1] for name, shape in shapes.items() if name.startswith(fields))
    return max(own, points * (lmax + 1) * (p.get("mmax", lmax) + 1) * (4 if p.get("spin") else 1))


def remember_functions(most=200_000):
    """Tables of Wigner functions are made once for all faults."""
    make, made = numpy_sphere.wigner, {}

    def wigner(lmax, *arguments):
        key = lmax, *[(np.shape(one), np.asarray(one).tobytes()) for one in arguments]
        if key in made:
            return made[key]
        table = make(lmax, *arguments)
        if table.size <= most:
            made[key] = table
        return table

    numpy_sphere.wigner = wigner


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


def worst_output(case, outputs, tensors):
    """The most wrong output of a case: share of the tolerance, error, name, share in float32."""
    found = []
    for output in case["outputs"]:
        value = error(output, outputs[output["name"]], tensors)
        found.append((share(output, value), value, output["name"], share(output, value, "F32")))
    return max(found)[:3] + (max(entry[3] for entry in found),)


class Port:
    """The backend on the cases of a kit, right and with faults.

    The run without a fault notes which functions a case calls, so that a fault runs only the cases
    that call what it replaces.
    """

    def __init__(self, kit, manifest, folder):
        self.kit, self.cases, self.folder = kit, manifest["cases"], folder
        self.tensors = {case["id"]: load_file(kit / case["file"]) for case in self.cases}
        self.right, self.calls, self.wrong = {}, {}, set()
        replaced = {entry[:2] for _, fault in FAULTS.values() for entry in fault()}
        for case in self.cases:
            called = set()
            with patched([
                    (owner, name, self.noting(called, owner, name)) for owner, name in replaced
                    if name != "OPERATIONS"]):
                self.right[case["id"]] = run_case(kit, case, numpy_backend.OPERATIONS)
            self.calls[case["id"]] = called

    @staticmethod
    def noting(called, owner, name):
        own = getattr(owner, name)

        def call(*arguments, **options):
            called.add((owner, name))
            return own(*arguments, **options)

        return call

    def touches(self, replacements, case):
        operations = numpy_backend.OPERATIONS
        for owner, name, value in replacements:
            if name == "OPERATIONS":
                if operation(value, case["operation"]) is not operation(
                        operations, case["operation"]):
                    return True
            elif (owner, name) in self.calls[case["id"]]:
                return True
        return False

    def failures(self, replacements=()):
        """{case id: (share, error, output, share in float32)} of the cases that fail."""
        worst, wrong = {}, set()
        for case in self.cases:
            identifier, outputs = case["id"], self.right[case["id"]]
            if self.touches(replacements, case):
                wrong.add(identifier)
                with patched(replacements), np.errstate(all="ignore"):
                    outputs = run_case(self.kit, case, numpy_backend.OPERATIONS)
            elif replacements and identifier not in self.wrong:
                continue
            worst[identifier] = worst_output(case, outputs, self.tensors[identifier])
            if self.folder:
                write_outputs(self.folder, case, outputs)
        self.wrong = wrong
        return {identifier: entry for identifier, entry in worst.items() if entry[0] > 1}


def diagnosis(program, kit, manifest, folder):
    """What the check names, the fault that explains most cases first."""
    found = subprocess.run(
        [program, "conformance", "check", kit, "--outputs", folder, "--format", "json",
         "--cases", *[case["id"] for case in manifest["cases"]]],
        stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(found.stdout.strip().split("\n")[-1])["diagnosis"]


def number(value):
    return "not finite" if value == np.inf else f"{value:.1e}"


def listed(failed, manifest):
    """The operations that fail; a family by its wildcard where all operations of it do."""
    total, wrong = {}, {}
    for case in manifest["cases"]:
        total[case["operation"]] = total.get(case["operation"], 0) + 1
        wrong[case["operation"]] = wrong.get(case["operation"], 0) + (case["id"] in failed)
    parts, left = {}, dict(total)
    for family, patterns in FAMILIES.items():
        names = [name for name in left if any(fnmatch.fnmatchcase(name, one) for one in patterns)]
        if len(names) > 1 and all(wrong[name] for name in names):
            parts[family] = tuple(sum(of[name] for name in names) for of in (wrong, total))
            for name in names:
                del left[name]
    parts |= {name: (wrong[name], total[name]) for name in left if wrong[name]}
    return ", ".join(
        f"`{name}`" + (f" {some} of {count}" if some < count else "")
        for name, (some, count) in parts.items()) or "none"


def row(name, failed, manifest):
    errors = [entry[1] for entry in failed.values()]
    # Where the tolerance is 0, every error is infinitely many tolerances.
    shares = [entry[0] for entry in failed.values() if entry[0] < np.inf]
    single = sum(entry[3] > 1 for entry in failed.values())
    return "| " + " | ".join([
        name, f"{len(failed)}", f"{single}", listed(failed, manifest),
        " ... ".join(dict.fromkeys([number(min(errors)), number(max(errors))])) if errors else "",
        f"{min(shares):.0e}" if shares else ""]) + " |"


def naming(name, known, failed, findings):
    """The row of the second table."""
    named = [one["fault"] for one in findings]
    verdict = "" if not known else "no" if known not in named else (
        "first" if named[0] == known else "also")
    parts = [f"`{one['fault']}` ({one['explained'] or 'flags'})" for one in findings]
    text = ", ".join(parts[:3]) + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")
    return (f"| {name} | {f'`{known}`' if known else ''} | {text or 'none'} | {verdict} "
            f"| {len(failed)} |")


def flags(known, failed, manifest):
    """Cases flagged with a fault that pass with it, and cases that fail and are not flagged."""
    flagged = {case["id"] for case in manifest["cases"] if known in case.get("faults", [])}
    return {"flagged": len(flagged), "failing": len(failed),
            "flagged and right": sorted(flagged - failed.keys()),
            "wrong and not flagged": sorted(failed.keys() - flagged)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--fault", nargs="+", default=["*"], help="wildcards on the faults' names")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--most", type=int, default=MOST_NUMBERS, help="size of cases")
    parser.add_argument("--program", help="sphere, asked for a diagnosis")
    parser.add_argument("--outputs", type=pathlib.Path, help="folder for the program to read")
    parser.add_argument("--flags", type=pathlib.Path, help="file for differences of flags")
    arguments = parser.parse_args()
    manifest = read_manifest(arguments.kit)
    manifest["cases"] = [case for case in manifest["cases"] if numbers(case) <= arguments.most]
    folder = arguments.outputs if arguments.program else None
    remember_functions()
    port = Port(arguments.kit, manifest, folder)
    if failed := port.failures():
        sys.exit(f"without a fault: {failed}")
    print(f"| fault | cases of {len(manifest['cases'])} | by F32 | operations that fail | errors "
          "| at least (tolerances) |")
    print("|---|---|---|---|---|---|")
    names, differences = [], {}
    for name, (known, replacements) in FAULTS.items():
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in arguments.fault):
            continue
        failed = port.failures(replacements())
        print(row(name, failed, manifest), flush=True)
        if arguments.details:
            for identifier, (part, value, output, _) in failed.items():
                print(f"    {identifier} {output}: {value:.3g}, {part:.3g} tolerances")
        if folder:
            findings = diagnosis(arguments.program, arguments.kit, manifest, folder)
            names.append(naming(name, known, failed, findings))
            if known:
                differences[name] = {"fault": known, **flags(known, failed, manifest)}
            if arguments.flags:
                arguments.flags.write_text(json.dumps(differences, indent=1), encoding="utf-8")
                print(names[-1], file=sys.stderr, flush=True)
    if names:
        print("\n| fault put in | in the manifest | named (failing cases explained) | right | "
              "failing cases |\n|---|---|---|---|---|")
        print("\n".join(names))


if __name__ == "__main__":
    main()
