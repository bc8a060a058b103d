import Diagnostics
import Syntax
import Testing

/// Mistakes that people make, what they are called and where they are shown.
@Suite struct SyntaxErrorTests {
  @Test(arguments: [
    ("model:\n\tlogits: 1\n", "yaml.tab 2:1-2:2"),
    ("a:\n  b: 1\n \tc: 2\n", "yaml.tab 3:2-3:3"),
    ("title: CREMA-D: Crowd-sourced", "yaml.colon 1:8-1:30"),
    ("serspec: 1\nepochs 150\nseed: 3\n", "yaml.colon 2:1-2:11"),
    ("train:\n  epochs 150\n  batch_size: 64\n", "yaml.colon 2:3-2:13"),
    ("seed: 1\nepochs:150\nlr: 2\n", "yaml.colon 2:1-2:11"),
    ("train:\n  epochs: 1\n    batch_size: 2\n", "yaml.indentation 3:5-3:18"),
    ("train:\n    epochs: 1\n  batch_size: 2\n", "yaml.indentation 3:3-3:16"),
    ("a: \"x\" y\n", "yaml.quote 1:8-1:9"),
    ("a: \"x\nb: 1\n", "yaml.quote 1:4-1:5"),
    ("a: 'it's'\nb: 2", "yaml.quote 1:8-1:9"),
    ("a: [1, 2\nb: 3\n", "yaml.bracket 2:2-2:3"),
    ("a: [1, 2", "yaml.bracket 1:4-1:5"),
    ("a: [1, 2}", "yaml.bracket 1:4-1:5"),
    ("a: {b: 1", "yaml.bracket 1:4-1:5"),
    ("a: [1, , 2]", "yaml.bracket 1:8-1:9"),
    ("a: [${x}, 1]", "yaml.quote 1:5-1:7"),
    ("a: {b: ${x}}", "yaml.quote 1:8-1:10"),
    ("a: {${x}: 1}", "yaml.quote 1:5-1:7"),
    ("a: @home", "yaml.character 1:4-1:5"),
    ("a: `x`", "yaml.character 1:4-1:5"),
    ("a: \"C:\\data\"", "yaml.escape 1:7-1:8"),
    ("a: - b", "yaml.list 1:4-1:5"),
    ("a:\n  - b\n  c: 1\n", "yaml.list 3:3-3:4"),
    ("a: 1\n- b\n", "yaml.list 2:1-2:2"),
    ("a: *", "yaml.character 1:4-1:5"),
    ("{a: 1}}", "yaml.syntax 1:7-1:8"),
    ("a: {lr:{b: 1}}", "yaml.colon 1:7-1:8"),
    ("a: |text\n", "yaml.character 1:4-1:5"),
    ("a: ? b", "yaml.character 1:4-1:5"),
    ("a: !!%x 1", "yaml.tag 1:4-1:5"),
    ("%FOO\n---\na: 1", "yaml.directive 1:1-1:2"),
    ("%TAG !e! tag:x.org,2000:\n---\na: !e!x 1", "yaml.directive 1:1-1:25"),
  ])
  func shownWhereTheMistakeIs(_ text: String, _ finding: String) {
    #expect(findings(text).map(brief) == [finding])
  }

  @Test(arguments: [
    ("title: CREMA-D: Crowd-sourced  # x", "\"CREMA-D: Crowd-sourced\""),
    ("serspec: 1\nepochs 150\nseed: 3\n", "epochs: 150"),
    ("seed: 1\nepochs:150\nlr: 2\n", "epochs: 150"),
  ])
  func suggestsTheMendedText(_ text: String, _ suggestion: String) {
    #expect(findings(text).map(\.suggestion) == [suggestion])
  }

  @Test func everyPrefixAndDamagedCopyOfASpecIsAnswered() {
    let text = """
      name: x
      params: {lr: {default: 0.001, min: 0}, "a": 'b'}
      base: &b [1, 2]
      model:
        path:
          layers:
            - ${conv}: {out: "${out}", pad: *b}
            - relu
      doc: |
        text
      """
    let scalars = Array(text.unicodeScalars)
    for end in scalars.indices {
      _ = findings(String(String.UnicodeScalarView(scalars[..<end])))
      for junk in "\t:[]{}\"'&*!|-\n%é".unicodeScalars {
        var damaged = scalars
        damaged[end] = junk
        for finding in findings(String(String.UnicodeScalarView(damaged))) {
          #expect(!finding.summary.isEmpty && finding.id != "test.other_error")
        }
      }
    }
  }
}
