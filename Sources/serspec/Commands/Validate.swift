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
        do {
          let model = try ModelDescription(spec)
          if format == .text { Console.result("\(path): ok, \(model.summary)") }
        } catch let failure as DiagnosticFailure {
          diagnostics += failure.diagnostics
        }
      }
    }
    switch format {
    case .text: Console.report(diagnostics)
    case .json: Console.result(JSONRenderer().render(diagnostics))
    case .sarif: Console.result(SARIFRenderer(version: programVersion).render(diagnostics))
    }
    throw ExitStatus(diagnostics)
  }
}
