import Diagnostics
import Syntax
import Testing

@Suite struct SpanTests {
  /// The source of every value in the order in which they begin, keys in angle brackets.
  private func sources(_ node: Node) -> [String] {
    let own = [source(node.span)]
    return switch node.content {
    case .scalar: own
    case .sequence(let items): own + items.flatMap(sources)
    case .mapping(let entries): own + entries.flatMap { ["<\(source($0.key.span))>"] + sources($0.value) }
    }
  }

  @Test(arguments: [
    ("a: 1   # one\nb: 2\n", ["a: 1   # oneb: 2", "<a>", "1", "<b>", "2"]),
    ("a:   some words  \n", ["a:   some words", "<a>", "some words"]),
    ("a: 'x ''y'  \n", ["a: 'x ''y'", "<a>", "'x ''y'"]),
    ("a: [1, 2 ,3]\n", ["a: [1, 2 ,3]", "<a>", "[1, 2 ,3]", "1", "2", "3"]),
    ("{conv, out }", ["{conv, out }", "<conv>", "", "<out>", ""]),
    ("a: &x b\nc: *x\n", ["a: &x bc: *x", "<a>", "b", "<c>", "b"]),
    ("a: &x\n  - b\n", ["a: &x  - b", "<a>", "- b", "b"]),
    ("a: &x # why\n  b: 1\nc: 2", ["a: &x # why  b: 1c: 2", "<a>", "b: 1", "<b>", "1", "<c>", "2"]),
    ("a: |\n  x\n  y\n\n\nb: 1", ["a: |  x  yb: 1", "<a>", "|  x  y", "<b>", "1"]),
    ("a: |\n\nb: 1", ["a: |b: 1", "<a>", "|", "<b>", "1"]),
    ("a:\n  - b\n  -\n\n# end\n", ["a:  - b  -", "<a>", "- b  -", "b", ""]),
    (
      "- a: 1\n  b:\n    c\n      d\n",
      ["- a: 1  b:    c      d", "a: 1  b:    c      d", "<a>", "1", "<b>", "c      d"]
    ),
    ("é日: [ü, 1]", ["é日: [ü, 1]", "<é日>", "[ü, 1]", "ü", "1"]),
    ("[a: 1, b]", ["[a: 1, b]", "a: 1", "<a>", "1", "b"]),
    ("a: !!str 12 # x", ["a: !!str 12", "<a>", "12"]),
  ])
  func coverExactlyWhatWasWritten(_ text: String, _ expected: [String]) throws {
    #expect(sources(try parse(text)) == expected)
  }

  @Test func columnsCountScalarsAfterLineBreaksOfAllKinds() throws {
    let root = try parse("é: 1\r\nb: 'üü' \r\nc: [日本, x]\n")
    #expect(root.entries?.map { brief($0.value.span) } == ["1:4-1:5", "2:4-2:8", "3:4-3:11"])
    #expect(root.value(forKey: "c")?.items?.map { brief($0.span) } == ["3:5-3:7", "3:9-3:10"])
  }

  @Test func aByteOrderMarkThatWasNotDroppedIsCounted() throws {
    let root = try parse("\u{FEFF}a: b")
    #expect(root.entries?.map { source($0.value.span) } == ["b"])
  }

  @Test func emptyValuesStandBehindTheirKeys() throws {
    let root = try parse("x: {conv , out}\ny:   # nothing\n")
    #expect(root.value(forKey: "x")?.entries?.map { brief($0.value.span) } == ["1:9-1:9", "1:15-1:15"])
    #expect(root.value(forKey: "y").map { brief($0.span) } == "2:2-2:2")
  }
}
