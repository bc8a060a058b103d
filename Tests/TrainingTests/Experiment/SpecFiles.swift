import Diagnostics
import Spec
import TestSupport
import Training

/// A spec of the project by its path below `specs`, resolved with the program's whole vocabulary.
func resolvedSpec(_ name: String, sets: [(key: String, value: String)] = [], corpus: String? = nil) throws
  -> ExperimentSpec
{
  let specs = Shared.project.appendingPathComponent("specs").path
  let resolution = resolve(
    path: "\(specs)/\(name)", options: ResolveOptions(sets: sets, libraryFolders: [specs], corpus: corpus),
    vocabulary: .standard)
  guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
  return spec
}

/// The spec that `text` is, as if it stood among those of the project.
func resolvedSpec(text: String) throws -> ExperimentSpec {
  let specs = Shared.project.appendingPathComponent("specs").path
  let resolution = resolve(
    SourceFile(name: "\(specs)/made.yaml", text: text), options: ResolveOptions(libraryFolders: [specs]),
    vocabulary: .standard)
  guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
  return spec
}

/// Settings that take dropout out of the report's models.
let withoutDropout = [
  (key: "blocks.conv_block.layers.4", value: "{dropout: 0}"), (key: "blocks.head.layers.3", value: "{dropout: 0}"),
]
