import ArgumentParser
import Diagnostics
import Spec
import Syntax
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

  @Option(help: "The corpus's folder, for what names of clips can tell.", completion: .directory)
  var data: String?

  @Option(
    help: "A CSV file with a column 'file' that lists clips instead of a folder.",
    completion: .file(extensions: ["csv"]))
  var manifest: String?

  @OptionGroup var options: SpecOptions

  func validate() throws {
    if data != nil && manifest != nil { throw ValidationError("Give one of --data and --manifest.") }
  }

  func run() throws {
    var diagnostics: [Diagnostic] = []
    for path in specs {
      let found = try check(path)
      diagnostics += found.diagnostics
      if found.diagnostics.errorCount == 0, format == .text, let summary = found.summary {
        Console.result("\(path): ok, \(summary)")
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

  /// A spec, and each cell of its sweep.
  private func check(_ path: String) throws -> (diagnostics: [Diagnostic], summary: String?) {
    var (diagnostics, summary) = checked(try options.resolution(path))
    let reference = SpecReference(path)
    guard reference.cell == nil, let source = try? readSource(path: reference.path) else {
      return (diagnostics, summary)
    }
    let sweep = readSweep(source, vocabulary: .standard)
    diagnostics += sweep.diagnostics
    for cell in sweep.cells {
      let inCell = checked(try options.resolution(source, cell: cell)).diagnostics
      diagnostics += inCell.map { $0.noting("in cell \(cell.index) of the sweep: \(cell.title)", at: sweep.span) }
    }
    if !sweep.cells.isEmpty { summary = summary.map { "\($0), \(sweep.cells.count) cells" } }
    return (diagnostics, summary)
  }

  private func checked(_ resolution: Resolution) -> (diagnostics: [Diagnostic], summary: String?) {
    guard let spec = resolution.spec else { return (resolution.diagnostics, nil) }
    let checks = ExperimentChecks.check(spec)
    let found = resolution.diagnostics + checks.diagnostics
    if checks.diagnostics.errorCount > 0 { return (found, nil) }
    do {
      return (found + (try LeakageCheck.warnings(spec, data: data, manifest: manifest)), checks.model?.summary)
    } catch let failure as DiagnosticFailure {
      return (found + failure.diagnostics, nil)
    } catch {
      return (found + [Diagnostic("run.unexpected", "\(error)")], nil)
    }
  }

  /// A mistake in a file that several specs extend is shown once.
  private func onceEach(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<String> = []
    return diagnostics.filter { seen.insert("\($0.id) \($0.summary) \($0.span?.location ?? "")").inserted }
  }
}
