import Diagnostics
import Syntax
import Testing

/// A text that a reader without limits would choke on.
struct Bomb: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: String
  let id: String

  init(_ name: String, _ text: String, _ id: String) {
    testDescription = name
    self.text = text
    self.id = id
  }
}

@Suite struct LimitTests {
  @Test(arguments: [
    Bomb("bytes", String(repeating: "a", count: 1_048_577), "file.too_large"),
    Bomb("depth of lists", String(repeating: "[", count: 200_000), "limit.depth"),
    Bomb("depth of mappings", String(repeating: "{a: ", count: 50_000), "limit.depth"),
    Bomb("depth of blocks", (0..<70).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "limit.depth"),
    Bomb("depth of dashes", String(repeating: "- ", count: 100_000), "limit.depth"),
    Bomb("depth of keys", String(repeating: "? ", count: 100_000), "limit.depth"),
    Bomb("nodes", "[" + String(repeating: "1,", count: 200_000) + "]", "limit.nodes"),
    Bomb("a scalar", "a: " + String(repeating: "x", count: 65_537), "limit.scalar"),
    Bomb("a quoted scalar", "a: \"" + String(repeating: "\\n", count: 65_537) + "\"", "limit.scalar"),
    Bomb("directives", String(repeating: "%TAG !a! tag:x\n", count: 60_000), "yaml.directive"),
    Bomb("aliases", "a: &x 1\nb: [" + String(repeating: "*x, ", count: 101) + "]", "limit.aliases"),
  ])
  func stopAtOnce(_ bomb: Bomb) {
    let clock = ContinuousClock()
    var found: [Diagnostic] = []
    let time = clock.measure { found = findings(bomb.text) }
    #expect(found.map(\.id) == [bomb.id])
    // Generous for a busy machine: what is guarded against grows with the square of the text and takes minutes.
    #expect(time < .seconds(2))
  }

  @Test func aliasesThatMultiplyAreCountedInFull() {
    let levels = (1...9).map { "a\($0): &a\($0) [" + String(repeating: "*a\($0 - 1), ", count: 9) + "]" }
    #expect(findings((["a0: &a0 [x, x, x]"] + levels).joined(separator: "\n")).map(\.id) == ["limit.nodes"])
  }

  @Test func aliasesThatNestAreMeasuredInFull() {
    let levels = (1...70).map { "a\($0): &a\($0) [*a\($0 - 1)]" }
    #expect(findings((["a0: &a0 []"] + levels).joined(separator: "\n")).map(\.id) == ["limit.depth"])
  }

  @Test func whatIsAllowedIsRead() {
    #expect(findings(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).isEmpty)
    #expect(findings("[" + String(repeating: "1,", count: 9_999) + "]").isEmpty)
    #expect(findings("a: &x 1\nb: [" + String(repeating: "*x, ", count: 100) + "]").isEmpty)
    #expect(findings("a: " + String(repeating: "x", count: 65_536)).isEmpty)
  }

  @Test func limitsCanBeSet() {
    let tight = SyntaxLimits(bytes: 20, depth: 1, aliases: 0, nodes: 3, scalarBytes: 2)
    #expect(findings("[a, b]", limits: tight).isEmpty)
    #expect(findings("[a, b, c]", limits: tight).map(\.id) == ["limit.nodes"])
    #expect(findings("[[a]]", limits: tight).map(\.id) == ["limit.depth"])
    #expect(findings("[abc]", limits: tight).map(\.id) == ["limit.scalar"])
    #expect(findings("[&a b, *a]", limits: tight).map(\.id) == ["limit.aliases"])
    #expect(findings("[a, b] # a long comment", limits: tight).map(\.id) == ["file.too_large"])
  }
}
