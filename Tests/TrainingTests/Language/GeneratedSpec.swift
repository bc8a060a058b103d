import Testing

/// A spec that passes a limit, or brings a slow algorithm to its knees, and is too long to be written down.
struct GeneratedSpec: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// A finding that must be among those reported.
  let id: String
  let text: String

  private init(_ name: String, _ id: String, _ text: String) {
    testDescription = name
    self.id = id
    self.text = text
  }

  /// What every spec needs beside a model.
  static let base = """
    serspec: 1
    corpus: {name: toy, pattern: "{speaker}_{emotion}", label: emotion, classes: [SAD, HAP, NEU]}
    audio: [resample: 16000, mono]
    length: {policy: fixed, seconds: 3}
    features: {x: [mfcc]}
    split: {policy: stratified, test: 0.3, val: 0.1}
    train: {epochs: 2, optimizer: adam, loss: cross_entropy}

    """

  /// Those that pass a limit.
  static let bombs = texts + expansions + expressions
  static let all = bombs + crowds

  private static func spec(_ layers: String, _ more: String = "") -> String {
    base + more + "\nmodel:\n  logits: {from: x, layers: [\(layers)]}\n"
  }

  /// Limits of the text.
  private static let texts = [
    GeneratedSpec("a long file", "file.too_large", base + "#" + String(repeating: "x", count: 1 << 20)),
    GeneratedSpec("brackets", "limit.depth", "a: " + String(repeating: "[", count: 200_000)),
    GeneratedSpec("braces", "limit.depth", "a: " + String(repeating: "{a: ", count: 100_000)),
    GeneratedSpec("a long list", "limit.nodes", "a: [" + String(repeating: "1,", count: 200_000) + "]"),
    GeneratedSpec("a long text", "limit.scalar", "doc: " + String(repeating: "x", count: 65_537)),
    GeneratedSpec(
      "aliases", "limit.aliases", "a: &x 1\nb: [" + Array(repeating: "*x", count: 101).joined(separator: ", ") + "]"),
    GeneratedSpec("directives", "yaml.directive", String(repeating: "%TAG !a! tag:x\n", count: 60_000)),
    GeneratedSpec("an open quote", "yaml.quote", "a: \"" + String(repeating: "x\n", count: 30_000)),
    GeneratedSpec(
      "keys that stand twice", "key.duplicate",
      (0..<4_900).map { "k\($0 % 2_450): 1" }.joined(separator: "\n")),
  ]

  /// Limits of expansion.
  private static let expansions = [
    GeneratedSpec(
      "blocks that double", "limit.layers",
      spec(
        "b40", "blocks:\n  b0: {layers: [relu]}\n" + numbered(1...40) { "  b\($0): {layers: [b\($0 - 1), b\($0 - 1)]}" }
      )),
    GeneratedSpec(
      "copies of copies", "limit.layers",
      spec("repeat: {times: 99999, layers: [repeat: {times: 99999, layers: [relu]}]}")),
    GeneratedSpec(
      "copies without layers", "limit.layers",
      spec("repeat: {times: 99999, layers: [repeat: {times: 99999, layers: []}]}")),
    GeneratedSpec(
      "a number of copies that an expression gives", "limit.layers",
      spec("repeat: {times: \"${10 ** 9}\", layers: [relu]}")),
    GeneratedSpec(
      "blocks in blocks", "limit.blocks",
      spec("b80", "blocks:\n  b0: {layers: [relu]}\n" + numbered(1...80) { "  b\($0): {layers: [b\($0 - 1)]}" })),
    GeneratedSpec(
      "composites in composites", "limit.nesting",
      spec(
        "b40",
        "blocks:\n  b0: {layers: [relu]}\n"
          + numbered(1...40) { "  b\($0): {layers: [residual: [residual: [b\($0 - 1)]]]}" })),
    GeneratedSpec(
      "composites that double", "limit.layers",
      spec(
        "b30",
        "blocks:\n  b0: {layers: [relu]}\n"
          + numbered(1...30) { "  b\($0): {layers: [parallel: {branches: [[b\($0 - 1)], [b\($0 - 1)]], join: add}]}" })),
    GeneratedSpec(
      "cells of a sweep", "limit.cells",
      spec(
        "relu", "sweep: {grid: {" + (1...9).map { "p\($0): [1, 2, 3, 4, 5, 6, 7, 8]" }.joined(separator: ", ") + "}}")),
    GeneratedSpec("seeds of a sweep", "limit.cells", spec("relu", "sweep: {cells: [{seed: 1}], seeds: 1000000000}")),
  ]

  /// Limits of expressions and formulas.
  private static let expressions = [
    GeneratedSpec(
      "parentheses", "expression.too_deep",
      spec("linear: \"${\(String(repeating: "(", count: 200))1\(String(repeating: ")", count: 200))}\"")),
    GeneratedSpec(
      "signs", "expression.too_deep", spec("linear: \"${\(String(repeating: "-", count: 200))1}\"")),
    GeneratedSpec(
      "a long sum", "expression.too_long", spec("linear: \"${1\(String(repeating: "+1", count: 30_000))}\"")),
    GeneratedSpec(
      "powers of powers", "expression.overflow", spec("linear: \"${9 ** 9 ** 9 ** 9}\"")),
    GeneratedSpec(
      "lists that grow", "limit.value",
      spec(
        "linear: \"${p30[0]}\"",
        "params:\n  p0: [1, 1]\n" + numbered(1...30) { "  p\($0): [\"${p\($0 - 1)}\", \"${p\($0 - 1)}\"]" })),
    GeneratedSpec(
      "texts that grow", "limit.scalar",
      spec(
        "linear: \"${p30}\"",
        "params:\n  p0: abcdefgh\n" + numbered(1...30) { "  p\($0): \"${p\($0 - 1)}${p\($0 - 1)}\"" })),
    GeneratedSpec(
      "a chain of parameters", "param.depth",
      spec("linear: \"${p0}\"", "params:\n" + numbered(0...299) { "  p\($0): \"${p\($0 + 1)}\"" } + "  p300: 1")),
    GeneratedSpec(
      "a deep formula", "formula.too_deep",
      spec("formula: \"\(String(repeating: "(", count: 200))x\(String(repeating: ")", count: 200))\"")),
    GeneratedSpec(
      "a long formula", "formula.too_long", spec("formula: \"x\(String(repeating: "+x", count: 30_000))\"")),
    GeneratedSpec(
      "a formula of many operations", "formula.too_large",
      spec("formula: \"x\(String(repeating: "*x", count: 400))\"")),
  ]

  /// Very many of what is allowed.
  static let crowds = [
    GeneratedSpec(
      "unknown layers beside many blocks", "layer.unknown",
      base + "blocks:\n" + numbered(0...999) { "  block_\($0): {layers: [relu]}" }
        + "\nmodel:\n  logits: {from: x, layers: [" + (0...1_199).map { "blocks_\($0)" }.joined(separator: ", ")
        + "]}\n"),
    GeneratedSpec(
      "unknown names beside many parameters", "expression.unknown",
      base + "params:\n" + numbered(0...799) { "  parameter_\($0): 1" } + "\nmodel:\n  logits: {from: x, layers: ["
        + (0...799).map { "linear: \"${parameters_\($0)}\"" }.joined(separator: ", ") + "]}\n"),
    GeneratedSpec(
      "unknown inputs beside many nodes", "input.unknown",
      base + "model:\n" + numbered(0...799) { "  node_\($0): {from: nodes_\($0)}" } + "  logits: {from: x}\n"),
    GeneratedSpec(
      "unknown keys", "key.unknown", base + numbered(0...4_000) { "key\($0): 1" } + "model: {logits: {from: x}}\n"),
    GeneratedSpec(
      "a long chain of nodes", "model.output",
      base + "model:\n  n0: {from: x}\n" + numbered(1...2_000) { "  n\($0): {from: n\($0 - 1)}" }
        + "  logits: {from: n2000}\n"),
    GeneratedSpec(
      "nodes in a ring", "node.cycle",
      base + "model:\n  n0: {from: n2000}\n" + numbered(1...2_000) { "  n\($0): {from: n\($0 - 1)}" }
        + "  logits: {from: n2000}\n"),
    GeneratedSpec(
      "a long name pattern", "pattern.too_long",
      base.replacing("{speaker}_{emotion}", with: String(repeating: "{emotion}", count: 5_000))
        + "model: {logits: {from: x}}\n"),
  ]

  private static func numbered(_ range: ClosedRange<Int>, _ line: (Int) -> String) -> String {
    range.map { line($0) + "\n" }.joined()
  }
}
