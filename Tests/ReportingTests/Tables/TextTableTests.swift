import Reporting
import Testing

@Suite struct TextTableTests {
  private let table = TextTable(
    [.init("class"), .init("clips", .right), .init("F1", .right)],
    rows: [["sad|ness", "12", "0.5"], ["怒り", "7", "0.125"], ["cafe\u{301} 🙂", "1042", "—"]])

  @Test func columnsAlignByWhatIsSeen() {
    #expect(
      table.text() == """
        class     clips     F1
        ────────  ─────  ─────
        sad|ness     12    0.5
        怒り          7  0.125
        cafe\u{301} 🙂    1042      —

        """)
  }

  @Test func markdownEscapesBars() {
    #expect(
      table.markdown() == """
        | class     | clips |    F1 |
        |-----------|------:|------:|
        | sad\\|ness |    12 |   0.5 |
        | 怒り      |     7 | 0.125 |
        | cafe\u{301} 🙂   |  1042 |     — |

        """)
  }

  @Test func cellsStayOnOneLineAndLinesEndWithoutSpaces() {
    let table = TextTable([.init("a"), .init("b")], rows: [["x\ny\tz", ""]])
    #expect(table.text() == "a      b\n─────\nx y z\n".replacing("─────\n", with: "─────  ─\n"))
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("ü", 1), ("u\u{308}", 1), ("語", 2), ("🙂", 2), ("👩‍👩‍👧", 2), ("☺\u{FE0F}", 2), ("☺", 1), ("가", 2),
    ("\u{1B}", 0), ("ａ", 2), ("🇩🇪", 2), ("a\u{200B}b", 2),
  ]) func widths(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test func longTextIsCutWithAnEllipsis() {
    #expect(DisplayWidth.fitted("abcdef", into: 6) == "abcdef")
    #expect(DisplayWidth.fitted("abcdef", into: 4) == "abc…")
    #expect(DisplayWidth.fitted("語語語", into: 4) == "語…")
    #expect(DisplayWidth.fitted("abc", into: 0) == "")
  }
}
