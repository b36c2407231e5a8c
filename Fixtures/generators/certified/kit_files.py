"""Files of a conformance kit: cases, tensors in place, and the origin in the manifest.

Nothing is laid out anew. A tensor's bytes are exchanged where they stand and a case's origin is
exchanged in the text of the manifest, so that unchanged values leave unchanged bytes.
"""

import json
import pathlib
import re
import struct

import numpy as np

DTYPES = {"F64": np.dtype("<f8"), "F32": np.dtype("<f4"), "I64": np.dtype("<i8")}


class CaseFile:
    """The bytes of one safetensors file."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.bytes = bytearray(self.path.read_bytes())
        length = struct.unpack("<Q", self.bytes[:8])[0]
        self.header = json.loads(self.bytes[8:8 + length])
        self.start = 8 + length

    def read(self, name):
        """A tensor as an array of its shape."""
        entry = self.header[name]
        begin, end = entry["data_offsets"]
        data = bytes(self.bytes[self.start + begin:self.start + end])
        return np.frombuffer(data, DTYPES[entry["dtype"]]).reshape(entry["shape"])

    def replace(self, name, values):
        """Exchanges the numbers of an F64 tensor; its shape stays."""
        entry = self.header[name]
        begin, end = entry["data_offsets"]
        data = np.asarray(values, "<f8").tobytes()
        if entry["dtype"] != "F64" or len(data) != end - begin:
            raise ValueError(f"{self.path.name}: {name} has another size")
        self.bytes[self.start + begin:self.start + end] = data

    def write(self):
        self.path.write_bytes(self.bytes)


class Case:
    """A case of the manifest with its parameters and inputs."""

    def __init__(self, folder, description):
        self.id = description["id"]
        self.operation = description["operation"]
        self.parameters = description["parameters"]
        self.outputs = description["outputs"]
        self.origin = description["origin"]
        self.file = CaseFile(pathlib.Path(folder) / description["file"])
        self.inputs = {
            entry["name"]: self.file.read("input." + entry["name"])
            for entry in description["inputs"]
        }

    def expected(self, name):
        return self.file.read("expected." + name)


class Kit:
    """A folder with manifest.json and the files of its cases."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.path = self.folder / "manifest.json"
        self.text = self.path.read_text(encoding="utf-8")
        self.manifest = json.loads(self.text)

    def set_origin(self, ids, origin):
        """Exchanges the origin of cases in the text of the manifest."""
        text = self.text
        for name in ids:
            place = re.search(r'"id"\s*:\s*' + re.escape(json.dumps(name)), text)
            found = re.compile(r'("origin"\s*:\s*")[^"]*(")').search(text, place.end())
            text = text[:found.start()] + found[1] + origin + found[2] + text[found.end():]
        expected = {**self.manifest, "cases": [
            {**case, "origin": origin} if case["id"] in ids else case
            for case in self.manifest["cases"]
        ]}
        if json.loads(text) != expected:
            raise ValueError("the manifest does not list id before origin in every case")
        self.text, self.manifest = text, expected

    def write_manifest(self):
        self.path.write_text(self.text, encoding="utf-8")
