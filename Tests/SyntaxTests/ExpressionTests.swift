import Diagnostics
import Syntax
import Testing

@Suite struct ExpressionTests {
  private static let names: [String: ExpressionValue] = [
    "lr": .number(0.001), "n": .integer(6), "act": .string("relu"), "sizes": .list([.integer(128), .integer(256)]),
    "on_gpu": .boolean(false), "nothing": .null, "huge": .integer(.max), "least": .integer(.min), "_a1": .integer(1),
  ]

  /// The text at the tenth column of a line of its own.
  private func parse(_ text: String) throws -> Expression {
    let file = SourceFile(name: "test.yaml", text: "         \(text)")
    let end = SourcePosition(line: 1, column: 10 + text.unicodeScalars.count)
    return try Expression.parse(
      text, at: SourceSpan(file: file, start: SourcePosition(line: 1, column: 10), end: end))
  }

  private func evaluate(_ text: String) throws -> ExpressionValue {
    try parse(text).evaluate(known: Self.names.keys.sorted()) { Self.names[$0] }
  }

  @Test(
    arguments: [
      ("1 + 2 * 3", .integer(7)), ("(1 + 2) * 3", .integer(9)), ("7 / 2", .number(3.5)), ("6 / 2", .number(3)),
      ("7 // 2", .integer(3)), ("-7 // 2", .integer(-4)), ("7 // -2", .integer(-4)), ("-7 % 3", .integer(2)),
      ("7 % -3", .integer(-2)), ("7.5 // 2", .number(3)), ("-7.5 % 2", .number(0.5)), ("7.5 % -2", .number(-0.5)),
      ("2 ** 10", .integer(1024)), ("2 ** 3 ** 2", .integer(512)), ("-2 ** 2", .integer(-4)), ("2 ** -1", .number(0.5)),
      ("(-2) ** 3", .integer(-8)), ("0 ** 0", .integer(1)), ("1 ** 9223372036854775807", .integer(1)),
      ("4 ** 0.5", .number(2)), ("--3", .integer(3)), ("- 3 - -3", .integer(0)), (".5 + 1e-1", .number(0.6)),
      ("0.001 * lr", .number(0.001 * 0.001)), ("n * 2 + _a1", .integer(13)), ("least % -1", .integer(0)),
      ("1 - 2 - 3", .integer(-4)), ("8 // 2 // 2", .integer(2)), ("1e3", .number(1000)), ("2.", .number(2)),
    ] as [(String, ExpressionValue)])
  func arithmeticIsPythons(_ text: String, _ value: ExpressionValue) throws {
    #expect(try evaluate(text) == value)
  }

  @Test(arguments: [
    ("1 < 2", true), ("2 <= 1.5", false), ("1 == 1.0", true), ("1 != '1'", true), ("'a' < 'b'", true),
    ("act == 'relu'", true),
    ("sizes == [128, 256.0]", true), ("nothing == null", true), ("not on_gpu", true), ("not not on_gpu", false),
    ("true and false or true", true), ("true or 1", true), ("false and 1", false), ("not 1 > 2 and 2 > 1", true),
    ("'it''s' == 'it''s'", true), ("9223372036854775807 > 9223372036854775806", true), ("[] == []", true),
  ])
  func conditions(_ text: String, _ value: Bool) throws {
    #expect(try evaluate(text) == .boolean(value))
  }

  @Test(
    arguments: [
      ("'a' if n > 5 else 'b'", .string("a")), ("1 if false else 2 if false else 3", .integer(3)),
      ("1 / 0 if false else 2", .integer(2)), ("sizes[0]", .integer(128)), ("sizes[-1]", .integer(256)),
      ("[[1, 2], [3]][0][1]", .integer(2)), ("[1, 'a', true,]", .list([.integer(1), .string("a"), .boolean(true)])),
      ("min(3, 1.5, 2)", .number(1.5)), ("max(sizes)", .integer(256)), ("min([4])", .integer(4)),
      ("max(1, 1.0)", .integer(1)),
      ("ceil(1.2)", .integer(2)), ("floor(-1.2)", .integer(-2)), ("round(2.5)", .integer(2)),
      ("round(3.5)", .integer(4)),
      ("abs(-3)", .integer(3)), ("abs(-.5)", .number(0.5)), ("sqrt(16)", .number(4)), ("len(sizes)", .integer(2)),
      ("len('日本')", .integer(2)), ("int(-2.9)", .integer(-2)), ("int(7)", .integer(7)), ("nothing", .null),
    ] as [(String, ExpressionValue)])
  func values(_ text: String, _ value: ExpressionValue) throws {
    #expect(try evaluate(text) == value)
  }

