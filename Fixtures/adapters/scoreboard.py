"""Writes Docs/Scoreboard.md from the results of `run`, Docs/data/scoreboard/*.json.

    python Fixtures/adapters/scoreboard.py [--results FOLDER] [--output FILE] [--check]
"""

import argparse
import fnmatch
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Operation patterns; the first that fits names the group.
GROUPS = [
    ("functions", ["legendre", "spin_legendre", "wigner_*", "spin_harmonics"]),
    ("nodes", ["gauss_legendre", "clenshaw_curtis", "fejer*", "driscoll_healy", "mcewen_wiaux"]),
    ("pixels", ["healpix_*"]),
    ("resampling", ["resample_*"]),
    ("off-grid", ["*point_synthesis*"]),
    ("derivatives", ["scalar_derivatives*"]),
    ("iterated analysis", ["*iterated_*"]),
    ("masked", ["*masked_*"]),
    ("least squares", ["*least_squares_*"]),
    ("scalar gradients", ["scalar_*_gradient"]),
    ("spin gradients", ["spin*_gradient"]),
    ("scalar synthesis", ["scalar_synthesis", "scalar_modes"]),
    ("scalar analysis", ["scalar_*"]),
    ("spin synthesis", ["spin*_synthesis", "spin_modes"]),
    ("spin analysis", ["spin*_analysis", "spin*"]),
    ("rotation", ["rotation*"]),
    ("spectra", ["power_spectrum", "smoothing", "laplacian", "mode_coupling"]),
    ("random fields", ["gaussian_field"]),
    ("layers and networks", ["*"])]
# These come before the patterns: an adjoint is no analysis, a spin mode no gradient.
SPECIAL = {"scalar_adjoint_synthesis": "scalar analysis", "spin_adjoint_synthesis": "spin analysis",
           "spin2_adjoint_synthesis": "spin analysis"}


def group_of(operation):
    if operation in SPECIAL:
        return SPECIAL[operation]
    return next(name for name, patterns in GROUPS if any(
        fnmatch.fnmatchcase(operation, pattern) for pattern in patterns))


def tolerances(share):
    """A share of a tolerance as a short number."""
    if share is None:
        return "no number"
    return f"{share:.2g}" if 0.01 <= share < 1000 else f"{share:.0e}".replace("e+0", "e").replace(
        "e+", "e").replace("e-0", "e-")


def escaped(text):
    return text.replace("|", "\\|")


def failed(record):
    return record["state"].startswith("failed")


def cell(records, absent):
    """Passed, failed and absent cases of a group, and the worst deviation."""
    if not records:
        return ""
    wrong = sum(map(failed, records))
    parts = f"{len(records) - wrong}" + (f" / **{wrong}**" if wrong else "")
    shares = [one["share"] for one in records if not failed(one) and one.get("share") is not None]
    worst = f" ({tolerances(max(shares))})" if shares else ""
    return parts + worst + (f" −{absent}" if absent else "")


def reasons(result, operations):
    """Rows of the failures of a library: those of one reason and one group together."""
    found = {}
    for one in result["cases"]:
        if failed(one):
            group = group_of(one["operation"]) if one["operation"] else "files"
            reason = one.get("reason", one.get("text", ""))
            key = (group, reason, one.get("report", ""), one["fault"])
            found.setdefault(key, []).append(one)
    for (group, reason, report, fault), records in found.items():
        names = ", ".join(f"`{one['case']}`" for one in records[:3])
        if len(records) > 3:
            names += f" and {len(records) - 3} more"
        shares = [one["share"] for one in records if one.get("share") is not None]
        how = fault if fault != "out of tolerance" else (
            f"{tolerances(max(shares))} tolerances" if shares else "differs")
        link = f" [{label(report)}]({report})" if report else ""
        unexpected = "" if all(
            "unexpectedly" not in one["state"] for one in records) else " (unexpected)"
        yield f"| {group} | {names} | {how}{unexpected} | {escaped(reason)}{link} |"


def label(report):
    parts = report.rstrip("/").split("/")
    return f"{parts[-3]}#{parts[-1]}" if len(parts) > 3 else report


def title(result):
    name = result["library"]
    known = result["versions"].get(name)
    return f"{name} {known}" if known else name.replace("-0.", " 0.")


def page(results):
    kit = results[0]["kit"]
    operations = {}
    for result in results:
        for one in result["cases"]:
            operations[one["case"]] = one["operation"]
    used = [name for name, _ in GROUPS]
    lines = [
        "# Scoreboard", "",
        "What public libraries make of the [conformance kit](Conformance.md), version "
        f"{kit['version']}, seed {kit['seed']}, {kit['cases']}", "cases. "
        "Each library runs behind an adapter, `Fixtures/adapters/<library>/adapter.py`, which "
        "calls its", "public functions in double precision and converts conventions, never "
        "faults. `Fixtures/adapters/run", "LIBRARY` repeats a row; "
        "`Fixtures/adapters/scoreboard.py` makes this page from", "`Docs/data/scoreboard`.", "",
        "A failure here is a statement about a case of the kit, with its tolerance, and not about "
        "a library as", "a whole. What a library does not offer is absent, which its adapter says "
        "case by case with a reason.", ""]
    lines += ["## Libraries", "", "| library | passed | failed | absent | seconds | with |",
              "|---|---|---|---|---|---|"]
    for result in results:
        wrong = sum(map(failed, result["cases"]))
        others = ", ".join(f"{key} {value}" for key, value in result["versions"].items()
                           if key not in (result["library"], "python"))
        lines.append(
            f"| {title(result)} | {len(result['cases']) - wrong} | {wrong} | "
            f"{sum(map(len, result['absent'].values()))} | {result['seconds']:.0f} | {others} |")
    lines += ["", "Seconds are those of the whole run on one core, with imports and compilation.",
              "", "## Operations", "",
              "Cases that pass / **that fail** (the worst deviation of those that pass, in "
              "tolerances) −those", "that are absent, where there are any others; empty: none is "
              "offered.", ""]
    lines.append("| group | " + " | ".join(title(result) for result in results) + " |")
    lines.append("|---" * (len(results) + 1) + "|")
    for group in used:
        cells = []
        for result in results:
            records = [one for one in result["cases"]
                       if one["operation"] and group_of(one["operation"]) == group]
            absent = sum(group_of(operations[one]) == group for ids in result["absent"].values()
                         for one in ids if one in operations)
            cells.append(cell(records, absent))
        if any(cells):
            lines.append(f"| {group} | " + " | ".join(cells) + " |")
    lines += ["", "## Failures", ""]
    for result in results:
        rows = list(reasons(result, operations))
        if rows:
            lines += [f"### {title(result)}", "", "| group | cases | error | reason |",
                      "|---|---|---|---|", *rows, ""]
    lines += ["## Absent", "", "Why cases are absent, other than that the library has no such "
              "operation.", "", "| library | reason | cases |", "|---|---|---|"]
    for result in results:
        for reason, ids in sorted(result["absent"].items()):
            if reason != "the library does not offer the operation":
                lines.append(f"| {title(result)} | {escaped(reason)} | {len(ids)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "Docs/data/scoreboard")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "Docs/Scoreboard.md")
    parser.add_argument("--check", action="store_true", help="fail if the page is another")
    arguments = parser.parse_args()
    results = [json.loads(path.read_text()) for path in sorted(arguments.results.glob("*.json"))]
    text = page(results)
    if arguments.check:
        sys.exit(0 if arguments.output.read_text() == text else "the page is another")
    arguments.output.write_text(text)


if __name__ == "__main__":
    main()
