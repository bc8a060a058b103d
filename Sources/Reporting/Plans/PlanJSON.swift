import Diagnostics
import Planning
import TensorRuntime
import Training

extension PlanSummary {
  /// The document of `show --plan --json`; memory in bytes.
  ///
  /// - Parameter optimizer: of which the memory is told.
  public func json(name: String, optimizer: OptimizerSettings) -> JSON {
    let isTraining = mode == .training
    return [
      "name": .string(name), "mode": .string(isTraining ? "training" : "inference"), "batch_size": .integer(batch),
      "threads": .integer(threads),
      "inputs": .array(inputs.map { ["name": .string($0.name), "shape": JSON($0.shape)] }),
      "steps": .array(entries.map(\.json)),
      "memory": [
        "arena_bytes": .integer(arenaBytes), "unshared_bytes": .integer(unsharedBytes),
        "parameter_bytes": .integer(parameterBytes), "state_bytes": .integer(stateBytes),
        "gradient_bytes": .integer(gradientBytes),
        "optimizer_bytes": .integer(isTraining ? optimizer.stateNames.count * parameterBytes : 0),
      ],
      "peak": [
        "step": .string(peakStep), "bytes": .integer(peakBytes),
        "buffers": .array(
          peakTensors.map {
            ["layer": .optional($0.layer), "role": .string($0.role.rawValue), "bytes": .integer($0.bytes)]
          }),
      ],
    ]
  }
}

extension PlanSummary.Entry {
  fileprivate var json: JSON {
    [
      "layer": .string(layer), "operation": .string(operation), "inputs": .array(inputs.map { JSON($0.shape) }),
      "output": JSON(output.shape), "written_forward_bytes": .integer(writtenForward),
      "written_backward_bytes": .integer(writtenBackward), "kept_bytes": .integer(kept),
      "forward_scratch_bytes": .integer(forwardScratch), "backward_scratch_bytes": .integer(backwardScratch),
      "algorithms": .array(
        choices.map { choice in
          [
            "part": .string(choice.part.rawValue), "algorithm": .string(choice.algorithm),
            "reason": .string(choice.reason),
            "estimates": .array(
              choice.estimates.map {
                ["algorithm": .string($0.algorithm), "milliseconds": .number($0.milliseconds)]
              }),
          ]
        }),
    ]
  }
}

extension JSON {
  fileprivate init(_ shape: Shape) { self = .array(shape.extents.map(JSON.integer)) }
}
