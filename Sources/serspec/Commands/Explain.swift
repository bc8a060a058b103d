import ArgumentParser
import Diagnostics
import Foundation
import Reporting
import Spec
import Training

/// `serspec explain`: a value and how it came to be.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a value of a spec and every place that it came by: expression, parameter, extended file, default.",
    discussion: """
      KEY is a path in the resolved spec, a parameter, or a mapping, whose values are listed:

        serspec explain specs/cnn1d.yaml train.optimizer.adam.lr
        serspec explain specs/cnn1d.yaml model.time_path.conv_block_1.conv1d.out_channels
        serspec explain specs/cnn1d.yaml lr --set lr=0.1
        serspec explain specs/cnn1d.yaml train
      """)

  @Argument(help: "The spec file or run directory.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Argument(help: "Keys, labels and positions with dots between them, or a parameter's name.")
  var key: String

  @Flag(help: "Write one JSON document.")
  var json = false

  @OptionGroup var options: SpecOptions

  func run() throws {
    let resolution = try options.resolution(spec)
    guard let experiment = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
    let explanation = try Explanation(key, of: experiment, resolution.provenance, vocabulary: .standard)
    Console.result(
      json
        ? explanation.json.text().trimmingCharacters(in: .newlines)
        : explanation.text(color: Console.usesColor(STDOUT_FILENO)))
  }
}
