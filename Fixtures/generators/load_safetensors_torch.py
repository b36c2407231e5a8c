"""Loads a model written by `sphere` as a PyTorch state dict: the example of Docs/Exchange.md.

    python Fixtures/generators/load_safetensors_torch.py MODEL.safetensors
"""

import sys

from safetensors import safe_open


def load(path):
    """(state dict on the CPU, metadata as a dict from text to text)."""
    with safe_open(path, framework="pt", device="cpu") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}


if __name__ == "__main__":
    state, metadata = load(sys.argv[1])
    for key in sorted(metadata):
        print(f"{key} = {metadata[key]}")
    for name, tensor in state.items():
        print(f"{name}   {str(tensor.dtype)[6:]}   {list(tensor.shape)}")
