import ArgumentParser
import Diagnostics
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

  @OptionGroup var data: DataOptions

  @Option(
    help: "A CSV file with a column 'file' that lists clips instead of a folder.",
    completion: .file(extensions: ["csv"]))
  var manifest: String?

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if !data.folders.isEmpty && manifest != nil { throw ValidationError("Give one of --data and --manifest.") }
  }

  func run() throws {
    var diagnostics: [Diagnostic] = []
    for path in specs {
      let found = SpecValidation(
        path: SpecArgument.file(path), options: try options.resolveOptions(), data: data.folders,
        manifest: manifest)
      diagnostics += found.diagnostics
      if found.diagnostics.errorCount == 0, format == .text, let summary = found.summary {
        Console.result("\(path): ok, \(summary)")
      }
    }
    // A mistake in a file that several specs extend is shown once.
    diagnostics = SpecValidation.onceEach(diagnostics)
    switch format {
    case .text: Console.report(diagnostics)
    case .json: Console.result(JSONRenderer().render(diagnostics))
    case .sarif: Console.result(SARIFRenderer(version: programVersion).render(diagnostics))
    }
    throw ExitStatus(diagnostics)
  }
}
