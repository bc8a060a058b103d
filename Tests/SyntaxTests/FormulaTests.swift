import Diagnostics
import Syntax
import Testing

@Suite struct FormulaTests {
  /// The finding about a formula that a file shows behind `y: `.
  private func finding(_ text: String, quoted: Bool = false) throws -> (Diagnostic, marked: String) {
    let line = quoted ? "y: \"\(text)\"" : "y: \(text)"
    let file = SourceFile(name: "spec.yaml", text: line)
    let span = SourceSpan(
      file: file, start: SourcePosition(line: 1, column: 4), end: SourcePosition(line: 1, column: line.count + 1))
    do {
      _ = try Formula.parse(text, at: span)
    } catch let failure as DiagnosticFailure {
      let found = try #require(failure.diagnostics.first)
      let place = try #require(found.span)
      let marked = Array(line).dropFirst(place.start.column - 1).prefix(place.end.column - place.start.column)
      return (found, String(marked))
    }
    throw Unexpected()
  }

  private struct Unexpected: Error {}

  /// Mistakes are shown at the very words, within quotes too.
  @Test(
    arguments: [
      ("x * sigmod(x)", "formula.function", "sigmod"), ("x * tanh(x, 2) + 1", "formula.arguments", "tanh(x, 2)"),
      ("2 * x + relu", "formula.name", "relu"), ("1 + (x < 0)", "formula.type", "(x < 0)"),
      ("x // 2 + 1", "formula.operator", "x // 2"), ("x + [1]", "formula.type", "[1]"),
      ("2 * (a + 1)", "formula.no_input", "2 * (a + 1)"), ("x + * 2", "formula.syntax", "*"),
    ], [false, true])
  func mistakesHaveTheirColumn(_ test: (text: String, id: String, marked: String), _ quoted: Bool) throws {
    let (found, marked) = try finding(test.text, quoted: quoted)
    #expect(found.id == test.id)
    #expect(marked == test.marked)
  }

  @Test func misspeltFunctionsAreSuggested() throws {
    #expect(try finding("x * sigmod(x)").0.suggestion == "sigmoid")
  }

  @Test func parametersAreAllOtherNamesInOrder() throws {
    let formula = try Formula.parse(
      "x * sigmoid(b * x) + pi * a ** e if b > c else d",
      at: SourceSpan(
        file: SourceFile(name: "f", text: ""), start: SourcePosition(line: 1, column: 1),
        end: SourcePosition(line: 1, column: 1)))
    #expect(formula.parameters.map(\.value) == ["b", "a", "c", "d"])
  }

  /// However a formula is made large, it is refused, and at once.
  @Test(arguments: [
    (String(repeating: "x+", count: 201) + "x", "formula.too_large"),
    (String(repeating: "x+", count: 600) + "x", "formula.too_long"),
    (String(repeating: "(", count: 100) + "x" + String(repeating: ")", count: 100), "formula.too_deep"),
    (String(repeating: "exp(", count: 70) + "x" + String(repeating: ")", count: 70), "formula.too_deep"),
    ("max(" + String(repeating: "x,", count: 220) + "x)", "formula.too_large"),
    ("a*b*c*d*f*g*h*i*j*x", "formula.too_large"), ("x * 99999999999999999999", "formula.overflow"),
  ])
  func sizeIsLimited(_ text: String, _ id: String) throws {
    #expect(try finding(text).0.id == id)
  }
}
