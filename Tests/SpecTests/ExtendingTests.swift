import Foundation
import Spec
import Testing

@Suite("extends: merging files") struct ExtendingTests {
  private func train(_ body: String) -> String { "extends: base.yaml\n\(body)\n" }

  /// A base with everything, under a spec that says `body`.
  private func merged(_ body: String, base: String = "") throws -> Resolution {
    try resolvedFiles([("spec.yaml", train(body)), ("base.yaml", smallBase + smallModel + base)]) { result, _ in result
    }
  }

  @Test("mappings merge by key, lists and scalars replace")
  func mergesByKey() throws {
    let result = try merged("seed: 7\ntrain: {batch_size: 8}\naudio: [z_score]", base: "audio: [mono, z_score]\n")
    let spec = try #require(result.spec, "\(result.report)")
    #expect(spec.seed == 7)
    #expect(spec.train.epochs.value == 2)
    #expect(spec.train.batchSize == 8)
    #expect(spec.audio.map(\.kind.value) == ["z_score"])
  }

  @Test("a step of another kind replaces, one of the same kind merges")
  func mergesSteps() throws {
    let other = try merged("train: {optimizer: {sgd: {lr: 0.1}}}")
    #expect(other.spec?.train.optimizer.kind.value == "sgd", "\(other.report)")
    let same = try merged("train: {optimizer: {adam: {eps: 1e-6}}}")
    #expect(same.spec?.train.optimizer.values.number("eps") == 1e-6)
    let both = try resolvedFiles([
      ("spec.yaml", "extends: mid.yaml\ntrain: {optimizer: {adam: {weight_decay: 0.5}}}\n"),
      ("mid.yaml", "extends: base.yaml\ntrain: {optimizer: {adam: 0.25}}\n"),
      ("base.yaml", smallBase + smallModel),
    ]) { result, _ in result }
    #expect(both.spec?.train.optimizer.values.number("lr") == 0.25, "\(both.report)")
    #expect(both.spec?.train.optimizer.values.number("weight_decay") == 0.5)
  }

  @Test("a variant of another kind keeps the keys that the new kind has")
  func mergesVariants() throws {
    let split = try merged("split: {policy: group}")
    #expect(split.spec?.split.kind.value == "group", "\(split.report)")
    #expect(split.spec?.split.values.number("test") == 0.3)
    let length = try merged("length: {policy: batch_longest}")
    #expect(length.spec?.length.kind.value == "batch_longest", "\(length.report)")
    let bare = try merged("length: batch_longest")
    #expect(bare.spec?.length.kind.value == "batch_longest", "\(bare.report)")
  }

  @Test("one of several exclusive keys replaces the other")
  func mergesExclusiveKeys() throws {
    let keep = try merged("train: {keep: {max: val.uar}}", base: "")
    #expect(keep.spec?.train.keep.metric == "val.uar", "\(keep.report)")
    let twice = try resolvedFiles([
      ("spec.yaml", "extends: mid.yaml\ntrain: {keep: {max: val.uar}}\nmodel: {logits: {add: [a, b]}}\n"),
      (
        "mid.yaml",
        "extends: base.yaml\ntrain: {keep: {min: val.loss}}\nmodel: {a: {from: spectral}, b: {from: spectral}}\n"
      ),
      ("base.yaml", smallBase + smallModel),
    ]) { result, _ in result }
    #expect(twice.spec?.train.keep.direction == .max, "\(twice.report)")
    guard
      case .combined(let step, let inputs)? = twice.spec?.model.nodes.first(where: { $0.name.value == "logits" })?
        .source
    else {
      Issue.record("the node should be a sum: \(twice.report)")
      return
    }
    #expect(step.kind.value == "add")
    #expect(inputs.map(\.value) == ["a", "b"])
  }

