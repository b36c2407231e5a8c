import TestSupport
import FileFormats
import Testing

@testable import Training

/// A run does not go on from weights, moments or buffers that no network can use.
@Suite("Numbers in checkpoints")
struct CheckpointWeightTests {
  @Test(
    "Elements that are not finite",
    arguments: ["parameter/hidden.weight", "adam.first/hidden.weight", "adam.second/hidden.weight"])
  func notFinite(name: String) throws {
    let folder = try ScratchFolder()
    let url = folder.file("run.safetensors")
    let execution = TrainingExecution(threads: 1, checkpoint: url)
    _ = try ToyRun.train(ToyRun.configuration(), execution: execution, stopAfter: 20)
    var file = try SafetensorsFile(contentsOf: url)
    let tensor = try file.tensors.tensor(name)
    var values = try tensor.doubles()
    values[3] = .nan
    file.tensors[name] = TensorData(values, shape: tensor.shape)
    try file.write(to: url)
    let error = #expect(throws: TrainingError.self) {
      try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
    }
    #expect(
      error
        == .checkpointTensorDiffers(
          path: url.path, tensor: name, found: "nan as element 3", expected: "a finite number"))
    // Control: the sound tensor.
    file.tensors[name] = tensor
    try file.write(to: url)
    #expect(throws: Never.self) {
      try ToyRun.train(ToyRun.configuration(), execution: execution, resuming: true)
    }
  }
}
