import ArgumentParser
import Diagnostics
import Spec
import Training

/// `serspec validate`: every mistake of a spec, before anything runs.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check specs: every mistake with its line and column, before a clip is read.",
    discussion: "Exit code 0 where there are no errors, 3 where there are.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, sarif
  }

  @Argument(help: "Spec files.", completion: .file(extensions: ["yaml"]))
  var specs: [String]

  @Option(help: "How to write the findings.")
  var format: Format = .text

  @OptionGroup var options: SpecOptions

  func run() throws {
    var diagnostics: [Diagnostic] = []
    for path in specs {
      let resolution = try options.resolution(path)
      diagnostics += resolution.diagnostics
      if let spec = resolution.spec {
        let checks = ExperimentChecks.check(spec)
        diagnostics += checks.diagnostics
        if let model = checks.model, checks.diagnostics.errorCount == 0, format == .text {
          Console.result("\(path): ok, \(model.summary)")
        }
      }
    }
    diagnostics = onceEach(diagnostics)
    switch format {
    case .text: Console.report(diagnostics)
    case .json: Console.result(JSONRenderer().render(diagnostics))
    case .sarif: Console.result(SARIFRenderer(version: programVersion).render(diagnostics))
    }
    throw ExitStatus(diagnostics)
  }

  /// A mistake in a file that several specs extend is shown once.
  private func onceEach(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<String> = []
    return diagnostics.filter { seen.insert("\($0.id) \($0.summary) \($0.span?.location ?? "")").inserted }
  }
}
