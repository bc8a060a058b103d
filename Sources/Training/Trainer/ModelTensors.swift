import Diagnostics
import Planning
import TensorRuntime

extension ModelParameters {
  /// The values of `buffer`, which has the parameters' layout, as named tensors in PyTorch's order.
  public func tensors(of buffer: AlignedBuffer, prefix: String = "") -> [Safetensors.Tensor] {
    slots.enumerated().map { index, slot in
      Safetensors.Tensor(prefix + slot.name, slot.spec.shape, exported(index, from: buffer))
    }
  }

  /// Fills `buffer` from tensors by name; every parameter must be there in its shape.
  ///
  /// - Parameter path: where the tensors came from, for the message.
  /// - Throws: `DiagnosticFailure` (`run.checkpoint_mismatch`) that lists what is missing or of another shape.
  public func load(_ tensors: Safetensors, prefix: String = "", into buffer: AlignedBuffer, from path: String) throws {
    var problems: [String] = []
    let byName = Dictionary(tensors.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (index, slot) in slots.enumerated() {
      guard let tensor = byName[prefix + slot.name] else {
        problems.append("'\(prefix + slot.name)' is missing")
        continue
      }
      guard tensor.shape == slot.spec.shape else {
        problems.append("'\(prefix + slot.name)' has shape \(tensor.shape), expected \(slot.spec.shape)")
        continue
      }
      load(tensor.values, into: index, of: buffer)
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
