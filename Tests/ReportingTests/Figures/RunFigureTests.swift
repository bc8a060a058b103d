import Foundation
import Reporting
import Testing
import Training

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct RunFigureTests {
  private func isWellFormed(_ svg: String) -> Bool { XMLParser(data: Data(svg.utf8)).parse() }

  private func count(_ element: String, in svg: String) -> Int { svg.components(separatedBy: "<\(element) ").count - 1 }

  private func results(_ rates: [Double], seeds: [Int] = [1]) throws -> ResultComparison {
    try ResultComparison(
      rates.enumerated().flatMap { index, lr in
        try seeds.map { try madeRun(lr: lr, seed: $0, wrong: Set(0..<(index * 7 + $0))) }
      }, options: .init(draws: 1))
  }

  @Test func curvesLieOverEachOther() throws {
    let svg = try self.results([0.001, 0.01, 0.1], seeds: [1, 2]).curves()
    // Four panels with three lines, each with a band; metrics.csv of all is the same.
    #expect(isWellFormed(svg) && count("polyline", in: svg) == 12 && count("polygon", in: svg) == 12)
    for text in ["Training loss", "Validation accuracy", "lr 0.01"] { #expect(svg.contains(text), "\(text)") }
    #expect(try count("polyline", in: self.results([0.001]).curves(columns: ["val.uar", "none"])) == 1)
  }

  @Test func manyLinesHaveDashes() throws {
    let svg = try self.results((1...8).map { Double($0) / 1000 }).curves(columns: ["val.loss"])
    #expect(count("polyline", in: svg) == 8 && svg.contains("stroke-dasharray=\"6 3\""))
  }

  @Test func learningRatesOfOneScheduleShareALine() throws {
    #expect(try count("polyline", in: self.results([0.001, 0.01]).learningRate) == 1)
  }

  @Test func matricesStandInAGrid() throws {
    let results = try self.results([0.001, 0.01, 0.1, 0.2])
    let svg = results.confusion()
    #expect(isWellFormed(svg) && count("rect", in: svg) == 4 * 36 + 1)
    #expect(svg.contains("% of the true class") && results.confusion(counts: true).contains("(clips)"))
    #expect(try !self.results([0.001]).confusion().contains("(clips)"))
  }

  @Test func scoresOfClassesAreBars() throws {
    let one = try self.results([0.001]).classScores
    #expect(isWellFormed(one) && count("rect", in: one) == 7 && one.contains(">0.9"))
    let whiskers = try self.results([0.001, 0.01], seeds: [1, 2]).classScores
    #expect(count("rect", in: whiskers) == 13 && count("line", in: whiskers) > count("line", in: one) + 30)
  }
}
