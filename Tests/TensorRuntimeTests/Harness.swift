import Foundation
import TensorRuntime

/// A tensor in PyTorch's order.
struct Tensor: Decodable {
  var shape: [Int]
  var values: [Float]

  init(_ shape: [Int], _ values: [Float]) {
    self.shape = shape
    self.values = values
  }

  enum CodingKeys: CodingKey { case shape, data }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    shape = try container.decode([Int].self, forKey: .shape)
    let data = try container.decode(Data.self, forKey: .data)
    values = data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
      }
    }
  }

  /// Standard normal values of a stream.
  static func normal(_ shape: [Int], _ key: RandomKey) -> Tensor {
    Tensor(shape, RandomStream(key).normals(count: shape.reduce(1, *)))
  }
}

/// Reads a file beside this one.
func fixture<Value: Decodable>(_ name: String, as type: Value.Type) -> Value {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
  do {
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
  } catch {
    fatalError("\(name): \(error)")
  }
}

/// Memory order of a canonical tensor's values in `layout`, and back: written apart from the runtime's own conversion.
func indices(_ shape: [Int], _ layout: Layout) -> [Int] {
  guard layout == .channelsLast else { return Array(0..<shape.reduce(1, *)) }
  let (batch, channels, positions) = (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
  return (0..<batch * channels * positions).map { index in
    let (n, c, p) = (index / (channels * positions), index / positions % channels, index % positions)
    return (n * positions + p) * channels + c
  }
}

/// What one forward and backward call gave, in PyTorch's order.
struct Outcome {
  var output: [Float]
  var inputGradients: [[Float]]
  var parameterGradients: [[Float]]
  /// The states after `forward`.
  var states: [[Float]] = []
}

/// Runs an operation on fresh memory that is full of NaN where the operation must write.
func run(
  _ operation: any TensorRuntime.Operation, inputs: [[Float]], parameters: [[Float]] = [], states: [[Float]]? = nil,
  outputGradient: [Float], threads: Int = 2, training: Bool = true, accumulateOnto base: Float? = nil,
  key: RandomKey = RandomKey(seed: 1)
) throws -> Outcome {
  _ = try BLAS.load()
  let pool = WorkerPool(threads: threads)
  func place(_ values: [Float], _ spec: TensorSpec) -> AlignedBuffer {
    let buffer = AlignedBuffer(count: values.count)
    for (index, memory) in indices(spec.shape.extents, spec.layout).enumerated() {
      buffer.pointer[memory] = values[index]
    }
    return buffer
  }
  func take(_ buffer: AlignedBuffer, _ spec: TensorSpec) -> [Float] {
    indices(spec.shape.extents, spec.layout).map { buffer.pointer[$0] }
  }
  // Nothing may rely on zeros in memory that it did not write, nor write beyond what it asked for.
  func blank(_ count: Int, _ value: Float = .nan) -> AlignedBuffer {
    let buffer = AlignedBuffer(count: count + guardCount)
    buffer.assign(Array(repeating: value, count: count) + guardValues)
    return buffer
  }
  let inputBuffers = zip(inputs, operation.inputs).map(place)
  let parameterBuffers = zip(parameters, operation.parameters).map { values, spec in
    let buffer = AlignedBuffer(count: values.count)
    values.withUnsafeBufferPointer { spec.toMemory($0.baseAddress!, buffer.pointer) }
    return buffer
  }
  let stateBuffers = operation.states.enumerated().map { index, spec in
    let buffer = blank(spec.shape.count)
    if let states {
      states[index].withUnsafeBufferPointer { spec.toMemory($0.baseAddress!, buffer.pointer) }
    } else {
      spec.initialisation.fill(buffer.pointer, of: spec, key: key)
    }
    return buffer
  }
  let output = blank(operation.output.shape.count)
  let saved = operation.saved.map { blank($0) }
  let forwardScratch = blank(operation.forwardScratch(threads: threads))
  operation.forward(
    ForwardContext(
      inputs: inputBuffers.map { UnsafePointer($0.pointer) }, output: output.pointer,
      parameters: parameterBuffers.map { UnsafePointer($0.pointer) }, states: stateBuffers.map(\.pointer),
      saved: saved.map(\.pointer), scratch: forwardScratch.pointer, pool: pool, training: training, randomKey: key))

  // Memory that the gradient does not claim to read is gone.
  if !operation.gradientReads.contains(.inputs) {
    for buffer in inputBuffers { buffer.pointer.update(repeating: .nan, count: buffer.count) }
  }
  let known = operation.gradientReads.contains(.output) ? output : blank(operation.output.shape.count)
  let gradientBuffer = place(outputGradient, operation.output)
  let inputGradients = operation.inputs.map { blank($0.shape.count, base ?? .nan) }
  let parameterGradients = operation.parameters.map { blank($0.shape.count) }
  let backwardScratch = blank(operation.backwardScratch(threads: threads))
  operation.backward(
    BackwardContext(
      inputs: inputBuffers.map { UnsafePointer($0.pointer) }, output: UnsafePointer(known.pointer),
      outputGradient: UnsafePointer(gradientBuffer.pointer), inputGradients: inputGradients.map(\.pointer),
      accumulate: operation.inputs.map { _ in base != nil },
      parameters: parameterBuffers.map { UnsafePointer($0.pointer) },
      parameterGradients: parameterGradients.map(\.pointer), saved: saved.map(\.pointer),
      scratch: backwardScratch.pointer, pool: pool, randomKey: key))
  // Swift may free a buffer after its last mention, whatever its pointer is used for.
  withExtendedLifetime((inputBuffers, parameterBuffers, known, gradientBuffer)) {}
  let written = [output, forwardScratch, backwardScratch] + saved + stateBuffers
  for buffer in written + inputGradients + parameterGradients
  where Array(buffer.values.suffix(guardCount)) != guardValues { throw WroteBeyondItsMemory(label: operation.label) }
  return Outcome(
    output: take(output, operation.output), inputGradients: zip(inputGradients, operation.inputs).map(take),
    parameterGradients: zip(parameterGradients, operation.parameters).map { buffer, spec in
      var values = [Float](repeating: 0, count: spec.shape.count)
      values.withUnsafeMutableBufferPointer { spec.toExternal(buffer.pointer, $0.baseAddress!) }
      return values
    }, states: zip(stateBuffers, operation.states).map { Array($0.values.prefix($1.shape.count)) })
}

struct WroteBeyondItsMemory: Error { let label: String }

private let guardCount = 16
private let guardValues = [Float](repeating: 12345.5, count: guardCount)

/// The largest difference, relative to the largest expected magnitude; infinite where a value is not finite.
func difference(_ found: [Float], _ expected: [Float]) -> Float {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(1e-3) { max($0, abs($1)) }
  return zip(found, expected).reduce(0) { worst, pair in
    let distance = abs(pair.0 - pair.1)
    return distance.isFinite ? max(worst, distance / scale) : .infinity
  }
}
