import Diagnostics
import Syntax
import Testing

@Suite struct EmitYAMLTests {
  @Test func blockStyleWithShortListsInBrackets() throws {
    let text = """
      serspec: 1
      "doc": "two\\nlines"
      layers: [{linear: 128}, relu, [[1], [2, 3]], {dropout: {p: 0.5}}]
      classes: [SAD, 'no', "01", 1e-4, ~, 'a,b', it's, "\\e"]
      empty: [[], {}, '', null]
      none: {}
      """
    let emitted = emitYAML(try parse(text))
    #expect(
      emitted == """
        serspec: 1
        doc: |-
          two
          lines
        layers:
          - linear: 128
          - relu
          - - [1]
            - [2, 3]
          - dropout:
              p: 0.5
        classes: [SAD, 'no', '01', 1e-4, ~, 'a,b', it's, "\\x1B"]
        empty:
          - []
          - {}
          - ''
          - ~
        none: {}

        """)
  }

  @Test func commentsStandAtLineEnds() throws {
    let root = try parse("train: {epochs: 150, lr: 0.001, betas: [0.9, 0.999]}\nname: a\nlayers: [{linear: 1}]")
    let text = emitYAML(root) { path, node in
      node.entries == nil && path != ["name"] ? path.joined(separator: ".") + "\nx" : nil
    }
    #expect(
      text == """
        train:
          epochs: 150          # train.epochs x
          lr: 0.001            # train.lr x
          betas: [0.9, 0.999]  # train.betas x
        name: a
        layers:        # layers x
          - linear: 1  # layers.0.linear x

        """)
    #expect(try parse(text).means(sameAs: root))
  }

  @Test func longListsTakeALineAnItem() throws {
    let root = Node(.sequence((0..<60).map { Node(integer: $0, at: nowhere) }), at: nowhere)
    #expect(emitYAML(root).split(separator: "\n").count == 60)
  }

  @Test(arguments: [
    "relu", "conv block", "a:b", "C:\\data", "https://x.org/a#b", "16khz", "日本", "it's", "a_b-c.d", "a%", "${n}",
    "x = y",
  ])
  func ordinaryTextsStayPlain(_ text: String) {
    #expect(emitYAML(Node(string: text, at: nowhere)) == text + "\n")
  }

  @Test(arguments: [
    "1", "1e5", ".5", "-1", "+1", "true", "null", "~", "", "no", "Yes", "ON", "0x1F", "1_000", "12:30", "2024-01-01",
    ".inf",
    "- a", "a: b", "a #b", "#a", "*a", "&a", "!a", "|", ">", "'a", "\"a", "%a", "@a", "`a", "[a", "{a", "a:", " a",
    "a ", "---",
    "...", "?", "<<", "=", "a\tb", "a\rb", "a\u{85}b", "a\u{2028}b", "\u{FEFF}a", "a\0", "\u{1F600}", "\n", "a\n",
    "a\n\n", " a\nb",
    "a\n  b\n\n c\n", "a\n  \n", "a\r\nb", "#a\n- b: c\n", "\u{301}a", "a\u{FFFE}", "2024-01-01T10:00:00Z", "2d",
  ])
  func everyTextComesBack(_ text: String) throws {
    let node = Node(string: text, at: nowhere)
    for root in [
      node, Node(.sequence([node, node]), at: nowhere),
      Node(.mapping([Entry(key: Located(text, at: nowhere), value: node)]), at: nowhere),
    ] {
      let back = try parse(emitYAML(root))
      #expect(back.means(sameAs: root), "\(emitYAML(root))")
    }
  }

  @Test func keysOfAnyLengthComeBack() throws {
    let key = Located(String(repeating: "k", count: 2_000), at: nowhere)
    let inner = Node(.mapping([Entry(key: key, value: Node(integer: 1, at: nowhere))]), at: nowhere)
    let root = Node(.mapping([Entry(key: key, value: inner)]), at: nowhere)
    #expect(try parse(emitYAML(root)).means(sameAs: root))
    let list = Node(.sequence([root, root]), at: nowhere)
    #expect(try parse(emitYAML(list)).means(sameAs: list))
  }

  @Test(arguments: 0..<400)
  func generatedTreesComeBack(_ seed: Int) throws {
    var generator = TreeGenerator(seed: UInt64(seed))
    let root = generator.tree(depth: 4)
    let text = emitYAML(root)
    let back = try parse(text)
    #expect(back.means(sameAs: root), "\(text)")
    #expect(emitYAML(back) == text)
    let commented = emitYAML(root) { path, _ in path.joined(separator: ".") }
    #expect(try parse(commented).means(sameAs: root), "\(commented)")
  }
}

/// Trees that hold what is awkward to write, the same ones for the same seed.
private struct TreeGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
  }

  /// Knuth's MMIX generator; its upper bits are good enough here.
  private mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func tree(depth: Int) -> Node {
    switch depth > 0 ? below(4) : 2 {
    case 0:
      return Node(.sequence((0..<below(5)).map { _ in tree(depth: depth - 1) }), at: nowhere)
    case 1:
      var keys: Set<String> = []
      let entries = (0..<below(5)).compactMap { _ -> Entry? in
        let key = text()
        let value = tree(depth: depth - 1)
        return keys.insert(key).inserted ? Entry(key: Located(key, at: nowhere), value: value) : nil
      }
      return Node(.mapping(entries), at: nowhere)
    default:
      let plain = ["1", "-2.5", "1e-4", "true", "false", "~", "", "relu", "a: b", "- x", "no"]
      return below(2) == 0
        ? Node(scalar: plain[below(plain.count)], style: .plain, at: nowhere) : Node(string: text(), at: nowhere)
    }
  }

  private mutating func text() -> String {
    let pieces = [
      "a", "b", "relu", " ", " ", "\n", ":", ": ", "#", " #", "-", "- ", "'", "\"", "\\", "[", "]", "{", "}", ",", "&",
      "*", "!", "|",
      ">", "%", "@", "~", "1", "0", ".", "e", "\t", "é", "日", "\u{301}", "\u{2028}", "\u{1F600}", "${", "?",
    ]
    return (0..<below(8)).map { _ in pieces[below(pieces.count)] }.joined()
  }
}
