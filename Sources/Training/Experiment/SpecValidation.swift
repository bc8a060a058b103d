import Diagnostics
import Spec
import Syntax

/// Everything that can be said of a spec before a clip is read: of its text, of the experiment that it says, and of each
/// cell of its sweep. This is what `validate` shows.
public struct SpecValidation: Sendable {
  /// All findings, each once; those of a sweep's cells name the cell.
  public let diagnostics: [Diagnostic]
  /// The size of the model; nil where there is an error.
  public let summary: String?

  /// Checks the spec at `path`, a file or a cell of its sweep (`report-grid.yaml#7`).
  ///
  /// - Parameters:
  ///   - options: what surrounds the spec; its `cell` is set here.
  ///   - data: the corpus's folders, as `--data` gives them.
  ///   - manifest: a list of names in its place.
  public init(path: String, options: ResolveOptions = ResolveOptions(), data: [String] = [], manifest: String? = nil) {
    let place = Place(data: data, manifest: manifest)
    let reference = SpecReference(path)
    if reference.cell == nil, let source = try? readSource(path: reference.path) {
      self.init(source, options: options, place)
    } else {
      self.init(Self.checked(resolve(path: path, options: options, vocabulary: .standard), place))
    }
  }

  /// The same for a text that has been read already.
  public init(_ source: SourceFile, options: ResolveOptions = ResolveOptions()) {
    self.init(source, options: options, Place(data: [], manifest: nil))
  }

  /// Where the clips' names are, if that is known.
  private struct Place {
    let data: [String]
    let manifest: String?
  }

  private typealias Findings = (diagnostics: [Diagnostic], summary: String?)

  private init(_ source: SourceFile, options: ResolveOptions, _ place: Place) {
    var (diagnostics, summary) = Self.checked(resolve(source, options: options, vocabulary: .standard), place)
    let sweep = readSweep(source, vocabulary: .standard)
    diagnostics += sweep.diagnostics
    // Cells that differ in nothing but their seed, which is a whole number, are right or wrong together.
    var seen: Set<String> = []
    for cell in sweep.cells where seen.insert(Self.titleWithoutSeed(cell)).inserted {
      var inCell = options
      inCell.cell = cell
      let found = Self.checked(resolve(source, options: inCell, vocabulary: .standard), place).diagnostics
      diagnostics += found.map { $0.noting("in cell \(cell.index) of the sweep: \(cell.title)", at: sweep.span) }
    }
    if !sweep.cells.isEmpty { summary = summary.map { "\($0), \(sweep.cells.count) cells" } }
    self.init((diagnostics, summary))
  }

  private init(_ findings: Findings) {
    diagnostics = Self.onceEach(findings.diagnostics)
    summary = findings.diagnostics.errorCount == 0 ? findings.summary : nil
  }

  private static func checked(_ resolution: Resolution, _ place: Place) -> Findings {
    guard let spec = resolution.spec else { return (resolution.diagnostics, nil) }
    let checks = ExperimentChecks.check(spec)
    let found = resolution.diagnostics + checks.diagnostics
    if checks.diagnostics.errorCount > 0 { return (found, nil) }
    do {
      let warnings = try LeakageCheck.warnings(spec, data: place.data, manifest: place.manifest)
      return (found + warnings, checks.model?.summary)
    } catch let failure as DiagnosticFailure {
      return (found + failure.diagnostics, nil)
    } catch {
      return (found + [Diagnostic("run.unexpected", "\(error)")], nil)
    }
  }

  private static func titleWithoutSeed(_ cell: SweepCell) -> String {
    cell.values.filter { $0.key != "seed" || ($0.value.asInteger ?? -1) < 0 }
      .map { "\($0.key)=\(flowText($0.value))" }.joined(separator: " ")
  }

  /// A mistake in a spec's text is one in each cell of its sweep too, and is shown once.
  package static func onceEach(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<String> = []
    return diagnostics.filter { seen.insert("\($0.id) \($0.summary) \($0.span?.location ?? "")").inserted }
  }
}
