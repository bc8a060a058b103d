import Foundation
import TensorRuntime
import Testing

/// One row of Fixtures/operations.json.
struct OperationCase: Decodable, CustomTestStringConvertible {
  let name: String
  let op: String
  let config: [String: [Int]]
  let inputs: [Tensor]
  let parameters: [Tensor]
  let output: Tensor
  let outputGradient: Tensor
  let inputGradients: [Tensor]
  let parameterGradients: [Tensor]

  var testDescription: String { name }

  static let all = [
    "operations.json", "norms.json", "joins.json", "pooling.json", "convolutions.json",
  ].flatMap { fixture($0, as: [OperationCase].self) }

  func operation() throws -> any TensorRuntime.Operation {
    let shape = inputs[0].shape
    let (batch, channels, spatial) = (shape[0], shape[1], Array(shape.dropFirst(2)))
    switch op {
    case "convolution":
      return Convolution(
        batch: batch, inChannels: channels, outChannels: try list("channels")[1], input: spatial,
        kernel: try list("kernel"), stride: try list("stride"), padding: try list("padding"),
        dilation: try list("dilation"), groups: try list("groups")[0], bias: try flag("bias"))
    case "groupNorm":
      return GroupNorm(
        batch: batch, channels: channels, spatial: spatial, groups: try list("groups")[0], epsilon: 1e-5,
        affine: try flag("affine"))
    case "layerNorm":
      return LayerNorm(
        shape: Shape(shape), normalized: try list("normalized")[0], epsilon: 1e-5, affine: try flag("affine"))
    case "linear":
      let features = try list("features")
      return Linear(rows: batch, inFeatures: features[0], outFeatures: features[1], bias: try flag("bias"))
    case "maxPool":
      return MaxPool(
        batch: batch, channels: channels, input: spatial, kernel: try list("kernel"), stride: try list("stride"),
        padding: try list("padding"), ceilMode: try flag("ceil"))
    case "relu": return Activation(kind: .relu, spec: TensorSpec(Shape(shape), .channelsLast))
    case "silu": return Activation(kind: .silu, spec: TensorSpec(Shape(shape)))
    case "elu": return Activation(kind: .elu(alpha: 0.7), spec: TensorSpec(Shape(shape)))
    case "globalAveragePool": return GlobalAveragePool(batch: batch, channels: channels, spatial: spatial)
    case "concat":
      return Concat(specs: inputs.map { TensorSpec(Shape($0.shape), spatial.isEmpty ? .canonical : .channelsLast) })
    case "add": return Add(spec: TensorSpec(Shape(shape), .channelsLast), count: inputs.count)
    default: return try catalogOperation()
    }
  }

  func list(_ key: String) throws -> [Int] { try #require(config[key]) }
  func flag(_ key: String) throws -> Bool { try list(key) == [1] }

  func run(threads: Int = 2, accumulateOnto base: Float? = nil) throws -> Outcome {
    try TensorRuntimeTests.run(
      operation(), inputs: inputs.map(\.values), parameters: parameters.map(\.values),
      outputGradient: outputGradient.values, threads: threads, accumulateOnto: base)
  }
}

struct UnknownOperation: Error { let name: String }

@Suite("Operations against PyTorch's in double precision") struct OperationTests {
  @Test(arguments: OperationCase.all) func agreesWithPyTorch(_ test: OperationCase) throws {
    let operation = try test.operation()
    #expect(operation.output.shape.extents == test.output.shape)
    #expect(operation.parameters.map(\.shape.extents) == test.parameters.map(\.shape))
    let outcome = try test.run()
    #expect(difference(outcome.output, test.output.values) < 1e-5)
    for (found, expected) in zip(outcome.inputGradients, test.inputGradients) {
      #expect(difference(found, expected.values) < tolerance(test))
    }
    for (found, expected) in zip(outcome.parameterGradients, test.parameterGradients) {
      #expect(difference(found, expected.values) < tolerance(test))
    }
  }

  @Test(arguments: OperationCase.all) func addsToAGradientThatIsThere(_ test: OperationCase) throws {
    let outcome = try test.run(accumulateOnto: 3)
    for (found, expected) in zip(outcome.inputGradients, test.inputGradients) {
      #expect(difference(found, expected.values.map { $0 + 3 }) < tolerance(test))
    }
  }

  @Test(arguments: OperationCase.all) func givesTheSameBitsForAnyNumberOfThreads(_ test: OperationCase) throws {
    let one = try test.run(threads: 1)
    for threads in [2, 7] {
      let other = try test.run(threads: threads)
      #expect(other.output == one.output)
      #expect(other.inputGradients == one.inputGradients)
      #expect(other.parameterGradients == one.parameterGradients)
    }
  }

  /// A mean of 300 with a deviation of 1 costs three digits of any float32 computation of the deviation's gradient.
  private func tolerance(_ test: OperationCase) -> Float { test.name.contains("large mean") ? 2e-4 : 1e-5 }
}
