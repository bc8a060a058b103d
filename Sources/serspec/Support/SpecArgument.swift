import Foundation
import Planning
import Training

/// What a command's SPEC can be: a file, or the directory of a run, which stands for its resolved spec.
enum SpecArgument {
  /// The spec file that `argument` stands for.
  static func file(_ argument: String) -> String {
    runDirectory(argument).map { "\($0)/\(resolvedSpec)" } ?? argument
  }

  /// The tensors of a run's checkpoint, of the kept epoch if there is one; nil where the argument is no run or has none.
  ///
  /// - Throws: `DiagnosticFailure` where the checkpoint is damaged.
  static func checkpointTensors(_ argument: String) throws -> [TensorComparison.Tensor]? {
    guard let folder = runDirectory(argument) else { return nil }
    let candidates = ["best", "last"].map { "\(folder)/checkpoints/\($0)/weights.safetensors" }
    guard let path = candidates.first(where: FileManager.default.fileExists(atPath:)) else { return nil }
    return try Safetensors.read(path).tensors.map {
      TensorComparison.Tensor(name: $0.name, shape: $0.shape.extents)
    }
  }

  private static let resolvedSpec = "spec.resolved.yaml"

  private static func runDirectory(_ argument: String) -> String? {
    var folder = argument
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    return FileManager.default.fileExists(atPath: "\(folder)/\(resolvedSpec)") ? folder : nil
  }
}
