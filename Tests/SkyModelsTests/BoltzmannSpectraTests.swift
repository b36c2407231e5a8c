import FileFormats
import Foundation
import Testing
import Verification

@testable import SkyModels

@Suite("Text files of CAMB and CLASS")
struct BoltzmannSpectraTests {
  private static func dl(_ kind: String) throws -> [SpectrumName: [Double]] {
    let file = "spectra/tables_check.safetensors"
    let tensors = try SafetensorsFile(data: FixtureStore.data(file), name: file).tensors
    let values = try tensors.tensor("camb.\(kind)").doubles()
    let size = values.count / 4
    var lists: [SpectrumName: [Double]] = [:]
    for (place, name) in [SpectrumName.tt, .ee, .bb, .te].enumerated() {
      lists[name] = Array(values[place * size..<(place + 1) * size])
    }
    return lists
  }

  /// What CAMB's command line writes is what its Python interface gives, to the six digits of the
  /// files: half a unit of the last, 5e-6 of numbers 0.1..., of which a sum of the spectra at hand
  /// has none. TE passes through zero, where its last digit is still of its own size.
  private func compare(_ found: BoltzmannSpectra, _ kind: String) throws {
    let expected = try Self.dl(kind)
    let (tt, ee) = (expected[.tt] ?? [], expected[.ee] ?? [])
    var control = 0.0
    for name in found.spectrumNames {
      let values = found.spectra[name]
      #expect(values[0] == 0 && values[1] == 0)
      for l in 2..<tt.count {
        let truth = (expected[name]?[l] ?? 0) * 2 * .pi / Double(l * (l + 1))
        #expect(abs(values[l] - truth) <= 6e-6 * abs(truth), "\(kind) \(name) l \(l)")
        // Negative control: another column.
        let other = (name == .ee ? tt : ee)[l] * 2 * .pi / Double(l * (l + 1))
        control = max(control, abs(values[l] - other) / abs(other))
      }
    }
    #expect(control > 0.5)
  }

  @Test(
    "Files of CAMB", arguments: ["scalCls", "tensCls", "totCls", "lensedCls", "lensedtotCls"])
  func camb(kind: String) throws {
    let url = FixtureStore.url("spectra/camb_\(kind).dat")
    let found = try BoltzmannSpectra(contentsOf: url)
    let names: [SpectrumName] = kind == "scalCls" ? [.tt, .ee, .te] : [.tt, .ee, .bb, .te]
    #expect(found.spectrumNames == names)
    try compare(found, kind)
    let first = try #require(found.notes.first)
    #expect(first.contains(kind == "lensedtotCls" ? "by its header" : "\(kind).dat by its name"))
    #expect(first.contains("D_l converted to C_l"))
    #expect(found.notes.count == (kind == "scalCls" ? 2 : 1))
  }

