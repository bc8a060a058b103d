import TensorRuntime

/// Wall-clock seconds of each operation, added up over the calls that were made while it was attached to an executor.
public final class OperationProfile {
  /// One operation of one layer.
  public struct Entry: Sendable {
    /// `image_path.conv_block_4.conv2d`
    public let layer: String
    /// `conv2d 3x3 winograd`
    public let operation: String
    public let kind: OperationKind
    public internal(set) var forward = 0.0
    public internal(set) var backward = 0.0
  }

  /// In running order.
  public private(set) var entries: [Entry] = []
  private var positions: [String: Int] = [:]

  public init() {}

  func measure(_ step: BoundPlan.Step, _ seconds: WritableKeyPath<Entry, Double>, _ body: () -> Void) {
    let start = ContinuousClock.now
    body()
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let key = step.layer + "\n" + step.operation.label
    let position = positions[key] ?? entries.count
    if position == entries.count {
      positions[key] = position
      entries.append(Entry(layer: step.layer, operation: step.operation.label, kind: step.operation.operationKind))
    }
    entries[position][keyPath: seconds] += elapsed
  }
}
