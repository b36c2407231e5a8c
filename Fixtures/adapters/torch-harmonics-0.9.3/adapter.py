"""torch-harmonics 0.9.3 against the conformance kit, by the adapter of 0.8.0."""

import pathlib
import runpy

runpy.run_path(
    str(pathlib.Path(__file__).resolve().parent.parent / "torch-harmonics-0.8.0" / "adapter.py"),
    run_name="__main__")
