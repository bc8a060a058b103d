import ArgumentParser
import Diagnostics
import Foundation
import Spec
import Training

/// What every command that reads a spec takes.
struct SpecOptions: ParsableArguments {
  @Option(help: "Use another corpus: a name such as demo, or a corpus file.", completion: .file(extensions: ["yaml"]))
  var corpus: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Give a parameter or any value of the spec, such as lr=0.01 or train.optimizer.adam.lr=0.01.",
      valueName: "key=value"))
  var sets: [String] = []

  /// `--set` options as pairs.
  ///
  /// - Throws: `ValidationError` for one without `=`.
  func pairs() throws -> [(key: String, value: String)] { try Self.pairs(sets, option: "--set") }

  /// The same for another option of this form.
  static func pairs(_ sets: [String], option: String) throws -> [(key: String, value: String)] {
    try sets.map { text in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw ValidationError("\(option) takes KEY=VALUE, found '\(text)'")
      }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
  }

  func validate() throws { _ = try pairs() }

  /// Reads the spec at `path`. Warnings are shown on standard error.
  ///
  /// - Parameter extra: further values that options of the command stand for, such as `("seed", "7")`.
  /// - Throws: `DiagnosticFailure` with everything that is wrong.
  func resolved(_ path: String, extra: [(key: String, value: String)] = [], showWarnings: Bool = true) throws
    -> ExperimentSpec
  {
    let resolution = try resolution(path, extra: extra)
    guard let spec = resolution.spec else { throw DiagnosticFailure(resolution.diagnostics) }
    if showWarnings { Console.report(resolution.diagnostics) }
    return spec
  }

  /// Reads the spec that an argument stands for (`SpecArgument`) with all findings.
  func resolution(_ path: String, extra: [(key: String, value: String)] = []) throws -> Resolution {
    resolve(path: SpecArgument.file(path), options: try resolveOptions(extra: extra), vocabulary: .standard)
  }

  /// The spec in `source`, or a cell of its sweep, with all findings.
  func resolution(_ source: SourceFile, cell: SweepCell?) throws -> Resolution {
    resolve(source, options: try resolveOptions(cell: cell), vocabulary: .standard)
  }

  /// What the options say of a spec's surroundings.
  func resolveOptions(extra: [(key: String, value: String)] = [], cell: SweepCell? = nil) throws -> ResolveOptions {
    ResolveOptions(sets: try pairs() + extra, libraryFolders: Library.folders, corpus: corpus, cell: cell)
  }
}
