import CSpectralSphere
import FileFormats
import Foundation
import Models
import SkyMaps
import Tasks

/// A model behind a handle.
private struct ModelThing: Sendable {
  let model: TrainedModel

  var fieldNames: [String] { model.readsPolarisation ? ["Q", "U"] : ["T"] }

  /// - Throws: `InterfaceError.handle`.
  static func behind(_ handle: Int64) throws(InterfaceError) -> ModelThing {
    try Handles.thing(handle, "model", as: ModelThing.self, "a model")
  }
}

private struct MapOptions: ForeignOptions {
  var hdu: String?
  var columns: [String]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case hdu, columns
  }
}

/// The table and the columns that are meant.
private func selection(hdu: String?, columns: [String]?) -> MapSelection {
  MapSelection(
    table: hdu.map { MapSelection.Table($0) },
    columns: (columns ?? []).map { MapSelection.Column($0) })
}

private struct ModelOptions: ForeignOptions {
  var inpaint: Bool?
  var outputs: [String]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case inpaint, outputs
  }
}

private struct PredictionOptions: ForeignOptions {
  var threads: Int64?
  var force: Bool?
  var mask: String?
  var maskHdu: String?
  var maskColumn: String?
  var hdu: String?
  var columns: [String]?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case threads, force, mask, hdu, columns
    case maskHdu = "mask_hdu"
    case maskColumn = "mask_column"
  }
}

/// The file that a caller names.
///
/// - Throws: `InterfaceError.text`.
func fileURL(
  _ characters: UnsafePointer<CChar>?, _ argument: String
) throws(InterfaceError) -> URL {
  let path = try text(characters, argument, most: 4096)
  guard !path.isEmpty else {
    throw .text(argument: argument, found: "", expected: "the name of a file or folder")
  }
  return URL(fileURLWithPath: path)
}

// MARK: - Maps

@implementation @c
public func sphere_map_read(
  _ file: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!,
  _ result: UnsafeMutablePointer<sphere_handle>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let result else { throw InterfaceError.null(argument: "result") }
    result.pointee = 0
    let options = try options(json, MapOptions.self)
    let map = try SkyMap(
      contentsOf: try fileURL(file, "file"),
      selection(hdu: options.hdu, columns: options.columns))
    var tensors = NamedTensors()
    for (name, values) in map.fields { tensors[String(name.prefix(1))] = TensorData(values) }
    var line = JSONLine()
    line.add("nside", map.nside)
    line.addLiteral("unit", map.unit.map(JSONLine.quoted) ?? "null")
    line.addLiteral("coordinates", map.coordinateSystem.map(JSONLine.quoted) ?? "null")
    line.add("warnings", map.warnings)
    result.pointee = Handles.insert(try ResultThing(tensors, text: line.text))
  }
}

// MARK: - Models

@implementation @c
public func sphere_model_open(
  _ file: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!,
  _ model: UnsafeMutablePointer<sphere_handle>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let model else { throw InterfaceError.null(argument: "model") }
    model.pointee = 0
    let options = try options(json, ModelOptions.self)
    let read = try ModelFile.read(
      try fileURL(file, "file"),
      ModelFile.Reading(inpaints: options.inpaint ?? false, outputs: options.outputs))
    model.pointee = Handles.insert(ModelThing(model: read))
  }
}

@implementation @c
public func sphere_model_describe(
  _ model: sphere_handle, _ result: UnsafeMutablePointer<sphere_handle>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let result else { throw InterfaceError.null(argument: "result") }
    result.pointee = 0
    let thing = try ModelThing.behind(model)
    let (model, about) = (thing.model, thing.model.description)
    var line = JSONLine()
    line.add("file", model.name)
    line.add("architecture", model.network.architectureName)
    line.addLiteral("task", about.task.map { JSONLine.quoted($0.rawValue) } ?? "null")
    line.add("nside", model.network.nside)
    line.add("lmax", model.network.lmax)
    line.add("fields", thing.fieldNames)
    line.add("parameters", about.parameterNames)
    line.addLiteral(
      "prior",
      about.priorRange.map {
        "[\(JSONLine.number($0.lowerBound)),\(JSONLine.number($0.upperBound))]"
      } ?? "null")
    line.add("noise", about.noise)
    line.add("sky_fraction", about.skyFraction)
    line.addLiteral("takes_any_mask", "\(about.takesAnyMask)")
    line.add("notes", model.notes)
    var tensors = NamedTensors()
    if let mask = about.mask {
      tensors["observed"] = TensorData(mask.observed.map { $0 ? Int64(1) : 0 })
    }
    result.pointee = Handles.insert(try ResultThing(tensors, text: line.text))
  }
}

// MARK: - Predictions

