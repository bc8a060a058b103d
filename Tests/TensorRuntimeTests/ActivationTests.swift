import Diagnostics
import Layers
import Spec
import TensorRuntime
import Testing

/// One row of Fixtures/activations.json.
struct ActivationCase: Decodable, CustomTestStringConvertible {
  let name: String
  let kind: String
  let fields: [String: FieldText]
  let input: Tensor
  let parameters: [Tensor]
  let output: Tensor
  let outputGradient: Tensor
  let inputGradient: Tensor
  let parameterGradients: [Tensor]

  var testDescription: String { name }

  static let all = fixture("activations.json", as: [ActivationCase].self)

  /// The operation that the layer lowers to, for an input in `layout`.
  func operation(_ layout: Layout) throws -> any TensorRuntime.Operation {
    let type = try #require(LayerCatalog.layers.first { $0.kind.name == kind })
    let values = type.kind.table.fields.compactMap { field -> (name: String, value: FieldValue)? in
      if let given = fields[field.name] { return (field.name, FieldValue(standard: given.content)) }
      guard case .value(let content) = field.default else { return nil }
      return (field.name, FieldValue(standard: content))
    }
    var lowering = Lowering()
    let input = lowering.input(TensorSpec(Shape(self.input.shape), layout))
    _ = type.init(FieldValues(values, at: .standard)).lower(input, into: &lowering)
    try #require(lowering.operations.count == 1)
    return lowering.operations[0].operation
  }

  func run(_ layout: Layout, threads: Int = 2, accumulateOnto base: Float? = nil) throws -> Outcome {
    try TensorRuntimeTests.run(
      operation(layout), inputs: [input.values], parameters: parameters.map(\.values),
      outputGradient: outputGradient.values, threads: threads, accumulateOnto: base)
  }
}

/// A field's value as JSON has it.
struct FieldText: Decodable {
  let content: FieldValue.Content

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let whole = try? container.decode(Int.self) {
      content = .integer(whole)
    } else if let number = try? container.decode(Double.self) {
      content = .number(number)
    } else {
      content = .string(try container.decode(String.self))
    }
  }
}

@Suite("Activations against PyTorch's in double precision") struct ActivationTests {
  @Test(arguments: ActivationCase.all, [Layout.canonical, .channelsLast])
  func agreesWithPyTorch(_ test: ActivationCase, _ layout: Layout) throws {
    let operation = try test.operation(layout)
    #expect(operation.parameters.map(\.shape.extents) == test.parameters.map(\.shape))
    let outcome = try test.run(layout)
    #expect(worst(outcome.output, test.output.values) < 1)
    #expect(worst(outcome.inputGradients[0], test.inputGradient.values) < 1)
    for (found, expected) in zip(outcome.parameterGradients, test.parameterGradients) {
      #expect(sumError(found, expected.values, of: test) < 1e-6)
    }
    let added = try test.run(layout, accumulateOnto: 3)
    #expect(worst(added.inputGradients[0], test.inputGradient.values.map { $0 + 3 }) < 1)
    #expect(added.parameterGradients == outcome.parameterGradients)
  }

  @Test(arguments: ActivationCase.all) func givesTheSameBitsForAnyNumberOfThreads(_ test: ActivationCase) throws {
    let one = try test.run(.channelsLast, threads: 1)
    for threads in [2, 7] {
      let other = try test.run(.channelsLast, threads: threads)
      #expect(other.output == one.output)
      #expect(other.inputGradients == one.inputGradients)
      #expect(other.parameterGradients == one.parameterGradients)
    }
  }

  /// Not part of a case: every activation of the catalog is in the fixtures.
  @Test func noActivationIsLeftOut() {
    let tested = Set(ActivationCase.all.map(\.kind))
    let names = [
      "relu", "silu", "elu", "relu6", "leaky_relu", "prelu", "selu", "gelu", "mish", "hardswish", "hardsigmoid",
      "hardtanh", "sigmoid", "tanh", "softplus", "softsign", "log_sigmoid", "formula",
    ]
    #expect(tested == Set(names))
    #expect(Set(LayerCatalog.layers.map { $0.kind.name }).isSuperset(of: names))
  }

  /// The largest error of sums over values of either sign, beside the size that such a sum could have.
  private func sumError(_ found: [Float], _ expected: [Float], of test: ActivationCase) -> Float {
    let size = zip(test.input.values, test.outputGradient.values).reduce(1) { $0 + abs($1.0 * $1.1) }
    return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / size
  }

  /// The largest error in units of what is allowed for each value by itself.
  private func worst(_ found: [Float], _ expected: [Float]) -> Float {
    zip(found, expected).reduce(0) { worst, pair in
      let error = abs(pair.0 - pair.1) / (2e-6 + 4e-6 * abs(pair.1))
      return error.isFinite ? max(worst, error) : .infinity
    }
  }
}
