import Diagnostics
import Planning
import TensorRuntime

extension ModelParameters {
  /// The values of `buffer`, which has the parameters' layout, as named tensors in PyTorch's order.
  public func tensors(of buffer: AlignedBuffer, prefix: String = "") -> [Safetensors.Tensor] {
    ModelParameters.tensors(slots, of: buffer, prefix: prefix)
  }

  /// The values of `buffer`, which has the states' layout, as named tensors.
  func tensors(ofStates buffer: AlignedBuffer, prefix: String = "") -> [Safetensors.Tensor] {
    ModelParameters.tensors(stateSlots, of: buffer, prefix: prefix)
  }

  /// The whole model, parameters and states, under PyTorch's names; all single precision, counts of batches too.
  public var tensors: [Safetensors.Tensor] {
    tensors(of: values) + tensors(ofStates: states)
  }

  /// Fills `buffer` from tensors by name; every parameter must be there in its shape.
  ///
  /// - Parameter path: where the tensors came from, for the message.
  /// - Throws: `DiagnosticFailure` (`run.checkpoint_mismatch`) that lists what is missing or of another shape.
  public func load(_ tensors: Safetensors, prefix: String = "", into buffer: AlignedBuffer, from path: String) throws {
    try ModelParameters.load(tensors, prefix: prefix, into: [(slots, buffer)], from: path)
  }

  /// Fills `buffer`, which has the states' layout, likewise.
  func load(
    _ tensors: Safetensors, prefix: String = "", intoStates buffer: AlignedBuffer, from path: String
  ) throws {
    try ModelParameters.load(tensors, prefix: prefix, into: [(stateSlots, buffer)], from: path)
  }

  /// Fills parameters and states from the tensors of a whole model; each must be there in its shape.
  ///
  /// - Parameter path: where the tensors came from, for the message.
  /// - Throws: `DiagnosticFailure` (`run.checkpoint_mismatch`) that lists what is missing or of another shape.
  public func load(_ tensors: Safetensors, from path: String) throws {
    try ModelParameters.load(tensors, prefix: "", into: [(slots, values), (stateSlots, states)], from: path)
  }

  private static func tensors(_ slots: [Slot], of buffer: AlignedBuffer, prefix: String) -> [Safetensors.Tensor] {
    slots.map { Safetensors.Tensor(prefix + $0.name, $0.spec.shape, $0.exported(from: buffer)) }
  }

  private static func load(
    _ tensors: Safetensors, prefix: String, into targets: [(slots: [Slot], buffer: AlignedBuffer)], from path: String
  ) throws {
    var problems: [String] = []
    let byName = Dictionary(tensors.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (slots, buffer) in targets {
      for slot in slots {
        let name = prefix + slot.name
        guard let tensor = byName[name] else {
          problems.append("'\(name)' is missing")
          continue
        }
        guard tensor.shape == slot.spec.shape else {
          problems.append("'\(name)' has shape \(tensor.shape), expected \(slot.spec.shape)")
          continue
        }
        slot.load(tensor.values, into: buffer)
      }
    }
    guard problems.isEmpty else {
      let shown = problems.prefix(5).joined(separator: "; ")
      throw DiagnosticFailure([
        Diagnostic(
          "run.checkpoint_mismatch", "the checkpoint '\(path)' is not of this model",
          detail:
            "\(shown)\(problems.count > 5 ? "; and \(problems.count - 5) more" : ""). Start the run over with --force.")
      ])
    }
  }
}