extension ModelThing {
  /// Makes maps fit for the model and predicts them.
  ///
  /// - Throws: what `SkyMaskFile`, `TrainedModel.prepare` and `.predict` throw.
  func result(_ maps: [SkyMap], _ options: PredictionOptions) throws -> ResultThing {
    let threads = try number(options.threads ?? 1, "threads", in: 1...1024)
    var (maps, maskWarnings): ([SkyMap], [String]) = (maps, [])
    var mask: SkyMask?
    if let path = options.mask {
      let file = try SkyMaskFile(
        contentsOf: URL(fileURLWithPath: path),
        selection(hdu: options.maskHdu, columns: options.maskColumn.map { [$0] }),
        nside: model.network.nside)
      mask = file.mask
      maskWarnings = file.warnings
      let other = maps.compactMap(\.coordinateSystem)
        .first { frame in file.coordinateSystem.map { !SkyFrame.areSame($0, frame) } ?? false }
      if let other {
        maskWarnings.append(
          "COORDSYS of the mask is \(file.coordinateSystem ?? ""), of the map \(other); pixels are "
            + "compared as they stand")
      }
    } else if options.maskHdu != nil || options.maskColumn != nil {
      throw InterfaceError.text(
        argument: "parameters", found: "mask_hdu or mask_column without mask",
        expected: "the mask that they choose from")
    }
    for index in maps.indices {
      maps[index].warnings += maskWarnings
      try model.prepare(&maps[index], mask: mask)
    }
    let predictions =
      maps.isEmpty
      ? []
      : try model.predict(
        interleaved(maps, channels: model.network.inputChannels), count: maps.count,
        threads: threads)
    let answers = zip(maps, predictions).map {
      MapAnswer(
        $0, $1, isForced: options.force ?? false, hasPosterior: model.givesPosteriors)
    }
    let shape = [maps.count, model.description.parameterNames.count]
    func numbers(_ value: (Prediction) -> Double?) -> TensorData {
      TensorData(
        answers.flatMap { answer in
          answer.predictions.map { answer.isEstimate ? value($0) ?? .nan : .nan }
        }, shape: shape)
    }
    return try ResultThing(
      ["value": numbers(\.value), "error": numbers(\.standardError)],
      text: answers.map(\.json).joined(separator: "\n"))
  }

  /// The maps of an array `[maps, fields, pixels]`.
  ///
  /// - Throws: `InterfaceError.array`, `MapInputError.infinitePixels`.
  func maps(_ array: ForeignArray) throws -> [SkyMap] {
    let (nside, fields) = (model.network.nside, fieldNames.count)
    let pixels = 12 * nside * nside
    let count = try array.require(
      array.type == .float32 ? .float32 : .float64,
      [("maps", nil), ("fields", fields), ("pixels", pixels)])[0]
    let numbers =
      array.type == .float32
      ? array.values(as: Float.self).map(Double.init) : array.values(as: Double.self)
    return try (0..<count).map { index in
      func field(_ k: Int) -> [Double] {
        let start = (index * fields + k) * pixels
        return numbers[start..<start + pixels].map {
          HealpixMapFile.isUnseen($0) ? .nan : $0
        }
      }
      var map =
        fields == 1
        ? SkyMap(nside: nside, temperature: field(0))
        : SkyMap(nside: nside, polarisation: SkyMap.Polarisation(q: field(0), u: field(1)))
      map.file = "map \(index)"
      try map.requireFloat32Range()
      return map
    }
  }
}

@implementation @c
public func sphere_model_predict(
  _ model: sphere_handle, _ json: UnsafePointer<CChar>!, _ maps: UnsafePointer<sphere_array>!,
  _ result: UnsafeMutablePointer<sphere_handle>!, _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let result else { throw InterfaceError.null(argument: "result") }
    result.pointee = 0
    let thing = try ModelThing.behind(model)
    let options = try options(json, PredictionOptions.self)
    guard options.hdu == nil, options.columns == nil else {
      throw InterfaceError.text(
        argument: "parameters", found: "hdu or columns", expected: "none for maps in arrays")
    }
    guard let array = try foreignArrays(maps, count: 1, "maps").first else { return }
    result.pointee = Handles.insert(try thing.result(try thing.maps(array), options))
  }
}

@implementation @c
public func sphere_model_predict_files(
  _ model: sphere_handle, _ json: UnsafePointer<CChar>!, _ count: Int64,
  _ files: UnsafePointer<UnsafePointer<CChar>?>!, _ result: UnsafeMutablePointer<sphere_handle>!,
  _ message: UnsafeMutablePointer<sphere_message>!
) -> Int32 {
  status(message) {
    guard let result else { throw InterfaceError.null(argument: "result") }
    result.pointee = 0
    let thing = try ModelThing.behind(model)
    let options = try options(json, PredictionOptions.self)
    let count = try number(count, "count", in: 0...1_000_000)
    guard count == 0 || files != nil else { throw InterfaceError.null(argument: "files") }
    let maps = try (0..<count).map { index in
      let path = try text(files[index], "files[\(index)]", most: 4096)
      var map = try SkyMap(
        contentsOf: try fileURL(files[index], "files[\(index)]"),
        isPolarised: thing.model.readsPolarisation, nside: thing.model.network.nside,
        selection(hdu: options.hdu, columns: options.columns))
      map.file = path
      return map
    }
    result.pointee = Handles.insert(try thing.result(maps, options))
  }
}
