import Diagnostics
import Foundation
import Reporting
import Spec
import TestSupport
import Testing
import Training

@Suite("writing explanations") struct ExplanationTextTests {
  private func explain(_ key: String) throws -> Explanation {
    let text = """
      serspec: 1
      extends: \(Shared.project.path)/specs/cnn1d.yaml
      params: {lr: 0.02}

      """
    let resolution = resolve(SourceFile(name: "mine.yaml", text: text), vocabulary: .standard)
    let spec = try #require(resolution.spec)
    return try Explanation(key, of: spec, resolution.provenance, vocabulary: .standard)
  }

  @Test("each place with its line and a mark below") func chain() throws {
    let text = try explain("train.optimizer.adam.lr").text(color: false)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first == "train.optimizer.adam.lr = 0.02")
    let place = try #require(lines.firstIndex { $0.contains("parameter lr = 0.02  mine.yaml:3:14") })
    #expect(lines[place + 1].hasSuffix("3 | params: {lr: 0.02}"))
    #expect(lines[place + 2].hasSuffix("|              ^^^^"))
    #expect(
      text.contains("0.02, from \"${lr}\"") && text.contains("instead of 0.01") && text.contains("instead of 0.001"))
    #expect(try explain("train.optimizer.adam.lr").text(color: true).contains("\u{1B}[32m^^^^"))
  }

  @Test("defaults, mappings and parameters") func others() throws {
    #expect(
      try explain("train.optimizer.adam.eps").text(color: false).contains("is the default: nobody wrote anything"))
    let train = try explain("train").text(color: false)
    #expect(train.contains("optimizer.adam.lr") && train.contains("# mine.yaml:3") && train.contains("# default"))
    let activation = try explain("model.time_path.conv_block_1.elu").text(color: false)
    #expect(activation.contains("alpha  1") && activation.contains("parameter activation = elu"))
    #expect(try explain("lr").text(color: false).contains("2 values depend on it"))
  }

  @Test("as JSON") func json() throws {
    let document = try explain("train.schedule.cosine.to").json
    #expect(document["value"]?.asNumber == 2e-5)
    let chain = try #require(document["chain"]?.asArray)
    #expect(chain.compactMap { $0["role"]?.asString } == ["written", "parameter", "overridden", "overridden"])
    #expect(chain[1]["name"]?.asString == "lr" && chain[1]["line"]?.asInteger == 3)
    #expect(chain[1]["source"]?.asString == "params: {lr: 0.02}")
  }
}
