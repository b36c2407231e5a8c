"""Lists the files of the shipped conformance kit in Fixtures/manifest/conformance.json.

The kit itself comes from the program:

    rm -r Fixtures/conformance
    swift run -c release sphere conformance export --seed 1 --output Fixtures/conformance
    python Fixtures/generators/conformance_kit.py

Its origin is this package: it guards against drift, and it is the kit that ports can use without
building anything. What its expected values rest on is said case by case in its own manifest.
"""

import json

import manifest

FOLDER = manifest.FIXTURES / "conformance"


def entries():
    cases = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    files = {case["file"]: case for case in cases["cases"]}
    for path in sorted(FOLDER.iterdir()):
        case = files.get(path.name)
        yield {
            "path": f"conformance/{path.name}",
            "sha256": manifest.sha256(path),
            "generator": "Fixtures/generators/conformance_kit.py",
            "command": "swift run -c release sphere conformance export "
            "--seed 1 --output Fixtures/conformance",
            "packages": {"SpectralSphere": "this package"},
            "seed": str(cases["seed"]),
            "conventions": "origin: self; Docs/Conformance.md"
            + (f", {case['operation']}, expected by {case['origin']}" if case else ""),
            "tolerance": "inputs exact, expected values a tenth of the tolerance in the kit's manifest",
            "used_by": ["ConformanceFixtureTests"],
        }


if __name__ == "__main__":
    manifest.write(manifest.FIXTURES, "conformance", list(entries()))
