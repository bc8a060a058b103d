import TensorRuntime

/// A chain of operations of random kinds and shapes, named by its seed.
struct ChainCase: CustomStringConvertible, Sendable {
  let parts: [any TensorRuntime.Operation]
  let description: String

  /// The chain's input.
  var spec: TensorSpec { parts[0].inputs[0] }
  var adds: Bool { parts.contains { $0 is Add } }

  init(seed: Int) {
    var cursor = RandomCursor(RandomStream(RandomKey(seed: UInt64(seed)).child("chains")))
    var parts: [any TensorRuntime.Operation] = []
    while parts.count < 2 { parts = ChainCase.parts(&cursor) }
    self.parts = parts
    description = "\(seed): \(parts.map(\.label).joined(separator: ", ")) on \(parts[0].inputs[0].shape)"
  }

  private static func parts(_ cursor: inout RandomCursor) -> [any TensorRuntime.Operation] {
    func pick<Value>(_ values: [Value]) -> Value { values[cursor.below(values.count)] }
    func chance(_ percent: Int) -> Bool { cursor.below(100) < percent }
    let batch = pick([1, 2, 3, 9])
    let channels = pick([1, 3, 4, 16, 18, 40])
    var spatial = (0..<pick([0, 1, 2, 2])).map { _ in 2 + cursor.below(14) }
    // Several strips.
    if chance(30), !spatial.isEmpty { spatial[0] = 90 + cursor.below(90) }
    var spec = TensorSpec(Shape([batch, channels] + spatial), spatial.isEmpty ? .canonical : .channelsLast)
    var parts: [any TensorRuntime.Operation] = []
    func append(_ operation: any TensorRuntime.Operation) {
      parts.append(operation)
      spec = operation.output
    }
    switch cursor.below(5) {
    case 0, 1:
      append(
        GroupNorm(
          batch: batch, channels: channels, spatial: spatial,
          groups: pick((1...channels).filter { channels % $0 == 0 }), epsilon: 1e-5, affine: chance(70)))
    case 2...3 where spec.shape.count > channels:
      append(
        BatchNorm(
          batch: batch, channels: channels, spatial: spatial, epsilon: 1e-5, momentum: pick([0.1, nil]),
          affine: chance(70), tracks: chance(70)))
    default: break
    }
    if chance(35) { append(Add(spec: spec, count: 2)) }
    if chance(80) { append(activation(cursor.below(4), spec)) }
    if chance(50), !spatial.isEmpty { append(pool(&cursor, batch, channels, spatial)) }
    if chance(40) { append(Dropout(spec: spec, p: 0.3)) }
    return parts
  }

  private static func activation(_ kind: Int, _ spec: TensorSpec) -> any TensorRuntime.Operation {
    switch kind {
    case 0: Activation(kind: .relu, spec: spec)
    case 1: Activation(kind: .silu, spec: spec)
    case 2: Activation(kind: .elu(alpha: 0.7), spec: spec)
    default:
      FormulaActivation(
        label: "softsign",
        formula: .binary(
          .divide, .input, .binary(.add, .constant(1), .unary(.abs, .input))), initial: [], sharing: .layer, spec: spec)
    }
  }

  private static func pool(
    _ cursor: inout RandomCursor, _ batch: Int, _ channels: Int, _ spatial: [Int]
  ) -> any TensorRuntime.Operation {
    let kernel = spatial.map { min($0, 1 + cursor.below(4)) }
    let stride = kernel.map { max(1, $0 - 1 + cursor.below(3)) }
    let padding = kernel.map { cursor.below($0 / 2 + 1) }
    let ceilMode = cursor.below(2) == 1
    switch cursor.below(6) {
    case 0: return GlobalAveragePool(batch: batch, channels: channels, spatial: spatial)
    case 1:
      return AveragePool(
        batch: batch, channels: channels, input: spatial, adaptiveOutput: spatial.map { 1 + cursor.below($0) })
    case 2:
      return AveragePool(
        batch: batch, channels: channels, input: spatial, kernel: kernel, stride: stride, padding: padding,
        ceilMode: ceilMode, countIncludePad: cursor.below(2) == 1)
    default:
      return MaxPool(
        batch: batch, channels: channels, input: spatial, kernel: kernel, stride: stride, padding: padding,
        ceilMode: ceilMode)
    }
  }

  /// Random values for x, the addend and the parameters.
  func operands() -> (inputs: [[Float]], parameters: [[Float]], outputGradient: [Float]) {
    let key = RandomKey(seed: 3)
    func normal(_ count: Int, _ name: String) -> [Float] { RandomStream(key.child(name)).normals(count: count) }
    return (
      [normal(spec.shape.count, "x").map { $0 + 0.5 }] + (adds ? [normal(spec.shape.count, "addend")] : []),
      parts[0].parameters.map { normal($0.shape.count, $0.name) },
      normal(parts[parts.count - 1].output.shape.count, "gradient")
    )
  }

  /// What the parts give one after the other.
  func runParts(training: Bool = true) throws -> Outcome {
    let (given, parameters, outputGradient) = operands()
    var inputs: [[[Float]]] = []
    var result = Outcome(output: given[0], inputGradients: [], parameterGradients: [])
    for part in parts {
      inputs.append([result.output] + (part is Add ? [given[1]] : []))
      let outcome = try self.run(part, inputs.last ?? [], parameters, nil, training)
      result.output = outcome.output
      result.states += outcome.states
    }
    var gradient = outputGradient
    var addendGradient: [[Float]] = []
    for (part, inputs) in zip(parts, inputs).reversed() where training {
      let outcome = try self.run(part, inputs, parameters, gradient, training)
      gradient = outcome.inputGradients[0]
      if part is Add { addendGradient = [outcome.inputGradients[1]] }
      result.parameterGradients += outcome.parameterGradients
    }
    result.inputGradients = [gradient] + addendGradient
    return result
  }

  private func run(
    _ part: any TensorRuntime.Operation, _ inputs: [[Float]], _ parameters: [[Float]], _ gradient: [Float]?,
    _ training: Bool
  ) throws -> Outcome {
    try TensorRuntimeTests.run(
      part, inputs: inputs, parameters: part.parameters.isEmpty ? [] : parameters,
      outputGradient: gradient ?? Array(repeating: 0, count: part.output.shape.count), training: training)
  }
}
