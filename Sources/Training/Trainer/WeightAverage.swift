import Glibc
import Planning
import Spec
import TensorRuntime

/// A mean of a model's weights over steps or epochs, as `torch.optim.swa_utils.AveragedModel`: the first update copies the weights, later ones
/// move the mean towards them.
///
/// States such as running statistics stay the model's own unless `use_buffers` says that they are averaged too.
package final class WeightAverage {
  private let settings: WeightAverageSettings
  private let parameters: ModelParameters
  /// In the layout of the parameters.
  private let values: AlignedBuffer
  private let states: AlignedBuffer?

  /// - Parameter step: a use of one of `WeightAverageCatalog.kinds`.
  package init(_ step: Step, parameters: ModelParameters) {
    settings = WeightAverageSettings(step)
    self.parameters = parameters
    values = AlignedBuffer(count: parameters.floats)
    states = settings.averagesStates ? AlignedBuffer(count: parameters.states.count) : nil
  }

  /// Called after each step.
  ///
  /// - Parameter updates: how many there were; counted up where this is one.
  package func afterStep(_ updates: inout Int, pool: WorkerPool) {
    guard case .exponential(let decay) = settings.rule else { return }
    update(share: updates == 0 ? 1 : Float(1 - decay), pool: pool)
    updates += 1
  }

  /// Called at the end of each epoch, counted from 1; more than once where a stop came between the epoch's end and its record.
  package func afterEpoch(_ epoch: Int, _ updates: inout Int, pool: WorkerPool) {
    guard case .equal(let first) = settings.rule, updates == epoch - first else { return }
    update(share: 1 / Float(updates + 1), pool: pool)
    updates += 1
  }

  private func update(share: Float, pool: WorkerPool) {
    var pairs = [(parameters.values, values)]
    if let states { pairs.append((parameters.states, states)) }
    for (source, target) in pairs {
      if share == 1 {
        memcpy(target.pointer, source.pointer, source.count * MemoryLayout<Float>.stride)
      } else {
        pool.approach(source.count, share: share, from: source.pointer, target: target.pointer)
      }
    }
  }

  /// Runs `body` while the model has the mean's weights.
  package func inPlace<Result>(_ body: () throws -> Result) rethrows -> Result {
    exchange()
    defer { exchange() }
    return try body()
  }

  private func exchange() {
    exchange(parameters.values, values)
    if let states { exchange(parameters.states, states) }
  }

  private func exchange(_ a: AlignedBuffer, _ b: AlignedBuffer) {
    let bytes = a.count * MemoryLayout<Float>.stride
    withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 64) { part in
      guard let part = part.baseAddress else { return }
      for start in stride(from: 0, to: bytes, by: 1 << 14) {
        let size = min(1 << 14, bytes - start)
        let (first, second) = (UnsafeMutableRawPointer(a.pointer) + start, UnsafeMutableRawPointer(b.pointer) + start)
        memcpy(part, first, size)
        memcpy(first, second, size)
        memcpy(second, part, size)
      }
    }
  }

  private static let prefix = "average/"

  /// The mean as tensors in PyTorch's order: `average/time_path.conv1d.weight`.
  func exported() -> [Safetensors.Tensor] {
    parameters.tensors(of: values, prefix: WeightAverage.prefix)
      + (states.map { parameters.tensors(ofStates: $0, prefix: WeightAverage.prefix) } ?? [])
  }

  /// Takes over the mean of a checkpoint.
  ///
  /// - Throws: `DiagnosticFailure` (`run.checkpoint_mismatch`) where it is of another model.
  func load(_ tensors: Safetensors, from path: String) throws {
    try parameters.load(tensors, prefix: WeightAverage.prefix, into: values, from: path)
    if let states { try parameters.load(tensors, prefix: WeightAverage.prefix, intoStates: states, from: path) }
  }
}
