import Diagnostics
import Testing

@Suite struct SourceFileTests {
  @Test func linesEndAtEveryKindOfBreak() {
    let file = SourceFile(name: "x", text: "a\nb\r\nc\rd")
    #expect((1...5).map(file.line) == ["a", "b", "c", "d", ""])
  }
}

@Suite struct SourceExcerptTests {
  @Test(arguments: ["a: b\nc\r\nd", "é: 日\nü\r\nd"])
  func scalarsHaveTheirPlaces(_ text: String) {
    let file = SourceFile(name: "x", text: text)
    let all = file.scalars(in: span(file, 1, 1, 3, 2))
    #expect(String(String.UnicodeScalarView(all.map(\.value))) == text.filter { !$0.isNewline })
    #expect(all.last?.span.start == SourcePosition(line: 3, column: 1))
    #expect(file.scalars(in: span(file, 1, 4, 2, 2)).map(\.span.start.line) == [1, 2])
    #expect(file.scalars(in: span(file, 3, 2, 9, 1)).isEmpty)
    #expect(file.scalars(in: span(file, 7, 1, 9, 1)).isEmpty)
  }
}
