import TensorRuntime

/// The model's trainable values in one stretch of memory, each parameter at a cache line, so that an optimizer
/// can go through all of them in one pass. The gaps stay zero.
public final class ModelParameters {
  /// A parameter and where it lies, in floats from the start.
  public struct Slot: Sendable {
    public let name: String
    public let spec: ParameterSpec
    public let offset: Int

    public var count: Int { spec.shape.count }
  }

  public let slots: [Slot]
  /// Floats in all, gaps included.
  public let floats: Int
  public let values: AlignedBuffer

  /// Zeroed memory for the parameters of `graph`.
  public init(_ graph: LayerGraph) {
    var offset = 0
    slots = graph.parameters.map { parameter in
      defer { offset = ArenaLayout.aligned(offset + parameter.spec.shape.count) }
      return Slot(name: parameter.name, spec: parameter.spec, offset: offset)
    }
    floats = offset
    values = AlignedBuffer(count: offset)
  }

  /// Draws all initial values: each parameter from its own stream below `key`, so that one layer more changes no other.
  public func initialise(key: RandomKey) {
    for slot in slots {
      slot.spec.initialisation.fill(values.pointer + slot.offset, of: slot.spec, key: key.child(slot.name))
    }
  }

  /// The values of slot `index` of `buffer` (the parameters, or an optimizer's state of the same layout) in PyTorch's order.
  public func exported(_ index: Int, from buffer: AlignedBuffer) -> [Float] {
    let slot = slots[index]
    return Array(unsafeUninitializedCapacity: slot.count) { out, count in
      if let start = out.baseAddress { slot.spec.toExternal(buffer.pointer + slot.offset, start) }
      count = slot.count
    }
  }

  /// Writes values in PyTorch's order to slot `index` of `buffer`.
  public func load(_ tensor: [Float], into index: Int, of buffer: AlignedBuffer) {
    precondition(tensor.count == slots[index].count, "\(slots[index].name) takes \(slots[index].count) values")
    tensor.withUnsafeBufferPointer { values in
      if let start = values.baseAddress { slots[index].spec.toMemory(start, buffer.pointer + slots[index].offset) }
    }
  }
}
