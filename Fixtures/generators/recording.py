"""How a generator writes a fixture: a safetensors file and its entry in the manifest of its topic.

The safetensors package writes the metadata in an order that changes from run to run, so that
equal contents would have different hashes. The writer here sorts: equal contents are equal bytes.
"""

import argparse
import json
import pathlib
import struct
from importlib import metadata as installed

import numpy as np

import manifest

FIXTURES = pathlib.Path(__file__).resolve().parent.parent

DTYPE_NAMES = {
    np.dtype(np.float64): "F64",
    np.dtype(np.float32): "F32",
    np.dtype(np.int64): "I64",
}


def encode_safetensors(tensors, metadata):
    """The bytes of a safetensors file: 8-byte header length, JSON header, then the tensors' data.

    tensors: name -> numpy array (float64, float32 or int64; C order in the file).
    metadata: name -> string.
    """
    header = {"__metadata__": {key: metadata[key] for key in sorted(metadata)}}
    chunks, offset = [], 0
    for name in sorted(tensors):
        array = np.asarray(tensors[name])
        if array.dtype.kind == "f" and not np.all(np.isfinite(array)):
            raise ValueError(f"{name} holds values that are not finite")
        data = array.tobytes(order="C")
        header[name] = {
            "dtype": DTYPE_NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(chunks)


class Recorder:
    """Writes the fixtures of one script, all to one topic."""

    def __init__(self, topic, generator, packages, used_by, description):
        """packages: the names of the packages whose versions decide the numbers."""
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument(
            "--output", type=pathlib.Path, default=FIXTURES,
            help="folder to write to (default: Fixtures)")
        self.root = parser.parse_args().output.resolve()
        self.topic = topic
        self.generator = pathlib.Path(generator).name
        self.packages = {name: installed.version(name) for name in packages}
        self.used_by = used_by
        (self.root / topic).mkdir(parents=True, exist_ok=True)

    def save(self, name, tensors, metadata, *, seed, conventions, tolerance, used_by=None):
        """Writes `<topic>/<name>.safetensors` and its entry."""
        metadata = dict(metadata, conventions=conventions, generator=self.generator)
        self.save_bytes(
            name + ".safetensors", encode_safetensors(tensors, metadata), seed=seed,
            conventions=conventions, tolerance=tolerance, used_by=used_by)

    def save_bytes(self, file_name, data, *, seed, conventions, tolerance, used_by=None):
        """Writes `<topic>/<file_name>` and its entry."""
        path = f"{self.topic}/{file_name}"
        (self.root / path).write_bytes(data)
        manifest.merge(self.root, self.topic, {
            "path": path,
            "sha256": manifest.sha256(self.root / path),
            "generator": f"Fixtures/generators/{self.generator}",
            "command": f"python Fixtures/generators/{self.generator}",
            "packages": self.packages,
            "seed": seed,
            "conventions": conventions,
            "tolerance": tolerance,
            "used_by": used_by or self.used_by,
        })
        print(f"{path}: {len(data)} bytes")
