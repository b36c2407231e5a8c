"""Lists the files of the shipped conformance kit in Fixtures/manifest/conformance.json.

The kit itself comes from the program:

    rm -r Fixtures/conformance
    swift run -c release sphere conformance export --seed 1 --certified "" \\
      --output Fixtures/conformance
    python Fixtures/generators/certified/certify.py Fixtures/conformance
    python Fixtures/generators/conformance_kit.py

Its inputs come from this package, its expected values from ball arithmetic where the manifest says
so: it guards against drift, and it is the kit that ports can use without building anything. A case
whose inputs are unchanged keeps its certified values when the kit is exported anew.
"""

import json

import manifest

FOLDER = manifest.FIXTURES / "conformance"


def entries():
    cases = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    files = {case["file"]: case for case in cases["cases"]}
    for path in sorted(FOLDER.iterdir()):
        case = files.get(path.name)
        certified = case is not None and case["origin"] == "certified"
        yield {
            "path": f"conformance/{path.name}",
            "sha256": manifest.sha256(path),
            "generator": "Fixtures/generators/conformance_kit.py",
            "command": "swift run -c release sphere conformance export "
            "--seed 1 --output Fixtures/conformance"
            + ("; certified/certify.py Fixtures/conformance" if certified else ""),
            "packages": {"SpectralSphere": "this package"}
            | ({"python-flint": "0.9.0"} if certified else {}),
            "seed": str(cases["seed"]),
            "conventions": "origin: self; Docs/Conformance.md"
            + (f", {case['operation']}, expected by {case['origin']}" if case else ""),
            "tolerance": "inputs exact; expected values the kit's own tolerance where they are "
            "certified, a tenth of it elsewhere",
            "used_by": ["ConformanceFixtureTests"],
        }


if __name__ == "__main__":
    manifest.write(manifest.FIXTURES, "conformance", list(entries()))