  @Test("a bare parameter changes the default and keeps the rules")
  func mergesParameters() throws {
    let rules = "params: {lr: {default: 0.1, min: 0}}\n"
    let use = "train: {optimizer: {adam: {lr: \"${lr}\"}}}\n"
    let result = try resolvedFiles([
      ("spec.yaml", "extends: base.yaml\nparams: {lr: 0.2}\n" + use), ("base.yaml", smallBase + smallModel + rules),
    ]) { result, _ in result }
    #expect(result.spec?.train.optimizer.values.number("lr") == 0.2, "\(result.report)")
    let broken = try resolvedFiles([
      ("spec.yaml", "extends: base.yaml\nparams: {lr: -2}\n" + use), ("base.yaml", smallBase + smallModel + rules),
    ]) { result, _ in result }
    #expect(broken.brief == ["param.range@2"])
  }

  @Test("later files win over earlier ones, and a file that two of them share is read once")
  func diamond() throws {
    let result = try resolvedFiles([
      ("spec.yaml", "extends: [left.yaml, sub/right.yaml]\n"),
      ("left.yaml", "extends: base.yaml\nseed: 1\ntrain: {batch_size: 8}\n"),
      ("sub/right.yaml", "extends: ../base.yaml\nseed: 2\n"), ("base.yaml", smallBase + smallModel + "seed: 3\n"),
    ]) { result, _ in result }
    let spec = try #require(result.spec, "\(result.report)")
    #expect(spec.seed == 2)
    // The right file's base comes after the left file.
    #expect(spec.train.batchSize == 8)
  }

  @Test("a fan that doubles with each file is read in time that grows with the files")
  func deepDiamond() throws {
    var files: [(name: String, text: String)] = [("spec.yaml", "extends: [f1.yaml, f1.yaml]\n")]
    for index in 1..<40 {
      files.append(("f\(index).yaml", "extends: [f\(index + 1).yaml, f\(index + 1).yaml]\n"))
    }
    files.append(("f40.yaml", smallBase + smallModel))
    let result = try resolvedFiles(files) { result, _ in result }
    #expect(result.spec != nil, "\(result.report)")
  }

  @Test("a cycle names the way round")
  func cycle() throws {
    let result = try resolvedFiles([
      ("spec.yaml", "extends: a.yaml\n"), ("a.yaml", "serspec: 1\nextends: b.yaml\n"),
      ("b.yaml", "extends: spec.yaml\n"),
    ]) { result, _ in result }
    #expect(result.brief == ["extends.cycle@1"])
    #expect(result.diagnostics.first?.notes.count == 2)
  }

  @Test("too many files are refused")
  func limit() throws {
    var files: [(name: String, text: String)] = [("spec.yaml", "extends: f1.yaml\n")]
    for index in 1...70 { files.append(("f\(index).yaml", "extends: f\(index + 1).yaml\n")) }
    #expect(try resolvedFiles(files) { result, _ in result.brief } == ["extends.limit@1"])
  }

  @Test("name and text of an extended file stay there")
  func names() throws {
    let result = try merged("seed: 1", base: "name: base\ndoc: about the base\n")
    #expect(result.spec?.name == "spec")
    #expect(result.spec?.resolved.value(forKey: "doc") == nil)
  }

  @Test("extended files and corpora are found in a library folder too")
  func library() throws {
    let files: [(name: String, text: String)] = [
      ("work/spec.yaml", "extends: base/small.yaml\ncorpus: other\n"), ("lib/base/small.yaml", smallBase + smallModel),
      ("lib/corpora/other.yaml", "name: other\npattern: \"{e}\"\nlabel: e\nclasses: [a, b]\n"),
    ]
    try resolvedFiles(files) { result, folder in
      #expect(result.brief == ["file.missing@1"])
      let options = ResolveOptions(libraryFolders: [folder.appendingPathComponent("lib").path])
      let path = folder.appendingPathComponent("work/spec.yaml").path
      let again = resolve(path: path, options: options, vocabulary: testVocabulary)
      #expect(again.spec?.corpus.name == "other", "\(again.report)")
    }
  }

  @Test("values know the file that they come from and what they replaced")
  func origins() throws {
    let result = try merged("seed: 7", base: "seed: 3\n")
    let seed = try #require(result.spec?.resolved.value(forKey: "seed"))
    #expect(seed.span.file.name.hasSuffix("spec.yaml"))
    #expect(seed.span.start.line == 2)
    #expect(seed.replaced.map { $0.file.name.split(separator: "/").last } == ["base.yaml"])
  }
}
