import Diagnostics
import Syntax
import Testing

@Suite struct ParseYAMLTests {
  @Test(arguments: [
    ("a: 1", "{a: 1}"),
    ("a: '1'\nb: \"1\"\nc: |\n  1\n", "{a: \"1\", b: \"1\", c: \"1\n\"}"),
    ("- a\n- b: c\n  d: e\n- - f", "[a, {b: c, d: e}, [f]]"),
    ("{conv, out: 1, pool}", "{conv: ·, out: 1, pool: ·}"),
    ("a:\nb: ~\nc: null", "{a: ·, b: ~, c: null}"),
    ("[a: 1, b]", "[{a: 1}, b]"),
    ("a: >\n  x\n  y\n", "{a: \"x y\n\"}"),
    ("--- # start\na: 1\n...\n", "{a: 1}"),
    ("a: &x {b: 1}\nc: *x\nd: [*x, *x]", "{a: {b: 1}, c: {b: 1}, d: [{b: 1}, {b: 1}]}"),
    ("a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}"),
    ("? a\n: b", "{a: b}"),
    ("- ${conv}: {out: \"${out}\"}\n- ${activation}", "[{${conv}: {out: \"${out}\"}}, ${activation}]"),
    ("\u{FEFF}a: é\r\nb: 日本\r\n", "{a: é, b: 日本}"),
    ("url: https://x.org/a#b  # comment", "{url: https://x.org/a#b}"),
    ("word", "word"),
    ("%YAML 1.1\n---\na: 1", "{a: 1}"),
  ])
  func texts(_ text: String, _ tree: String) throws {
    #expect(outline(try parse(text)) == tree)
  }

  @Test func yamlsTrapsStayText() throws {
    let root = try parse("[1e-4, no, on, yes, off, y, 012, 0x1F, 1_000, 12:30:00, 2024-01-01, .inf, NULL, True]")
    let items = try #require(root.items)
    #expect(items.compactMap(\.asNumber) == [1e-4, 12])
    #expect(items.allSatisfy { $0.asBoolean == nil && !$0.isNull })
  }

  @Test(arguments: [
    ("!!str 12", "\"12\""), ("! 12", "\"12\""), ("!!int '12'", "12"), ("!!float 1e-4", "1e-4"), ("!!bool true", "true"),
    ("!!null ''", "·"), ("!!seq [a]", "[a]"), ("!!map {a: b}", "{a: b}"), ("!!str a: !!int 1", "{a: 1}"),
    ("&m\n!!str a: 1", "{a: 1}"),
  ])
  func tagsOfTheCoreSchema(_ text: String, _ tree: String) throws {
    #expect(outline(try parse(text)) == tree)
  }

  @Test(arguments: [
    ("a: !foo 1", "yaml.tag 1:4-1:8"),
    ("a: !!python/object:os.system x", "yaml.tag 1:4-1:29"),
    ("a: &x !!binary aGk=", "yaml.tag 1:7-1:15"),
    ("a: !!int x", "yaml.tag 1:4-1:9"),
    ("a: !!seq {}", "yaml.tag 1:4-1:9"),
    ("a: !<tag:x.org,2000:y> 1", "yaml.tag 1:4-1:23"),
    ("a: !e!x 1", "yaml.tag 1:4-1:5"),
    ("a: 1\n---\nb: 2", "yaml.documents 2:1-2:4"),
    ("[a]: 1", "yaml.key 1:1-1:4"),
    ("a: &x {b: *x}", "alias.cycle 1:11-1:13"),
    ("a: *y", "alias.unknown 1:4-1:6"),
    ("<<: 3", "yaml.merge 1:5-1:6"),
    ("<<: [3]", "yaml.merge 1:6-1:7"),
    ("", "file.empty"),
    ("# only\n\n# comments\n", "file.empty"),
    ("a: \u{1B}[31m", "yaml.control 1:4-1:5"),
    ("é: \u{85}\nb: \u{80}", "yaml.control 2:4-2:5"),
  ])
  func refused(_ text: String, _ finding: String) {
    #expect(findings(text).map(brief) == [finding])
  }

  @Test func everyDuplicateKeyIsReportedWithTheFirst() {
    let found = findings("a: 1\nb: {c: 1, c: 2, c: 3}\na: 2\n'a': 3\n")
    #expect(
      found.map(brief) == [
        "key.duplicate 2:11-2:12", "key.duplicate 2:17-2:18", "key.duplicate 3:1-3:2", "key.duplicate 4:1-4:4",
      ])
    #expect(
      found.map { $0.notes.compactMap(\.span).map(brief) } == [["2:5-2:6"], ["2:5-2:6"], ["1:1-1:2"], ["1:1-1:2"]])
  }

  @Test func findingsBeforeASyntaxErrorAreKept() {
    #expect(
      findings("a: 1\nb: 2\nb: !x 1\nc: [").map(brief)
        == ["key.duplicate 3:1-3:2", "yaml.tag 3:4-3:6", "yaml.bracket 4:5-4:5"])
  }

  @Test func unknownAliasSuggestsAnAnchor() {
    #expect(findings("a: &settings 1\nb: *setings").map(\.suggestion) == ["*settings"])
  }

  @Test func emptyValueOfAnOptionIsNull() throws {
    #expect(try parseYAMLValue(SourceFile(name: "--set x", text: " ")).isNull)
    #expect(outline(try parseYAMLValue(SourceFile(name: "--set x", text: "[1, 2]"))) == "[1, 2]")
  }
}
