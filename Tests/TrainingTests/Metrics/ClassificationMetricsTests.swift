import Spec
import Testing
import Training

@Suite struct ClassificationMetricsTests {
  /// The generator of Fixtures/make_metrics.py.
  private struct Draws {
    var state: UInt64 = 2024
    mutating func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    mutating func labelSet() -> ConfusionMatrix {
      let classes = 2 + draw(9)
      let count = 1 + draw(60)
      let skill = draw(100)
      let occurring = 1 + draw(classes)
      var matrix = ConfusionMatrix(classes: classes)
      for _ in 0..<count {
        let truth = draw(occurring)
        matrix.add(truth: truth, prediction: draw(100) < skill ? truth : draw(classes))
      }
      return matrix
    }
  }

  @Test func figuresEqualThoseOfScikitLearnAndTorchmetrics() throws {
    let rows = try Fixture.rows("metrics.csv")
    let names = rows[0]
    #expect(rows.count == 1001)
    var draws = Draws()
    for (index, row) in rows.dropFirst().enumerated() {
      let metrics = ClassificationMetrics(draws.labelSet())
      for (name, text) in zip(names, row) {
        let expected = try #require(Double(text))
        let found =
          switch name {
          case "precision_by_class": byClass(metrics.perClass.map(\.precision))
          case "recall_by_class": byClass(metrics.perClass.map(\.recall))
          case "f1_by_class": byClass(metrics.perClass.map(\.f1))
          default: try #require(metrics.figure(name))
          }
        #expect(abs(found - expected) < 1e-12 || found.isNaN && expected.isNaN, "\(name) of set \(index)")
      }
    }
  }

  private func byClass(_ values: [Double]) -> Double {
    values.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
  }

  @Test func aClassWithoutClipsCountsInMacroRecallButNotInUAR() {
    // Class 2 is predicted once, but there is no clip of it.
    let metrics = ClassificationMetrics(
      ConfusionMatrix(classes: 4, truth: [0, 0, 1, 1], predictions: [0, 2, 1, 1]))
    #expect(metrics.uar == 0.75)
    #expect(metrics.recallMacro == 0.5)
    #expect(metrics.recallWeighted == 0.75)
  }

  @Test func aSpecCanAskForEveryFigure() {
    #expect(ClassificationMetrics.figureNames == metricNames)
  }

  @Test func withoutClipsFiguresAreNotNumbers() {
    let metrics = ClassificationMetrics(ConfusionMatrix(classes: 3))
    #expect(metrics.figures.allSatisfy { $0.value.isNaN })
    #expect(metrics.json(classNames: ["a", "b", "c"])["uar"]?.text(.compact) == "null")
  }

  @Test func theRecordNamesClassesAndKeepsTheMatrix() throws {
    let matrix = ConfusionMatrix(classes: 2, truth: [0, 0, 0, 1], predictions: [0, 1, 1, 1])
    let json = ClassificationMetrics(matrix).json(classNames: ["sad", "angry"])
    #expect(json["accuracy"] == 0.5)
    #expect(json["confusion"] == [[1, 2], [0, 1]])
    #expect(json["clips"] == 4)
    #expect(
      json["most_confused"] == [["truth": "sad", "prediction": "angry", "count": 2, "share": .number(2.0 / 3)]])
    let first = try #require(json["per_class"]?.asArray?.first)
    #expect(first["class"] == "sad")
    #expect(first["support"] == 3)
    #expect(first["precision"] == 1.0)
  }
}
