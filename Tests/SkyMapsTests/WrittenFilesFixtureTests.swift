import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyMaps

/// Files whose values are formulas that Fixtures/generators/check_written_files.py repeats: it has
/// healpy, safetensors and PyTorch (`weights_only=True`) read them and compares exactly.
private enum Written {
  static let tensors: NamedTensors = {
    var tensors = NamedTensors()
    for dtype in [TensorData.DType.float64, .float32, .float16, .bfloat16] {
      let ramp = TensorData((-6..<6).map { Double($0) / 8 }, shape: [2, 3, 2])
      // Multiples of 1/8 below 1 fit every type.
      tensors["\(dtype)"] = (try? ramp.rounded(to: dtype)) ?? ramp
    }
    tensors["int64"] = TensorData([Int64.min, -1, 1 << 60 + 1], shape: [3])
    tensors["uint8"] = TensorData(dtype: .uint8, shape: [3], bytes: [0, 1, 255])
    tensors["bool"] = TensorData(dtype: .bool, shape: [2], bytes: [0, 1])
    tensors["scalar"] = TensorData([Int64(7)], shape: [])
    tensors["empty"] = TensorData([Float](), shape: [0, 5])
    tensors["blocks.0.wéight"] = TensorData(
      dtype: .uint8, shape: [700, 100], bytes: (0..<70000).map { UInt8($0 % 251) })
    return tensors
  }()

  static let metadata = ["task": "t1", "note": "a \"quoted\"\nline \u{1F30D}"]

  /// T = p/3, Q = -p/7 with pixels 0 and 5 unobserved, U = p.
  static func map(nside: Int, ordering: HealpixMapFile.Ordering) -> HealpixMapFile {
    let pixels = (0..<12 * nside * nside).map { Double($0) }
    var q = pixels.map { -$0 / 7 }
    q[0] = .nan
    q[5] = .nan
    return HealpixMapFile(
      nside: nside, ordering: ordering,
      columns: [
        HealpixMapFile.Column(name: "TEMPERATURE", values: pixels.map { $0 / 3 }),
        HealpixMapFile.Column(name: "Q_POLARISATION", values: q),
        HealpixMapFile.Column(name: "U_POLARISATION", values: pixels),
      ], coordinateSystem: ordering == .ring ? nil : "G",
      polarisationConvention: ordering == .ring ? nil : "COSMO")
  }

  /// a_lm = k (l + m/7 - i m/(l + 1)) for the field number k = 1, 2, 3 in T, E, B; lmax 5, mmax 4.
  static let coefficients: AlmFile = {
    var fields: [AlmFile.Field: [Double]] = [:]
    for (k, field) in AlmFile.Field.allCases.enumerated() {
      var values: [Double] = []
      for m in 0...4 {
        for l in m...5 {
          let isThere = l >= field.firstDegree
          let (x, y) = (Double(l) + Double(m) / 7, m == 0 ? 0 : -Double(m) / Double(l + 1))
          values += isThere ? [Double(k + 1) * x, Double(k + 1) * y] : [0, 0]
        }
      }
      fields[field] = values
    }
    return AlmFile(lmax: 5, mmax: 4, fields: fields, unit: "uK", coordinateSystem: "G")
  }()

  /// C_l = k / (l + 1) for the spectrum number k from 1, lmax 6.
  static let spectra = SpectraFile(
    spectra: ["TT", "EE", "BB", "TE", "EB", "TB"].enumerated().map { k, name in
      SpectraFile.Spectrum(name: name, values: (0...6).map { Double(k + 1) / Double($0 + 1) })
    }, unit: "uK^2", meanSquaredMask: 0.3)

  /// T = p/3 on 4 rings of 6 points, point 7 unobserved.
  static let rings = RingGridMapFile(
    gridType: "GAUSS-LEGENDRE", theta: [0.5, 1, 2, 2.5], weights: [0.1, 0.2, 0.3, 0.4],
    longitudeCount: 6,
    columns: [
      HealpixMapFile.Column(
        name: "TEMPERATURE", values: (0..<24).map { $0 == 7 ? .nan : Double($0) / 3 })
    ])
}

