"""Records Fixtures/formats/state_*.pt: state dicts as PyTorch's users save them.

The values are formulas that the tests repeat, so no second file holds them.

    state_negative.pt      views with the negative bit: (k + 1/2) and 2k of w.conj().imag, contiguous
                           and transposed, next to the same numbers without the bit
    state_complex.pt       a complex tensor among real ones, to be refused by its name
    state_conjugate.pt     the same with the conjugate bit
    state_buffer.pt        torch.nn.Buffer and a parameter with attributes
    state_checkpoint.pt    {"epoch": 3, "state_dict": PAIR}
    state_training.pt      a training checkpoint: model, Adam after a step, schedule, epoch, loss
    state_several.pt       two state dicts, of which neither is meant more than the other
    state_float8.pt        a tensor of a type that is not read
"""

import io

import torch

from recording import Recorder

CONVENTIONS = "values are formulas of the index, see state_dicts.py"
PAIR = {"a": torch.arange(4.0), "b": torch.arange(3)}


def torch_bytes(value):
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def negative():
    ramp = torch.arange(6.0).reshape(2, 3)
    single = torch.complex(ramp, ramp + 0.5).conj().imag
    double = torch.complex(ramp.double(), 2 * ramp.double()).conj().imag
    assert single.is_neg() and double.is_neg() and single[1, 2] == -5.5
    return {"single": single, "transposed": single.T, "double": double, "plain": ramp}


def buffers():
    module = torch.nn.Module()
    module.register_buffer("buffer", torch.arange(3.0))
    # torch.nn.Buffer is saved as a tensor with attributes, as is a parameter that has some.
    attributes = torch.nn.Buffer(torch.arange(3.0) + 1)
    parameter = torch.nn.Parameter(torch.arange(2.0))
    parameter.note = "text"
    return {"buffer": module.buffer, "attributes": attributes, "parameter": parameter}


def training():
    torch.manual_seed(1)
    model = torch.nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0]]))
        model.bias.fill_(3.0)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.1, patience=5)
    loss = model(torch.ones(4, 2)).square().mean()
    saved = {key: value.clone() for key, value in model.state_dict().items()}
    loss.backward()
    optimiser.step()
    return {
        "epoch": 7, "model_state_dict": saved, "optimizer_state_dict": optimiser.state_dict(),
        "scheduler": {"best": 0.25, "factor": schedule.factor, "history": [1.0, 0.5]},
        "loss": loss.detach(), "name": "run", "seed": None,
    }


FILES = {
    "negative": (negative, "PyTorchFixtureTests"),
    "complex": (lambda: {"a": torch.zeros(2), "w": torch.zeros(2, dtype=torch.complex64)},
                "PyTorchErrorTests"),
    "conjugate": (lambda: {"w": torch.zeros(2, dtype=torch.complex128).conj()},
                  "PyTorchErrorTests"),
    "buffer": (buffers, "PyTorchFixtureTests"),
    "checkpoint": (lambda: {"epoch": 3, "state_dict": PAIR}, "PyTorchFixtureTests"),
    "training": (training, "PyTorchFixtureTests"),
    "several": (lambda: {"model": PAIR, "average": PAIR, "epoch": 1}, "PyTorchErrorTests"),
    "float8": (lambda: {"w": torch.zeros(2).to(torch.float8_e4m3fn)}, "PyTorchErrorTests"),
}


def main():
    recorder = Recorder("formats", __file__, ["torch"], ["PyTorchFixtureTests"], __doc__)
    for name, (contents, used_by) in FILES.items():
        recorder.save_bytes(
            f"state_{name}.pt", torch_bytes(contents()), seed="none", conventions=CONVENTIONS,
            tolerance="exact", used_by=[used_by])


if __name__ == "__main__":
    main()
