import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing
import Training

/// The files in `grammar/` are what the program writes.
@Suite struct GrammarFileTests {
  @Test(
    "made by 'make grammar' and committed", arguments: ["serspec.schema.json", "corpus.schema.json", "serspec.ebnf"])
  func isFresh(_ name: String) throws {
    let made =
      switch name {
      case "serspec.schema.json": specSchema(.standard).text()
      case "corpus.schema.json": corpusSchema().text()
      default: documentGrammarText(.standard)
      }
    let file = Shared.project.appendingPathComponent("grammar/\(name)")
    let isSame = try String(contentsOf: file, encoding: .utf8) == made
    #expect(isSame, "grammar/\(name) is stale: run 'make grammar' and commit it")
  }

  @Test("every kind of the program has a definition or stands in a mapping")
  func everyKindIsThere() {
    let schema = specSchema(.standard)
    let text = schema.text(.compact)
    let definitions = Set((schema["definitions"]?.asObject ?? []).map(\.key))
    for part in VocabularyPart.allCases {
      for name in Vocabulary.standard.names(of: part) {
        let area = part.rawValue.split(separator: " ").joined(separator: "_")
        let isDefined = definitions.contains("\(area).\(name)") || definitions.contains("merged.\(area).\(name)")
        #expect(isDefined || text.contains("\"const\":\"\(name)\"") || text.contains("\"\(name)\":{"), "\(name)")
      }
    }
  }
}
