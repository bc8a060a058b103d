import Diagnostics
import Syntax
import Testing

@Suite struct NodeAccessTests {
  @Test func partsAreReached() throws {
    let root = try parse("a: [1, x]\nb: {c: true}")
    #expect(root.value(forKey: "a")?.items?.map(\.asInteger) == [1, nil])
    #expect(root.value(forKey: "b")?.value(forKey: "c")?.asBoolean == true)
    #expect(root.entry(forKey: "b")?.key.span.start == SourcePosition(line: 2, column: 1))
    #expect(root.value(forKey: "c") == nil && root.items == nil && root.scalar == nil)
  }

  @Test(
    arguments: [
      (0.1, "0.1"), (64, "64"), (1e-5, "1e-05"), (1e22, "1e+22"), (-0.0, "-0.0"),
      (9_007_199_254_740_991, "9007199254740991"),
      (1.0 / 3, "0.3333333333333333"),
    ] as [(Double, String)])
  func numbersAreWrittenInTheirShortestForm(_ value: Double, _ text: String) {
    let node = Node(number: value, at: nowhere)
    #expect(node.scalar?.text == text)
    #expect(node.asNumber == value)
  }

  @Test(
    arguments: [
      ("relu", "'relu'", true), ("3", "'3'", false), ("~", "null", true), ("true", "'true'", false),
      ("1", "1.0", false), ("[a, b]", "[a, 'b']", true), ("[a]", "[a, a]", false),
      ("{a: 1, b: 2}", "{b: 2, a: 1}", false),
      ("{a: 1}", "{'a': 1}", true), ("[]", "{}", false), ("é", "e\u{301}", false),
    ] as [(String, String, Bool)])
  func meaning(_ a: String, _ b: String, _ same: Bool) throws {
    #expect(try parse(a).means(sameAs: parse(b)) == same)
  }
}
