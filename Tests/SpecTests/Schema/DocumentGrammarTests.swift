import Spec
import Syntax
import Testing

@Suite struct DocumentGrammarTests {
  private let grammar = documentGrammar(testVocabulary)

  @Test("every rule that is used is there, once, and every rule but the first is used")
  func rules() {
    let names = grammar.rules.map(\.name)
    #expect(Set(names).count == names.count)
    var used: Set<String> = ["spec"]
    for rule in grammar.rules { collect(rule.term, into: &used) }
    #expect(used.subtracting(names).isEmpty)
    #expect(Set(names).subtracting(used).isEmpty)
  }

  @Test("kinds are written with their fields, and bare where nothing is required")
  func kinds() {
    let text = documentGrammarText(testVocabulary)
    #expect(
      text.contains(
        "\nlayer_relu ::= 'relu' | '{' 'relu' ':' '{' (\n    'name' ':' ( text | '~' ) /* default null */\n)* '}' '}'\n"
      ))
    #expect(text.contains("  | 'bias' ':' boolean /* default true */\n"))
    #expect(text.contains("'seconds' ':' number /* a number above 0, required */"))
    #expect(!text.contains("layer_conv1d ::= 'conv1d'"))
  }

  private func collect(_ term: GrammarTerm, into names: inout Set<String>) {
    switch term {
    case .rule(let name): names.insert(name)
    case .sequence(let terms), .choice(let terms): for term in terms { collect(term, into: &names) }
    case .optional(let inner), .any(let inner), .some(let inner), .remark(let inner, _): collect(inner, into: &names)
    case .literal, .characters, .otherThan: break
    }
  }
}