  @Test(arguments: [
    ("", "expression.syntax 1:10-1:11"),
    ("1 +", "expression.syntax 1:13-1:14"),
    ("1 2", "expression.syntax 1:12-1:13"),
    ("(1", "expression.syntax 1:12-1:13"),
    ("[1, 2", "expression.syntax 1:15-1:16"),
    ("sizes[0", "expression.syntax 1:17-1:18"),
    ("1 < 2 < 3", "expression.syntax 1:16-1:17"),
    ("1 if true", "expression.syntax 1:19-1:20"),
    ("'abc", "expression.syntax 1:10-1:14"),
    ("\"a\"", "expression.syntax 1:10-1:11"),
    ("n = 1", "expression.syntax 1:12-1:13"),
    ("n && n", "expression.syntax 1:12-1:13"),
    ("1_000", "expression.syntax 1:10-1:15"),
    ("1.2.3", "expression.syntax 1:10-1:15"),
    ("0x10", "expression.syntax 1:10-1:14"),
    ("and", "expression.syntax 1:10-1:13"),
    ("exec('rm')", "expression.function 1:10-1:14"),
    ("lrr * 2", "expression.unknown 1:10-1:13"),
    ("2 * env.HOME", "expression.environment 1:14-1:22"),
    ("min", "expression.unknown 1:10-1:13"),
    ("1 / 0", "expression.division 1:10-1:15"),
    ("1 + 1 // 0", "expression.division 1:14-1:20"),
    ("1 % 0", "expression.division 1:10-1:15"),
    ("1.5 % 0", "expression.division 1:10-1:17"),
    ("0 ** -1", "expression.division 1:10-1:17"),
    ("huge + 1", "expression.overflow 1:10-1:18"),
    ("least - 1", "expression.overflow 1:10-1:19"),
    ("-least", "expression.overflow 1:10-1:16"),
    ("least // -1", "expression.overflow 1:10-1:21"),
    ("abs(least)", "expression.overflow 1:10-1:20"),
    ("huge * 2", "expression.overflow 1:10-1:18"),
    ("2 ** 64", "expression.overflow 1:10-1:17"),
    ("9 ** 9 ** 9 ** 9", "expression.overflow 1:15-1:26"),
    ("10.0 ** 400", "expression.overflow 1:10-1:21"),
    ("1e308 * 10", "expression.overflow 1:10-1:20"),
    ("int(1e300)", "expression.overflow 1:10-1:20"),
    ("9223372036854775808", "expression.overflow 1:10-1:29"),
    ("(-8) ** 0.5", "expression.domain 1:10-1:21"),
    ("sqrt(-1)", "expression.domain 1:10-1:18"),
    ("act + 1", "expression.type 1:10-1:17"),
    ("-act", "expression.type 1:11-1:14"),
    ("act < 1", "expression.type 1:10-1:17"),
    ("not 1", "expression.type 1:14-1:15"),
    ("1 if n else 2", "expression.type 1:15-1:16"),
    ("n[0]", "expression.type 1:10-1:11"),
    ("sizes[0.0]", "expression.type 1:16-1:19"),
    ("sizes[2]", "expression.index 1:16-1:17"),
    ("sizes[-3]", "expression.index 1:16-1:18"),
    ("[][0]", "expression.index 1:13-1:14"),
    ("min(1)", "expression.arguments 1:10-1:16"),
    ("min([])", "expression.arguments 1:10-1:17"),
    ("sqrt(1, 2)", "expression.arguments 1:10-1:20"),
    ("max('a', 1)", "expression.type 1:10-1:21"),
    ("len(1)", "expression.type 1:10-1:16"),
  ])
  func mistakesAreShownAtTheirColumn(_ text: String, _ finding: String) {
    #expect(findings { _ = try evaluate(text) }.map(brief) == [finding])
  }

  @Test func allUnknownNamesAreReportedWithSuggestions() {
    let found = findings { _ = try evaluate("lrs + n * ackt + lrs") }
    #expect(found.map(\.suggestion) == ["lr", "act", "lr"])
  }

  @Test(arguments: [
    ("parentheses", String(repeating: "(", count: 30_000), "expression.too_long"),
    ("parentheses", String(repeating: "(", count: 900), "expression.too_deep"),
    ("lists", String(repeating: "[", count: 900), "expression.too_deep"),
    ("signs", String(repeating: "-", count: 900) + "1", "expression.too_deep"),
    ("negations", String(repeating: "not ", count: 900) + "true", "expression.too_deep"),
    ("powers", String(repeating: "1 ** ", count: 400) + "1", "expression.too_deep"),
    ("conditions", String(repeating: "1 if true else ", count: 200) + "1", "expression.too_deep"),
    ("sums", String(repeating: "1 + ", count: 30_000) + "1", "expression.too_long"),
  ])
  func depthIsLimited(_ what: String, _ text: String, _ id: String) {
    #expect(findings { _ = try evaluate(text) }.map(\.id) == [id])
  }

  @Test func longSumsAndChainsOfItemsAreComputed() throws {
    #expect(try evaluate(String(repeating: "1 + ", count: 499) + "1") == .integer(500))
  }

  @Test func listsOfListsStayFinite() {
    var list = ExpressionValue.list([.integer(1)])
    let expression = try? parse("[x, x]")
    let found = findings {
      for _ in 0..<40 { list = try #require(try expression?.evaluate { $0 == "x" ? list : nil }) }
    }
    #expect(found.map(\.id) == ["expression.too_large"])
  }

  @Test func namesAreAskedForOnce() throws {
    var asked: [String] = []
    let expression = try parse("a + b.c * a if true else d")
    #expect(expression.names.map(\.value) == ["a", "b.c", "a", "d"])
    #expect(expression.names.map { source($0.span) } == ["a", "b.c", "a", "d"])
    _ = try expression.evaluate {
      asked.append($0)
      return .integer(1)
    }
    #expect(asked == ["a", "b.c", "d"])
  }

  @Test func nodesBecomeValuesAndBack() throws {
    let root = try tree("[1, 0.5, relu, '1', true, ~, [2]]")
    let value = try #require(ExpressionValue(root))
    #expect(
      value
        == .list([
          .integer(1), .number(0.5), .string("relu"), .string("1"), .boolean(true), .null, .list([.integer(2)]),
        ]))
    #expect(value.node(at: nowhere).means(sameAs: root))
    #expect(ExpressionValue(try tree("[{a: 1}]")) == nil)
  }

  private func tree(_ text: String) throws -> Node {
    try parseYAML(SourceFile(name: "test.yaml", text: text))
  }
}
