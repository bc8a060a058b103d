import Foundation
import Spec
import Testing

@Suite("the resolved spec") struct ResolvedTests {
  /// Correct specs of the suite.
  static let paths: [String] = {
    let files = ["valid-example.yaml", "yaml/merge-keys.yaml", "warnings/unused.yaml", "_model.yaml"]
    return files.map { suiteFolder.appendingPathComponent($0).path }
  }()

  @Test("it resolves to the same text and the same hash", arguments: paths)
  func roundTrip(_ path: String) throws {
    let first = resolve(path: path, vocabulary: testVocabulary)
    let spec = try #require(first.spec, "\(first.report)")
    for origins in [false, true] {
      let text = resolvedText(spec, origins: origins)
      let again = resolved(text)
      let second = try #require(again.spec, "\(again.report)\n\(text)")
      #expect(resolvedText(second, origins: false) == resolvedText(spec, origins: false))
      #expect(second.hash == spec.hash)
      #expect(second.name == spec.name)
      #expect(again.diagnostics.allSatisfy { $0.severity == .warning })
    }
  }

  @Test("trackers are part of the text, but not of the hash")
  func trackers() throws {
    let plain = try #require(resolved(smallBase + smallModel).spec)
    let tracked = try #require(resolved(smallBase + smallModel + "track: [tensorboard: {every: 3}]\n").spec)
    #expect(tracked.hash == plain.hash)
    #expect(tracked.track.map { $0.values.integer("every") } == [3])
    #expect(resolvedText(tracked, origins: false).contains("every: 3"))
  }

  @Test("everything is written out, with its origin behind it")
  func origins() throws {
    let text =
      smallBase.replacing("optimizer: adam", with: "optimizer: {adam: {lr: \"${lr}\", eps: \"${lr / 100}\"}}")
      + "params: {lr: 0.001}\n" + smallModel
    let result = resolved(text, set: [("lr", "0.5"), ("seed", "9")])
    let printed = resolvedText(try #require(result.spec, "\(result.report)"), origins: true)
    let lines = printed.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    for line in [
      "seed: 9 # --set seed", "lr: 0.5 # --set lr", "eps: 0.005 # spec.yaml:10", "weight_decay: 0 # default",
      "batch_size: 64 # default", "epochs: 2 # spec.yaml:10", "policy: fixed # spec.yaml:7",
      "out_features: 3 # spec.yaml:6", "from: spectral # spec.yaml:13", "min: val.loss # default",
      "betas: [0.9, 0.999] # default", "name: spec # default",
    ] {
      #expect(lines.contains(line), "\(line) is not in\n\(printed)")
    }
    #expect(!printed.contains("params") && !printed.contains("${"))
  }

  @Test("the hash is that of what is computed: not of names, texts or the folder of the audio")
  func hash() throws {
    let text = smallBase + smallModel
    let hash = try #require(resolved(text).spec).hash
    #expect(hash.count == 64)
    let same = [
      text + "name: other\ndoc: words\n", text.replacing("name: toy", with: "name: toy\n  root: /data\n  title: T"),
      text.replacing("optimizer: adam", with: "optimizer: {adam: {lr: 1e-3}}"),
      text.replacing("seconds: 3", with: "seconds: 3.0"), "# a comment\n" + text,
      text.replacing("train: {epochs: 2", with: "train: {checkpoint: {steps: 5}, epochs: 2"),
    ]
    for variant in same { #expect(resolved(variant).spec?.hash == hash, "\(variant)") }
    let different = [
      text + "seed: 7\n", text.replacing("name: toy", with: "name: top"), text.replacing("NEU", with: "NET"),
      text.replacing("test: 0.3", with: "test: 0.25"),
    ]
    for variant in different {
      let other = resolved(variant).spec?.hash
      #expect(other != nil && other != hash, "\(variant)")
    }
  }

  @Test("texts that look like something else come back as texts")
  func words() throws {
    for word in ["'3'", "'no'", "'true'", "\"${'a'}\"", "'~'", "'# x'", "'a: b'", "' '", "é"] {
      let text = smallBase.replacing("SAD", with: word) + smallModel
      let result = resolved(text)
      let spec = try #require(result.spec, "\(result.report)")
      let again = resolved(resolvedText(spec, origins: true))
      #expect(again.spec?.hash == spec.hash, "\(again.report)")
      #expect(again.spec?.corpus.classes.first?.name == spec.corpus.classes.first?.name)
    }
  }
}
