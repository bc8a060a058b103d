import Testing
import Training

@Suite struct SignificanceTests {
  @Test func mcNemarEqualsSciPy() throws {
    let rows = try Fixture.rows("mcnemar.csv").dropFirst()
    #expect(rows.count == 16)
    for row in rows {
      let test = McNemarTest(onlyFirst: try #require(Int(row[0])), onlySecond: try #require(Int(row[1])))
      let (exact, mid) = (try #require(Double(row[2])), try #require(Double(row[3])))
      #expect(abs(test.exact - exact) <= 1e-9 * exact, "\(row)")
      #expect(abs(test.midP - mid) <= 1e-9 * mid, "\(row)")
    }
  }

  @Test func onlyClipsThatOneHasRightCount() {
    let test = McNemarTest(truth: [0, 1, 2, 2, 1], first: [0, 1, 0, 2, 0], second: [0, 0, 1, 0, 1])
    #expect(test == McNemarTest(onlyFirst: 2, onlySecond: 1))
  }

  @Test func holmAdjustsStepByStep() {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    let adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
    for (found, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) { #expect(abs(found - expected) < 1e-12) }
    #expect(holmAdjusted([]) == [] && holmAdjusted([0.9, 0.8]) == [1, 1])
  }

  @Test func quantilesAreNumPys() {
    // numpy.quantile([3, 1, 2, 10], [0, 0.25, 0.5, 0.975, 1])
    let found = [0, 0.25, 0.5, 0.975, 1].map { Bootstrap.quantile([3, 1, 2, 10], $0) }
    for (found, expected) in zip(found, [1, 1.75, 2.5, 9.475, 10]) { #expect(abs(found - expected) < 1e-12) }
    #expect(Bootstrap.quantile([], 0.5).isNaN && Bootstrap.quantile([1, .nan], 0.5).isNaN)
  }

  /// Accuracy over `count` clips of which `right` are right is binomial: its bootstrap must have that spread.
  @Test func theSpreadOfAccuracyIsBinomial() {
    let (count, right, draws) = (400, 260, 4000)
    let truth = (0..<count).map { $0 % 4 }
    let predictions = truth.indices.map { $0 % 20 < 13 ? truth[$0] : (truth[$0] + 1) % 4 }
    let values = Bootstrap(truth: truth, classes: 4, draws: draws).samples([predictions])[0]
    let share = Double(right) / Double(count)
    let mean = values.reduce(0, +) / Double(draws)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
    let expected = share * (1 - share) / Double(count)
    #expect(abs(mean - share) < 5 * (expected / Double(draws)).squareRoot())
    #expect(abs(variance / expected - 1) < 5 * (2 / Double(draws)).squareRoot())
    let interval = Bootstrap.interval(values)
    // scipy.stats.binom.ppf([0.025, 0.975], 400, 0.65) / 400
    #expect(abs(interval.lower - 0.6025) < 0.008 && abs(interval.upper - 0.695) < 0.008)
  }

  /// Speakers who are right throughout or wrong throughout: only as many units as speakers are independent.
  @Test func clipsOfOneSpeakerAreDrawnTogether() {
    let speakers = (0..<400).map { $0 / 20 }
    let truth = (0..<400).map { $0 % 2 }
    let predictions = truth.indices.map { speakers[$0] < 10 ? truth[$0] : 1 - truth[$0] }
    func variance(_ groups: [Int]?) -> Double {
      let values = Bootstrap(truth: truth, classes: 2, groups: groups).samples([predictions])[0]
      let mean = values.reduce(0, +) / Double(values.count)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
    // 0.25 / 20 speakers against 0.25 / 400 clips.
    #expect(abs(variance(speakers) / (0.25 / 20) - 1) < 0.2)
    #expect(abs(variance(nil) / (0.25 / 400) - 1) < 0.2)
  }

  @Test func drawnFiguresAreThoseOfTheMetrics() {
    // Each clip its own group of one: a single unit leaves nothing to chance, so a draw is the set itself.
    let truth = [0, 0, 1, 1, 2, 2, 2]
    let predictions = [0, 1, 1, 3, 2, 0, 2]
    let drawn = Bootstrap(truth: truth, classes: 5, groups: [9, 9, 9, 9, 9, 9, 9], draws: 3).samples([predictions])
    let metrics = ClassificationMetrics(ConfusionMatrix(classes: 5, truth: truth, predictions: predictions))
    for (name, values) in zip(Bootstrap.figureNames, drawn) {
      #expect(values.count == 3)
      for value in values { #expect(abs(value - (metrics.figure(name) ?? .nan)) < 1e-12, "\(name)") }
    }
  }

  @Test func sameSeedSameDrawsAndRunsAreAveraged() {
    let truth = (0..<60).map { $0 % 3 }
    let (a, b) = (truth.map { ($0 + 1) % 3 }, truth)
    let bootstrap = Bootstrap(truth: truth, classes: 3, draws: 500, seed: 7)
    #expect(bootstrap.samples([a, b]) == Bootstrap(truth: truth, classes: 3, draws: 500, seed: 7).samples([a, b]))
    // One run is always wrong, the other always right: draws of two runs give 0, a half or 1.
    let values = bootstrap.samples([a, b])[0]
    #expect(Set(values) == [0, 0.5, 1])
  }
}
