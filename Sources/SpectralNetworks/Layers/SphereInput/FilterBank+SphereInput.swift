import FourierTransforms
import HarmonicTransforms
import Kernels

/// The observed Q and U, or T: the channels E and B, or T, of every filter.
extension FilterBank: SphereInput {
  private struct Loader: SphereInputLoader {
    let bank: FilterBank
    let maps: Int

    func load(_ values: [T], to target: BufferView<T>, stride: Int, threads: Int) {
      bank.apply(values, count: maps, to: target, stride: stride, threads: threads)
    }
  }

  func makeLoader(maps: Int) -> any SphereInputLoader<T> { Loader(bank: self, maps: maps) }

  func gradient(_ gradient: CoefficientStack<T>, count: Int, threads: Int) -> [T] {
    transpose(gradient.values, count: count, threads: threads)
  }
}
