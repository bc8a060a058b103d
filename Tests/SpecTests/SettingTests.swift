import Foundation
import Spec
import Testing

@Suite("--set: values from the command line") struct SettingTests {
  private let text =
    smallBase + smallModel + """
      params: {activation: silu, lr: {default: 0.001, min: 0}}
      audio: [resample: 16000, mono, z_score]
      blocks: {act: {layers: ["${activation}", dropout: "${lr}"]}}
      """

  private func spec(_ sets: (String, String)...) throws -> ExperimentSpec {
    let text = self.text.replacing("global_avg_pool, linear", with: "act, global_avg_pool, linear")
    let result = resolved(text, set: sets)
    return try #require(result.spec, "\(result.report)")
  }

  @Test("a name alone sets a parameter, which then has that place as its origin")
  func parameter() throws {
    let spec = try spec(("activation", "relu"), ("lr", "0.5"))
    let layers = try #require(spec.model.nodes.first).layers
    #expect(layers[0].kind.value == "relu")
    #expect(layers[1].values.number("p") == 0.5)
    guard case .written(let span) = layers[1].values.origin(of: "p") else {
      Issue.record("the value was written")
      return
    }
    #expect(span.file.name == "--set lr")
    // The use of the name, then the default that is replaced.
    #expect(layers[1].values["p"].replaced.count == 2)
  }

  @Test("the last of several settings wins")
  func order() throws {
    #expect(try spec(("seed", "1"), ("seed", "2")).seed == 2)
    #expect(try spec(("params.lr", "1"), ("lr", "0.25")).model.nodes[0].layers[1].values.number("p") == 0.25)
  }

  @Test("paths lead through mappings, steps and lists, and make what is not there")
  func paths() throws {
    #expect(try spec(("train.epochs", "9")).train.epochs.value == 9)
    #expect(try spec(("train.optimizer.adam.lr", "1e-2")).train.optimizer.values.number("lr") == 0.01)
    #expect(try spec(("audio.0.resample.rate", "8000")).audio[0].values.integer("rate") == 8000)
    #expect(try spec(("audio.0.resample", "8000")).audio[0].values.integer("rate") == 8000)
    #expect(try spec(("audio.1.mono.mix", "left")).audio[1].values.string("mix") == "left")
    #expect(try spec(("model.logits.layers.1", "flatten")).model.nodes[0].layers[2].kind.value == "flatten")
    #expect(try spec(("model.logits.expect.shape", "[3]")).model.nodes[0].expect?.shape?.value == [3])
    #expect(try spec(("train.keep.max", "val.uar")).train.keep.metric == "val.uar")
    #expect(try spec(("train.schedule", "[cosine]")).train.schedule.map(\.kind.value) == ["cosine"])
    #expect(try spec(("corpus.root", "/data")).corpus.root.content.text == "/data")
  }

  @Test("a step or a variant of another kind replaces the one that was there")
  func kinds() throws {
    #expect(try spec(("train.optimizer", "{sgd: {lr: 0.1}}")).train.optimizer.kind.value == "sgd")
    #expect(try spec(("train.optimizer.sgd.lr", "0.1")).train.optimizer.values.number("lr") == 0.1)
    let split = try spec(("split.policy", "group")).split
    #expect(split.kind.value == "group")
    #expect(split.values.number("test") == 0.3)
    #expect(try spec(("length.policy", "batch_longest")).length.kind.value == "batch_longest")
    #expect(try spec(("length", "batch_longest")).length.kind.value == "batch_longest")
  }

  @Test("values are expressions too")
  func expressions() throws {
    #expect(try spec(("train.epochs", "${2 * 3 + classes}")).train.epochs.value == 9)
  }

  @Test("settings below a corpus that is named reach into its file")
  func corpusFile() throws {
    let text = self.text.replacing("corpus:\n  name: toy", with: "corpus: other\nseed:").replacing(
      "  pattern: \"{speaker}_{emotion}\"\n  label: emotion\n  classes: [SAD, HAP, NEU]\n", with: " 3\n")
    let files: [(name: String, text: String)] = [
      ("a/spec.yaml", text), ("corpora/other.yaml", "name: other\npattern: \"{e}\"\nlabel: e\nclasses: [a, b]\n"),
      ("third.yaml", "name: third\npattern: \"{e}\"\nlabel: e\nclasses: [a, b, c]\n"),
    ]
    let options = ResolveOptions(sets: [(key: "corpus.root", value: "/data")])
    try resolvedFiles(files, options: options) { result, folder in
      let spec = try #require(result.spec, "\(result.report)")
      #expect(spec.corpus.name == "other")
      #expect(spec.corpus.root.content.text == "/data")
      #expect(spec.model.nodes[0].layers.last?.values.integer("out_features") == 2)

      // --corpus replaces it, and then the setting is about the new one.
      var other = options
      other.corpus = folder.appendingPathComponent("third.yaml").path
      let replaced = resolve(
        path: folder.appendingPathComponent("a/spec.yaml").path, options: other, vocabulary: testVocabulary)
      #expect(replaced.spec?.corpus.name == "third", "\(replaced.report)")
      #expect(replaced.spec?.corpus.root.content.text == "/data")
      #expect(replaced.spec?.model.nodes[0].layers.last?.values.integer("out_features") == 3)
      #expect(replaced.spec?.hash != spec.hash)

      other.corpus = "othr"
      let unknown = resolve(
        path: folder.appendingPathComponent("a/spec.yaml").path, options: other, vocabulary: testVocabulary)
      #expect(unknown.diagnostics.map(\.id) == ["corpus.not_found"])
      #expect(unknown.diagnostics.first?.suggestion == "other")
      #expect(unknown.diagnostics.first?.span?.file.name == "--corpus")
    }
  }

  @Test(
    "a misspelt key or parameter is told what it might be", arguments: [("actvation", "activation"), ("sed", "seed")])
  func suggestions(_ written: String, _ meant: String) {
    let result = resolved(text, set: [(written, "1")])
    #expect(result.diagnostics.first { $0.id == "set.unknown" }?.suggestion == meant)
  }
}

extension FieldValue.Content {
  /// The text of a `.string`.
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }
}
