"""s2fft against the conformance kit in float32, which is JAX's default: the adapter of s2fft."""

import os
import pathlib
import runpy

os.environ["ADAPTER_PRECISION"] = "float32"
runpy.run_path(
    str(pathlib.Path(__file__).resolve().parent.parent / "s2fft" / "adapter.py"),
    run_name="__main__")
