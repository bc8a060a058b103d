import Foundation
import Spec
import TestSupport
import Testing
import Training

/// docs/diagnostics.md lists the ids of all findings, and no others.
@Suite struct DiagnosticListTests {
  /// Endings of names of files.
  private static let endings: Set<String> = [
    "csv", "json", "jsonl", "log", "safetensors", "so", "svg", "wav", "yaml",
  ]

  /// The ids that the sources have as texts, and those that they put together.
  private static func idsOfSources() throws -> Set<String> {
    let folder = Shared.project.appendingPathComponent("Sources")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    var ids: Set<String> = []
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      // A template of a path or a figure, `"\(a).b"`, is none; nor is what stands within another text.
      for match in text.matches(of: /"([a-z]+\.[a-z_]+)"/) { ids.insert(String(match.output.1)) }
      for match in text.matches(of: /OperationProblem\(\s*"([a-z_]+)"/) { ids.insert("expression.\(match.output.1)") }
      if file.hasSuffix("FormulaReader.swift") {
        for match in text.matches(of: /failure\(\s*"([a-z_]+)"/) { ids.insert("formula.\(match.output.1)") }
      }
      // Formulas are read by the parser of expressions.
      if file.hasSuffix("ExpressionParser.swift") || file.hasSuffix("Expressions/Lexer.swift") {
        for match in text.matches(of: /"expression\.([a-z_]+)"/) { ids.insert("formula.\(match.output.1)") }
      }
    }
    for part in VocabularyPart.allCases where part != .combinator {
      ids.insert(part.rawValue.replacing(" ", with: "_") + ".unknown")
    }
    return ids.subtracting(DiagnosticIds.others).filter { id in !endings.contains { id.hasSuffix(".\($0)") } }
  }

  @Test("every id has its line")
  func list() throws {
    let rows = try FencedBlock.rows(below: ["id", "what it means"], in: "docs/diagnostics.md")
    let listed = rows.map { $0.cells[0].replacing("`", with: "") }
    let ids = try Self.idsOfSources()
    #expect(ids.count > 100)
    #expect(ids.subtracting(listed).sorted() == [], "in Sources, but not in docs/diagnostics.md")
    #expect(Set(listed).subtracting(ids).sorted() == [], "in docs/diagnostics.md, but not in Sources")
    #expect(listed.count == Set(listed).count, "an id is listed twice")
  }
}
