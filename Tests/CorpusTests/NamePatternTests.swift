import Corpus
import Diagnostics
import Testing

@Suite struct NamePatternTests {
  private static let file = SourceFile(name: "corpora/x.yaml", text: "name: x\npattern: \"{a}{b}_{emotion}\"\n")

  private func pattern(_ text: String) throws -> NamePattern {
    let span = SourceSpan(
      file: Self.file, start: SourcePosition(line: 2, column: 10), end: SourcePosition(line: 2, column: 28))
    return try NamePattern(Located(text, at: span))
  }

  @Test(
    "What matches, and what each field takes",
    arguments: [
      ("{speaker}_{text}_{emotion}_{level}", "1001_DFA_ANG_XX", ["1001", "DFA", "ANG", "XX"]),
      ("{speaker:2}{text:3}{emotion:1}", "03a01F", ["03", "a01", "F"]),
      ("{speaker:2}{rest}", "03a01F", ["03", "a01F"]),
      ("{rest}{emotion:1}", "03a01F", ["03a01", "F"]),
      ("03-01-{emotion}-{actor}", "03-01-05-12", ["05", "12"]),
      // As few characters as let the rest match.
      ("{speaker}_{rest}", "a_b_c", ["a", "b_c"]),
      ("{speaker}_x_{rest}", "a_b_x_c", ["a_b", "c"]),
      ("{word}é{rest}", "naïéve", ["naï", "ve"]),
    ])
  func matches(_ text: String, _ name: String, _ fields: [String]) throws {
    let pattern = try pattern(text)
    #expect(pattern.match(name) == fields)
    #expect(pattern.name(fields) == name)
  }

  @Test(
    "What does not match",
    arguments: [
      ("{speaker}_{text}", "1001"), ("{speaker}_{text}", "_x"), ("{speaker}_{text}", "x_"), ("{a:2}{b:2}", "abc"),
      ("{a:2}{b:2}", "abcde"), ("{a}-x", "b-xy"), ("{a}", ""), ("{a}", "b/c"), ("x{a:3}", "x1/2"),
    ])
  func mismatches(_ text: String, _ name: String) throws {
    #expect(try pattern(text).match(name) == nil)
  }

  @Test(
    "A pattern with slashes tells the last folders, however deep they lie",
    arguments: [
      ("{speaker}/{emotion}/{clip}", "0011/Angry/x", ["0011", "Angry", "x"]),
      ("{speaker}/{emotion}/{clip}", "ESD/deep/0011/Angry/x", ["0011", "Angry", "x"]),
      ("{speaker}/{emotion}/{clip}", "Angry/x", nil),
      ("{speaker:2}/{emotion}{number:2}", "Audio/DC/sa03", ["DC", "sa", "03"]),
      ("{speaker:4}/{emotion}/**/{clip}", "0011/Angry/x", ["0011", "Angry", "x"]),
      ("{speaker:4}/{emotion}/**/{clip}", "ESD/0011/Angry/train/x", ["0011", "Angry", "x"]),
      ("Session{session:1}/**/{clip}_{emotion}", "IEMO/Session2/a/b/f1_ang", ["2", "f1", "ang"]),
      ("**/{emotion}_{clip}", "a/b/happy_1", ["happy", "1"]),
      // Without a slash the folders say nothing.
      ("{speaker}_{emotion}", "a_b/c_d", ["c", "d"]),
    ])
  func folders(_ text: String, _ path: String, _ fields: [String]?) throws {
    #expect(try pattern(text).match(path: path) == fields)
  }

  @Test("A path that invites endless backtracking is given up quickly", .timeLimit(.minutes(1)))
  func noBacktrackingInFolders() throws {
    let text = (0..<20).map { "{f\($0)}/**/" }.joined() + "b{x}"
    #expect(try pattern(text).match(path: String(repeating: "a/", count: 250)) == nil)
  }

  @Test("A name that invites endless backtracking is given up quickly", .timeLimit(.minutes(1)))
  func noBacktracking() throws {
    let text = (0..<20).map { "{f\($0)}a" }.joined() + "b"
    #expect(try pattern(text).match(String(repeating: "a", count: 250)) == nil)
  }

  @Test(
    "Mistakes in a pattern",
    arguments: [
      ("{speaker", "pattern.unclosed"), ("speaker}_{a}", "pattern.unopened"), ("{}_{a}", "pattern.field_name"),
      ("{2x}", "pattern.field_name"), ("{a b}", "pattern.field_name"), ("{a:x}", "pattern.width"),
      ("{a:0}", "pattern.width"), ("{a:}", "pattern.width"), ("{a:+2}", "pattern.width"),
      ("{a}_{a}", "pattern.duplicate_field"), ("{a}{b}", "pattern.ambiguous"), ("abc", "pattern.no_fields"),
      ("", "pattern.no_fields"), ("/{a}", "pattern.slash"), ("x//{a}", "pattern.slash"), ("{a}/", "pattern.slash"),
      ("{a}*", "pattern.star"), ("{a}/**{b}", "pattern.star"),
    ])
  func mistakes(_ text: String, _ id: String) {
    let failure = #expect(throws: DiagnosticFailure.self) { try pattern(text) }
    #expect(failure?.diagnostics.map(\.id) == [id])
  }

  @Test("A mistake is shown at its place inside the quoted pattern")
  func place() throws {
    let failure = #expect(throws: DiagnosticFailure.self) { try pattern("{a}{b}_{emotion}") }
    let span = try #require(failure?.diagnostics.first?.span)
    // The name `b`: after the quote at column 10, `{a}` and a brace.
    #expect(span.start == SourcePosition(line: 2, column: 15))
    #expect(span.end == SourcePosition(line: 2, column: 16))
  }

  @Test("Several mistakes are reported at once")
  func several() {
    let failure = #expect(throws: DiagnosticFailure.self) { try pattern("{2}//{a:x}") }
    #expect(failure?.diagnostics.map(\.id) == ["pattern.field_name", "pattern.slash", "pattern.width"])
  }

  @Test("Label and speaker must be fields of the pattern")
  func layout() {
    let corpus = Corpora.corpus(pattern: "{who}_{what}", label: "emotion", speaker: "speaker")
    let failure = #expect(throws: DiagnosticFailure.self) { try CorpusLayout(corpus) }
    #expect(failure?.diagnostics.map(\.id) == ["corpus.field_unknown", "corpus.field_unknown"])
  }
}
