import TensorRuntime

/// A tensor of a program under construction.
public struct Value: Sendable {
  /// Counts from 0 in order of creation.
  public let id: Int
  /// Shape with the batch axis, and layout.
  public let spec: TensorSpec

  public init(id: Int, spec: TensorSpec) {
    self.id = id
    self.spec = spec
  }

  public var batch: Int { spec.shape[0] }
  public var channels: Int { spec.shape[1] }
  /// The axes behind batch and channels.
  public var spatial: [Int] { Array(spec.shape.extents.dropFirst(2)) }
}

/// One operation of a program with the tensors and parameters it works on.
public struct LoweredOperation: Sendable {
  public let operation: any Operation
  public let inputs: [Int]
  public let output: Int
  /// Names of the operation's parameters, in its order: `time_path.conv_block_1.conv1d.weight`.
  public let parameters: [String]
  /// Names of its states: `path.batch_norm.running_mean`.
  public let states: [String]
  /// The layer or combinator that it came from.
  public let layer: String
  /// Names the operation's random numbers among those of a training step. A layer's operations draw from different
  /// streams, and a layer's stream does not change when others are added before it.
  public let stream: UInt64

  public init(
    operation: any Operation, inputs: [Int], output: Int, parameters: [String], states: [String], layer: String,
    stream: UInt64
  ) {
    self.operation = operation
    self.inputs = inputs
    self.output = output
    self.parameters = parameters
    self.states = states
    self.layer = layer
    self.stream = stream
  }
}

/// Collects the operations of a whole graph, layer by layer.
public struct Lowering: Sendable {
  public private(set) var operations: [LoweredOperation] = []
  public private(set) var values: [TensorSpec] = []
  /// The name of the layer that is being lowered; it prefixes parameter names.
  public var layer = ""

  private var conversions: [Conversion: Value] = [:]
  /// For inputs of the graph with masks, the tensors of the clips' lengths, [N].
  private var lengths: [Int: Value] = [:]
  /// Tensors that hold zeros behind the end of every clip.
  private var zeroPadded: Set<Int> = []

  public init() {}

  /// A tensor that is given from outside.
  public mutating func input(_ spec: TensorSpec) -> Value {
    values.append(spec)
    return Value(id: values.count - 1, spec: spec)
  }

  /// A feature whose clips have lengths of their own, number `source` of the graph's inputs: zeros stand behind their ends.
  /// The lengths are a second tensor, [N].
  public mutating func paddedInput(_ spec: TensorSpec, source: Int) -> (value: Value, lengths: Value) {
    let (value, ends) = (input(spec), input(TensorSpec([spec.shape[0]])))
    lengths[source] = ends
    zeroPadded.insert(value.id)
    return (value, ends)
  }

  /// The lengths that `mask` counts from.
  func lengths(of mask: TimeMask) -> Value {
    guard let value = lengths[mask.source] else {
      preconditionFailure("\(layer): input \(mask.source) of the graph was not given with lengths")
    }
    return value
  }

  /// Whether zeros stand behind the end of every clip.
  func isZeroPadded(_ value: Value) -> Bool { zeroPadded.contains(value.id) }

  /// Says that zeros stand behind the end of every clip.
  mutating func padsWithZeros(_ value: Value) { zeroPadded.insert(value.id) }

  /// Applies `operation`; the inputs must have the specs that it was made for.
  ///
  /// - Parameter scope: put between the layer's and the parameter's name, for layers with several operations that have
  ///   parameters. It also tells the random numbers of operations with one label apart.
  public mutating func apply(_ operation: any Operation, to inputs: [Value], scope: String? = nil) -> Value {
    precondition(
      inputs.map(\.spec) == operation.inputs, "\(layer): \(operation.label) is given other tensors than it was made for"
    )
    let output = input(operation.output)
    let prefix = scope.map { "\(layer).\($0)" } ?? layer
    operations.append(
      LoweredOperation(
        operation: operation, inputs: inputs.map(\.id), output: output.id,
        parameters: operation.parameters.map { "\(prefix).\($0.name)" },
        states: operation.states.map { "\(prefix).\($0.name)" }, layer: layer, stream: stream(operation, scope)))
    return output
  }

  private func stream(_ operation: any Operation, _ scope: String?) -> UInt64 {
    let key = RandomKey(seed: 0).child(layer).child(operation.label)
    return (scope.map(key.child) ?? key).bits
  }

  /// `value` in `layout`: itself where it lies so already or both layouts are the same bytes, else by a conversion,
  /// which all users of the value share.
  public mutating func convert(_ value: Value, to layout: Layout) -> Value {
    if value.spec.layout == layout { return value }
    let shape = value.spec.shape
    if shape.rank <= 2 || shape[1] == 1 || value.spatial.allSatisfy({ $0 == 1 }) {
      return Value(id: value.id, spec: TensorSpec(shape, layout))
    }
    let key = Conversion(id: value.id, layout: layout)
    if let done = conversions[key] { return done }
    let converted = apply(LayoutConversion(shape: shape, from: value.spec.layout, to: layout), to: [value])
    conversions[key] = converted
    if isZeroPadded(value) { padsWithZeros(converted) }
    return converted
  }

  /// The same values under another shape of as many; canonical layout only, where that moves nothing.
  public func reshape(_ value: Value, to shape: Shape) -> Value {
    precondition(value.spec.layout == .canonical && shape.count == value.spec.shape.count, "a view of the same values")
    return Value(id: value.id, spec: TensorSpec(shape))
  }

  private struct Conversion: Hashable, Sendable {
    let id: Int
    let layout: Layout
  }
}
