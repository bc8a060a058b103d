import Diagnostics
import Foundation
import Spec
import Syntax
import Testing

@Suite("explaining values") struct ExplainTests {
  private let text =
    smallBase.replacing(
      "optimizer: adam", with: "optimizer: {adam: {lr: \"${lr}\", eps: \"${lr / scale}\", weight_decay: 1e-4}}")
      + """
      params:
        lr: {default: 0.001, min: 0, doc: How fast.}
        scale: "${100 * 10}"
        act: {default: relu, one_of: [relu, elu]}
      blocks:
        unit: {params: {conv, width}, layers: [{"${conv}": {out_channels: "${width * 2}", kernel_size: "${width}"}}, "${act}"]}
      model:
        body: {from: spectral, layers: [unit: {for: {width: [3, 5]}, conv: conv1d}, global_avg_pool]}
        logits: {from: body, layers: [linear: "${classes}"]}

      """

  private func explain(_ key: String, set: [(String, String)] = []) throws -> Explanation {
    let result = resolved(text, set: set)
    let spec = try #require(result.spec, "\(result.report)")
    return try Explanation(key, of: spec, result.provenance, vocabulary: testVocabulary)
  }

  /// A chain in short: `0 ${lr}`, `1 lr=0.001`, `1 instead 0.1`.
  private func brief(_ explanation: Explanation) -> [String] {
    explanation.chain.map { link in
      let text = link.text.replacing("\"", with: "")
      switch link.role {
      case .written: return "\(link.depth) \(text)"
      case .overridden: return "\(link.depth) instead \(text)"
      case .standard: return "\(link.depth) default \(text)"
      case .name(let name, _): return "\(link.depth) \(name)=\(link.value.map(emitFlow) ?? "?")"
      }
    }
  }

  @Test(
    "the chain goes from the value through expressions to what was said first",
    arguments: [
      ("train.optimizer.adam.lr", ["0 ${lr}", "1 lr=0.001"]),
      ("train.optimizer.adam.eps", ["0 ${lr / scale}", "1 lr=0.001", "1 scale=1000"]),
      ("train.optimizer.adam.weight_decay", ["0 1e-4"]), ("train.batch_size", ["0 default 64"]),
      ("lr", ["0 0.001"]), ("scale", ["0 ${100 * 10}"]),
      ("model.body.unit_2.conv1d.kernel_size", ["0 ${width}", "1 width=5"]),
      ("model.body.unit_2.conv1d.out_channels", ["0 ${width * 2}", "1 width=?"]),
      ("model.body.unit_1.relu", ["0 ${act}", "1 act=relu"]),
      ("model.body.unit_1.conv1d", ["0 ${conv}", "1 conv=?"]),
      ("model.logits.linear.out_features", ["0 ${classes}", "1 classes=3"]), ("split.test", ["0 0.3"]),
    ])
  func chains(key: String, expected: [String]) throws {
    #expect(brief(try explain(key)) == expected)
  }

