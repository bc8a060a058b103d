import Layers
import TensorRuntime

/// The buffers of one run of a `LayerProgram`.
final class LayerMemory {
  let values: [GuardedBuffer]
  let gradients: [GuardedBuffer]
  let saved: [[GuardedBuffer]]
  let forwardScratch: [GuardedBuffer]
  let backwardScratch: [GuardedBuffer]
  /// By full name.
  let parameters: [String: GuardedBuffer]
  let parameterGradients: [String: GuardedBuffer]
  /// States of each operation at their initial values.
  let states: [[GuardedBuffer]]
  /// Stands for what is not there.
  let nothing = GuardedBuffer(0)
  /// Stands for a tensor that has been given up: as long as the longest, and not a number.
  let gone: GuardedBuffer

  init(_ program: LayerProgram, threads: Int) {
    func buffers(_ counts: [Int]) -> [GuardedBuffer] { counts.map { GuardedBuffer($0) } }
    let counts = program.tensors.map(\.shape.count)
    values = buffers(counts)
    gradients = buffers(counts)
    saved = program.operations.map { buffers($0.operation.saved) }
    forwardScratch = buffers(program.operations.map { $0.operation.forwardScratch(threads: threads) })
    backwardScratch = buffers(program.operations.map { $0.operation.backwardScratch(threads: threads) })
    let specs = program.parameters.map { ("layer." + $0, $1.shape.count) }
    parameters = Dictionary(uniqueKeysWithValues: specs.map { ($0, GuardedBuffer($1)) })
    parameterGradients = Dictionary(uniqueKeysWithValues: specs.map { ($0, GuardedBuffer($1)) })
    states = program.operations.map { lowered in
      lowered.operation.states.map { spec in
        let buffer = GuardedBuffer(spec.shape.count)
        spec.initialisation.fill(buffer.pointer, of: spec, key: RandomKey(seed: 5))
        return buffer
      }
    }
    gone = GuardedBuffer(counts.max() ?? 0)
  }

  func place(_ values: [Float], in buffer: GuardedBuffer, as spec: TensorSpec) {
    for (value, index) in zip(values, memoryOrder(spec)) { buffer.pointer[index] = value }
  }

  func take(_ buffer: GuardedBuffer, as spec: TensorSpec) -> [Float] { memoryOrder(spec).map { buffer.pointer[$0] } }

  func load(_ given: [String: [Float]], of program: LayerProgram) {
    for (name, spec) in program.parameters {
      guard let buffer = parameters["layer." + name] else { continue }
      if let values = given[name], values.count == spec.shape.count {
        spec.forEachValue { buffer.pointer[$1] = values[$0] }
      } else {
        spec.initialisation.fill(buffer.pointer, of: spec, key: RandomKey(seed: 5).child(name))
      }
    }
  }

  /// A parameter's buffer in PyTorch's order.
  func external(_ buffer: GuardedBuffer?, _ spec: ParameterSpec) -> [Float] {
    guard let buffer else { return [] }
    var values = [Float](repeating: .nan, count: spec.shape.count)
    spec.forEachValue { values[$0] = buffer.pointer[$1] }
    return values
  }

  /// The operation that wrote beyond the memory it asked for, or a word for the parameters.
  func overrun(_ operations: [LoweredOperation]) -> String? {
    for (index, lowered) in operations.enumerated() {
      let own = saved[index] + states[index] + [forwardScratch[index], backwardScratch[index], values[lowered.output]]
      if own.contains(where: \.isOverrun) { return lowered.operation.label }
      if lowered.inputs.contains(where: { gradients[$0].isOverrun }) { return lowered.operation.label }
    }
    return parameterGradients.values.contains(where: \.isOverrun) ? "parameters" : nil
  }

  /// Where each value of PyTorch's order lies: written apart from the runtime's own conversion.
  private func memoryOrder(_ spec: TensorSpec) -> [Int] {
    let shape = spec.shape.extents
    guard spec.layout == .channelsLast else { return Array(0..<spec.shape.count) }
    let (channels, positions) = (shape[1], shape.dropFirst(2).reduce(1, *))
    return (0..<spec.shape.count).map { index in
      let (n, c, p) = (index / (channels * positions), index / positions % channels, index % positions)
      return (n * positions + p) * channels + c
    }
  }
}

extension ParameterSpec {
  /// Calls `body` with the index of each value in PyTorch's order and in memory.
  fileprivate func forEachValue(_ body: (_ external: Int, _ memory: Int) -> Void) {
    let indices = (0..<shape.count).map(Float.init)
    var order = indices
    indices.withUnsafeBufferPointer { source in
      order.withUnsafeMutableBufferPointer { target in
        if let source = source.baseAddress, let target = target.baseAddress { toExternal(source, target) }
      }
    }
    for (external, memory) in order.enumerated() { body(external, Int(memory)) }
  }
}

/// Memory that starts as NaN and ends in values that nobody may change.
final class GuardedBuffer {
  private let buffer: AlignedBuffer
  private let count: Int
  private static let guards = [Float](repeating: 12345.5, count: 16)

  init(_ count: Int) {
    self.count = count
    buffer = AlignedBuffer(count: count + Self.guards.count)
    buffer.assign([Float](repeating: .nan, count: count) + Self.guards)
  }

  /// Valid as long as the buffer lives.
  var pointer: UnsafeMutablePointer<Float> { buffer.pointer }
  var reading: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }
  var isOverrun: Bool { (0..<Self.guards.count).contains { buffer.pointer[count + $0] != Self.guards[$0] } }
}
