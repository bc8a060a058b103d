import Diagnostics
import Training

/// Reads the runs that a command is given: run directories, and folders of them.
enum RunArguments {
  /// The finished ones; others are named on standard error and left out.
  ///
  /// - Throws: `DiagnosticFailure` with `data.no_runs` where none is left.
  static func read(_ arguments: [String]) throws -> [RunRecord] {
    var runs: [RunRecord] = []
    var known: Set<String> = []
    var swept = SweptSpecs()
    for argument in arguments {
      do {
        for path in try RunReader.find(argument) where known.insert(path).inserted {
          do {
            runs.append(try RunReader.read(path, swept: &swept))
          } catch let failure as DiagnosticFailure {
            warn(failure, "'\(path)' is left out")
          }
        }
      } catch let failure as DiagnosticFailure {
        warn(failure, "'\(argument)' is left out")
      }
    }
    if !runs.isEmpty { return runs }
    throw DiagnosticFailure([
      Diagnostic(
        "data.no_runs", "there is no finished run to show",
        detail: "Give run directories, or a folder of them, such as runs.")
    ])
  }

  private static func warn(_ failure: DiagnosticFailure, _ consequence: String) {
    Console.report(
      failure.diagnostics.map { found in
        Diagnostic(
          found.id, .warning, found.summary, detail: found.detail, at: found.span, notes: found.notes,
          suggestion: found.suggestion
        ).noting(consequence)
      })
  }
}