  @Test("settings come first, and what they replaced behind them")
  func settings() throws {
    #expect(
      brief(try explain("train.optimizer.adam.lr", set: [("lr", "0.5")])) == ["0 ${lr}", "1 lr=0.5", "1 instead 0.001"])
    let direct = try explain("train.optimizer.adam.lr", set: [("train.optimizer.adam.lr", "0.5")])
    #expect(brief(direct) == ["0 0.5", "0 instead ${lr}"])
    #expect(direct.chain.first?.span?.file.name == "--set train.optimizer.adam.lr")
    let twice = try explain("lr", set: [("lr", "0.5"), ("lr", "0.7")])
    #expect(brief(twice) == ["0 0.7", "0 instead 0.5", "0 instead 0.001"])
  }

  @Test("files that others extend are overridden in order")
  func files() throws {
    let files = [
      ("top.yaml", "serspec: 1\nextends: middle.yaml\nparams: {lr: 0.3}\n"),
      ("middle.yaml", "serspec: 1\nextends: base.yaml\nparams: {lr: {default: 0.2}}\n"), ("base.yaml", text),
    ]
    try resolvedFiles(files.map { (name: $0.0, text: $0.1) }) { result, _ in
      let spec = try #require(result.spec, "\(result.report)")
      let explanation = try Explanation(
        "train.optimizer.adam.lr", of: spec, result.provenance, vocabulary: testVocabulary)
      let names = explanation.chain.compactMap { $0.span.map { ($0.file.name as NSString).lastPathComponent } }
      #expect(names == ["base.yaml", "top.yaml", "middle.yaml", "base.yaml"])
      #expect(brief(explanation) == ["0 ${lr}", "1 lr=0.3", "1 instead 0.2", "1 instead 0.001"])
    }
  }

  @Test(
    "one value has several paths",
    arguments: [
      ("features.spectral.0", "features.spectral.rms"), ("features.spectral.rms", "features.spectral.rms"),
      ("model.body.layers.0.conv1d.kernel_size", "model.body.unit_1.conv1d.kernel_size"),
      ("model.body.layers.2.kernel_size", "model.body.unit_2.conv1d.kernel_size"),
      ("model.logits.layers.linear.bias", "model.logits.linear.bias"),
      ("train.optimizer.lr", "train.optimizer.adam.lr"),
      ("split.policy", "split.policy"), ("length.seconds", "length.seconds"),
    ])
  func paths(key: String, full: String) throws {
    #expect(try explain(key).key == full)
  }

  @Test("layers within layers have the names of both")
  func nested() throws {
    let text =
      smallBase + """
        model:
          logits: {from: spectral, layers: [residual: [{conv1d: {out_channels: 2, kernel_size: 3}}, relu, relu], linear: 3]}

        """
    let result = resolved(text)
    let spec = try #require(result.spec, "\(result.report)")
    let paths = spec.values(testVocabulary).leaves(below: "").map(\.path).filter { $0.hasPrefix("model") }
    #expect(
      paths.contains("model.logits.residual.conv1d.kernel_size") && paths.contains("model.logits.residual.relu_2"))
    let explanation = try Explanation(
      "model.logits.layers.0.residual.layers.0.kernel_size", of: spec, result.provenance, vocabulary: testVocabulary)
    #expect(explanation.key == "model.logits.residual.conv1d.kernel_size")
  }

  @Test("every path that is listed leads to its value")
  func listed() throws {
    let spec = try #require(resolved(text).spec)
    let leaves = spec.values(testVocabulary).leaves(below: "")
    #expect(leaves.count > 40)
    for leaf in leaves {
      let found = try explain(leaf.path)
      #expect(found.key == leaf.path && emitFlow(found.value) == emitFlow(leaf.value.node))
    }
  }

  @Test("a mapping lists its values; a parameter what depends on it")
  func parts() throws {
    let train = try explain("train.optimizer")
    #expect(
      train.parts.map(\.path) == ["lr", "betas", "eps", "weight_decay"].map { "train.optimizer.adam.\($0)" })
    #expect(try explain("lr").uses == ["train.optimizer.adam.lr", "train.optimizer.adam.eps"])
    #expect(try explain("act").uses == ["model.body.unit_1.relu", "model.body.unit_2.relu"])
    #expect(try explain("act", set: [("act", "elu")]).uses == ["model.body.unit_1.elu", "model.body.unit_2.elu"])
    #expect(try explain("act").accepts == "one of relu, elu")
    #expect(try explain("lr").doc == "How fast.")
  }

  @Test(
    "unknown keys say what there is",
    arguments: [
      ("trian.epochs", "train.epochs"), ("train.optimiser.adam.lr", "train.optimizer.adam.lr"),
      ("train.optimizer.adam.lrr", "train.optimizer.adam.lr"), ("model.boddy", "model.body"), ("scal", "scale"),
      ("model.logits.linaer", "model.logits.linear"),
    ])
  func unknown(key: String, suggestion: String) throws {
    let failure = #expect(throws: DiagnosticFailure.self) { try explain(key) }
    #expect(failure?.diagnostics.first?.id == "explain.unknown")
    #expect(failure?.diagnostics.first?.suggestion == suggestion)
  }

  @Test("nonsense is refused", arguments: ["", ".", "train.", "train..epochs", "audio.9", "seed.x"])
  func nonsense(key: String) {
    #expect(throws: DiagnosticFailure.self) { try explain(key) }
  }
}
