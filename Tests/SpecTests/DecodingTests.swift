import Diagnostics
import Spec
import Syntax
import Testing

@Suite("reading specs by field tables") struct DecodingTests {
  @Test("the example of the language becomes what it says")
  func example() throws {
    let path = suiteFolder.appendingPathComponent("valid-example.yaml").path
    let result = resolve(path: path, vocabulary: testVocabulary)
    let spec = try #require(result.spec, "\(result.report)")
    #expect(result.diagnostics.isEmpty)
    #expect(spec.name == "combined-varlen")
    #expect(spec.corpus.name == "toy")
    #expect(spec.corpus.classes.map(\.name) == ["SAD", "ANG", "HAP", "NEU"])
    #expect(spec.corpus.speaker?.field?.value == "speaker")
    #expect(spec.corpus.extensions == ["wav"])
    #expect(spec.audio.map(\.kind.value) == ["resample", "mono", "z_score"])
    #expect(spec.onBadClip == .error)
    #expect(spec.length.kind.value == "fixed")
    #expect(spec.length.values.number("seconds") == 3)
    #expect(spec.features.map(\.name.value) == ["spectral", "mel_image"])
    let stack = spec.features[0].steps[0].values.steps("features")
    #expect(stack.map(\.label) == ["zero_crossing_rate", "chroma_stft", "mfcc", "rms"])
    #expect(stack[2].values.integer("hop_length") == 160)
    #expect(spec.features[1].steps[1].values.number("offset") == 1e-6)
    #expect(spec.split.values.integer("seed") == 42)
    #expect(spec.model.nodes.map(\.name.value) == ["time_path", "image_path", "fused", "logits"])
    #expect(spec.model.nodes.map(\.layers.count) == [16, 21, 0, 5])
    #expect(spec.model.nodes[0].layers[5].label == "conv_block_2.conv1d")
    #expect(spec.model.nodes[0].layers[5].values.integer("out_channels") == 256)
    #expect(spec.model.nodes[0].layers[5].values.integers("kernel_size") == [3])
    #expect(spec.model.nodes[1].expect?.parameters?.value == 5_037_120)
    guard case .combined(let concat, let inputs) = spec.model.nodes[2].source else {
      Issue.record("fused should be joined of others")
      return
    }
    #expect(concat.kind.value == "concat")
    #expect(inputs.map(\.value) == ["time_path", "image_path"])
    #expect(spec.train.epochs.value == 150)
    #expect(spec.train.optimizer.values.number("weight_decay") == 1e-4)
    #expect(spec.train.schedule.map(\.kind.value) == ["linear_warmup", "cosine"])
    #expect(spec.train.schedule[1].values.number("to") == 1e-6)
    #expect(spec.train.keep.direction == .min)
    #expect(spec.train.keep.metric == "val.loss")
  }

  @Test("defaults say that they are")
  func defaults() throws {
    let spec = try #require(resolved(smallBase + smallModel).spec)
    guard case .standard = spec.train.optimizer.values.origin(of: "lr") else {
      Issue.record("nobody wrote the learning rate")
      return
    }
    #expect(spec.train.batchSize == 64)
    #expect(spec.seed == 42)
    #expect(spec.train.metrics == ["accuracy", "uar", "f1_weighted"])
    #expect(spec.model.nodes[0].expect == nil)
  }

  @Test("a synthesized corpus has its styles")
  func synthesizer() throws {
    let text = smallBase.replacing(
      "  classes:", with: "  synthesize: {speakers: 3, styles: {SAD: {pitch: -2}, HAP: {}, NEU: ~}}\n  classes:")
    let result = resolved(text + smallModel)
    let made = try #require(result.spec?.corpus.synthesizer, "\(result.report)")
    #expect(made.integer("speakers") == 3)
    #expect(made.dictionary("styles").map(\.key.value) == ["SAD", "HAP", "NEU"])
  }

  @Test(
    "helpful words for usual slips",
    arguments: [
      ("dropout: '0.3'", "quotes"), ("dropout: 0,3", "0.3"), ("linear: 1e2", "100"), ("linear: 128.0", "128"),
      ("linear: 1_000", "1000"), ("conv1d: {out_channels: 1, kernel_size: 3, bias: no}", "true or false"),
      ("\"dropout\": {p: 0.3, rate: 1}", "'p'"),
    ])
  func hints(_ layer: String, _ word: String) throws {
    let model = "model:\n  logits:\n    from: spectral\n    layers:\n      - \(layer)\n"
    let found = try #require(resolved(smallBase + model).diagnostics.first)
    #expect(found.detail?.contains(word) == true, "\(found)")
  }

  @Test(
    "a did-you-mean stands beside unknown names",
    arguments: [
      ("model", "layers: [conv1, relu]", "conv1d"), ("model", "layers: [dropuot: 0.3]", "dropout"),
      ("model", "laiers: [relu]", "layers"),
    ])
  func suggestions(_ key: String, _ line: String, _ meant: String) {
    let result = resolved(smallBase + "\(key): {logits: {from: spectral, \(line)}}\n")
    #expect(result.diagnostics.first?.suggestion == meant)
  }

  @Test(
    "a file that cannot be read is one finding",
    arguments: [("/nowhere/spec.yaml", "file.missing"), ("/", "file.folder")])
  func files(_ path: String, _ id: String) {
    #expect(resolve(path: path, vocabulary: testVocabulary).diagnostics.map(\.id) == [id])
  }

  @Test("findings come in reading order, those of this file first")
  func order() {
    let result = resolved("trian: 1\nserspec: 1\nmodel: 3\n", set: [("nothing", "1")])
    let lines = result.diagnostics.compactMap { $0.span?.file.name == "spec.yaml" ? $0.span?.start.line : nil }
    #expect(lines == lines.sorted())
    #expect(result.diagnostics.last?.span?.file.name == "--set nothing")
  }

  @Test("every kind of value can be read back in its type")
  func accessors() throws {
    let spec = try #require(resolved(smallBase + smallModel).spec)
    let values = spec.train.optimizer.values
    #expect(values.numbers("betas") == [0.9, 0.999])
    #expect(values.has("lr") && !values.has("momentum"))
    #expect(values.optionalNumber("lr") == 0.001)
  }

  @Test("the largest specs resolve in little time")
  func speed() throws {
    let counts = (0..<4000).map(String.init).joined(separator: ", ")
    let blocks = "blocks:\n  b: {params: {i}, layers: [conv1d: {out_channels: \"${i + 1}\", kernel_size: 3}, relu]}\n"
    let text = smallBase + blocks + "model: {logits: {from: spectral, layers: [b: {for: {i: [\(counts)]}}]}}\n"
    let clock = ContinuousClock()
    var result: Resolution?
    let time = clock.measure { result = resolved(text) }
    #expect(result?.spec?.model.nodes[0].layers.count == 8000, "\(result?.report ?? "")")
    #expect(time < .seconds(5))
  }
}
