"""Writes Sources/Expectations/ExpectationTable+Values.swift for `sphere expect`.

From Docs/data/exactness-large.csv, what `sphere study exactness --largest-nside 512` measured, and
Docs/data/exactness-pixel-weights.csv, what pixel_weight_errors.py did. Rows of iterations that did not
converge are left out, and so are errors of 0: coefficients that came back as they were.
"""

import csv
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ["exactness-large.csv", "exactness-pixel-weights.csv"]
TARGET = ROOT / "Sources/Expectations/ExpectationTable+Values.swift"
COLUMNS = ["nside", "spin", "precision", "method", "lmax", "relative_l2", "standard_error", "trials",
           "measured_by"]

SOURCE = '''\
// Written by Fixtures/generators/exactness_table.py from Docs/data/exactness-large.csv and
// Docs/data/exactness-pixel-weights.csv. ExpectationTableTests compares them.

extension ExpectationTable {{
  /// The measurements behind `measured`.
  static let values = """
{lines}
    """
}}
'''


def main():
    lines = [",".join(COLUMNS)]
    for name in DATA:
        with open(ROOT / "Docs/data" / name, newline="") as file:
            for row in csv.DictReader(file):
                if row["converged"] == "yes" and float(row["relative_l2"]) > 0:
                    lines.append(",".join(row[column] for column in COLUMNS))
    TARGET.write_text(SOURCE.format(lines="\n".join("    " + line for line in lines)))


if __name__ == "__main__":
    main()
