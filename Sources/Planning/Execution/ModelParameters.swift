import TensorRuntime

/// The model's trainable values in one stretch of memory, each parameter at a cache line, so that an optimizer
/// can go through all of them in one pass; the gaps stay zero. Beside it, out of the optimizers' sight, a stretch of the
/// same kind for states such as running statistics.
public final class ModelParameters {
  /// A parameter or state and where it lies, in floats from the start of its stretch.
  public struct Slot: Sendable {
    public let name: String
    public let spec: ParameterSpec
    public let offset: Int

    public var count: Int { spec.shape.count }
  }

  public let slots: [Slot]
  /// Floats of the parameters, gaps included.
  public let floats: Int
  public let values: AlignedBuffer
  public let stateSlots: [Slot]
  public let states: AlignedBuffer

  /// Zeroed memory for the parameters of `graph`; its states have their initial values.
  public init(_ graph: LayerGraph) {
    (slots, floats) = ModelParameters.layOut(graph.parameters)
    values = AlignedBuffer(count: floats)
    let stateFloats: Int
    (stateSlots, stateFloats) = ModelParameters.layOut(graph.states)
    states = AlignedBuffer(count: stateFloats)
    ModelParameters.fill(stateSlots, of: states, key: RandomKey(seed: 0))
  }

  /// Where each of `named` lies, in floats.
  static func layOut(_ named: [NamedParameter]) -> (slots: [Slot], floats: Int) {
    var offset = 0
    let slots = named.map { parameter in
      defer { offset = ArenaLayout.aligned(offset + parameter.spec.shape.count) }
      return Slot(name: parameter.name, spec: parameter.spec, offset: offset)
    }
    return (slots, offset)
  }

  /// Draws all initial values: each parameter from its own stream below `key`, so that one layer more changes no other.
  /// States start afresh.
  public func initialise(key: RandomKey) {
    ModelParameters.fill(slots, of: values, key: key)
    ModelParameters.fill(stateSlots, of: states, key: key)
  }

  private static func fill(_ slots: [Slot], of buffer: AlignedBuffer, key: RandomKey) {
    for slot in slots {
      slot.spec.initialisation.fill(buffer.pointer + slot.offset, of: slot.spec, key: key.child(slot.name))
    }
  }

  /// The values of slot `index` of `buffer` (the parameters, or an optimizer's state of the same layout) in PyTorch's order.
  public func exported(_ index: Int, from buffer: AlignedBuffer) -> [Float] {
    slots[index].exported(from: buffer)
  }

  /// Writes values in PyTorch's order to slot `index` of `buffer`.
  public func load(_ tensor: [Float], into index: Int, of buffer: AlignedBuffer) {
    slots[index].load(tensor, into: buffer)
  }
}

extension ModelParameters.Slot {
  /// The slot's values in `buffer`, in PyTorch's order.
  public func exported(from buffer: AlignedBuffer) -> [Float] {
    Array(unsafeUninitializedCapacity: count) { out, count in
      if let start = out.baseAddress { spec.toExternal(buffer.pointer + offset, start) }
      count = self.count
    }
  }

  /// Writes values in PyTorch's order to the slot's place in `buffer`.
  public func load(_ tensor: [Float], into buffer: AlignedBuffer) {
    precondition(tensor.count == count, "\(name) takes \(count) values")
    tensor.withUnsafeBufferPointer { values in
      if let start = values.baseAddress { spec.toMemory(start, buffer.pointer + offset) }
    }
  }
}