@Suite("Files for other programs")
struct WrittenFilesFixtureTests {
  /// The bytes are those that Python has checked. `origin: self`: guards against drift only; the
  /// check itself is check_written_files.py.
  @Test("Tensors have the bytes that were checked")
  func checkedTensors() throws {
    let safetensors = SafetensorsFile(tensors: Written.tensors, metadata: Written.metadata)
    #expect(try safetensors.data() == FixtureStore.data("formats/written.safetensors"))
    let state = PyTorchStateDict(tensors: Written.tensors)
    #expect(try state.data() == FixtureStore.data("formats/written.pt"))
  }

  /// CFITSIO's versions differ in comments, so the maps are compared by their contents.
  @Test("Maps have the contents that were checked")
  func checkedMaps() throws {
    for (name, nside, ordering) in [("ring", 16, "RING"), ("nested", 4, "NESTED")] {
      let checked = try HealpixMapFile(
        contentsOf: FixtureStore.url("formats/written_\(name).fits"))
      let map = Written.map(nside: nside, ordering: try #require(.init(rawValue: ordering)))
      #expect(checked.nside == nside)
      #expect(checked.ordering == map.ordering)
      for (a, b) in zip(checked.columns, map.columns) {
        #expect(a.name == b.name)
        #expect(a.observed == b.observed)
        for (x, y) in zip(a.values, b.values) where !y.isNaN {
          #expect(x == (nside == 16 ? Double(Float(y)) : y))
        }
      }
    }
  }

  @Test("Coefficients and spectra have the contents that were checked")
  func checkedCoefficients() throws {
    let alm = try AlmFile(contentsOf: FixtureStore.url("formats/written_alm.fits"))
    #expect(alm.fields == Written.coefficients.fields)
    #expect(alm.lmax == 5 && alm.mmax == 4)
    let cl = try SpectraFile(contentsOf: FixtureStore.url("formats/written_cl.fits"))
    #expect(cl == Written.spectra)
    let checked = try FitsTable.read(FixtureStore.url("formats/written_rings.fits")) {
      $0["TFIELDS"] != nil
    }
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("rings.fits")
      try Written.rings.write(to: url)
      let written = try FitsTable.read(url) { $0["TFIELDS"] != nil }
      #expect(written.tables.map(\.columns) == checked.tables.map(\.columns))
    }
  }

  /// Writes the files to the folder that SPHERE_WRITTEN_FILES names, to be checked by Python, else
  /// to a temporary one, and reads each again.
  @Test("Write the files")
  func writeFiles() throws {
    if let folder = ProcessInfo.processInfo.environment["SPHERE_WRITTEN_FILES"] {
      try write(to: URL(fileURLWithPath: folder))
    } else {
      try withTemporaryFolder { try write(to: $0) }
    }
  }

  private func write(to folder: URL) throws {
    let safetensors = folder.appendingPathComponent("written.safetensors")
    try SafetensorsFile(tensors: Written.tensors, metadata: Written.metadata).write(to: safetensors)
    #expect(try SafetensorsFile(contentsOf: safetensors).metadata == Written.metadata)

    let state = folder.appendingPathComponent("written.pt")
    try PyTorchStateDict(tensors: Written.tensors).write(to: state)
    #expect(try PyTorchStateDict(contentsOf: state).tensors == Written.tensors)

    let ring = folder.appendingPathComponent("written_ring.fits")
    try Written.map(nside: 16, ordering: .ring).write(to: ring, precision: .float32)
    #expect(try HealpixMapFile(contentsOf: ring).ordering == .ring)

    let nested = folder.appendingPathComponent("written_nested.fits")
    try Written.map(nside: 4, ordering: .nested).write(to: nested, precision: .float64)
    #expect(try HealpixMapFile(contentsOf: nested).ordering == .nested)

    try Written.coefficients.write(to: folder.appendingPathComponent("written_alm.fits"))
    try Written.spectra.write(to: folder.appendingPathComponent("written_cl.fits"))
    try Written.rings.write(to: folder.appendingPathComponent("written_rings.fits"))
  }
}
