import Diagnostics
import Testing

@Suite struct TextRendererTests {
  private let renderer = TextRenderer(color: false, width: 60)

  /// The last two lines of an excerpt: the source and its marks.
  private func marks(_ text: String, _ line: Int, _ column: Int, _ endLine: Int, _ endColumn: Int) -> [String] {
    let file = SourceFile(name: "a", text: text)
    let rendered = renderer.render(Diagnostic("a.b", "x", at: span(file, line, column, endLine, endColumn)))
    return rendered.split(separator: "\n").suffix(2).map { String($0.drop { $0 != "|" }.dropFirst()) }
  }

  @Test func aWholeFinding() {
    let file = SourceFile(
      name: "specs/a.yaml", text: "model:\n" + String(repeating: "\n", count: 8) + "  - conv1d: {kernel_sise: 3}\n")
    let finding = Diagnostic(
      "key.unknown", "conv1d has no field 'kernel_sise'",
      detail:
        "It has out_channels, kernel_size, stride, padding, dilation, groups and bias.\n    conv1d: {kernel_size: 3}",
      at: span(file, 10, 14, 10, 25), notes: [DiagnosticNote("the layer is used here", at: span(file, 1, 1, 1, 6))],
      suggestion: "kernel_size")
    #expect(
      renderer.render([finding]) == """
        error[key.unknown]: conv1d has no field 'kernel_sise'
          --> specs/a.yaml:10:14
           |
        10 |   - conv1d: {kernel_sise: 3}
           |              ^^^^^^^^^^^
           |
           = help: did you mean 'kernel_size'?
           = It has out_channels, kernel_size, stride, padding,
             dilation, groups and bias.
                 conv1d: {kernel_size: 3}
        note: the layer is used here
          --> specs/a.yaml:1:1
           |
         1 | model:
           | -----

        1 error
        """)
  }

  @Test func findingsWithoutAPlace() {
    let found = [
      Diagnostic("file.missing", "there is no file x", detail: "Look elsewhere."),
      Diagnostic("param.unused", .warning, "nobody uses 'lr'"), Diagnostic("a.b", "x"),
    ]
    #expect(
      renderer.render(found) == """
        error[file.missing]: there is no file x
          = Look elsewhere.

        warning[param.unused]: nobody uses 'lr'

        error[a.b]: x

        2 errors, 1 warning
        """)
    #expect(renderer.render([]).isEmpty)
  }

  @Test(arguments: [
    ("a: b", 1, 4, 1, 5, [" a: b", "    ^"]),
    ("a: b", 1, 5, 1, 5, [" a: b", "     ^"]),
    ("\ta:\tb", 1, 5, 1, 6, ["     a:    b", "           ^"]),
    ("日本: x", 1, 5, 1, 6, [" 日本: x", "       ^"]),
    ("日本: x", 1, 1, 1, 3, [" 日本: x", " ^^^^"]),
    ("e\u{301}: x", 1, 5, 1, 6, [" e\u{301}: x", "    ^"]),
    ("a: \u{1F600} b", 1, 6, 1, 7, [" a: \u{1F600} b", "       ^"]),
    ("a: [1,  \n 2]", 1, 4, 2, 4, [" a: [1,", "    ^^^"]),
    ("a: \u{1B}[31m", 1, 4, 1, 5, [" a: \u{241B}[31m", "    ^"]),
    ("a\u{202E}b", 1, 2, 1, 3, [" a\u{FFFD}b", "  ^"]),
  ])
  func marksStandUnderWhatTheyMean(
    _ text: String, _ line: Int, _ column: Int, _ endLine: Int, _ endColumn: Int, _ expected: [String]
  ) {
    #expect(marks(text, line, column, endLine, endColumn) == expected)
  }

  @Test func emptyLinesAndPlacesBehindTheEndAreShown() {
    let file = SourceFile(name: "a", text: "x\n")
    for place in [span(file, 2, 1, 2, 1), span(file, 9, 1, 9, 1)] {
      #expect(renderer.render(Diagnostic("a.b", "x", at: place)).hasSuffix(" |\n  | ^"))
    }
  }

  @Test(arguments: [1, 40, 4_990, 9_995])
  func longLinesAreCutAroundTheMark(_ column: Int) {
    let text = String((0..<10_000).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
    let lines = marks(text, 1, column, 1, column + 3)
    #expect(lines.allSatisfy { $0.unicodeScalars.count <= 60 })
    let source = Array(lines[0])
    let marked = zip(source, lines[1]).filter { $0.1 == "^" }.map(\.0)
    let start = text.index(text.startIndex, offsetBy: column - 1)
    #expect(String(marked) == text[start...].prefix(3))
  }

  @Test func aMarkWiderThanTheLineIsCut() {
    let lines = marks(String(repeating: "x", count: 300), 1, 1, 1, 301)
    #expect(lines.allSatisfy { $0.unicodeScalars.count <= 60 })
    #expect(lines[0].hasSuffix("…"))
  }

  @Test func nothingFromAFileControlsTheTerminal() {
    let file = SourceFile(name: "a\u{1B}[2J", text: "\u{7}\u{9B}")
    let text = renderer.render(
      Diagnostic(
        "a.b", "x \u{1B}]0;y\u{7}", detail: "\u{8}", at: span(file, 1, 1, 1, 2), notes: [DiagnosticNote("\r")],
        suggestion: "\u{0}"))
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
  }

  @Test func colourAddsNothingButColour() throws {
    let file = SourceFile(name: "a", text: "a: b")
    let finding = Diagnostic("a.b", .warning, "x", detail: "Some words.", at: span(file, 1, 4, 1, 5), suggestion: "c")
    let painted = TextRenderer(color: true, width: 60).render([finding])
    #expect(painted.contains("\u{1B}[1;33m^\u{1B}[0m"))
    #expect(painted.replacing(try Regex("\u{1B}\\[[0-9;]*m"), with: "") == renderer.render([finding]))
  }
}
