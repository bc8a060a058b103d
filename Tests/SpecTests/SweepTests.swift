import Diagnostics
import Foundation
import Spec
import Testing

/// Cells of a `sweep`.
@Suite("Sweep") struct SweepTests {
  private func sweep(_ text: String) -> Sweep {
    readSweep(SourceFile(name: "spec.yaml", text: smallBase + smallModel + text), vocabulary: testVocabulary)
  }

  @Test("grid gives all combinations, the last key fastest; cells come behind; every one with each seed")
  func combinations() {
    let cells = sweep(
      """
      sweep:
        grid: {lr: [0.1, 0.2], activation: [relu, elu]}
        cells: [{lr: 0.5}]
        seeds: [7, 8]
      """
    ).cells
    #expect(
      cells.map(\.title) == [
        "lr=0.1 activation=relu seed=7", "lr=0.1 activation=relu seed=8", "lr=0.1 activation=elu seed=7",
        "lr=0.1 activation=elu seed=8", "lr=0.2 activation=relu seed=7", "lr=0.2 activation=relu seed=8",
        "lr=0.2 activation=elu seed=7", "lr=0.2 activation=elu seed=8", "lr=0.5 seed=7", "lr=0.5 seed=8",
      ])
    #expect(cells.map(\.index) == Array(1...10))
  }

  @Test("a cell's spec knows its parameters and what else the cell sets")
  func parameters() throws {
    let text =
      smallBase + smallModel.replacing("global_avg_pool,", with: "global_avg_pool, dropout: \"${rate}\",") + """
        params: {rate: 0.5}
        sweep: {grid: {rate: [0.1, 0.2], train.batch_size: [8]}}
        """
    let source = SourceFile(name: "spec.yaml", text: text)
    let cell = readSweep(source, vocabulary: testVocabulary).cells[1]
    for (options, expected) in [
      (ResolveOptions(), ["rate 0.5"]), (ResolveOptions(cell: cell), ["rate 0.2", "train.batch_size 8"]),
    ] {
      let result = resolve(source, options: options, vocabulary: testVocabulary)
      let spec = try #require(result.spec, "\(result.report)")
      #expect(spec.parameters.map { "\($0.name) \(flowText($0.value))" } == expected)
    }
  }

  @Test("a number of seeds counts from the spec's own")
  func seedCount() {
    let text = "seed: 5\nsweep: {grid: {lr: [0.1]}, seeds: 3}"
    #expect(sweep(text).cells.map(\.title) == ["lr=0.1 seed=5", "lr=0.1 seed=6", "lr=0.1 seed=7"])
  }

  @Test("exclude leaves out what has all of its values, when what its expression is false for")
  func exclusion() {
    let grid = "sweep: {grid: {lr: [0.1, 0.01], train.batch_size: [8, 64]}, "
    #expect(sweep(grid + "exclude: [{lr: 1e-1, train.batch_size: 64}]}").cells.count == 3)
    #expect(
      sweep(grid + "when: lr < 0.1 or batch_size == 8}").cells.map(\.title) == [
        "lr=0.1 train.batch_size=8", "lr=0.01 train.batch_size=8", "lr=0.01 train.batch_size=64",
      ])
  }

  @Test(
    "mistakes",
    arguments: [
      ("sweep: 3", "value.type"), ("sweep: {gird: {lr: [1]}}", "key.unknown"), ("sweep: {grid: {lr: 1}}", "value.type"),
      ("sweep: {grid: {lr: []}}", "value.type"), ("sweep: {grid: [1]}", "value.type"),
      ("sweep: {cells: [3]}", "value.type"), ("sweep: {seeds: 0, grid: {lr: [1]}}", "value.type"),
      ("sweep: {grid: {lr: [1]}, exclude: [{rl: 1}]}", "sweep.unknown"),
      ("sweep: {grid: {lr: [1]}, exclude: [{lr: 1}]}", "sweep.empty"), ("sweep: {}", "sweep.empty"),
      ("sweep: {grid: {lr: [1]}, when: lr + }", "expression.syntax"),
      ("sweep: {grid: {lr: [1]}, when: lt > 0}", "expression.unknown"),
      ("sweep: {grid: {lr: [1]}, when: lr + 1}", "sweep.when"),
      ("sweep: {grid: {lr: [1, 1]}}", "sweep.repeated"), ("sweep: {seeds: 100000, grid: {lr: [1]}}", "limit.cells"),
    ])
  func mistakes(_ text: String, _ id: String) {
    #expect(sweep(text).diagnostics.map(\.id) == [id])
  }

  @Test("a product of many axes stops at the limit instead of filling the memory")
  func manyAxes() {
    let values = (0..<100).map(String.init).joined(separator: ", ")
    let axes = (0..<12).map { "a\($0): [\(values)]" }.joined(separator: ", ")
    #expect(sweep("sweep: {grid: {\(axes)}}").diagnostics.map(\.id) == ["limit.cells"])
  }

  @Test("a cell is the spec with its values, whatever else is set; extends swaps the base")
  func cells() throws {
    let files = [
      (
        name: "grid.yaml",
        text: "serspec: 1\nextends: a.yaml\nsweep: {grid: {extends: [a.yaml, b.yaml], train.epochs: [3, 4]}}\n"
      ),
      (name: "a.yaml", text: smallBase + smallModel),
      (name: "b.yaml", text: smallBase.replacing("name: toy", with: "name: other") + smallModel),
    ]
    try resolvedFiles(files) { base, folder in
      #expect(base.spec?.train.epochs.value == 2, "\(base.report)")
      let path = folder.appendingPathComponent("grid.yaml").path
      func cell(_ number: Int) -> Resolution {
        resolve(
          path: "\(path)#\(number)", options: ResolveOptions(sets: [("train.epochs", "9")]), vocabulary: testVocabulary)
      }
      #expect(cell(1).spec?.corpus.name == "toy" && cell(4).spec?.corpus.name == "other")
      #expect(cell(4).spec?.train.epochs.value == 4)
      #expect(cell(5).diagnostics.map(\.id) == ["sweep.index"])
      #expect(cell(0).diagnostics.map(\.id) == ["sweep.index"])
      let plain = resolve(path: folder.appendingPathComponent("a.yaml").path + "#1", vocabulary: testVocabulary)
      #expect(plain.diagnostics.map(\.id) == ["sweep.missing"])
    }
  }

  @Test("a sweep belongs to its own file, and says nothing about what is computed")
  func ownFile() throws {
    let swept = smallBase + smallModel + "sweep: {grid: {train.epochs: [3, 4]}}\n"
    #expect(resolved(swept).spec?.hash == resolved(smallBase + smallModel).spec?.hash)
    try resolvedFiles([(name: "b.yaml", text: "serspec: 1\nextends: a.yaml\n"), (name: "a.yaml", text: swept)]) {
      result, _ in
      #expect(result.spec != nil, "\(result.report)")
    }
  }
}
