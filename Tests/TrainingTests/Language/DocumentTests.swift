import Diagnostics
import Foundation
import Spec
import Syntax
import TestSupport
import Testing
import Training

/// What the documents say of the language is so: each example is run, each message is what is printed.
@Suite struct DocumentTests {
  static let files = ["docs/language.md", "docs/corpora.md", "docs/trackers.md", "README.md"]
  static let blocks = files.flatMap { (try? FencedBlock.all(in: $0)) ?? [] }
  static let specs = blocks.filter { $0.language == "yaml" }

  @Test("a block of YAML says which part of a spec it is, and has the mistakes that it announces", arguments: specs)
  func holds(_ block: FencedBlock) throws {
    let spec = try DocumentSpec(block)
    var open = spec.announced
    var unexpected: [Diagnostic] = []
    for found in spec.diagnostics {
      let text = "\(found.id): \(found.summary)"
      let index = try open.firstIndex { wanted in
        try wanted.severity == found.severity && wanted.line == spec.line(of: found)
          && text.firstMatch(of: Regex(wanted.pattern)) != nil
      }
      if let index {
        open.remove(at: index)
      } else if found.severity == .error || spec.isWhole {
        unexpected.append(found)
      }
    }
    #expect(open.isEmpty, "not reported: \(open.map(\.pattern))\nreported:\n\(spec.report)")
    #expect(unexpected.isEmpty, "unexpected:\n\(TextRenderer(color: false).render(unexpected))")
  }

  @Test("a message is printed for the block before it, word for word")
  func messages() throws {
    let pairs = zip(Self.blocks, Self.blocks.dropFirst()).filter { $1.role == "message" }
    #expect(pairs.count >= 2)
    for (block, message) in pairs {
      let isFollowed = block.language == "yaml" && block.file == message.file
      #expect(isFollowed, "\(message.testDescription) does not follow a block of YAML")
      let printed = try DocumentSpec(block).report
      #expect(
        trimmed(printed) == trimmed(message.text), "\(message.testDescription) should be:\n\(printed)")
    }
  }

  @Test("all documents are there, and have examples")
  func coverage() {
    for file in Self.files { #expect(Self.specs.contains { $0.file == file }, "\(file) has no example") }
    #expect(Self.specs.count >= 40)
  }

  @Test("expressions have the values that the table gives")
  func expressions() throws {
    let rows = try FencedBlock.rows(below: ["expression", "value"], in: "docs/language.md")
    #expect(rows.count >= 15)
    let names: [String: ExpressionValue] = [
      "width": .integer(64), "lr": .number(0.001), "classes": .integer(6), "activation": .string("relu"),
      "depths": .list([3, 4, 23, 3].map(ExpressionValue.integer)),
    ]
    for (line, cells) in rows {
      let (text, wanted) = (plain(cells[0]), plain(cells[1]))
      let file = SourceFile(name: "table", text: text)
      let end = SourcePosition(line: 1, column: text.unicodeScalars.count + 1)
      let span = SourceSpan(file: file, start: SourcePosition(line: 1, column: 1), end: end)
      do {
        let value = try Expression.parse(text, at: span).evaluate { names[$0] }
        #expect(flowText(value.node(at: span)) == wanted, "line \(line)")
      } catch let failure as DiagnosticFailure {
        #expect(failure.diagnostics.map(\.id) == [wanted], "line \(line)")
      }
    }
  }

  @Test("the table of keys has all keys of a spec, a corpus and of train, and no others")
  func keys() throws {
    let rows = try FencedBlock.rows(below: ["key", "default", "what it says"], in: "docs/language.md")
    let listed = rows.flatMap { plain($0.cells[0]).split(separator: ", ").map(String.init) }
    let tables = [specTable(.standard), corpusTable, trainTable]
    #expect(listed.sorted() == tables.flatMap { $0.fields.map(\.name) }.sorted())
    let required = tables.flatMap(\.fields).filter { if case .required = $0.default { true } else { false } }
    #expect(rows.filter { $0.cells[1] == "required" }.count == required.count)
  }

  @Test("specs have as many parameters as the table of the README says")
  func counts() throws {
    let rows = try FencedBlock.rows(below: ["spec", "what it is", "parameters"], in: "README.md")
    #expect(rows.count >= 15)
    for (line, cells) in rows {
      let path = Shared.project.appendingPathComponent("specs/\(plain(cells[0])).yaml").path
      let spec = try #require(resolve(path: path, vocabulary: .standard).spec, "line \(line)")
      let summary = try ModelDescription(spec).summary
      #expect(summary.hasPrefix(cells[2] + " parameters"), "line \(line): \(summary)")
    }
  }

  private func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

  /// A cell without the quotes of code.
  private func plain(_ cell: String) -> String { cell.replacing("`", with: "") }
}
