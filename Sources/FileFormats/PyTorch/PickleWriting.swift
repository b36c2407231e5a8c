/// A pickle (protocol 2) of the dictionary from names to tensors; tensor k has storage `data/k`.
func pickled(_ tensors: NamedTensors) -> [UInt8] {
  var pickle: [UInt8] = [0x80, 2] + Array("}(".utf8)
  for (index, (name, tensor)) in tensors.enumerated() {
    pickle += pickled(name) + pickledGlobal("torch._utils", "_rebuild_tensor_v2")
    pickle += Array("((".utf8)
    pickle += pickled("storage") + pickledGlobal("torch", tensor.dtype.torchStorage)
    pickle += pickled("\(index)") + pickled("cpu") + pickled(tensor.count)
    pickle += Array("tQ".utf8) + pickled(0)
    pickle += pickledTuple(tensor.shape) + pickledTuple(rowMajorStrides(of: tensor.shape))
    // requires_grad = False, no hooks, end of the arguments, call.
    pickle += [0x89] + pickledGlobal("collections", "OrderedDict") + Array(")RtR".utf8)
  }
  return pickle + Array("u.".utf8)
}

/// Elements between neighbours in each dimension. An empty dimension counts as one element, which
/// is what PyTorch does.
private func rowMajorStrides(of shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: shape.count)
  for dimension in stride(from: shape.count - 2, through: 0, by: -1) {
    strides[dimension] = strides[dimension + 1] * max(1, shape[dimension + 1])
  }
  return strides
}

private func pickled(_ text: String) -> [UInt8] {
  let utf8 = Array(text.utf8)
  return [UInt8(ascii: "X")] + littleEndianBytes(of: [UInt32(utf8.count)], \.self) + utf8
}

/// The shortest instruction: one byte, two bytes, four bytes, or LONG1 of eight.
private func pickled(_ value: Int) -> [UInt8] {
  if let byte = UInt8(exactly: value) { return [UInt8(ascii: "K"), byte] }
  if let short = UInt16(exactly: value) {
    return [UInt8(ascii: "M")] + littleEndianBytes(of: [short], \.self)
  }
  if let word = Int32(exactly: value) {
    return [UInt8(ascii: "J")] + littleEndianBytes(of: [word], \.self)
  }
  return [0x8a, 8] + littleEndianBytes(of: [value], \.self)
}

private func pickledTuple(_ values: [Int]) -> [UInt8] {
  [UInt8(ascii: "(")] + values.flatMap { pickled($0) } + [UInt8(ascii: "t")]
}

private func pickledGlobal(_ module: String, _ name: String) -> [UInt8] {
  Array("c\(module)\n\(name)\n".utf8)
}
