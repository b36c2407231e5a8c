import CSpectralSphere
import Conformance
import Expectations
import FileFormats
import ForeignInterface
import Foundation
import FourierTransforms
import Models
import SkyMaps
import Tasks
import Testing
import Verification

/// Maps, models, expected errors and kits from C: what the modules of Swift give for the same
/// files.
@Suite("Interface in C: files")
struct InterfaceFileTests {
  private let fixtures = FixtureStore.packageRoot.appendingPathComponent("Fixtures")

  private func path(_ name: String) -> String { fixtures.appendingPathComponent(name).path }

  private func open(_ name: String) throws -> sphere_handle {
    var model: sphere_handle = 0
    let answer = call { sphere_model_open(path(name), nil, &model, $0) }
    try #require(answer == .fine, "\(answer)")
    return model
  }

  /// The licence names the library that is linked.
  @Test("Licence")
  func licence() {
    #expect(
      String(cString: sphere_licence())
        == "\(FourierLibrary.licenceOfBinaries) (\(FourierLibrary.name))")
  }

  // MARK: - Maps

  @Test("A map")
  func map() throws {
    var result: sphere_handle = 0
    let file = path("maps/t1/map0.fits")
    try #require(call { sphere_map_read(file, nil, &result, $0) } == .fine)
    let expected = try SkyMap(contentsOf: URL(fileURLWithPath: file))
    #expect(try tensors(result)["T"] == TensorData(try #require(expected.temperature)))
    #expect(
      try lines(result) == [#"{"nside":16,"unit":"uK","coordinates":null,"warnings":[]}"#])
    // Q and U of a file that has them, and one column of it.
    let polarised = path("formats/tools_map_1.fits")
    let sky = try SkyMap(contentsOf: URL(fileURLWithPath: polarised))
    try #require(call { sphere_map_read(polarised, nil, &result, $0) } == .fine)
    #expect(try tensors(result).names == sky.fields.map { String($0.name.prefix(1)) }.sorted())
    let json = #"{"columns": ["1"]}"#
    try #require(call { sphere_map_read(polarised, json, &result, $0) } == .fine)
    #expect(try tensors(result).names == ["T"])
  }

  @Test("Maps that cannot be read")
  func mapErrors() throws {
    var result: sphere_handle = 9
    func read(_ file: String?, _ json: String? = nil) -> Answer {
      call { sphere_map_read(file, json, &result, $0) }
    }
    #expect(read(nil).refuses(64, "file is NULL") && result == 0)
    #expect(read("").refuses(64, "the name of a file"))
    #expect(read(path("maps/no.fits")).refuses(66, "no.fits", "there is no such file"))
    #expect(read(path("manifest")).refuses(65, "a regular file"))
    let model = path("models/t1-physical-isotropic-noise0.safetensors")
    #expect(read(model).status == 65)
    let map = path("maps/t1/map0.fits")
    #expect(read(map, #"{"hdu": "7"}"#).status == 65)
    #expect(read(map, #"{"column": ["1"]}"#).refuses(64, "column", "hdu, columns"))
    #expect(read(map, #"{"hdu": 1}"#).refuses(64, "each of its type"))
    #expect(read(map, "[]").refuses(64, "JSON object"))
    #expect(call { sphere_map_read(map, nil, nil, $0) }.refuses(64, "result is NULL"))
  }

  // MARK: - Models

  /// Numbers and lines of the program's own code, from files and from arrays in both types.
  @Test("Predictions")
  func predictions() throws {
    let name = "models/t1-physical-isotropic-noise0.safetensors"
    let handle = try open(name)
    let model = try ModelFile.read(URL(fileURLWithPath: path(name)))
    let files = ["maps/t1/map0.fits", "maps/t1/map1.fits"].map(path)
    let maps = try files.map { file in
      var map = try SkyMap(
        contentsOf: URL(fileURLWithPath: file), isPolarised: false, nside: model.network.nside)
      map.file = file
      return map
    }
    let expected = try model.predict(interleaved(maps), count: 2, threads: 1)
    var result: sphere_handle = 0
    let pointers = files.map { UnsafePointer(strdup($0)) }
    defer { pointers.forEach { free(UnsafeMutablePointer(mutating: $0)) } }
    try #require(
      call { sphere_model_predict_files(handle, nil, 2, pointers, &result, $0) } == .fine)
    let found = try tensors(result)
    let (values, errors) = (expected.map { $0[0].value }, expected.map { $0[0].standardError })
    #expect(found["value"] == TensorData(values, shape: [2, 1]))
    #expect(found["error"] == TensorData(errors.map { $0 ?? .nan }, shape: [2, 1]))
    #expect(
      try lines(result)
        == zip(maps, expected).map { MapAnswer($0, $1, isForced: false).json })
    let temperatures = maps.flatMap { $0.temperature ?? [] }
    for array in [
      CallerArray(temperatures, [2, 1, 3072]),
      CallerArray(temperatures.map { Float($0) }, [2, 1, 3072]),
    ] {
      let json = #"{"threads": 2}"#
      let answer = call {
        sphere_model_predict(handle, json, [array.description], &result, $0)
      }
      try #require(answer == .fine, "\(answer)")
      #expect(try tensors(result)["value"] == found["value"])
    }
    #expect(try lines(result)[1].contains(#""file":"map 1""#))
    try #require(call { sphere_model_describe(handle, &result, $0) } == .fine)
    let about = try lines(result)[0]
    #expect(about.contains(#""nside":16"#) && about.contains(#""parameters":["ell_peak"]"#))
    #expect(about.contains(#""fields":["T"]"#) && about.contains(#""prior":[5,20]"#))
    #expect(try tensors(result).names == [])
    #expect(call { sphere_release(handle, $0) } == .fine)
  }

  /// A map that is unlike those of the training has NaN and a reason, and numbers by force.
  @Test("No estimate")
  func noEstimate() throws {
    let handle = try open("models/t1-physical-isotropic-noise0.safetensors")
    let array = CallerArray((0..<3072).map { 1e4 * Double($0 % 7) }, [1, 1, 3072])
    func predict(_ json: String?) throws -> (TensorData?, String) {
      var result: sphere_handle = 0
      try #require(
        call { sphere_model_predict(handle, json, [array.description], &result, $0) } == .fine)
      return (try tensors(result)["value"], try lines(result)[0])
    }
    let (value, line) = try predict(nil)
    #expect(try #require(value).doubles()[0].isNaN)
    #expect(line.contains("\"reason\"") && line.contains("\"ell_peak\":null"))
    let (forced, forcedLine) = try predict(#"{"force": true}"#)
    #expect(try #require(forced).doubles()[0].isFinite)
    #expect(forcedLine.contains("\"reason\"") && !forcedLine.contains("null"))
  }

  @Test("Models and maps that do not fit")
  func modelErrors() throws {
    var model: sphere_handle = 9
    func opened(_ name: String, _ json: String? = nil) -> Answer {
      call { sphere_model_open(path(name), json, &model, $0) }
    }
    #expect(opened("models/none.safetensors").refuses(66, "there is no such file") && model == 0)
    #expect(opened("maps/t1/map0.fits").status == 65)
    let name = "models/t1-physical-isotropic-noise0.safetensors"
    #expect(opened(name, #"{"outputs": ["r", "tau"]}"#).refuses(64, "ell_peak"))
    #expect(opened(name, #"{"output": "r"}"#).refuses(64, "inpaint, outputs"))
    #expect(
      call { sphere_model_open(path(name), nil, nil, $0) }.refuses(64, "model is NULL"))
    let handle = try open(name)
    var result: sphere_handle = 9
    func predict(_ array: CallerArray, _ json: String? = nil) -> Answer {
      call { sphere_model_predict(handle, json, [array.description], &result, $0) }
    }
    let zeros = { (shape: [Int]) in
      CallerArray([Double](repeating: 0, count: shape.reduce(1, *)), shape, name: "maps")
    }
    #expect(predict(zeros([0, 1, 3072])) == .fine)
    #expect(predict(zeros([3072])).refuses(65, "F64 [3072]", "[maps, 1, 3072]"))
    #expect(predict(zeros([1, 2, 3072])).refuses(65, "[maps, 1, 3072]"))
    #expect(predict(zeros([1, 1, 12])).refuses(65, "3072"))
    #expect(predict(CallerArray([Int64](repeating: 0, count: 3072), [1, 1, 3072])).status == 65)
    var values = [Double](repeating: 0, count: 3072)
    values[5] = .infinity
    #expect(
      predict(CallerArray(values, [1, 1, 3072])).refuses(65, "map 0", "1 pixels are infinite"))
    // Unobserved pixels, in either spelling, are none that a model of the full sky does without.
    for unseen in [Double.nan, -1.6375e30] {
      values[5] = unseen
      #expect(predict(CallerArray(values, [1, 1, 3072])).refuses(65, "map 0", "1 of the 3072"))
    }
    let fine = zeros([1, 1, 3072])
    #expect(predict(fine, #"{"threads": 0}"#).refuses(64, "threads is 0"))
    #expect(predict(fine, #"{"hdu": "1"}"#).refuses(64, "maps in arrays"))
    #expect(predict(fine, #"{"mask_hdu": "1"}"#).refuses(64, "without mask"))
    #expect(predict(fine, #"{"mask": "none.fits"}"#).refuses(66, "none.fits"))
    #expect(
      call { sphere_model_predict(handle, nil, nil, &result, $0) }.refuses(64, "maps is NULL"))
    #expect(
      call { sphere_model_predict_files(handle, nil, 1, nil, &result, $0) }
        .refuses(64, "files is NULL"))
    #expect(
      call { sphere_model_predict_files(handle, nil, -1, nil, &result, $0) }
        .refuses(64, "count is -1"))
    #expect(call { sphere_model_describe(0, &result, $0) }.refuses(64, "a model"))
  }

  // MARK: - Checks

  @Test("Expected errors")
  func expectedErrors() throws {
    var result: sphere_handle = 9
    func ask(_ json: String?) -> Answer { call { sphere_expect_analysis(json, &result, $0) } }
    let json = #"{"nside":512,"lmax":1000,"method":"iter3","spin":2,"precision":"f32"}"#
    try #require(ask(json) == .fine)
    let report = try ExpectationReport(
      AnalysisCase(
        grid: .healpix(nside: 512), lmax: 1000, spin: 2, precision: .single, method: .iterated))
    #expect(try lines(result) == [report.json])
    var array = sphere_array()
    #expect(call { sphere_result_array(result, 0, &array, $0) }.refuses(64, "no arrays"))
    #expect(ask(nil).refuses(64, "without nside") && result == 0)
    #expect(ask(#"{"nside":512}"#).refuses(64, "without lmax"))
    #expect(ask(#"{"nside":8,"lmax":10}"#).refuses(64, "nside is 8"))
    #expect(ask(#"{"nside":64,"lmax":10,"spin":1}"#).status == 64)
    #expect(ask(#"{"nside":64,"lmax":10,"method":"iter9"}"#).refuses(64, "iter9", "iter3"))
    #expect(ask(#"{"nside":64,"lmax":10,"precision":"f16"}"#).refuses(64, "f16", "f64, f32"))
  }

  /// The library's own answers pass the check, and wrong ones fail it with the fault's name.
  @Test("A kit")
  func kit() throws {
    try withTemporaryFolder { folder in
      let (kit, outputs) = (
        folder.appendingPathComponent("kit"), folder.appendingPathComponent("outputs")
      )
      let json = #"{"cases": ["spin2-synthesis-healpix*"], "seed": 3}"#
      try #require(call { sphere_conformance_export(kit.path, json, $0) } == .fine)
      let check = try KitCheck(kit: kit)
      #expect(check.manifest.seed == 3 && check.manifest.cases.count > 2)
      try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: true)
      try ReferenceBackend.run(check, to: outputs, as: Double.self)
      var result: sphere_handle = 0
      func checked() throws -> [String] {
        try #require(
          call { sphere_conformance_check(kit.path, outputs.path, nil, &result, $0) } == .fine)
        return try lines(result)
      }
      let right = try checked()
      #expect(right.last?.hasPrefix(#"{"passed":true"#) == true)
      #expect(
        right.joined(separator: "\n") == (try check.report(outputs: outputs)).json())
      // U with the other sign.
      for file in try FileManager.default.contentsOfDirectory(
        at: outputs, includingPropertiesForKeys: nil)
      {
        var tensors = try SafetensorsFile(contentsOf: file).tensors
        let u = try tensors.tensor("u")
        tensors["u"] = TensorData(try u.doubles().map { -$0 }, shape: u.shape)
        try SafetensorsFile(tensors: tensors).write(to: file)
      }
      let wrong = try checked()
      #expect(wrong.last?.hasPrefix(#"{"passed":false"#) == true)
      #expect(wrong.last?.contains(#""text":""#) == true, "\(wrong.last ?? "")")
      #expect(
        call { sphere_conformance_export(kit.path, nil, $0) }.refuses(73, "nothing is overwritten"))
    }
  }

  @Test("A kit of one case")
  func oneCase() throws {
    try withTemporaryFolder { folder in
      let kit = folder.appendingPathComponent("kit")
      let theta = CallerArray([0.5, 1], [2], name: "theta")
      func write(_ operation: String?, _ json: String?, to folder: URL) -> Answer {
        call {
          sphere_conformance_write_case(
            folder.path, operation, json, 1, [theta.description], $0)
        }
      }
      let json = #"{"lmax": 3, "orders": [0, 2]}"#
      try #require(write("legendre", json, to: kit) == .fine)
      let check = try KitCheck(kit: kit)
      #expect(check.manifest.cases.map(\.id) == ["case"])
      #expect(check.manifest.cases[0].faults?.isEmpty == false)
      let other = folder.appendingPathComponent("other")
      #expect(write("lagrange", json, to: other).refuses(65, "lagrange"))
      #expect(write("legendre", "{}", to: other).refuses(65, "lmax"))
      #expect(write(nil, json, to: other).refuses(64, "operation is NULL"))
      #expect(!FileManager.default.fileExists(atPath: other.path))
    }
  }

  @Test("Checks that cannot be made")
  func checkErrors() throws {
    var result: sphere_handle = 9
    func check(_ kit: String?, _ outputs: String?, _ json: String? = nil) -> Answer {
      call { sphere_conformance_check(kit, outputs, json, &result, $0) }
    }
    #expect(check(nil, "x").refuses(64, "kit is NULL") && result == 0)
    #expect(check(path("none"), "x").refuses(66, "manifest.json"))
    let kit = path("conformance")
    #expect(check(kit, path("none")).status == 66)
    #expect(check(kit, kit, #"{"precision": "f8"}"#).refuses(64, "f8", "bf16"))
    #expect(check(kit, kit, #"{"cases": ["nothing-*"]}"#).refuses(64, "nothing-*"))
    let folder = path("none/kit")
    #expect(
      call { sphere_conformance_export(folder, #"{"set": "small"}"#, $0) }
        .refuses(64, "small", "core, large"))
    #expect(
      call { sphere_conformance_export(folder, #"{"seed": -1}"#, $0) }.refuses(64, "seed is -1"))
    #expect(
      call { sphere_conformance_export(folder, #"{"cases": ["legendre-*"]}"#, $0) }
        .refuses(73, "does not exist"))
  }
}
