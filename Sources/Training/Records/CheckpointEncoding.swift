import FileFormats
import Foundation
import Kernels
import SpectralNetworks

/// A tensor with its bits, in the file's type for `T`.
func tensorData<T: LaneScalar>(_ tensor: NamedTensor<T>) -> TensorData {
  // Both are little-endian arrays of the same type: the bytes as they are.
  TensorData(
    dtype: T.self == Float.self ? .float32 : .float64, shape: tensor.shape,
    bytes: tensor.values.withUnsafeBytes { Array($0) })
}

/// The tensor `prefix` + name of a file, with the shape of `expected` and the precision `T`.
///
/// - Throws: `TrainingError.checkpointTensorDiffers`, also for an element that is not finite or a
///   running variance below 0: no run goes on from it.
func tensor<T: LaneScalar>(
  in file: SafetensorsFile, prefix: String, like expected: NamedTensor<T>, path: String
) throws -> NamedTensor<T> {
  let name = prefix + expected.name
  let type: TensorData.DType = T.self == Float.self ? .float32 : .float64
  let wanted = "\(type.rawValue) of shape \(expected.shape)"
  guard let data = file.tensors[name] else {
    throw TrainingError.checkpointTensorDiffers(
      path: path, tensor: name, found: "nothing", expected: wanted)
  }
  guard data.dtype == type, data.shape == expected.shape else {
    throw TrainingError.checkpointTensorDiffers(
      path: path, tensor: name, found: "\(data.dtype.rawValue) of shape \(data.shape)",
      expected: wanted)
  }
  if let values = try data.dtype == .float32 ? data.floats() as? [T] : data.doubles() as? [T] {
    let tensor = NamedTensor(name: expected.name, shape: expected.shape, values: values)
    if let fault = tensor.firstUnusable {
      throw TrainingError.checkpointTensorDiffers(
        path: path, tensor: name, found: "\(fault.found) as element \(fault.index)",
        expected: fault.expected)
    }
    return tensor
  }
  preconditionFailure("\(T.precisionName) has no type in the file")
}

/// A metadata entry, decoded.
///
/// - Throws: `TrainingError.damagedCheckpoint`.
func decode<Value: Decodable>(
  _ file: SafetensorsFile, _ key: String, path: String
) throws -> Value {
  guard let text = file.metadata[key] else {
    throw TrainingError.damagedCheckpoint(
      path: path, reason: "the metadata entry \(key) is missing")
  }
  do {
    return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  } catch {
    throw TrainingError.damagedCheckpoint(
      path: path, reason: "the metadata entry \(key) cannot be read (\(error))")
  }
}

/// A metadata entry as a JSON tree.
///
/// - Throws: `TrainingError.damagedCheckpoint`.
func jsonObject(_ file: SafetensorsFile, _ key: String, path: String) throws -> Any {
  guard let text = file.metadata[key] else {
    throw TrainingError.damagedCheckpoint(
      path: path, reason: "the metadata entry \(key) is missing")
  }
  do {
    return try JSONSerialization.jsonObject(with: Data(text.utf8))
  } catch {
    throw TrainingError.damagedCheckpoint(
      path: path, reason: "the metadata entry \(key) cannot be read (\(error))")
  }
}

/// The leaves in which two JSON trees differ, by path.
func configurationDifferences(checkpoint: Any, run: Any) -> [ConfigurationDifference] {
  let (old, new) = (leaves(of: checkpoint), leaves(of: run))
  return Set(old.keys).union(new.keys).sorted().compactMap { key in
    old[key] == new[key]
      ? nil
      : ConfigurationDifference(
        key: key, checkpoint: old[key] ?? "nothing", run: new[key] ?? "nothing")
  }
}

/// Every leaf of a JSON tree as text, under its path.
private func leaves(of tree: Any, path: String = "") -> [String: String] {
  guard let object = tree as? [String: Any] else { return [path: "\(tree)"] }
  // An empty object is a leaf: an enumeration's case without values is written as one.
  if object.isEmpty { return [path: "present"] }
  var result: [String: String] = [:]
  for (key, value) in object {
    let below = leaves(of: value, path: path.isEmpty ? key : "\(path).\(key)")
    result.merge(below) { _, new in new }
  }
  return result
}