  /// The same numbers as CLASS writes them: other columns, dimensionless.
  @Test("A file of CLASS")
  func classFile() throws {
    let url = FixtureStore.url("spectra/class_cl_lensed.dat")
    let found = try BoltzmannSpectra(contentsOf: url)
    #expect(found.spectrumNames == [.tt, .ee, .bb, .te])
    try compare(found, "lensedtotCls")
    #expect(
      found.notes == [
        "taken for a file of CLASS by its header; D_l converted to C_l; dimensionless, times "
          + "(2.7255 K)^2"
      ])
    // Another temperature scales everything.
    let warm = try BoltzmannSpectra(contentsOf: url, temperature: 2 * 2.7255)
    #expect(abs(warm.spectra.tt[7] / found.spectra.tt[7] - 4) < 1e-14)
    #expect(throws: BoltzmannFileError.self) {
      try BoltzmannSpectra(contentsOf: url, temperature: 0)
    }
  }

  private func read(
    _ text: String, name: String = "x.dat"
  ) throws(BoltzmannFault) -> BoltzmannSpectra {
    try BoltzmannSpectra(text: text, name: name, temperature: 2.7255)
  }

  private func fault(_ text: String, name: String = "x.dat") -> BoltzmannFault? {
    do throws(BoltzmannFault) {
      _ = try read(text, name: name)
      return nil
    } catch {
      #expect(!error.description.isEmpty)
      return error
    }
  }

  @Test("Forms")
  func forms() throws {
    // CLASS in the format of CAMB, more columns, Fortran's exponents, line ends of Windows.
    let camb =
      "# total [l(l+1)/2pi] C_l's (units: [microK]^2)\n#\n"
      + "# 1:l 2:TT 3:EE 4:BB 5:TE 6:dd 7:dens[1]-dens[1]\n"
      + "2 1.0D3 1 0.5 -2 9 9\r\n 3\t1.0d3 1 0.5 2 9 9\n\n"
    let found = try read(camb)
    #expect(found.spectra.tt[2] == 1000 * 2 * .pi / 6 && found.spectra.bb[3] == 0.5 * 2 * .pi / 12)
    #expect(found.spectra.te[2] == -2 * 2 * .pi / 6 && found.spectra.lmax == 3)
    #expect(found.notes.last == "columns that are not read: dd, dens[1]-dens[1]")
    // What camb.save_cmb_power_spectra writes.
    let python = try read("#  L TT EE BB TE PP PT PE\n2 10 1 1 0 0 0 0\n3 10 1 1 0 0 0 0\n")
    #expect(python.spectrumNames == [.tt, .ee, .bb, .te] && python.notes.count == 2)
    // CAMB's scalCls without lensing potentials, known by the name.
    let scalar = try read("2 10 1 2\n3 10 1 2\n", name: "run1_scalCls.dat")
    #expect(scalar.spectrumNames == [.tt, .ee, .te] && scalar.spectra.te[2] == 2 * 2 * .pi / 6)
  }

  @Test("Refusals")
  func refusals() {
    let rows = "2 10 1 1 1\n3 10 1 1 1\n"
    let good = "# L TT EE BB TE\n"
    #expect(fault(good + rows) == nil)
    #expect(fault(good) == .noRows && fault("") == .noRows)
    #expect(fault(rows) == .unknownColumns(fileName: "x.dat"))
    #expect(
      fault(rows, name: "a_scalCls.dat")
        == .wrongFileOfCAMB(end: "scalCls.dat", found: 5, expected: [4, 6]))
    #expect(fault(good + "2 10 1 1\n") == .wrongColumnCount(line: 2, found: 4, expected: 5))
    for word in ["nan", "inf", "****", "1.0-103"] {
      #expect(
        fault(good + "2 10 1 \(word) 1\n") == .notANumber(line: 2, column: "bb", found: word))
    }
    #expect(
      fault(good + "2 10 1 1 1\n4 10 1 1 1\n") == .wrongDegree(line: 3, found: 4, expected: 3))
    #expect(fault(good + "0 0 0 0 0\n1 0 0 0 0\n") == .wrongDegree(line: 2, found: 0, expected: 2))
    #expect(fault("# L TT EE EE TE\n" + rows) == .repeatedColumn(name: "ee"))
    #expect(
      fault("# 1:l 2:phiphi\n# dimensionless [l(l+1)/2pi]\n2 1\n")
        == .noSpectra(found: ["l", "phiphi"]))
    let numbered = "# 1:l 2:TT 3:EE 4:TE 5:BB\n"
    #expect(fault(numbered + rows) == .notDl)
    #expect(fault("# C_l's [l(l+1)/2pi]\n" + numbered + rows) == .unclearUnit)
    #expect(
      fault("# dimensionless [l(l+1)/2pi], (units: [microK]^2)\n" + numbered + rows)
        == .unclearUnit)
    #expect(
      fault(good + "2 1e-10 1e-12 1e-14 0\n3 1e-10 1e-12 1e-14 0\n")
        == .looksDimensionless(largest: 1e-10))
    guard case .contents(.notSemidefinite(l: 3, _))? = fault(good + "2 10 1 1 1\n3 1 1 1 2\n")
    else {
      Issue.record("what is no covariance was accepted")
      return
    }
    guard case .contents(.negativePower(name: .bb, l: 2, _))? = fault(good + "2 10 1 -1 1\n")
    else {
      Issue.record("negative power was accepted")
      return
    }
    let error = BoltzmannFileError(file: "a.dat", fault: .noRows)
    #expect(error.description.hasPrefix("a.dat: ") && error.faultClass == .badInput)
    #expect(BoltzmannFault.wrongTemperature(found: 0).faultClass == .usage)
    #expect(throws: FileError.self) {
      try BoltzmannSpectra(contentsOf: FixtureStore.url("spectra/none.dat"))
    }
  }
}
