import Diagnostics
import Foundation
import Syntax

/// What commands take for a spec: `specs/cnn2d.yaml`, or `specs/report-grid.yaml#7` for a cell of its sweep.
public struct SpecReference: Sendable {
  /// The file.
  public let path: String
  /// The number of a cell, from 1; nil for the spec as it stands.
  public let cell: Int?

  /// A file whose own name ends like that is a file.
  public init(_ text: String) {
    if let mark = text.lastIndex(of: "#"), let number = Int(text[text.index(after: mark)...]), !Paths.exists(text) {
      path = String(text[..<mark])
      cell = number
    } else {
      path = text
      cell = nil
    }
  }

  /// The cell that `number` names.
  ///
  /// - Throws: `DiagnosticFailure` where there is none, or with what is wrong with the sweep.
  static func cell(_ number: Int, of source: SourceFile, vocabulary: Vocabulary) throws -> SweepCell {
    let sweep = readSweep(source, vocabulary: vocabulary)
    if sweep.diagnostics.contains(where: { $0.severity == .error }) { throw DiagnosticFailure(sweep.diagnostics) }
    if sweep.cells.indices.contains(number - 1) { return sweep.cells[number - 1] }
    throw DiagnosticFailure([
      sweep.span == nil
        ? Diagnostic(
          "sweep.missing", "\(source.name) has no sweep, so it has no cell \(number)",
          detail: "Leave '#\(number)' out, or give the spec a 'sweep'.")
        : sweep.noCell(number, of: source, count: sweep.cells.count)
    ])
  }
}
