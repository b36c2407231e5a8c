/// The JSON Schema (draft 2020-12) of `manifest.json`, version 2, which is written beside it.
///
/// Checked by: ManifestSchemaTests.
public enum ManifestSchema {
  /// The name of the file.
  public static let fileName = "manifest.schema.json"

  /// The schema.
  public static let text = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Manifest of a conformance kit for spherical transforms, version 2",
      "type": "object",
      "required": ["format", "version", "seed", "set", "conventions", "faults", "cases"],
      "additionalProperties": false,
      "properties": {
        "format": {"const": "spectral-sphere-conformance"},
        "version": {"const": 2},
        "seed": {"type": "integer", "minimum": 0},
        "set": {"enum": ["core", "large"]},
        "conventions": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "faults": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "wrong", "shows", "reports"],
            "additionalProperties": false,
            "properties": {
              "name": {"type": "string", "pattern": "^[a-z0-9-]+$"},
              "wrong": {"type": "string", "minLength": 1},
              "shows": {"type": "string", "minLength": 1},
              "reports": {
                "type": "array", "items": {"type": "string", "pattern": "^https://"}
              }
            }
          }
        },
        "cases": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/case"}}
      },
      "$defs": {
        "case": {
          "type": "object",
          "required": [
            "id", "operation", "parameters", "file", "origin", "inputs", "outputs", "faults"
          ],
          "additionalProperties": false,
          "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            "operation": {"type": "string", "pattern": "^[a-z0-9_]+$"},
            "parameters": {
              "type": "object",
              "additionalProperties": {
                "anyOf": [
                  {"type": "number"},
                  {"type": "string"},
                  {"type": "array", "items": {"type": "integer"}}
                ]
              }
            },
            "file": {"type": "string", "pattern": "^[a-z0-9-]+\\\\.safetensors$"},
            "origin": {"enum": ["certified", "definition", "implementation"]},
            "inputs": {"type": "array", "items": {"$ref": "#/$defs/tensor"}},
            "outputs": {
              "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/output"}
            },
            "faults": {
              "type": "array", "items": {"type": "string", "pattern": "^[a-z0-9-]+$"}
            }
          }
        },
        "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
        "tensor": {
          "type": "object",
          "required": ["name", "dtype", "shape"],
          "additionalProperties": false,
          "properties": {
            "name": {"type": "string", "minLength": 1},
            "dtype": {"enum": ["F64", "I64"]},
            "shape": {"$ref": "#/$defs/shape"}
          }
        },
        "output": {
          "type": "object",
          "required": ["name", "dtype", "shape", "measure", "tolerance", "reason"],
          "additionalProperties": false,
          "properties": {
            "name": {"type": "string", "minLength": 1},
            "dtype": {"enum": ["F64", "I64"]},
            "shape": {"$ref": "#/$defs/shape"},
            "measure": {
              "enum": ["relative_l2", "row_l2", "absolute", "equal", "distribution"]
            },
            "scale": {"type": "number", "exclusiveMinimum": 0},
            "tolerance": {
              "type": "object",
              "propertyNames": {
                "enum": ["F64", "F32", "I64", "f32-all", "tf32", "f16", "bf16"]
              },
              "additionalProperties": {"type": "number", "minimum": 0}
            },
            "reason": {"type": "string", "minLength": 1}
          }
        }
      }
    }
    """
}
