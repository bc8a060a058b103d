import Diagnostics
import Reporting
import Spec
import TestSupport
import Training

/// A small experiment whose model is `layers` between its features and the head.
func experiment(_ model: String, extra: String = "", set: [(key: String, value: String)] = []) throws
  -> ExperimentComparison.Side
{
  let specs = Shared.project.appendingPathComponent("specs").path
  let text = """
    serspec: 1
    name: small
    extends: \(specs)/base/report.yaml
    \(extra)
    model:
    \(model.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))

    """
  return try side(
    resolve(
      SourceFile(name: "small.yaml", text: text), options: ResolveOptions(sets: set, libraryFolders: [specs]),
      vocabulary: .standard), "small.yaml")
}

/// A spec of the project by its file's name.
func experiment(file: String, set: [(key: String, value: String)] = []) throws -> ExperimentComparison.Side {
  let specs = Shared.project.appendingPathComponent("specs").path
  return try side(
    resolve(
      path: "\(specs)/\(file)", options: ResolveOptions(sets: set, libraryFolders: [specs]), vocabulary: .standard),
    file)
}

private func side(_ resolution: Resolution, _ title: String) throws -> ExperimentComparison.Side {
  guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
  return ExperimentComparison.Side(title, spec, try ModelDescription(spec))
}

extension ExperimentComparison {
  /// Every change in short: `added model.body.relu`.
  var brief: [String] {
    values.map { "\($0.kind) \($0.path)" } + model.changes.map { "\($0.kind) \($0.path)" }
  }
}

/// The experiment of a text that needs no other file.
func resolvedExperiment(_ text: String) throws -> ExperimentComparison.Side {
  try side(resolve(SourceFile(name: "spec.resolved.yaml", text: text), vocabulary: .standard), "spec.resolved.yaml")
}
