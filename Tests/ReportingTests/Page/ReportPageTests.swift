import Foundation
import Reporting
import TestSupport
import Testing
import Training

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportPageTests {
  /// Pages are written so that they are XML, too, which finds what is not closed or not escaped.
  private func isWellFormed(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

  @Test func onePageOfOneRun() throws {
    let page = ReportPage(try ResultComparison([madeRun(wrong: [3, 14, 15]) { $0.synthesized = true }])).html
    #expect(isWellFormed(page) && page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    for text in [
      "<h1>cnn1d</h1>", "97.5%", "The speech is synthesized",
      "Most often confused: fear taken for happy (2 of 20, 10%)",
      "&lt;none&gt; &amp; such", "prefers-color-scheme: dark", "@media print",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    // Curves, the matrix, bars of classes.
    #expect(page.components(separatedBy: "<svg ").count == 4)
    #expect(!page.contains("<?xml") && !page.contains("<script") && !page.contains("\"nan") && !page.contains(">nan"))
  }

  @Test func nothingIsFetched() throws {
    let page = ReportPage(try ResultComparison([madeRun(), madeRun(lr: 0.1)])).html
    for text in [" src=", "href=", "url(", "@import", "<link", "<script"] { #expect(!page.contains(text), "\(text)") }
  }

  @Test func aPageOfMany() throws {
    let runs = try ["relu", "silu", "elu"].flatMap { activation in
      try [0.001, 0.01].flatMap { lr in
        try [1, 2].map { seed in
          try madeRun(activation: activation, lr: lr, seed: seed, wrong: Set(0..<(seed * 4 + activation.count)))
        }
      }
    }
    let page = ReportPage(try ResultComparison(runs), title: "A <title> & more").html
    #expect(isWellFormed(page) && page.contains("<h1>A &lt;title&gt; &amp; more</h1>"))
    for text in ["Best: ", "within noise", "What the specs say differently", "Environment", "elu, lr 0.01"] {
      #expect(page.contains(text), "\(text)")
    }
    // Curves, learning rates, matrices twice, bars.
    #expect(page.components(separatedBy: "<svg ").count == 6)
  }

  @Test func confusedPairsAreASentence() {
    let matrix = ConfusionMatrix(classes: 3, truth: [0, 0, 0, 0, 1, 1, 2], predictions: [0, 1, 1, 1, 1, 2, 2])
    #expect(
      ResultComparison.confusedPairs(matrix, ["fear", "sad", "calm"])
        == "Most often confused: fear taken for sad (3 of 4, 75%) and sad taken for calm (1 of 2, 50%).")
    #expect(ResultComparison.confusedPairs(ConfusionMatrix(classes: 2), ["a", "b"]).hasPrefix("No clip"))
  }
}
