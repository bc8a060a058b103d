import Diagnostics
import Spec
import Testing

@Suite struct JSONSchemaTests {
  static let schemas = [specSchema(testVocabulary), corpusSchema()]

  @Test("every reference leads to a definition, and every definition is complete", arguments: schemas)
  func references(_ schema: JSON) throws {
    let definitions = try #require(schema["definitions"]?.asObject)
    let known = Set(definitions.map { "#/definitions/\($0.key)" })
    #expect(known.count == definitions.count)
    var used: Set<String> = []
    walk(schema) { value in
      if let reference = value["$ref"]?.asString { used.insert(reference) }
    }
    #expect(used.subtracting(known).isEmpty)
    #expect(definitions.allSatisfy { !($0.value.asObject ?? []).isEmpty })
  }

  @Test("the text is JSON, and the same each time", arguments: schemas)
  func text(_ schema: JSON) throws {
    #expect(try JSON.parse(schema.text()) == schema)
    #expect(specSchema(testVocabulary).text() == specSchema(testVocabulary).text())
  }

  @Test("no object has a key twice", arguments: schemas)
  func keys(_ schema: JSON) {
    walk(schema) { value in
      let keys = (value.asObject ?? []).map(\.key)
      #expect(Set(keys).count == keys.count, "\(keys)")
    }
  }

  @Test("each layer can be a bare name, a mapping with its fields, a block or an expression")
  func steps() throws {
    let schema = Self.schemas[0]
    let forms = try #require(schema["definitions"]?["layer"]?["anyOf"]?.asArray)
    #expect(forms.count == 4)
    let bare = (forms[0]["enum"]?.asArray ?? []).compactMap(\.asString)
    #expect(bare.contains("relu") && bare.contains("dropout") && !bare.contains("conv1d"))
    #expect(forms[1]["not"]?["enum"]?.asArray?.contains("conv1d") == true)
    let named = try #require(forms[2]["properties"]?.asObject)
    #expect(named.map(\.key) == testVocabulary.names(of: .layer))
    let inner = try #require(schema["definitions"]?["layer.residual"])
    #expect(inner.text(.compact).contains(##""items":{"$ref":"#/definitions/layer"}"##), "layers within layers")
  }

  @Test("a field says what it takes")
  func fields() throws {
    let definitions = try #require(Self.schemas[0]["definitions"])
    let convolution = try #require(definitions["layer.conv1d"]?["anyOf"]?.asArray?.first ?? definitions["layer.conv1d"])
    let channels = try #require(convolution["properties"]?["out_channels"])
    #expect(channels["anyOf"] == [["type": "integer", "minimum": 1], ["$ref": "#/definitions/template"]])
    #expect(convolution["required"] == ["out_channels", "kernel_size"])
    #expect(convolution["additionalProperties"] == .boolean(false))
    #expect(convolution["properties"]?["stride"]?["default"] == 1)
    let linear = try #require(definitions["layer.linear"]?["anyOf"]?.asArray)
    #expect(linear.contains(["type": "integer", "minimum": 1]), "linear: 128")
  }

  @Test("what another file may say is not required; what is in a list is")
  func merging() throws {
    let properties = try #require(Self.schemas[0]["properties"])
    #expect(Self.schemas[0]["required"] == nil)
    #expect(!(properties["train"]?.text(.compact).contains("\"required\":[\"epochs\"") ?? true))
    #expect(Self.schemas[0]["definitions"]?["merged.optimizer.sgd"]?.text(.compact).contains("required") == false)
    #expect(Self.schemas[1]["else"]?["required"] == ["name", "label", "classes"])
    #expect(Self.schemas[1]["if"]?["required"] == ["join"])
  }

  private func walk(_ value: JSON, _ visit: (JSON) -> Void) {
    visit(value)
    for item in value.asArray ?? [] { walk(item, visit) }
    for member in value.asObject ?? [] { walk(member.value, visit) }
  }
}
