import Syntax
import Testing

@Suite struct MergeKeyTests {
  @Test(arguments: [
    ("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3, z: 4}", "{x: 1, y: 3, z: 4}"),
    ("base: &b {x: 1, y: 2}\nuse: {y: 3, <<: *b}", "{y: 3, x: 1}"),
    ("base: [&b {x: 1}, &c {x: 2, y: 2}]\nuse: {<<: [*b, *c], z: 3}", "{x: 1, y: 2, z: 3}"),
    ("use: {<<: {x: 1}, y: 2}", "{x: 1, y: 2}"),
    ("base: &b {<<: {x: 1}, y: 2}\nuse: {<<: *b, z: 3}", "{x: 1, y: 2, z: 3}"),
    ("use: {'<<': 3}", "{<<: 3}"),
    ("base: &b {}\nuse: {<<: *b}", "{}"),
  ])
  func merges(_ text: String, _ tree: String) throws {
    let use = try #require(try parse(text).value(forKey: "use"))
    #expect(outline(use) == tree)
  }

  @Test func valuesKnowWhatTheyHid() throws {
    let root = try parse("base: &b\n  x: 1\nuse:\n  <<: *b\n  x: 2\n")
    let value = try #require(root.value(forKey: "use")?.value(forKey: "x"))
    #expect(brief(value.span) == "5:6-5:7")
    #expect(value.replaced.map(brief) == ["2:6-2:7"])
  }

  @Test func mergedValuesKeepTheirPlace() throws {
    let root = try parse("base: &b {x: 1}\nuse: {<<: *b}")
    #expect(root.value(forKey: "use")?.entries?.map { brief($0.key.span) } == ["1:11-1:12"])
  }

  @Test func twoMergeKeysAreADuplicate() {
    #expect(findings("{<<: {a: 1}, <<: {b: 1}}").map(brief) == ["key.duplicate 1:14-1:16"])
  }
}
