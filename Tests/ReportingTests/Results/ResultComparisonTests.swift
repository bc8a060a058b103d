import Diagnostics
import Foundation
import Reporting
import TestSupport
import Testing
import Training

@Suite struct ResultComparisonTests {
  private static let few: Set<Int> = [3, 14, 40, 77, 100]
  private static let many = Set((0..<120).filter { $0 % 2 == 0 })

  /// Two activations, two learning rates, the second rate far worse.
  private func makeGrid() throws -> ResultComparison {
    try ResultComparison(
      ["relu", "silu"].flatMap { activation in
        try [0.001, 0.1].map { lr in
          try madeRun(activation: activation, lr: lr, wrong: lr > 0.01 ? Self.many : Self.few)
        }
      })
  }

  @Test func runsOfSeveralSeedsAreOneRow() throws {
    let runs = try [1, 2, 3].map { try madeRun(seed: $0, wrong: Set(0..<(6 * $0))) } + [madeRun(lr: 0.1)]
    let results = try ResultComparison(runs)
    #expect(results.rows.count == 2 && results.rows[0].runs.count == 3 && results.factors == ["lr"])
    let accuracy = try #require(results.rows[0].figure("accuracy"))
    #expect(abs(accuracy.mean - 0.9) < 1e-12 && abs((accuracy.deviation ?? 0) - 0.05) < 1e-12)
    #expect(accuracy.interval.map { $0.lower < 0.9 && $0.upper > 0.9 } == true)
    #expect(results.rows[1].figure("accuracy")?.deviation == nil)
    #expect(results.text([.rows]).contains("90.0 ± 5.0"))
  }

  @Test func settingsThatGoTogetherAreOneColumn() throws {
    let results = try makeGrid()
    #expect(results.factors == ["activation", "lr"] && !results.hasModels)
    #expect(
      results.rows.map(\.settings) == [["relu", "0.001"], ["relu", "0.1"], ["silu", "0.001"], ["silu", "0.1"]])
    #expect(results.usefulTables == [.rows, .grid])
    let markdown = results.markdown([.grid])
    #expect(markdown.contains("| activation | lr 0.001 | lr 0.1 |"), "\(markdown)")
    #expect(markdown.contains("| relu       | **95.8** |   50.0 |"), "\(markdown)")
  }

  @Test func differencesAreTested() throws {
    let results = try makeGrid()
    #expect(results.baseline == 0 && results.unit == .speaker && results.units == 12)
    guard case .tested(let same) = results.rows[2].standing, case .tested(let worse) = results.rows[1].standing else {
      Issue.record("rows on the same clips are tested")
      return
    }
    #expect(same.isWithinNoise && same.mcNemar.midP == 1 && same.accuracyDifference == 0)
    #expect(!worse.isWithinNoise && worse.adjusted < 1e-6 && worse.mcNemar.onlySecond > 50)
    #expect(results.text([.rows]).contains("within noise") && results.text([.rows]).contains("worse"))
    #expect(results.rows[1].specDifferences.contains { $0.contains("0.001 → 0.1") })
  }

  @Test func modelsAreToldApart() throws {
    let results = try ResultComparison(
      ["cnn1d.yaml", "cnn2d.yaml"].flatMap { file in
        try ["relu", "silu"].map { try madeRun(file, activation: $0, wrong: $0 == "relu" ? Self.few : []) }
      })
    #expect(results.rows.map(\.model) == ["cnn1d", "cnn1d", "cnn2d", "cnn2d"] && results.factors == ["activation"])
    #expect(results.bestOfModels == [1, 3] && results.usefulTables == [.rows, .best])
  }

  @Test("cells of a sweep over specs go by the names of these")
  func modelsOfASweepAreToldApart() throws {
    let cells = try ["cnn2d.yaml", "cnn1d.yaml"].map { try madeRun($0, wrong: Self.few, sweep: "grid") }
    #expect(cells.map(\.spec.name) == ["grid", "grid"] && cells.map(\.modelName) == ["cnn2d", "cnn1d"])
    // In the order of names, whatever that of the directories.
    #expect(try ResultComparison(cells).rows.map(\.model) == ["cnn1d", "cnn2d"])
  }

  @Test func otherTestClipsAreNotTested() throws {
    let results = try ResultComparison([madeRun(), madeRun(lr: 0.1, wrong: Self.many) { $0.prefix = "other" }])
    guard case .otherClips = results.rows[1].standing else {
      Issue.record("rows on other clips are not tested")
      return
    }
    #expect(results.text([.rows]).contains("other test clips"))
    #expect(results.remarks.contains { $0.hasPrefix("Not tested") })
  }

  @Test func theBaselineIsChosen() throws {
    let runs = try [madeRun(wrong: Self.few), madeRun(lr: 0.1)]
    #expect(try ResultComparison(runs).baseline == 1)
    let chosen = try ResultComparison(runs, options: .init(baseline: runs[0].path + "/"))
    #expect(chosen.baseline == 0 && !chosen.baselineIsBest)
    #expect { try ResultComparison(runs, options: .init(baseline: "none")) } throws: {
      ($0 as? DiagnosticFailure)?.diagnostics.first?.id == "data.no_baseline"
    }
    #expect {
      try ResultComparison([madeRun { $0.speakers = $0.speakers.map { _ in "" } }], options: .init(unit: .speaker))
    } throws: { ($0 as? DiagnosticFailure)?.diagnostics.first?.id == "data.no_speakers" }
  }

  @Test func remarksSayWhatReadersMustKnow() throws {
    let results = try ResultComparison([
      madeRun {
        $0.synthesized = true
        $0.sharedSpeakers = 5
      }
    ])
    #expect(results.remarks.contains { $0.hasPrefix("The speech is synthesized") })
    #expect(results.remarks.contains { $0.contains("5 of 12 tested speakers") })
  }

  @Test func recordsAreForPrograms() throws {
    let results = try makeGrid()
    let document = try JSON.parse(results.json.text())
    let rows = try #require(document["experiments"]?.asArray)
    #expect(rows.count == 4 && rows[1]["settings"]?["lr"] == 0.1 && rows[0]["against_baseline"] == "baseline")
    #expect(rows[1]["against_baseline"]?["within_noise"] == false)
    #expect(rows[0]["test"]?["accuracy"]?["lower"]?.asNumber.map { $0 < 0.96 } == true)
    let lines = results.csv.split(separator: "\n")
    #expect(lines.count == 5 && lines[0].hasPrefix("model,activation,lr,runs,seeds"))
    let latex = results.latex([.rows, .grid])
    #expect(latex.contains("\\toprule") && latex.contains("accuracy \\%") && latex.contains("\\textbf{95.8}"))
  }
}
