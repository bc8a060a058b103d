import Testing

import Diagnostics

@Suite struct SourceFileTests {
  @Test func linesEndAtEveryKindOfBreak() {
    let file = SourceFile(name: "x", text: "a\nb\r\nc\rd")
    #expect((1...5).map(file.line) == ["a", "b", "c", "d", ""])
  }
}
