import Diagnostics
import Planning
import TensorRuntime

/// Where the time of a training step goes, in seconds a step.
package struct StepProfile: Sendable {
  /// One operation of one layer.
  package struct Layer: Sendable {
    package let name: String
    package let operation: String
    package let forward: Double
    package let backward: Double
  }

  /// All operations of one kind.
  package struct Kind: Sendable {
    package let name: String
    package let forward: Double
    package let backward: Double
  }

  /// The whole step.
  package let step: Double
  /// Dearest first.
  package let layers: [Layer]
  /// Dearest first.
  package let kinds: [Kind]
  package let optimizer: Double
  /// What is neither: copying the batch, the loss, calls between operations.
  package var rest: Double {
    max(0, step - optimizer - kinds.reduce(0) { $0 + $1.forward + $1.backward })
  }

  /// Means of `steps` steps that took `total` seconds, `optimizer` of them in the optimizer.
  package init(_ entries: [OperationProfile.Entry], steps: Int, total: Double, optimizer: Double) {
    let count = Double(max(1, steps))
    step = total / count
    self.optimizer = optimizer / count
    layers = entries.map {
      Layer(name: $0.layer, operation: $0.operation, forward: $0.forward / count, backward: $0.backward / count)
    }.sorted { $0.forward + $0.backward > $1.forward + $1.backward }
    kinds = OperationKind.allCases.compactMap { kind in
      let entries = entries.filter { $0.kind == kind }
      if entries.isEmpty { return nil }
      return Kind(
        name: kind.rawValue, forward: entries.reduce(0) { $0 + $1.forward } / count,
        backward: entries.reduce(0) { $0 + $1.backward } / count)
    }.sorted { $0.forward + $0.backward > $1.forward + $1.backward }
  }

  /// `kinds` of `bench --json`: optimizer and rest stand beside the kinds of operations.
  var kindsJSON: JSON {
    let operations: [JSON] = kinds.map {
      [
        "kind": .string($0.name), "seconds": .number($0.forward + $0.backward), "forward_s": .number($0.forward),
        "backward_s": .number($0.backward),
      ]
    }
    return .array(
      operations + [
        ["kind": "optimizer", "seconds": .number(optimizer)], ["kind": "rest", "seconds": .number(rest)],
      ])
  }

  /// `layers` of `bench --json`.
  var layersJSON: JSON {
    .array(
      layers.map {
        [
          "layer": .string($0.name), "operation": .string($0.operation), "forward_s": .number($0.forward),
          "backward_s": .number($0.backward),
        ]
      })
  }
}
