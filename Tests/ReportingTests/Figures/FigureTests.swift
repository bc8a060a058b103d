import Foundation
import Reporting
import Testing
import Training

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FigureTests {
  /// Reads a document as XML and collects what it draws.
  private final class Drawing: NSObject, XMLParserDelegate {
    var texts: [String] = []
    var elements: [(name: String, attributes: [String: String])] = []
    var isWellFormed = false

    init(_ svg: String) {
      super.init()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = self
      isWellFormed = parser.parse()
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.append((name, attributes))
      if name == "text" { texts.append("") }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      if elements.last?.name == "text", !texts.isEmpty { texts[texts.count - 1] += string.replacing("\n", with: "") }
    }

    func count(_ name: String) -> Int { elements.count { $0.name == name } }
  }

  private func curves(
    epochs: Int, best: Int? = nil, deciding: String? = nil, value: (Int) -> Double = { 1 / Double($0) }
  ) -> CurvesFigure {
    let values = (1...max(1, epochs)).prefix(epochs).map(value)
    return CurvesFigure(
      title: "cnn1d <ravdess> & \"more\"", trainLoss: values, validationLoss: values,
      validation: [.init("accuracy", values), .init("UAR", values)], learningRate: values, bestEpoch: best,
      decidingFigure: deciding)
  }

  @Test func curvesShowEverySeriesAndTheBestEpoch() {
    let drawing = Drawing(curves(epochs: 20, best: 12).svg())
    #expect(drawing.isWellFormed)
    #expect(drawing.count("polyline") == 5)
    #expect(drawing.count("circle") == 1)
    for text in [
      "cnn1d <ravdess> & \"more\"", "train", "validation", "accuracy", "UAR", "Learning rate", "best: epoch 12",
    ] {
      #expect(drawing.texts.contains(text), "\(text)")
    }
  }

  @Test func theDotIsOnTheFigureThatDecided() {
    let colour = { (name: String?) in
      Drawing(curves(epochs: 20, best: 12, deciding: name).svg()).elements.first { $0.name == "circle" }?
        .attributes["fill"]
    }
    #expect(colour(nil) == "#d55e00")
    #expect(colour("UAR") == "#009e73")
  }

  @Test(arguments: [0, 1, 2]) func curvesOfFewEpochsAreDrawn(epochs: Int) {
    let svg = curves(epochs: epochs, best: epochs == 0 ? nil : epochs).svg()
    #expect(Drawing(svg).isWellFormed)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  /// The factor of the marks' labels ends left of the axis, at which the title begins.
  @Test func theFactorAboveTheAxisIsClearOfTheTitle() throws {
    let drawing = Drawing(curves(epochs: 1) { _ in 1.3e-4 }.svg())
    let texts = zip(drawing.texts, drawing.elements.filter { $0.name == "text" }.map(\.attributes))
    let factors = texts.filter { $0.0.hasPrefix("×10") }
    #expect(!factors.isEmpty)
    let titles = texts.filter { $1["font-weight"] == "600" }.compactMap { Double($1["x"] ?? "") }
    for (_, factor) in factors {
      let end = try #require(Double(factor["x"] ?? ""))
      #expect(factor["text-anchor"] == "end" && titles.contains { $0 > end && $0 - end < 10 })
    }
  }

  @Test func gapsPartLines() {
    let svg = curves(epochs: 9) { [4, 7].contains($0) ? .nan : $0 == 9 ? .infinity : 0.5 }.svg()
    let drawing = Drawing(svg)
    // Epochs 1 to 3, 5 and 6, and 8 alone, in five lines.
    #expect(drawing.count("polyline") == 10)
    #expect(drawing.count("circle") == 5)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test(arguments: [-1e-300, 0, 1e300, .greatestFiniteMagnitude, -5, 1e-12]) func anyConstantIsDrawn(value: Double) {
    let svg = curves(epochs: 5) { _ in value }.svg()
    #expect(Drawing(svg).isWellFormed)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test func confusionShowsCountsSharesAndNames() {
    let matrix = ConfusionMatrix(classes: 3, truth: [0, 0, 0, 0, 1, 1], predictions: [0, 0, 0, 1, 1, 2])
    let figure = ConfusionFigure(
      title: "test", subtitle: "6 clips", matrix: matrix, classNames: ["sad & low", "angry", "<none>"])
    let drawing = Drawing(figure.svg())
    #expect(drawing.isWellFormed)
    for text in ["75%", "25%", "3", "6 clips", "true class", "predicted class"] {
      #expect(drawing.texts.contains(text), "\(text)")
    }
    for name in figure.classNames { #expect(drawing.texts.count { $0 == name } == 2) }
  }

  @Test(arguments: [1, 2, 8, 9, 14, 15, 24, 25, 60]) func anyNumberOfClassesIsDrawn(count: Int) {
    var matrix = ConfusionMatrix(classes: count)
    matrix.add(truth: 0, prediction: count - 1)
    let names = (0..<count).map { "a class with quite a long name, number \($0)" }
    let drawing = Drawing(ConfusionFigure(title: "t", subtitle: "", matrix: matrix, classNames: names).svg())
    #expect(drawing.isWellFormed)
    // A cell each with its tooltip, the background, and the bands of the scale.
    #expect(drawing.count("rect") == count * count + 1 + 64)
  }

  @Test func sharesAreNotRoundedToNothingOrAll() {
    var matrix = ConfusionMatrix(classes: 2)
    for _ in 0..<999 { matrix.add(truth: 0, prediction: 0) }
    matrix.add(truth: 0, prediction: 1)
    let texts = Drawing(
      ConfusionFigure(title: "t", subtitle: "", matrix: matrix, classNames: ["a", "b"]).svg()
    ).texts
    #expect(texts.contains(">99%") && texts.contains("<1%"))
  }

  @Test func controlCharactersDoNotBreakTheFile() {
    let figure = ConfusionFigure(
      title: "bell \u{7} nul \u{0} \u{FFFF}", subtitle: "", matrix: ConfusionMatrix(classes: 1),
      classNames: ["\u{1B}[1m"])
    #expect(Drawing(figure.svg()).isWellFormed)
  }
}
