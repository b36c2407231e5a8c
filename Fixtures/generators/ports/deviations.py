"""How far NumPy, ducc0, healpy, torch-harmonics and PyTorch are from the kit, as a Markdown table.

    python deviations.py KIT [--cases PATTERN ...] [--backends NAME ...]

A cell is the error of the output that comes nearest to its float64 tolerance, or exceeds it most,
over all cases of the operation, and in brackets its share of the tolerance; errors above the
tolerance are bold. A row is an operation and a measure.
"""

import argparse
import pathlib

from safetensors.numpy import load_file

import numpy_backend
from kit import demanded, read_manifest, run_case
from measures import error, share

BACKENDS = ["NumPy", "ducc0", "healpy", "torch-harmonics", "PyTorch"]


def outputs_of(backend, kit, case):
    if backend == "NumPy":
        return run_case(kit, case, numpy_backend.OPERATIONS)
    import library_backend  # the libraries are needed for this alone

    return library_backend.outputs_of(backend, kit, case)


def collect(kit, cases, backends):
    """{(operation, measure): {backend: (share, error, case)}}, the worst of each."""
    table = {}
    for case in cases:
        tensors = load_file(kit / case["file"])
        for backend in backends:
            outputs = outputs_of(backend, kit, case)
            for output in case["outputs"]:
                row = table.setdefault((case["operation"], output["measure"]), {})
                if outputs is None:
                    continue
                found = error(output, outputs[output["name"]], tensors)
                entry = (share(output, found), found, f"{case['id']} {output['name']}")
                row[backend] = max(row.get(backend, entry), entry)
    return table


def cell(entry):
    if entry is None:
        return ""
    part, found, _ = entry
    number = f"{found:.0f}" if found in range(1000) else f"{found:.1e}"
    text = f"{number} ({part:.2g})" if found not in (0, float("inf")) else number
    return text if part <= 1 else f"**{text}**"


def markdown(table, backends):
    lines = [f"| operation | measure | {' | '.join(backends)} |"]
    lines.append("|---" * (2 + len(backends)) + "|")
    for (operation, measure), row in table.items():
        cells = [cell(row.get(backend)) for backend in backends]
        lines.append(f"| `{operation}` | `{measure}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kit", type=pathlib.Path)
    parser.add_argument("--cases", nargs="+", default=["*"], help="wildcards on the ids of cases")
    parser.add_argument("--backends", nargs="+", default=BACKENDS, choices=BACKENDS)
    arguments = parser.parse_args()
    cases = demanded(read_manifest(arguments.kit), arguments.cases)
    table = collect(arguments.kit, cases, arguments.backends)
    print(markdown(table, arguments.backends))
    print("\nAbove the tolerance:\n")
    for (operation, _), row in table.items():
        for backend, (part, found, where) in row.items():
            if part > 1:
                print(f"- {backend}, `{operation}`: {where}, {found:.3g}, {part:.3g} tolerances")


if __name__ == "__main__":
    main()
