/// A prediction or an error bar: the shortest text that reads back to the same float32.
func numberText(_ value: Double) -> String { "\(Float(value))" }
