import FileFormats
import Foundation
import Testing
import Verification

@testable import Conformance

/// As much of JSON Schema as the manifest's schema uses.
private struct SchemaCheck {
  let root: [String: Any]

  /// What is wrong with a value, by its place; empty if it fits.
  func faults(_ value: Any, _ schema: [String: Any], at place: String = "$") throws -> [String] {
    var faults: [String] = []
    for (keyword, rule) in schema {
      switch keyword {
      case "$schema", "$defs", "title", "properties", "additionalProperties", "items",
        "propertyNames":
        continue
      case "$ref":
        let path = try #require(rule as? String).dropFirst(2).split(separator: "/")
        var target: Any = root
        for step in path { target = try #require((target as? [String: Any])?[String(step)]) }
        faults += try self.faults(value, #require(target as? [String: Any]), at: place)
      case "type": if !isType(value, rule) { faults.append("\(place): no \(rule)") }
      case "const": if "\(value)" != "\(rule)" { faults.append("\(place): is not \(rule)") }
      case "enum":
        let choices = try #require(rule as? [String])
        if !choices.contains(value as? String ?? "") { faults.append("\(place): none of \(rule)") }
      case "required":
        let object = value as? [String: Any] ?? [:]
        for name in try #require(rule as? [String]) where object[name] == nil {
          faults.append("\(place): \(name) is missing")
        }
      case "pattern":
        let pattern = try Regex(#require(rule as? String))
        if (value as? String)?.firstMatch(of: pattern) == nil {
          faults.append("\(place): does not match \(rule)")
        }
      case "minLength":
        if (value as? String ?? "").count < (rule as? Int ?? 0) { faults.append("\(place): empty") }
      case "minItems":
        if (value as? [Any] ?? []).count < (rule as? Int ?? 0) { faults.append("\(place): empty") }
      case "minimum":
        if (value as? Double ?? 0) < (rule as? Double ?? 0) { faults.append("\(place): too small") }
      case "exclusiveMinimum":
        if (value as? Double ?? 0) <= (rule as? Double ?? 0) {
          faults.append("\(place): too small")
        }
      case "anyOf":
        let schemas = try #require(rule as? [[String: Any]])
        if try schemas.allSatisfy({ try !self.faults(value, $0, at: place).isEmpty }) {
          faults.append("\(place): fits nothing")
        }
      default: faults.append("the keyword \(keyword) is not known to this check")
      }
    }
    return try faults + parts(value, schema, at: place)
  }

  /// Members of objects and lists.
  private func parts(_ value: Any, _ schema: [String: Any], at place: String) throws -> [String] {
    var faults: [String] = []
    if let object = value as? [String: Any] {
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      for (name, member) in object {
        let inner = "\(place).\(name)"
        if let rule = schema["propertyNames"] as? [String: Any] {
          faults += try self.faults(name, rule, at: inner)
        }
        if let rule = properties[name] {
          faults += try self.faults(member, rule, at: inner)
        } else if let rule = schema["additionalProperties"] as? [String: Any] {
          faults += try self.faults(member, rule, at: inner)
        } else if schema["additionalProperties"] as? Bool == false {
          faults.append("\(inner): not known")
        }
      }
    }
    if let list = value as? [Any], let rule = schema["items"] as? [String: Any] {
      for (k, member) in list.enumerated() {
        faults += try self.faults(member, rule, at: "\(place)[\(k)]")
      }
    }
    return faults
  }

  private func isType(_ value: Any, _ rule: Any) -> Bool {
    switch rule as? String {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    case "integer": return (value as? Double).map { $0 == $0.rounded() } ?? false
    case "number": return value is Double && !(value is String)
    default: return false
    }
  }
}

/// The manifest fits its schema, and altered ones do not.
@Suite("The schema of the manifest")
struct ManifestSchemaTests {
  private func object(_ data: Data) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func faults(_ manifest: Data) throws -> [String] {
    let schema = try object(Data(ManifestSchema.text.utf8))
    return try SchemaCheck(root: schema).faults(try object(manifest), schema)
  }

  @Test("Manifests of both sets fit")
  func fits() throws {
    #expect(try faults(SharedKit.kit().manifest.data()) == [])
    #expect(
      try faults(
        ConformanceManifest(
          seed: 2, set: .large,
          cases: [
            try SharedKit.item("power-spectrum").description
          ]
        ).data()) == [])
  }

  @Test("The shipped manifest fits, and the shipped schema is this one")
  func shipped() throws {
    let folder = FixtureStore.url("conformance")
    let manifest = folder.appendingPathComponent(ConformanceManifest.fileName)
    #expect(try faults(Data(contentsOf: manifest)) == [])
    let schema = try Data(contentsOf: folder.appendingPathComponent(ManifestSchema.fileName))
    #expect(String(decoding: schema, as: UTF8.self) == ManifestSchema.text + "\n")
  }

  @Test(
    "Altered manifests do not",
    arguments: [
      ("\"version\" : 2", "\"version\" : 3"), ("\"set\" : \"core\"", "\"set\" : \"small\""),
      ("\"seed\" : 1", "\"seed\" : 1.5"), ("\"id\":\"power-spectrum\"", "\"id\":\"Power\""),
      ("\"measure\":\"relative_l2\"", "\"measure\":\"l2\""),
      ("\"inputs\":", "\"input\":"), ("[2,153,2]", "[2,-153,2]"),
    ])
  func altered(old: String, new: String) throws {
    let manifest = ConformanceManifest(
      seed: 1, set: .core, cases: [try SharedKit.item("power-spectrum").description])
    let text = String(decoding: try manifest.data(), as: UTF8.self)
    try #require(text.contains(old))
    #expect(try !faults(Data(text.replacing(old, with: new).utf8)).isEmpty)
  }

  /// A kit of version 1 has spin2_ operations and neither sets nor faults; it is run and checked.
  @Test("Version 1 is still read")
  func versionOne() throws {
    try withTemporaryFolder { folder in
      let item = try SharedKit.item("spin2-synthesis-healpix")
      try ConformanceManifestFile.write([item], to: folder)
      let url = folder.appendingPathComponent(ConformanceManifest.fileName)
      var manifest = try object(Data(contentsOf: url))
      manifest["version"] = 1
      manifest["set"] = nil
      manifest["faults"] = nil
      var cases = try #require(manifest["cases"] as? [[String: Any]])
      cases[0]["faults"] = nil
      cases[0]["operation"] = "spin2_synthesis"
      cases[0]["parameters"] = ["lmax": 9, "spin": 2]
      manifest["cases"] = cases
      try JSONSerialization.data(withJSONObject: manifest).write(to: url)
      let outputs = folder.appendingPathComponent("outputs")
      try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: false)
      let check = try KitCheck(kit: folder)
      try ReferenceBackend.run(check, to: outputs, as: Double.self)
      #expect(try check.report(outputs: outputs).passes)
      // The control: U of the IAU fails, and is named without flags.
      let file = outputs.appendingPathComponent("spin2-synthesis-healpix.safetensors")
      var tensors = try SafetensorsFile(contentsOf: file).tensors
      tensors["u"] = try tensors.tensor("u").mappingFloats { -$1 }
      try SafetensorsFile(tensors: tensors).write(to: file)
      let report = try check.report(outputs: outputs)
      #expect(!report.passes && report.diagnosis.findings.first?.fault == "u-sign")
    }
  }
}
