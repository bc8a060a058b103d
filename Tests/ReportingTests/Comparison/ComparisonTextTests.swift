import Foundation
import Reporting
import Spec
import Testing

@Suite("writing comparisons") struct ComparisonTextTests {
  private func comparison() throws -> ExperimentComparison {
    ExperimentComparison(
      try experiment(file: "cnn2d.yaml"),
      try experiment(
        file: "cnn2d.yaml",
        set: [(key: "activation", value: "relu"), (key: "lr", value: "0.01"), (key: "length.seconds", value: "2")]))
  }

  @Test("as text: a line a change, runs of layers in one, then what follows") func text() throws {
    let lines = try comparison().text(color: false).split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in line.split(separator: " ").joined(separator: " ") }
    let expected = [
      "length", "~ seconds 3 → 2", "", "model", "~ image_path.conv_block_1..4.silu → relu (4 times)",
      "~ logits.head.silu → relu [128]", "", "train", "~ optimizer.adam.lr 0.001 → 0.01",
      "~ schedule.cosine.to 1e-06 → 1e-05", "", "totals", "parameters 5,169,350 (the same)",
    ]
    #expect(Array(lines[3..<(3 + expected.count)]) == expected, "\(lines)")
    #expect(lines.suffix(4).first == "features to be computed: mel_image (other length)")
    #expect(
      lines.suffix(3) == ["splits the same clips train and test", "checkpoint all 22 tensors load", "results differ"])
  }

  @Test("colours are there or not at all") func colours() throws {
    let found = try comparison()
    #expect(found.text(color: true).contains("\u{1B}[33m~"))
    #expect(!found.text(color: false).contains("\u{1B}"))
    #expect(found.valuesText(color: true).contains("\u{1B}"))
    #expect(!found.markdown.contains("\u{1B}"))
  }

  @Test("as values: one by one, with their places") func values() throws {
    let lines = try comparison().valuesText(color: false).split(separator: "\n")
    #expect(lines.count == 8, "\(lines)")
    #expect(lines[0].hasPrefix("~ length.seconds: 3 → 2  # ") && lines[0].hasSuffix(" → --set length.seconds"))
    #expect(lines.filter { $0.contains(".relu: silu → relu") }.count == 5, "runs are not summed up")
  }

  @Test("as JSON: every change by itself") func json() throws {
    let data = Data(try comparison().json.text().utf8)
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let changes = try #require(document["changes"] as? [[String: Any]])
    #expect(changes.count == 8)
    for change in changes {
      #expect(change["kind"] as? String == "changed" && change["path"] is String)
      #expect(change["before"] != nil && change["after"] != nil && change["area"] is String)
    }
    let layer = try #require(changes.first { $0["subject"] as? String == "layer" })
    #expect((layer["before"] as? [String: Any])?["kind"] as? String == "silu")
    #expect((layer["after"] as? [String: Any])?["output_shape"] as? [Int] == [32, 64, 64])
    let consequences = try #require(document["consequences"] as? [String: Any])
    #expect(consequences["same_splits"] as? Bool == true && consequences["same_results"] as? Bool == false)
    #expect((consequences["checkpoint"] as? [String: Any])?["matching"] as? Int == 22)
    let totals = try #require((document["totals"] as? [String: Any])?["parameters"] as? [String: Int])
    #expect(totals == ["before": 5_169_350, "after": 5_169_350, "difference": 0])
  }

  @Test("as Markdown: tables") func markdown() throws {
    let text = try comparison().markdown
    for row in ["| length | `seconds`", "| `logits.head.silu`", "- Checkpoint: all 22 tensors load"] {
      #expect(text.contains(row), "\(text)")
    }
    let widths = text.components(separatedBy: "\n\n").filter { $0.hasPrefix("|") }.map { table in
      Set(table.components(separatedBy: "\n").map(\.count))
    }
    #expect(widths.allSatisfy { $0.count == 1 }, "columns are aligned")
  }

  @Test("nothing differs") func same() throws {
    let side = try experiment(file: "cnn1d.yaml")
    let found = ExperimentComparison(side, side)
    #expect(found.text(color: false).contains("No differences"))
    #expect(found.markdown.contains("No differences"))
    #expect(found.valuesText(color: false).isEmpty)
  }
}
