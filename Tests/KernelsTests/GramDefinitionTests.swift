import Kernels
import Testing
import Verification

@Suite("Gram matrix against three loops")
struct GramDefinitionTests {
  /// X of small integers, `[variable][observation]`, without gaps and with rows `stride` apart.
  func matrix(
    _ variables: Int, _ observations: Int, stride: Int
  ) -> (dense: [Double], x: [Double]) {
    var numbers = TestNumbers(seed: 11)
    let dense = (0..<variables * observations).map { _ in Double(numbers.next() % 9) - 4 }
    // What is behind the observations must not be read.
    var x = [Double](repeating: .nan, count: variables * stride)
    for i in 0..<variables {
      for p in 0..<observations { x[i * stride + p] = dense[i * observations + p] }
    }
    return (dense, x)
  }

  /// Integers add up without rounding, so the upper triangles agree to the bit, on both sides of
  /// the tile edges. Blind to: the lower triangle, which is undefined.
  @Test("Integers agree exactly", arguments: [1, 2, 8, 191, 192, 193, 400], [0, 1, 7, 260])
  func integersAgree(variables: Int, observations: Int) {
    let (dense, x) = matrix(variables, observations, stride: observations + 8)
    var gram = [Double](repeating: 0, count: variables * variables)
    for _ in 0..<2 {
      addGram(
        to: &gram, of: x, variables: variables, observations: observations,
        stride: observations + 8, threads: 2)
    }
    let expected = gramByDefinition(of: dense, variables: variables, observations: observations)
    var mismatches = 0
    for i in 0..<variables {
      for j in i..<variables where gram[i * variables + j] != 2 * expected[i * variables + j] {
        mismatches += 1
      }
    }
    #expect(mismatches == 0)
  }

  /// One thread and two give the same bits for numbers that do round.
  @Test("Threads change no bit")
  func threadsAgree() {
    var numbers = TestNumbers(seed: 12)
    let x = numbers.normals(400 * 100)
    func gram(threads: Int) -> [Double] {
      var gram = [Double](repeating: 0, count: 400 * 400)
      addGram(
        to: &gram, of: x, variables: 400, observations: 96, stride: 100, threads: threads)
      return gram
    }
    #expect(gram(threads: 1) == gram(threads: 2))
  }

  /// A sum that leaves out the last observation does not pass for the whole.
  @Test("Negative control")
  func rejectsMissingObservation() {
    let (dense, x) = matrix(20, 10, stride: 18)
    var gram = [Double](repeating: 0, count: 400)
    addGram(to: &gram, of: x, variables: 20, observations: 9, stride: 18, threads: 1)
    let expected = gramByDefinition(of: dense, variables: 20, observations: 10)
    #expect((0..<20).contains { gram[$0 * 21] != expected[$0 * 21] })
  }
}
