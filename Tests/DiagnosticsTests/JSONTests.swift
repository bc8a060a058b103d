import Diagnostics
import Testing

@Suite struct JSONTests {
  @Test(
    arguments: [
      (JSON.number(0.1), "0.1"), (.number(1e-5), "1e-05"), (.number(Double.nan), "null"),
      (.number(-Double.infinity), "null"),
      (.number(Float(0.1)), "0.1"), (.number(1.0 / 3), "0.3333333333333333"), (.number(Float.nan), "null"),
      (.integer(.min), "-9223372036854775808"), (.string("a\"b\\\n\u{1}é🙂"), #""a\"b\\\n\u0001é🙂""#), ([], "[]"),
      ([:], "{}"),
      (["b": 1, "a": [true, nil]], #"{"b":1,"a":[true,null]}"#),
    ] as [(JSON, String)])
  func compactText(value: JSON, text: String) {
    #expect(value.text(.compact) == text)
  }

  @Test func otherLayouts() {
    let document: JSON = ["b": ["confusion": [[1, 2], [3, 4]], "none": [:]], "a": [["x": 1.5]]]
    #expect(document.text(.line) == #"{"b": {"confusion": [[1, 2], [3, 4]], "none": {}}, "a": [{"x": 1.5}]}"#)
    #expect(
      document.text(sortedKeys: true) == """
        {
          "a": [
            {
              "x": 1.5
            }
          ],
          "b": {
            "confusion": [
              [1, 2],
              [3, 4]
            ],
            "none": {}
          }
        }

        """)
  }

  @Test func whatIsWrittenReadsBack() throws {
    let document: JSON = [
      "numbers": [1, -2.5, 1e300, .number(Double.leastNonzeroMagnitude), 0.1], "text": "\u{7f}\u{0}\t/\"\\ü\u{1F642}",
      "empty": [[], [:], "", nil, false],
    ]
    for style in [JSON.TextStyle.compact, .line, .indented] {
      #expect(try JSON.parse(document.text(style)) == document)
    }
  }

  @Test func escapesAreRead() throws {
    #expect(try JSON.parse(#" "\u00e9\ud83d\ude42\/\b" "#) == .string("é🙂/\u{8}"))
    #expect(try JSON.parse("[0, -0, 1E2, 12345678901234567890]") == [0, 0, 100.0, 12345678901234567890.0])
  }

  @Test(arguments: [
    "", " ", "{", "[1,]", "[1 2]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "-", "+1", "1e", "1e999",
    "nul", "NaN",
    "\"a", "\"\u{1}\"", #""\x""#, #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "[1] 2",
    "{\"a\":1,\"a\":2}",
    "\u{FEFF}1", "'a'",
  ]) func otherTextsAreErrors(text: String) {
    #expect(throws: JSON.ParseError.self) { try JSON.parse(text) }
  }

  @Test func depthIsLimited() throws {
    #expect(throws: JSON.ParseError.self) { try JSON.parse(String(repeating: "[", count: 1_000_000)) }
    _ = try JSON.parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
  }

  @Test func textThatIsNotUTF8IsAnError() {
    #expect(throws: JSON.ParseError.self) { try JSON.parse([0x22, 0xFF, 0x22]) }
  }
}
