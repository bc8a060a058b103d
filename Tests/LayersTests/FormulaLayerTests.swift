import Diagnostics
import Layers
import Spec
import TensorRuntime
import Testing

@Suite struct FormulaLayerTests {
  @Test func parametersStartWhereTheSpecSays() throws {
    let given: FieldValue.Content = .dictionary([
      (key: Located("b", at: .standard), value: FieldValue(standard: .number(1.5)))
    ])
    let step = madeStep(FormulaLayer.kind, ["y": .string("x * sigmoid(b * x) + c"), "initial": given])
    let layer = try #require(LayerCatalog.layer(step))
    var lowering = Lowering()
    lowering.layer = "swish"
    _ = layer.lower(lowering.input(TensorSpec([2, 3])), into: &lowering)
    let operation = try #require(lowering.operations.first)
    #expect(operation.parameters == ["swish.b", "swish.c"])
    #expect(operation.operation.parameters.map(\.initialisation) == [.constant(1.5), .constant(1)])
    #expect(operation.operation.parameters.map(\.shape.extents) == [[1], [1]])
  }

  @Test func parametersByChannelNeedToKnowTheChannels() throws {
    let open = SampleShape([.variable("T", divisor: 1)])
    let byChannel: [String: FieldValue.Content] = ["y": .string("a * x"), "per": .string("channel")]
    #expect(outputShape(FormulaLayer.self, byChannel, of: open).contains("needs a known number of channels"))
    #expect(outputShape(FormulaLayer.self, byChannel, of: SampleShape([5, 7])) == "[5, 7]")
    #expect(outputShape(FormulaLayer.self, ["y": .string("a * x")], of: open) == "[T]")
  }

  @Test(arguments: [
    (FieldValue.Content.integer(1), "[6, 5]"), (.integer(6), "[6, 5]"), (.string("channels"), "[6, 5]"),
    (.integer(4), "prelu has 4 parameters for 6 channels in [6, 5]"),
  ])
  func preluCountsItsParameters(_ count: FieldValue.Content, _ expected: String) {
    #expect(outputShape(Prelu.self, ["num_parameters": count], of: SampleShape([6, 5])) == expected)
  }
}
