import Diagnostics
import Syntax
import Testing

@Suite struct TemplateTests {
  private static let names: [String: ExpressionValue] = [
    "lr": .number(0.001), "n": .integer(6), "act": .string("relu"), "sizes": .list([.integer(128), .string("a")]),
    "on": .boolean(true), "none": .null, "dollar": .string("${x}"), "half": .number(64),
  ]

  private func template(_ text: String) throws -> Template? {
    try Template.parse(parse("- \(text)").items?[0] ?? .null(at: nowhere))
  }

  private func evaluate(_ text: String, keepingEnvironment: Bool = false) throws -> String {
    let node = try template(text)?.evaluate(known: ["lr", "n"], keepingEnvironment: keepingEnvironment) {
      Self.names[$0]
    }
    return node.map(outline) ?? "no template"
  }

  @Test(arguments: [
    ("${n}", "6"), ("\"${n * 2}\"", "12"), ("'${lr}'", "0.001"), ("${lr / 100}", "1e-05"), ("${half}", "64"),
    ("${act}", "\"relu\""), ("${sizes}", "[128, \"a\"]"), ("${on}", "true"), ("${none}", "~"), ("${'}'}", "\"}\""),
    ("${n}x", "\"6x\""), ("conv${n}d_${act}", "\"conv6d_relu\""), ("'${n} '", "\"6 \""), ("-${n}", "\"-6\""),
    ("${half}_${lr}_${on}", "\"64_0.001_true\""), ("$${n}", "\"${n}\""), ("a $${b} ${n}", "\"a ${b} 6\""),
    ("$$${n}", "\"$${n}\""), ("$n", "no template"), ("plain", "no template"), ("\"$ {n}\"", "no template"),
    ("[a]", "no template"),
  ])
  func values(_ text: String, _ value: String) throws {
    #expect(try evaluate(text) == value)
  }

  @Test(arguments: [
    ("${x}", "expression.unknown 1:5-1:6"),
    ("some ${n} words ${lrr * 2}", "expression.unknown 1:21-1:24"),
    ("\"a ${x}\"", "expression.unknown 1:8-1:9"),
    ("'it''s ${x}'", "expression.unknown 1:12-1:13"),
    ("\"\\t${x}\"", "expression.unknown 1:8-1:9"),
    ("\"\\x24{x}\"", "expression.unknown 1:3-1:12"),
    ("\"${'\\u0061' + 1}\"", "expression.type 1:3-1:20"),
    ("|\n  first\n  ${x}", "expression.unknown 3:5-3:6"),
    ("$${x} é ${x}", "expression.unknown 1:13-1:14"),
    ("${n", "expression.unclosed 1:3-1:6"),
    ("${}", "expression.syntax 1:3-1:6"),
    ("${n +}", "expression.syntax 1:8-1:9"),
    ("a ${sizes}", "expression.type 1:3-1:13"),
    ("${env.HOME}", "expression.environment 1:5-1:13"),
  ])
  func mistakesAreShownInsideTheScalar(_ text: String, _ finding: String) {
    #expect(findings { _ = try evaluate(text) }.map(brief) == [finding])
  }

  @Test func allMistakesOfAScalarAreReported() {
    #expect(
      findings { _ = try evaluate("${x} ${y}") }.map(brief) == [
        "expression.unknown 1:5-1:6", "expression.unknown 1:10-1:11",
      ])
    #expect(
      findings { _ = try template("${1 +} ${2 *} ${") }.map(\.id) == [
        "expression.syntax", "expression.syntax", "expression.unclosed",
      ])
  }

  @Test func namesHaveTheirPlace() throws {
    let names = try #require(try template("\"${n} and ${lr * n}\"")).names
    #expect(names.map(\.value) == ["n", "lr", "n"])
    #expect(names.map { source($0.span) } == ["n", "lr", "n"])
  }

  @Test func keysGiveText() throws {
    let root = try parse("${n}: 1\n\"a${act}\": 2\nplain: 3")
    let keys = try root.entries?.map { entry in
      try Template.parse(key: entry.key)?.text { Self.names[$0] } ?? entry.key.value
    }
    #expect(keys == ["6", "arelu", "plain"])
  }

  @Test func theEnvironmentIsLeftForLater() throws {
    #expect(try template("${n}/${env.HOME}")?.usesEnvironment == true)
    #expect(try template("${n}")?.usesEnvironment == false)
    for text in ["${env.HOME}", "\"${ env.HOME }/x${n}/$${y}/${dollar}\"", "${dollar}"] {
      let kept = try template(text)?.evaluate(keepingEnvironment: true) { Self.names[$0] }
      let later = try kept.flatMap(Template.parse)?.text { $0 == "env.HOME" ? .string("/root") : nil }
      let atOnce = try template(text)?.text { $0 == "env.HOME" ? .string("/root") : Self.names[$0] }
      #expect(later == atOnce)
    }
    #expect(try evaluate("${ env.HOME }/x${n}", keepingEnvironment: true) == "\"${ env.HOME }/x6\"")
  }

  @Test(arguments: ["${x}", "$${x}", "$$${x}", "a$b{c}", "$", "${", "${a}${b}", "$${", "{}$"])
  func escapedTextsComeBack(_ text: String) throws {
    let node = Node(string: Template.escaped(text), at: nowhere)
    #expect(try Template.parse(node)?.text { _ in nil } ?? node.scalar?.text == text)
  }

  @Test func textsThatGrowWithoutEndAreStopped() {
    var text = ExpressionValue.string("0123456789")
    let found = findings {
      for _ in 0..<40 { text = .string(try #require(try template("${x}${x}")?.text { $0 == "x" ? text : nil })) }
    }
    #expect(found.map(\.id) == ["limit.scalar"])
  }
}
