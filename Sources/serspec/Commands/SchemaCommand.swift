import ArgumentParser
import Foundation
import Spec
import Training

/// `serspec schema`: the language's definition, for editors and other programs.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Write the JSON Schema of specs, with which editors complete and check them.",
    discussion: """
      An editor with yaml-language-server uses the schema that a spec's first line names:

        # yaml-language-server: $schema=../grammar/serspec.schema.json
      """)

  @Flag(help: "The schema of corpus files instead.")
  var corpus = false

  @Flag(help: "The grammar of specs and of ${...} as EBNF instead.")
  var ebnf = false

  func validate() throws {
    if corpus && ebnf { throw ValidationError("Give one of --corpus and --ebnf.") }
  }

  func run() throws {
    let text =
      if ebnf {
        documentGrammarText(.standard)
      } else {
        (corpus ? corpusSchema() : specSchema(.standard)).text()
      }
    Console.result(text.trimmingCharacters(in: .newlines))
  }
}
